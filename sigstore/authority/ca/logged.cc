#include "sigstore/authority/ca/profile.h"

namespace sigstore::authority::ca {

Extension sct_list(const std::vector<crypto::x509::Sct>& scts) {
  return {std::string(crypto::x509::sct_list_oid), false, crypto::x509::encode_sct_list(scts)};
}

Result<Bytes> issue_logged(CertificateTemplate certificate, const Issuer& issuer,
                           const std::vector<CertificateLog>& logs) {
  TRY(const Bytes tbs, encode_tbs(certificate, issuer));
  std::vector<crypto::x509::Sct> scts;
  for (const auto& log : logs) {
    TRY(scts.emplace_back(), log(tbs, issuer.signer->public_key().spki()));
  }
  certificate.extensions.push_back(sct_list(scts));
  return issue(certificate, issuer);
}

}  // namespace sigstore::authority::ca
