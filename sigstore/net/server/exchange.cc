#include "sigstore/net/server/exchange.h"

#include <algorithm>

namespace sigstore::net {

Result<std::string> Exchange::read_all(std::size_t max) {
  constexpr std::size_t step = 64 * limits::kib;
  std::string body;
  const std::size_t declared = content_length().value_or(0) > max ? max + 1 : content_length().value_or(0);
  if (declared > max)
    return fail(Code::too_large, "the request's body has more than " + std::to_string(max) + " bytes");
  while (true) {
    const std::size_t size = body.size();
    body.resize(size + std::min(std::max(declared - std::min(declared, size), std::size_t{1}), step));
    auto got = read({reinterpret_cast<std::uint8_t*>(body.data()) + size, body.size() - size});
    body.resize(size + got.value_or(0));
    if (!got) return fail(std::move(got).error());
    if (*got == 0) return body;
    if (body.size() > max)
      return fail(Code::too_large, "the request's body has more than " + std::to_string(max) + " bytes");
  }
}

}  // namespace sigstore::net
