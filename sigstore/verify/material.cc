#include <algorithm>

#include "sigstore/verify/evidence.h"

namespace sigstore::verify {
namespace {

using crypto::x509::Certificate;

constexpr const char* wanted = "a certificate";

Check missing(const char* expected, std::string found, std::string detail) {
  Check check = failed("material", clause_material, expected, std::move(found), std::move(detail));
  check.code = Code::not_found;
  return check;
}

Check without_certificate(const Case& judged) {
  if (judged.bundle.key.hint.empty())
    return missing(wanted, "none",
                   "there is neither a key to verify with nor a certificate beside the signature");
  return missing(wanted, "key " + bundle::hint_as_fingerprint(judged.bundle.key.hint),
                 "it was signed with a key, and none is given to verify with");
}

Check unreadable(const Error& error) {
  Check check = failed("material", clause_material, wanted, {},
                       "the certificate of the signature cannot be read: " + error.text());
  check.code = error.code;
  return check;
}

}  // namespace

Check find_certificate(Case& judged) {
  judged.leaf = judged.material.certificate;
  for (const Bytes& der : judged.bundle.key.certificates) {
    auto certificate = Certificate::parse(der);
    if (!certificate) return unreadable(certificate.error());
    judged.beside.push_back(std::move(*certificate));
  }
  if (!judged.beside.empty()) {
    const bool another = judged.leaf && *judged.leaf != judged.beside.front();
    judged.leaf = judged.beside.front();
    judged.beside.erase(judged.beside.begin());
    if (another)
      return failed("material", clause_material, "the certificate that was given", "another one",
                    "beside the signature stands another certificate than the one that was given");
  }
  if (!judged.leaf) return without_certificate(judged);
  if (judged.material.parties == nullptr)
    return missing("a trusted root", "none",
                   "there is nobody to trust: neither a key nor a trusted root is given");
  return passed("material", clause_material, wanted);
}

}  // namespace sigstore::verify
