#include "sigstore/net/proxy.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "sigstore/net/address.h"

namespace sigstore::net {
namespace {

std::string lower(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return copy;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view space = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(space);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::string either_case(const Variables& variables, const std::string& upper) {
  const auto value = variables.get(upper);
  return value && !value->empty() ? *value : variables.get(lower(upper)).value_or("");
}

struct HostPort {
  std::string host, port;
};

// "host:port", "[v6]:port"; nothing where there is no port or too many colons (as Go's net.SplitHostPort).
std::optional<HostPort> split_host_port(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.starts_with('[')) {
    if (!host.ends_with(']')) return std::nullopt;
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != host.npos) {
    return std::nullopt;
  }
  if ((std::string(host) + std::string(port)).find_first_of("[]") != std::string::npos) return std::nullopt;
  return HostPort{std::string(host), std::string(port)};
}

struct Network {
  Address address{};
  int prefix = 0;
};

std::optional<Network> parse_cidr(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == text.npos) return std::nullopt;
  const std::string_view ip = text.substr(0, slash), bits = text.substr(slash + 1);
  const auto address = parse_address(ip);
  unsigned prefix = 0;
  const auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), prefix);
  const bool v4 = ip.find(':') == ip.npos;
  if (!address || error != std::errc() || end != bits.data() + bits.size() || prefix > (v4 ? 32U : 128U))
    return std::nullopt;
  return Network{*address, static_cast<int>(prefix) + (v4 ? 96 : 0)};
}

std::string_view port_of(std::string_view scheme) {
  if (scheme == "https") return "443";
  return scheme.starts_with("socks5") ? "1080" : "80";
}

// "[user:password@]host[:port]", after the scheme and without a path; nothing when it is no authority.
std::optional<std::string> with_port(std::string_view authority, std::string_view scheme) {
  const auto at = authority.rfind('@');
  const std::string_view host = at == authority.npos ? authority : authority.substr(at + 1);
  if (host.empty() || host.find_first_of(" <>\"\\^`{|}") != host.npos) return std::nullopt;
  const bool has_port =
      host.rfind(':') != host.npos && (host.rfind(']') == host.npos || host.rfind(':') > host.rfind(']'));
  if (!has_port) return std::string(authority) + ":" + std::string(port_of(scheme));
  const std::string_view port = host.substr(host.rfind(':') + 1);
  if (!std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  return port.empty() ? std::string(authority) + std::string(port_of(scheme)) : std::string(authority);
}

// "scheme://authority", from a URL or from "host[:port]" (then http); "" when it is neither.
std::string parse_proxy(std::string_view text) {
  if (text.empty()) return "";
  const auto mark = text.find("://");
  const std::string scheme = mark == text.npos || mark == 0 ? "http" : lower(text.substr(0, mark));
  std::string_view rest = mark == text.npos || mark == 0 ? text : text.substr(mark + 3);
  const bool well_formed = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
  if (!well_formed || std::any_of(rest.begin(), rest.end(), [](char c) { return c < ' ' || c == 0x7f; }))
    return "";
  rest = rest.substr(0, rest.find_first_of("/?#"));
  const auto authority = with_port(rest, scheme);
  return authority ? scheme + "://" + *authority : "";
}

}  // namespace

ProxyRules ProxyRules::from(const Variables& variables) {
  ProxyRules rules;
  if (variables.get("REQUEST_METHOD").value_or("").empty())
    rules.http_ = parse_proxy(either_case(variables, "HTTP_PROXY"));
  rules.https_ = parse_proxy(either_case(variables, "HTTPS_PROXY"));
  rules.exceptions_ = parse_exceptions(either_case(variables, "NO_PROXY"));
  return rules;
}

std::vector<ProxyRules::Exception> ProxyRules::parse_exceptions(std::string_view no_proxy) {
  std::vector<Exception> exceptions;
  for (std::size_t at = 0; at <= no_proxy.size();) {
    const auto comma = std::min(no_proxy.find(',', at), no_proxy.size());
    const std::string entry = lower(trim(no_proxy.substr(at, comma - at)));
    at = comma + 1;
    if (entry.empty()) continue;
    if (entry == "*") return {Exception{}};
    if (const auto network = parse_cidr(entry)) {
      exceptions.push_back({Exception::Kind::network, network->address, network->prefix, "", false, ""});
      continue;
    }
    auto [host, port] = split_host_port(entry).value_or(HostPort{entry, ""});
    if (host.empty()) continue;
    if (const auto address = parse_address(host)) {
      exceptions.push_back({Exception::Kind::network, *address, 128, "", false, port});
      continue;
    }
    if (host.starts_with("*.")) host.erase(0, 1);
    const bool itself = !host.starts_with('.');
    exceptions.push_back({Exception::Kind::domain, {}, 0, itself ? "." + host : host, itself, port});
  }
  return exceptions;
}

bool ProxyRules::matches(const Exception& exception, const Url& url) {
  if (exception.kind == Exception::Kind::all) return true;
  if (!exception.port.empty() && exception.port != std::to_string(url.port)) return false;
  const auto address = parse_address(url.host);
  if (exception.kind == Exception::Kind::network)
    return address && is_ipv4(*address) == is_ipv4(exception.address) &&
           in_network(*address, exception.address, exception.prefix);
  if (address) return false;
  return url.host.ends_with(exception.domain) ||
         (exception.domain_itself && url.host == std::string_view(exception.domain).substr(1));
}

std::string ProxyRules::proxy_for(const Url& url) const {
  const std::string& proxy = url.scheme == "https" ? https_ : http_;
  if (proxy.empty() || url.host == "localhost") return "";
  if (parse_address(url.host) && is_loopback(url.host)) return "";
  const auto exempt = [&](const Exception& exception) { return matches(exception, url); };
  return std::any_of(exceptions_.begin(), exceptions_.end(), exempt) ? "" : proxy;
}

}  // namespace sigstore::net
