// A file as an image, as real cosign makes one of an SBOM or a blob: the file is its only layer, under a
// config that says nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/oci/manifest.h"

namespace sigstore::store {

struct FileDocument {
  std::string config;  // what manifest.config describes
  oci::Manifest manifest;
};

// With the config of config_for().
FileDocument make_file_document(oci::Descriptor layer, oci::Annotations annotations = {});
// With another config: of an SBOM as a referrer and of a WebAssembly module it is empty_image_config.
void set_config(FileDocument& document, std::string_view media_type, std::string_view config);

inline constexpr std::string_view empty_image_config =
    R"({"architecture":"","created":"0001-01-01T00:00:00Z","os":"","rootfs":{"type":"layers","diff_ids":null},"config":{}})";

// The image config over these layers: a real one, with nothing in it. Without `created` it is of year 1, as
// the real one writes.
std::string config_for(const std::vector<oci::Descriptor>& layers, const std::optional<Time>& created);

}  // namespace sigstore::store
