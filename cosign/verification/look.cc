#include "cosign/verification/look.h"

#include "sigstore/bundle/material.h"

namespace cosign {

Look look_of(std::string_view text) {
  constexpr std::string_view trusted_root_type = "application/vnd.dev.sigstore.trustedroot";
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return Look::empty;
  if (text[first] == '[' && sigstore::bundle::is_text(text)) return Look::list;
  if (text.contains("-----BEGIN ")) return Look::pem;
  if (text[first] != '{') return sigstore::bundle::is_text(text) ? Look::text : Look::other;
  if (text.contains(trusted_root_type)) return Look::trusted_root;
  if (text.contains("\"mediaType\"") || text.contains("\"base64Signature\"")) return Look::bundle;
  return text.contains("\"payloadType\"") ? Look::envelope : Look::json;
}

}  // namespace cosign
