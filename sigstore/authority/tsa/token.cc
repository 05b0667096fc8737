#include "sigstore/authority/tsa/token.h"

#include "sigstore/codec/der.h"
#include "sigstore/crypto/x509/signature_algorithm.h"

namespace sigstore::authority::tsa {

namespace der = codec::der;

namespace {

using crypto::HashAlgorithm;
using crypto::Scheme;

Bytes sequence(const std::vector<Bytes>& parts) {
  return der::encode(der::sequence, parts);
}
Bytes octets(BytesView content) {
  return der::encode(der::octet_string, content);
}
Bytes integer(BytesView content) {
  return der::encode(der::integer, content);
}
Bytes wrapped(unsigned number, const Bytes& content) {
  return der::encode(der::context_constructed(number), BytesView(content));
}

Bytes algorithm(std::string_view oid) {
  return sequence({der::encode_oid(oid)});
}

std::string_view oid_of(HashAlgorithm digest) {
  switch (digest) {
    case HashAlgorithm::sha256:
      return "2.16.840.1.101.3.4.2.1";
    case HashAlgorithm::sha384:
      return "2.16.840.1.101.3.4.2.2";
    case HashAlgorithm::sha512:
      return "2.16.840.1.101.3.4.2.3";
  }
  return {};
}

// MessageImprint: with NULL, as authorities and their clients write it.
Bytes imprint(HashAlgorithm digest, BytesView hash) {
  const Bytes method = sequence({der::encode_oid(oid_of(digest)), der::encode(der::null, BytesView())});
  return sequence({method, octets(hash)});
}

Bytes encode_accuracy(Duration accuracy) {
  const auto part = [&](auto unit, std::int64_t modulus) {
    const auto count = std::chrono::duration_cast<decltype(unit)>(accuracy).count();
    return static_cast<std::uint64_t>(modulus == 0 ? count : count % modulus);
  };
  const auto tagged = [](unsigned number, std::uint64_t value) {
    Bytes element = der::encode_unsigned(value);
    element[0] = der::context(number);
    return element;
  };
  std::vector<Bytes> parts;
  if (const auto seconds = part(std::chrono::seconds(), 0); seconds != 0)
    parts.push_back(der::encode_unsigned(seconds));
  if (const auto millis = part(std::chrono::milliseconds(), 1000); millis != 0)
    parts.push_back(tagged(0, millis));
  if (const auto micros = part(std::chrono::microseconds(), 1000); micros != 0)
    parts.push_back(tagged(1, micros));
  return sequence(parts);
}

Result<Bytes> signature_algorithm(Scheme scheme) {
  if (auto made = crypto::x509::algorithm_identifier(scheme)) return *std::move(made);
  return fail(Code::unsupported, "CMS has no signatures by " + std::string(name(scheme)));
}

Bytes encode(const Attribute& attribute) {
  return sequence({der::encode_oid(attribute.oid), der::encode(der::set, BytesView(attribute.value))});
}

// SET OF Attribute, with the tag that is signed.
Bytes signed_attributes(const SignerTemplate& signer, BytesView content) {
  std::vector<Bytes> parts;
  for (const auto& attribute : signer.attributes) parts.push_back(encode(attribute));
  if (signer.message_digest_is_there) {
    const Bytes digest =
        signer.message_digest ? *signer.message_digest : crypto::hash(signer.digest, content);
    parts.push_back(encode(Attribute{std::string(oid::message_digest), octets(digest)}));
  }
  return der::encode_set_of(std::move(parts));
}

Result<Bytes> signer_info(const SignerTemplate& signer, BytesView content) {
  const bool by_key = !signer.key_id.empty();
  std::vector<Bytes> parts = {der::encode_unsigned(by_key ? 3 : 1)};
  parts.push_back(by_key ? der::encode(der::context(0), BytesView(signer.key_id))
                         : sequence({signer.issuer, der::encode_unsigned(BytesView(signer.serial))}));
  parts.push_back(algorithm(oid_of(signer.digest)));
  Bytes attributes = signed_attributes(signer, content);
  const BytesView message = signer.attributes_are_there ? BytesView(attributes) : content;
  TRY(auto signature,
      signer.signature ? Result<Bytes>(*signer.signature) : signer.signer->sign(signer.scheme, message));
  if (!signature.empty()) signature.back() ^= signer.damage;
  if (signer.attributes_are_there) {
    attributes[0] = der::context_constructed(0);
    parts.push_back(std::move(attributes));
  }
  TRY(auto method, signature_algorithm(signer.scheme));
  parts.push_back(signer.stated_algorithm ? algorithm(*signer.stated_algorithm) : std::move(method));
  parts.push_back(octets(signature));
  return sequence(parts);
}

}  // namespace

Bytes encode(const Info& info) {
  std::vector<Bytes> parts = {der::encode_unsigned(info.version), der::encode_oid(info.policy),
                              imprint(info.algorithm, info.imprint), integer(info.serial),
                              der::encode(der::generalized_time, as_bytes(info.time))};
  if (info.accuracy) parts.push_back(encode_accuracy(*info.accuracy));
  if (info.ordering) parts.push_back(der::encode_boolean(true));
  if (info.nonce) parts.push_back(integer(*info.nonce));
  if (!info.tsa.empty()) parts.push_back(wrapped(0, info.tsa));
  if (!info.extensions.empty()) parts.push_back(der::encode(der::context_constructed(1), info.extensions));
  return sequence(parts);
}

Attribute content_type(std::string_view type) {
  return {std::string(oid::content_type), der::encode_oid(type)};
}

Attribute signing_certificate(const crypto::x509::Certificate& certificate) {
  const auto issuer = certificate.issuer_name();
  const Bytes directory_name = wrapped(4, Bytes(issuer.begin(), issuer.end()));
  const Bytes name = sequence({sequence({directory_name}), der::encode_unsigned(certificate.serial())});
  const Bytes id = sequence({octets(crypto::sha256(certificate.der())), name});  // SHA-256 is the default
  return {std::string(oid::signing_certificate_v2), sequence({sequence({id})})};
}

SignerTemplate SignerTemplate::of(const crypto::x509::Certificate& certificate, crypto::Signer& signer,
                                  Scheme scheme) {
  const auto issuer = certificate.issuer_name(), serial = certificate.serial();
  SignerTemplate out;
  out.signer = &signer;
  out.scheme = scheme;
  out.digest = digest_of(scheme);
  out.issuer.assign(issuer.begin(), issuer.end());
  out.serial.assign(serial.begin(), serial.end());
  out.attributes = {content_type(oid::tst_info), signing_certificate(certificate)};
  return out;
}

Result<Bytes> sign(const TokenTemplate& token) {
  const Bytes content = token.content ? *token.content : encode(token.info);
  std::vector<Bytes> digests, signers;
  for (const auto& signer : token.signers) {
    TRY(auto info, signer_info(signer, content));
    signers.push_back(std::move(info));
    if (const Bytes digest = algorithm(oid_of(signer.digest)); digests.empty() || digests.back() != digest)
      digests.push_back(digest);
  }
  std::vector<Bytes> parts = {der::encode_unsigned(3), der::encode_set_of(std::move(digests)),
                              sequence({der::encode_oid(token.content_type), wrapped(0, octets(content))})};
  if (!token.certificates.empty()) {
    Bytes set = der::encode_set_of(token.certificates);
    set[0] = der::context_constructed(0);
    parts.push_back(std::move(set));
  }
  parts.push_back(der::encode_set_of(std::move(signers)));
  return sequence({der::encode_oid(oid::signed_data), wrapped(0, sequence(parts))});
}

Bytes granted(BytesView token) {
  return sequence({sequence({der::encode_unsigned(0)}), Bytes(token.begin(), token.end())});
}

Bytes refused(Failure failure, std::string_view text) {
  return sequence(
      {sequence({der::encode_unsigned(2), sequence({der::encode(der::utf8_string, as_bytes(text))}),
                 der::encode_named_bits(1U << static_cast<unsigned>(failure))})});
}

}  // namespace sigstore::authority::tsa
