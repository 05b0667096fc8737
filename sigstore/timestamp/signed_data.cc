#include "sigstore/timestamp/internal/signed_data.h"

#include <algorithm>
#include <set>

#include "sigstore/base/limits.h"
#include "sigstore/codec/der.h"
#include "sigstore/timestamp/internal/algorithm.h"
#include "sigstore/timestamp/internal/signer_info.h"

namespace sigstore::timestamp::internal {

namespace der = codec::der;

namespace {

std::unexpected<Error> malformed(std::string cause) {
  return fail(Code::malformed, "not a timestamp token", std::move(cause));
}

// RFC 5652, 5.1: 3 for this content; 1, 4 and 5 are written too, and nothing hangs on it.
Result<void> read_version(der::Reader& in) {
  TRY(const auto version, in.expect(der::integer));
  if (version.content.size() != 1 || version.content[0] < 1 || version.content[0] > 5)
    return malformed("the version of SignedData is none that there is");
  return {};
}

// Only for those who digest while they read: what the signer used stands in its SignerInfo.
Result<void> read_digest_algorithms(der::Reader& in) {
  TRY(auto set, in.enter(der::set));
  while (!set.empty()) TRY_OK(set.expect(der::sequence));
  return {};
}

// EncapsulatedContentInfo.
Result<BytesView> read_content(der::Reader& in) {
  TRY(auto inside, in.enter(der::sequence));
  TRY(const auto type, inside.expect(der::oid));
  TRY(const auto oid, der::read_oid(type.content));
  if (oid != tst_info_oid) return malformed("what is signed is not a TSTInfo but " + oid);
  if (inside.empty()) return malformed("what is signed is not in it");
  TRY(auto wrapped, inside.enter(der::context_constructed(0)));
  TRY(const auto content, wrapped.expect(der::octet_string));
  TRY_OK(wrapped.finish());
  TRY_OK(inside.finish());
  return content.content;
}

// CertificateSet, in any order; attribute certificates and what else may stand there are left out.
Result<std::vector<crypto::x509::Certificate>> read_certificates(der::Reader& in) {
  std::vector<crypto::x509::Certificate> out;
  if (in.peek() != der::context_constructed(0)) return out;
  TRY(auto set, in.enter(der::context_constructed(0)));
  for (std::size_t count = 0; !set.empty(); ++count) {
    if (count == limits::certificates)
      return fail(Code::too_large, "too many certificates in a timestamp token");
    TRY(const auto element, set.next());
    if (element.tag != der::sequence) continue;
    TRY(auto certificate, crypto::x509::Certificate::parse(element.whole));
    out.push_back(std::move(certificate));
  }
  return out;
}

Result<Signer> read_signers(der::Reader& in) {
  TRY(auto set, in.enter(der::set));
  if (set.empty()) return malformed("nobody signed it");
  TRY(auto signer, read_signer_info(set));
  if (!set.empty()) return malformed("it has more than one signer");
  return signer;
}

}  // namespace

Result<SignedData> parse_signed_data(BytesView content_info) {
  der::Reader outer(content_info);
  TRY(auto info, outer.enter(der::sequence));
  TRY_OK(outer.finish());
  TRY(const auto type, info.expect(der::oid));
  TRY(const auto oid, der::read_oid(type.content));
  if (oid != signed_data_oid) return malformed("it is not SignedData but " + oid);
  TRY(auto wrapped, info.enter(der::context_constructed(0)));
  TRY_OK(info.finish());
  TRY(auto in, wrapped.enter(der::sequence));
  TRY_OK(wrapped.finish());

  TRY_OK(read_version(in));
  TRY_OK(read_digest_algorithms(in));
  SignedData out;
  TRY(out.content, read_content(in));
  TRY(out.certificates, read_certificates(in));
  if (in.peek() == der::context_constructed(1)) TRY_OK(in.next());  // crls
  TRY(out.signer, read_signers(in));
  TRY_OK(in.finish());
  return out;
}

}  // namespace sigstore::timestamp::internal
