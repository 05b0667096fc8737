// The scratch content of one examination: small, valid, and of no one else, so that it may be deleted.
#pragma once

#include <string>
#include <vector>

#include "sigstore/oci/manifest.h"

namespace sigstore::doctor {

struct Piece {
  std::string media_type;
  std::string content;
  [[nodiscard]] oci::Digest digest() const { return oci::Digest::sha256(content); }
};

struct Scratch {
  std::string tag, other_tag, third_tag, absent_tag;  // "cosign-doctor-<id>…"
  std::string sig_tag, fallback_tag;                  // of `image`
  std::vector<std::string> blobs;                     // of all manifests but the bundles'
  std::vector<std::string> bundle_blobs;
  Piece image, other, spare;  // images; spare_blob is a layer of the last alone
  std::string spare_blob;
  Piece sig, two_sigs;          // manifests of signatures
  Piece bundle, second_bundle;  // referrers of `image`
  Piece index, index_of_two;    // of these
};

// What bundles' manifests have for a config. Others have it as well: it is pushed and never deleted.
inline constexpr std::string_view shared_blob = "{}";

// `id`: letters and digits, another one each time. Code::internal: it does not fit into a file's name.
Result<Scratch> make_scratch(const std::string& id);

}  // namespace sigstore::doctor
