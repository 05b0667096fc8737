#include "sigstore/timestamp/internal/signer_info.h"

#include <algorithm>

#include "sigstore/timestamp/internal/algorithm.h"
#include "sigstore/timestamp/internal/tst_info.h"

namespace sigstore::timestamp::internal {

namespace der = codec::der;

namespace {

constexpr std::uint8_t signed_tag = der::context_constructed(0);
constexpr std::uint8_t unsigned_tag = der::context_constructed(1);

std::unexpected<Error> malformed(std::string cause) {
  return fail(Code::malformed, "not a timestamp token", std::move(cause));
}

Result<IssuerAndSerial> read_issuer_and_serial(der::Reader in) {
  TRY(const auto issuer, in.expect(der::sequence));
  TRY(const auto serial, in.expect(der::integer));
  TRY_OK(in.finish());
  return IssuerAndSerial{issuer.whole, serial.content};
}

// SignerIdentifier, and the version that goes with it.
Result<void> read_identity(der::Reader& in, Signer& out) {
  TRY(const auto version, in.expect(der::integer));
  const bool by_key = in.peek() == der::context(0);
  if (version.content.size() != 1 || version.content[0] != (by_key ? 3 : 1))
    return malformed("the version of SignerInfo does not go with how it names its signer");
  if (by_key) {
    TRY(const auto key, in.next());
    if (key.content.empty()) return malformed("the signer's key identifier is empty");
    out.key_id = key.content;
    return {};
  }
  TRY(auto name, in.enter(der::sequence));
  TRY(out.name, read_issuer_and_serial(name));
  return {};
}

// The attributes that matter here, each at most once and with one value (RFC 5652, 11; RFC 5035).
struct Found {
  bool content_type = false;
  bool signing_certificate = false;
  bool signing_certificate_v2 = false;
  bool message_digest = false;
  bool signing_time = false;
};

Result<void> once(bool& found, std::string_view what) {
  if (found) return malformed("the signed attribute " + std::string(what) + " stands there twice");
  found = true;
  return {};
}

Result<void> read_content_type(const der::Element& value) {
  if (value.tag != der::oid) return malformed("the signed attribute contentType is broken");
  TRY(const auto oid, der::read_oid(value.content));
  if (oid != tst_info_oid) return malformed("the signed attribute contentType says " + oid + ", not TSTInfo");
  return {};
}

Result<void> read_attribute(der::Reader attribute, Found& found, Signer& out) {
  TRY(const auto name, attribute.expect(der::oid));
  TRY(const auto oid, der::read_oid(name.content));
  TRY(auto values, attribute.enter(der::set));
  TRY_OK(attribute.finish());
  TRY(const auto value, values.next());
  const bool single = values.empty();
  const auto need_single = [&] {
    return single ? Result<void>{} : malformed("a signed attribute has more than one value: " + oid);
  };
  if (oid == content_type_oid) {
    TRY_OK(once(found.content_type, "contentType"));
    TRY_OK(need_single());
    return read_content_type(value);
  }
  if (oid == message_digest_oid) {
    TRY_OK(once(found.message_digest, "messageDigest"));
    TRY_OK(need_single());
    if (value.tag != der::octet_string) return malformed("the signed attribute messageDigest is broken");
    out.message_digest = value.content;
    return {};
  }
  if (oid == signing_time_oid) {
    TRY_OK(once(found.signing_time, "signingTime"));
    TRY_OK(need_single());
    const auto time = read_time(value);
    if (!time) return malformed("the signed attribute signingTime is broken");
    out.signing_time = *time;
    return {};
  }
  const bool v2 = oid == signing_certificate_v2_oid;
  if (!v2 && oid != signing_certificate_oid) return {};  // others say nothing that is needed
  TRY_OK(once(v2 ? found.signing_certificate_v2 : found.signing_certificate,
              v2 ? "signingCertificateV2" : "signingCertificate"));
  TRY_OK(need_single());
  TRY(auto id, read_signing_certificate(value.whole, v2));
  out.certificates.push_back(id);
  return {};
}

Result<void> read_attributes(der::Reader& in, Signer& out) {
  if (in.peek() != signed_tag) return malformed("it has no signed attributes");
  der::Reader copy = in;
  TRY(const auto all, in.next());
  out.attributes.assign(all.whole.begin(), all.whole.end());
  out.attributes[0] = der::set;  // RFC 5652, 5.4
  TRY(auto inside, copy.enter(signed_tag));
  Found found;
  while (!inside.empty()) {
    TRY(auto attribute, inside.enter(der::sequence));
    TRY_OK(read_attribute(attribute, found, out));
  }
  if (!found.content_type) return malformed("the signed attribute contentType is missing");
  if (!found.message_digest) return malformed("the signed attribute messageDigest is missing");
  if (out.certificates.empty())
    return malformed("no signed attribute names the signer's certificate (ESSCertID)");
  if (out.message_digest.size() != crypto::size_of(out.digest))
    return malformed("the signed attribute messageDigest is not as long as the signer's digest is");
  return {};
}

// IssuerSerial: GeneralNames, of which the one that can be is a directoryName (RFC 5035, 4), and a number.
Result<IssuerAndSerial> read_issuer_serial(der::Reader in) {
  TRY(auto names, in.enter(der::sequence));
  TRY(auto name, names.enter(der::context_constructed(4)));
  TRY_OK(names.finish());
  TRY(const auto issuer, name.expect(der::sequence));
  TRY_OK(name.finish());
  TRY(const auto serial, in.expect(der::integer));
  TRY_OK(in.finish());
  return IssuerAndSerial{issuer.whole, serial.content};
}

}  // namespace

Result<CertificateId> read_signing_certificate(BytesView value, bool v2) {
  der::Reader outer(value);
  TRY(auto in, outer.enter(der::sequence));
  TRY(auto certificates, in.enter(der::sequence));
  if (!in.empty()) TRY_OK(in.expect(der::sequence));  // policies
  TRY_OK(in.finish());
  TRY(auto first, certificates.enter(der::sequence));
  while (!certificates.empty()) TRY_OK(certificates.expect(der::sequence));

  CertificateId out;
  if (v2) {
    out.algorithm = crypto::HashAlgorithm::sha256;
    if (first.peek() == der::sequence) {
      TRY(out.algorithm, read_digest_algorithm(first));
    }
  }
  TRY(const auto hash, first.expect(der::octet_string));
  out.hash = hash.content;
  if (!first.empty()) {
    TRY(auto name, first.enter(der::sequence));
    TRY(out.name, read_issuer_serial(name));
  }
  TRY_OK(first.finish());
  return out;
}

Result<Signer> read_signer_info(der::Reader& set) {
  TRY(auto in, set.enter(der::sequence));
  Signer out;
  TRY_OK(read_identity(in, out));
  TRY(out.digest, read_digest_algorithm(in));
  TRY_OK(read_attributes(in, out));
  TRY(out.signature_algorithm, read_algorithm(in));
  TRY(const auto signature, in.expect(der::octet_string));
  out.signature = signature.content;
  if (in.peek() == unsigned_tag) TRY_OK(in.next());  // nobody vouches for them
  TRY_OK(in.finish());
  return out;
}

}  // namespace sigstore::timestamp::internal
