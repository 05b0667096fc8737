#include "sigstore/timestamp/request.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/der.h"
#include "sigstore/timestamp/internal/algorithm.h"
#include "sigstore/timestamp/internal/tst_info.h"

namespace sigstore::timestamp {

namespace der = codec::der;

namespace {

// It is copied into the token; nobody needs a longer one.
constexpr std::size_t most_nonce_octets = 64;
constexpr std::uint8_t extensions_tag = der::context_constructed(0);

std::unexpected<Error> malformed(std::string cause) {
  return fail(Code::malformed, "not a timestamp request", std::move(cause));
}

Result<std::vector<std::string>> read_extensions(der::Reader in) {
  std::vector<std::string> out;
  while (!in.empty()) {
    TRY(auto extension, in.enter(der::sequence));
    TRY(const auto name, extension.expect(der::oid));
    TRY(auto oid, der::read_oid(name.content));
    if (extension.peek() == der::boolean) TRY_OK(extension.next());
    TRY_OK(extension.expect(der::octet_string));
    TRY_OK(extension.finish());
    out.push_back(std::move(oid));
  }
  return out;
}

Result<void> read_options(der::Reader& in, Request& out) {
  if (in.peek() == der::oid) {
    TRY(const auto policy, in.next());
    TRY(out.policy, der::read_oid(policy.content));
  }
  if (in.peek() == der::integer) {
    TRY(out.nonce, internal::read_integer(in));
    if (out.nonce->size() > most_nonce_octets)
      return fail(Code::too_large, "the nonce of a timestamp request is too long");
  }
  if (in.peek() == der::boolean) {
    TRY(const auto wanted, in.next());
    if (wanted.content.size() != 1 || (wanted.content[0] != 0 && wanted.content[0] != 0xFF))
      return malformed("certReq is no boolean");
    out.certificates = wanted.content[0] != 0;
  }
  if (in.peek() == extensions_tag) {
    TRY(auto extensions, in.enter(extensions_tag));
    TRY(out.extensions, read_extensions(extensions));
  }
  return in.finish();
}

Result<Request> read(BytesView bytes) {
  der::Reader outer(bytes);
  TRY(auto in, outer.enter(der::sequence));
  TRY_OK(outer.finish());
  TRY(const auto version, in.expect(der::integer));
  if (version.content.size() != 1 || version.content[0] != 1) return malformed("its version is not 1");
  TRY(auto imprint, internal::read_imprint(in));
  Request out;
  out.algorithm = imprint.algorithm;
  out.imprint = std::move(imprint.hash);
  TRY_OK(read_options(in, out));
  return out;
}

}  // namespace

Result<Request> Request::parse(BytesView bytes) {
  if (bytes.size() > limits::timestamp_bytes)
    return fail(Code::too_large, "a timestamp request is too large");
  auto request = read(bytes);
  if (!request && request.error().code == Code::malformed &&
      request.error().message != "not a timestamp request")
    return fail(request.error().wrap("not a timestamp request"));
  return request;
}

Bytes Request::encode() const {
  const Bytes method = der::encode(
      der::sequence, {der::encode_oid(internal::oid_of(algorithm)), der::encode(der::null, BytesView())});
  std::vector<Bytes> parts = {
      der::encode_unsigned(1),
      der::encode(der::sequence, {method, der::encode(der::octet_string, BytesView(imprint))})};
  if (policy) parts.push_back(der::encode_oid(*policy));
  if (nonce) parts.push_back(der::encode(der::integer, BytesView(*nonce)));
  if (certificates) parts.push_back(der::encode_boolean(true));
  return der::encode(der::sequence, parts);
}

}  // namespace sigstore::timestamp
