// Platforms, and which image of an index is for one (OCI image-spec, image-index.md). The one place where a
// platform is chosen.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/codec/json.h"

namespace sigstore::oci {

struct Descriptor;
struct Index;

struct Platform {
  std::string os;
  std::string architecture;
  std::string variant;
  codec::json::Object extra;  // os.version, os.features and others, in order
  // "linux/amd64", "linux/arm64/v8"; Code::malformed otherwise. Taken as written.
  static Result<Platform> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  friend bool operator==(const Platform&, const Platform&) = default;
};

// Whether an image for `present` is what is asked for. Names that people use for the same thing are equal
// (x86_64 and amd64, aarch64 and arm64, arm64 and arm64/v8); a variant counts only when one is asked for.
bool fits(const Platform& present, const Platform& wanted);

// The first child of an index that fits. Code::not_found lists the platforms that are there.
Result<Descriptor> select_platform(const Index& index, const Platform& platform);

// What an image's configuration says it is for (config.md). Code::malformed when it says nothing.
Result<Platform> platform_of_config(std::string_view config_json);

}  // namespace sigstore::oci
