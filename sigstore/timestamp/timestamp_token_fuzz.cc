// Tokens: refused, or what they say lies within them; and with no certificate trusted, none verifies.
#include <cstdint>
#include <cstdlib>

#include "sigstore/timestamp/token.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sigstore;
  const auto token = timestamp::Token::parse({data, size});
  if (!token) return 0;
  if (token->imprint().size() != crypto::size_of(token->algorithm())) std::abort();
  if (token->serial().empty() || token->serial().size() > size) std::abort();
  if (token->nonce() && token->nonce()->empty()) std::abort();
  if (token->accuracy() && token->accuracy()->count() < 0) std::abort();
  const auto again = timestamp::Token::parse({data, size});
  if (!again || again->time() != token->time()) std::abort();
  return 0;
}
