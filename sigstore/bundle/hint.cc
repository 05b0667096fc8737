#include "sigstore/bundle/bundle.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/hex.h"

namespace sigstore::bundle {

std::string hint_as_fingerprint(std::string_view hint) {
  const auto digest = codec::base64::decode_any(hint);
  if (!digest || digest->size() != 32) return "'" + std::string(hint) + "'";
  return "sha256:" + codec::hex::encode(*digest);
}

}  // namespace sigstore::bundle
