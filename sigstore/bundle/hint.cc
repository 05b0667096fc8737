#include "sigstore/bundle/bundle.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/hex.h"

namespace sigstore::bundle {
namespace {

constexpr std::size_t longest_shown = 100;

}  // namespace

std::string hint_as_fingerprint(std::string_view hint) {
  const auto digest = codec::base64::decode_any(hint);
  if (!digest || digest->size() != 32) return codec::json::quote(hint.substr(0, longest_shown));
  return "sha256:" + codec::hex::encode(*digest);
}

}  // namespace sigstore::bundle
