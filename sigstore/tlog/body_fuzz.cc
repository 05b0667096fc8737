// A body that is accepted says who signed what, within bounds; written anew it says the same.
#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "sigstore/base/limits.h"
#include "sigstore/tlog/body.h"

using namespace sigstore;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_digest(const std::optional<tlog::LoggedDigest>& digest) {
  if (digest) require(digest->digest.size() == crypto::size_of(digest->algorithm));
}

void check_written(const tlog::Body& body, std::string_view written) {
  auto again = tlog::read_body(written);
  require(again.has_value());
  const auto order = [](const tlog::LoggedSignature& a, const tlog::LoggedSignature& b) {
    return std::tie(a.signature, a.certificate, a.key) < std::tie(b.signature, b.certificate, b.key);
  };
  auto wanted = body;
  std::ranges::sort(wanted.signatures, order);
  std::ranges::sort(again->signatures, order);
  require(*again == wanted);
}

void check_again(const tlog::Body& body) {
  if (body.kind == "hashedrekord" && body.version == "0.0.1") {
    check_written(body, tlog::write_hashedrekord_v001(*body.artifact, body.signatures[0]));
  } else if (body.kind == "hashedrekord") {
    check_written(body, tlog::write_hashedrekord_v002(*body.artifact, body.signatures[0], "PKIX_ED25519_PH"));
  } else if (body.kind == "dsse" && body.version == "0.0.1") {
    check_written(body, tlog::write_dsse_v001(*body.envelope, *body.payload, body.signatures));
  } else if (body.kind == "intoto" && body.version == "0.0.2" && body.envelope) {
    check_written(body,
                  tlog::write_intoto_v002(*body.envelope, *body.payload, "text/plain", body.signatures));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto body = tlog::read_body(as_text({data, size}));
  if (!body) {
    require(!body.error().message.empty());
    return 0;
  }
  require(!body->signatures.empty() && body->signatures.size() <= limits::entry_signatures);
  for (const auto& signature : body->signatures) {
    require(signature.certificate.empty() != signature.key.empty());
    require(signature.signature.empty() == (body->kind == "intoto" && body->version == "0.0.1"));
  }
  check_digest(body->artifact);
  check_digest(body->payload);
  check_digest(body->envelope);
  check_again(*body);
  return 0;
}
