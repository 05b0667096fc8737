#include "sigstore/authority/ct/certificate_log.h"

namespace sigstore::authority::ct {
namespace {

using crypto::KeyType;
using crypto::Scheme;
using crypto::x509::Sct;

constexpr std::uint8_t tls_sha256 = 4, tls_rsa = 1, tls_ecdsa = 3;  // RFC 5246 7.4.1.4.1

// All but the signature.
Result<Sct> start(const crypto::PublicKey& log, Time at) {
  if (log.type() != KeyType::ecdsa_p256 && log.type() != KeyType::rsa)
    return fail(Code::unsupported,
                "a log of certificates has a P-256 or RSA key, no " + std::string(name(log.type())));
  using std::chrono::milliseconds;
  const auto since = std::chrono::floor<milliseconds>(at.time_since_epoch());
  Sct sct;
  sct.log_id = log_id(log);
  sct.at = Time(since);
  sct.milliseconds = static_cast<std::uint64_t>(since.count());
  sct.hash = tls_sha256;
  sct.signature_algorithm = log.type() == KeyType::rsa ? tls_rsa : tls_ecdsa;
  return sct;
}

Result<Sct> sign(crypto::Signer& log, Sct sct, const Bytes& data) {
  const Scheme scheme = sct.signature_algorithm == tls_rsa ? Scheme::rsa_pkcs1_sha256 : Scheme::ecdsa_sha256;
  TRY(sct.signature, log.sign(scheme, data));
  return sct;
}

}  // namespace

Bytes log_id(const crypto::PublicKey& log) {
  return crypto::sha256(log.spki());
}

Result<Sct> promise_precertificate(crypto::Signer& log, BytesView precertificate_tbs, BytesView issuer_spki,
                                   Time at) {
  TRY(auto sct, start(log.public_key(), at));
  const Bytes data = crypto::x509::signed_data_embedded(sct, precertificate_tbs, issuer_spki);
  return sign(log, std::move(sct), data);
}

Result<Sct> promise_certificate(crypto::Signer& log, const crypto::x509::Certificate& leaf, Time at) {
  TRY(auto sct, start(log.public_key(), at));
  const Bytes data = crypto::x509::signed_data_detached(sct, leaf);
  return sign(log, std::move(sct), data);
}

}  // namespace sigstore::authority::ct
