#include <algorithm>

#include "sigstore/codec/der.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/crypto/sha1.h"
#include "sigstore/crypto/x509/signature_algorithm.h"
#include "sigstore/timestamp/internal/state.h"

namespace sigstore::timestamp {

namespace der = codec::der;

namespace {

using crypto::HashAlgorithm;
using crypto::Scheme;
using crypto::x509::Certificate;
using internal::Signer;

constexpr std::string_view subject_key_identifier = "2.5.29.14";

bool same(BytesView a, BytesView b) {
  return std::ranges::equal(a, b);
}

// --- which certificate

bool is_named(const Certificate& certificate, const internal::IssuerAndSerial& name) {
  const auto serial = der::read_unsigned(name.serial);
  return serial && same(*serial, certificate.serial()) && same(name.issuer, certificate.issuer_name());
}

bool has_key_id(const Certificate& certificate, BytesView key_id) {
  const auto* extension = certificate.extension(subject_key_identifier);
  if (extension == nullptr) return false;
  const auto value = der::Reader(extension->value).expect(der::octet_string);
  return value && same(value->content, key_id);
}

// ESSCertID and ESSCertIDv2: the certificate itself is signed, so that no other one of the same key or name
// takes its place (RFC 5035, 3; RFC 3161, 2.4.2).
bool is_certificate(const Certificate& certificate, const internal::CertificateId& id) {
  const Bytes hash =
      id.algorithm ? crypto::hash(*id.algorithm, certificate.der()) : crypto::sha1(certificate.der());
  return same(hash, id.hash) && (!id.name || is_named(certificate, *id.name));
}

bool is_signer(const Certificate& certificate, const Signer& signer) {
  return signer.name ? is_named(certificate, *signer.name) : has_key_id(certificate, signer.key_id);
}

bool is_meant(const Certificate& certificate, const Signer& signer) {
  return std::ranges::all_of(signer.certificates,
                             [&](const auto& id) { return is_certificate(certificate, id); });
}

// The one of `candidates` that SignerInfo and ESSCertID both name.
Result<Certificate> find_signer(const std::vector<Certificate>& candidates, const Signer& signer,
                                std::string_view nobody) {
  const Certificate* named = nullptr;
  for (const auto& certificate : candidates) {
    if (!is_signer(certificate, signer)) continue;
    if (is_meant(certificate, signer)) return certificate;
    named = &certificate;
  }
  if (named != nullptr)
    return fail(Code::mismatch, "the timestamp was signed with another certificate than it names (ESSCertID)",
                named->subject_text());
  return fail(Code::mismatch, std::string(nobody));
}

Result<Certificate> signer_certificate(const internal::SignedData& data,
                                       const TimestampAuthority& authority) {
  if (authority.leaf)
    return find_signer({*authority.leaf}, data.signer,
                       "the timestamp is not by this authority's certificate");
  if (data.certificates.empty())
    return fail(Code::mismatch, "the timestamp does not carry its signer's certificate, and it is not known",
                {}, "the authority's own certificate can be given first in its chain");
  return find_signer(data.certificates, data.signer, "the timestamp does not carry its signer's certificate");
}

// --- what was signed how

constexpr std::string_view rsa_encryption = "1.2.840.113549.1.1.1";

Scheme rsa_scheme(HashAlgorithm digest) {
  switch (digest) {
    case HashAlgorithm::sha256:
      return Scheme::rsa_pkcs1_sha256;
    case HashAlgorithm::sha384:
      return Scheme::rsa_pkcs1_sha384;
    case HashAlgorithm::sha512:
      return Scheme::rsa_pkcs1_sha512;
  }
  return Scheme::rsa_pkcs1_sha512;
}

// The digest of the signature is the signer's digest (RFC 5652, 5.4; Ed25519 goes with SHA-512, RFC
// 8419, 3.1).
Result<Scheme> scheme_of(const Signer& signer) {
  if (signer.signature_algorithm == rsa_encryption) return rsa_scheme(signer.digest);
  const auto& algorithms = crypto::x509::signature_algorithms;
  const auto* known =
      std::ranges::find(algorithms, signer.signature_algorithm, &crypto::x509::SignatureAlgorithm::oid);
  if (known == algorithms.end())
    return fail(Code::unsupported,
                "the timestamp's signature algorithm is not supported: " + signer.signature_algorithm, {},
                "ECDSA, RSA (PKCS#1 v1.5) and Ed25519 are");
  if (digest_of(known->scheme) != signer.digest)
    return fail(Code::mismatch, "the timestamp's signature is " + std::string(name(known->scheme)) +
                                    ", and its digest " + std::string(name(signer.digest)));
  return known->scheme;
}

// The other time that is signed: it counts for nothing, but who contradicts themselves is not believed.
Result<void> check_signing_time(const Signer& signer, const Certificate& certificate) {
  if (!signer.signing_time || certificate.validity().contains(*signer.signing_time)) return {};
  return fail(Code::mismatch, "the timestamp was signed when its certificate was not valid",
              "its signed attribute signingTime says " + codec::rfc3339::seconds(*signer.signing_time));
}

Result<void> check_signature(const internal::SignedData& data, const Certificate& certificate) {
  const Signer& signer = data.signer;
  if (!same(crypto::hash(signer.digest, data.content), signer.message_digest))
    return fail(Code::bad_signature, "the timestamp is not the one that was signed",
                "the signed attribute messageDigest is another");
  TRY(const auto scheme, scheme_of(signer));
  TRY(const auto key, certificate.public_key());
  auto verified = key.verify(scheme, signer.attributes, signer.signature);
  if (verified) return {};
  if (verified.error().code == Code::invalid_argument)
    return fail(Code::mismatch, "the timestamp's signature is not of the key's kind",
                verified.error().text());
  return fail(verified.error().wrap("the timestamp's signature does not verify"));
}

}  // namespace

Result<Time> verify(const Token& token, BytesView message, const TimestampAuthority& authority) {
  if (!same(crypto::hash(token.algorithm(), message), token.imprint()))
    return fail(Code::mismatch, "the timestamp is about other bytes");
  const auto& data = Access::state(token).data;
  TRY(const auto certificate, signer_certificate(data, authority));
  TRY_OK(authority.authority.verify(certificate, token.certificates(), token.time(),
                                    crypto::x509::time_stamping));
  TRY_OK(check_signing_time(data.signer, certificate));
  TRY_OK(check_signature(data, certificate));
  return token.time();
}

}  // namespace sigstore::timestamp
