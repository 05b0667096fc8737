#include "sigstore/verify/signature.h"

#include <algorithm>

namespace sigstore::verify {
namespace {

constexpr std::size_t named_at_most = 5;

std::string fingerprints(const std::vector<TrustedKey>& keys) {
  std::string text;
  for (std::size_t i = 0; i < std::min(keys.size(), named_at_most); ++i)
    text += (text.empty() ? "" : " or ") + keys[i].key.fingerprint();
  if (keys.size() > named_at_most) text += " or " + std::to_string(keys.size() - named_at_most) + " more";
  return text;
}

Check refused(Code code, std::string detail, std::string expected = {}, std::string found = {}) {
  Check check =
      failed("signature", clause_signature, std::move(expected), std::move(found), std::move(detail));
  check.code = code;
  return check;
}

}  // namespace

SignatureFound judge_signature(const Bytes& signature, SignedMessage* message,
                               const std::vector<TrustedKey>& keys, bool by_certificate) {
  if (message == nullptr)
    return {refused(Code::not_found, "what was signed is not here: only its digest is")};
  bool tried = false;
  std::string untried;
  for (const TrustedKey& trusted : keys) {
    for (const crypto::Scheme scheme : message->schemes(trusted.key)) {
      const auto verified = message->verify(trusted.key, scheme, signature);
      if (!verified && verified.error().code == Code::not_found && untried.empty())
        untried = verified.error().message;
      tried = tried || verified || verified.error().code != Code::not_found;
      if (verified)
        return {passed("signature", clause_signature, trusted.key.fingerprint()), &trusted, scheme};
    }
  }
  if (!tried && !untried.empty())
    return {refused(Code::not_found, "the signature cannot be checked: " + untried)};
  return {refused(Code::bad_signature,
                  by_certificate ? "the signature is not by the key of its certificate"
                                 : "the signature is by none of the trusted keys",
                  fingerprints(keys), "another key")};
}

}  // namespace sigstore::verify
