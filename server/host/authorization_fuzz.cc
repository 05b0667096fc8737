// The Authorization header: whatever it is, it names a whole user, a token that stood in it, or nothing.
#include <algorithm>
#include <cstdlib>

#include "server/host/authorization.h"
#include "sigstore/base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto header = sigstore::as_text({data, size});
  const auto read = server::host::parse_authorization(header);
  if (std::holds_alternative<server::host::NoLogin>(read) != header.empty()) std::abort();
  if (const auto* login = std::get_if<server::host::Login>(&read)) {
    const auto control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    if (login->user.empty() || login->user.contains(':') || std::ranges::any_of(login->user, control))
      std::abort();
  }
  if (const auto* token = std::get_if<server::host::BearerToken>(&read))
    if (token->text.empty() || !header.contains(token->text)) std::abort();
  return 0;
}
