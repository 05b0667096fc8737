#include "server/host/address.h"

#include <charconv>

namespace server::host {

using namespace sigstore;

Result<Address> Address::parse(std::string_view text, std::string_view flag) {
  auto bad = [&](const char* why) {
    return fail(Code::invalid_argument, "--" + std::string(flag) + " cannot be " + std::string(text), why,
                "write it as HOST:PORT, e.g. 127.0.0.1:5000");
  };
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad("there is no port");
  auto host = text.substr(0, colon);
  auto digits = text.substr(colon + 1);
  Address address;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (error != std::errc() || end != digits.data() + digits.size())
    return bad("the port is no number below 65536");
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  else if (host.contains(':'))
    return bad("an IPv6 address stands in brackets");
  address.host = host.empty() ? "0.0.0.0" : std::string(host);
  return address;
}

}  // namespace server::host
