// Whatever a token brings along, it is judged without harm: against its own certificates, so that all the way
// to the signature is walked, and then about the bytes that the corpus is about.
#include <cstdint>
#include <cstdlib>

#include "sigstore/timestamp/token.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sigstore;
  const auto token = timestamp::Token::parse({data, size});
  if (!token || token->certificates().empty()) return 0;
  for (const bool leaf_is_known : {false, true}) {
    auto authority = crypto::x509::Authority::from_pools(token->certificates(), {});
    if (!authority) return 0;
    timestamp::TimestampAuthority by{{}, std::move(*authority)};
    if (leaf_is_known) by.leaf = token->certificates().front();
    const auto time = timestamp::verify(*token, as_bytes("hello, time\n"), by);
    if (time && *time != token->time()) std::abort();
  }
  return 0;
}
