#include "sigstore/bundle/members.h"

#include "sigstore/codec/base64.h"

namespace sigstore::bundle {

Result<Bytes> need_base64(const codec::json::Object& object, std::string_view key,
                          std::string_view document) {
  TRY(const auto text, codec::json::need_string(object, key, document));
  const std::string member = std::string(document) + ": " + std::string(key);
  auto bytes = codec::base64::decode(text);
  if (!bytes) return fail(bytes.error().wrap(member + " is not base64"));
  if (bytes->empty()) return fail(Code::malformed, member + " is empty");
  return bytes;
}

}  // namespace sigstore::bundle
