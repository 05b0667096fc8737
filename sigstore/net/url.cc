#include "sigstore/net/url.h"

#include <algorithm>
#include <charconv>

#include "sigstore/base/limits.h"
#include "sigstore/codec/percent.h"
#include "sigstore/net/address.h"

namespace sigstore::net {
namespace {

constexpr std::size_t host_bytes = 253;  // RFC 1035 section 2.3.4

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string lower(std::string_view text) {
  std::string copy(text);
  for (char& c : copy)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return copy;
}

std::unexpected<Error> refuse(std::string why) {
  return fail(Code::malformed, "not a usable URL", std::move(why));
}

std::uint16_t default_port(std::string_view scheme) {
  return scheme == "http" ? 80 : 443;
}

Result<std::string> parse_scheme(std::string_view text) {
  std::string scheme = lower(text);
  if (scheme != "http" && scheme != "https") return refuse("the scheme must be http or https");
  return scheme;
}

// Resolvers read "127.1", "2130706433" and "0x7f.1" as addresses, address checks do not: only the plain form
// is let through (as the WHATWG URL standard, "ends in a number").
bool ends_in_number(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::string_view last = host.substr(host.rfind('.') + 1);
  if (last.starts_with("0x")) return true;
  return !last.empty() && std::all_of(last.begin(), last.end(), is_digit);
}

Result<std::string> parse_name(std::string_view text) {
  std::string host = lower(text);
  if (host.empty()) return refuse("there is no host");
  if (host.size() > host_bytes) return refuse("the host is too long");
  for (const char c : host)
    if (!is_alpha(c) && !is_digit(c) && c != '-' && c != '.' && c != '_')
      return refuse("the host has a character that names cannot have");
  if (ends_in_number(host) && !parse_address(host)) return refuse("the host is not a proper IPv4 address");
  return host;
}

Result<std::string> parse_ipv6(std::string_view text) {
  const auto address = text.find(':') == text.npos ? std::nullopt : parse_address(text);
  if (!address) return refuse("the host is not a proper IPv6 address");
  // ::ffff:10.0.0.1 keeps its form: whoever checks ranges sees IPv4 in it, the socket stays what was asked
  // for.
  return is_ipv4(*address) ? "::ffff:" + print_address(*address) : print_address(*address);
}

Result<std::uint16_t> parse_port(std::string_view text, std::string_view scheme) {
  if (text.empty()) return default_port(scheme);
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0 || port > 65535)
    return refuse("the port is not a number from 1 to 65535");
  return static_cast<std::uint16_t>(port);
}

Result<void> parse_authority(std::string_view text, Url& url) {
  if (text.find('@') != text.npos) return refuse("user and password do not belong into a URL");
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == text.npos) return refuse("a bracket is not closed");
    TRY(url.host, parse_ipv6(text.substr(1, close - 1)));
    text.remove_prefix(close + 1);
    if (!text.empty() && text[0] != ':') return refuse("something stands between host and port");
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    TRY(url.host, parse_name(text.substr(0, colon)));
    text.remove_prefix(colon);
  }
  TRY(url.port, parse_port(text.substr(text.empty() ? 0 : 1), url.scheme));
  return {};
}

Result<void> check_characters(std::string_view text) {
  if (text.size() > limits::url_bytes) return refuse("it is too long");
  for (const char c : text) {
    if (c <= ' ' || c > '~') return refuse("it has a space, a control character or a byte above ASCII");
    if (c == '#') return refuse("a fragment does not belong here");
  }
  return {};
}

// "scheme:" at the start (RFC 3986 section 3.1), without the colon; empty when there is none.
std::string_view scheme_of(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (is_alpha(text[end]) || (end > 0 && (is_digit(text[end]) || text[end] == '+' ||
                                                                   text[end] == '-' || text[end] == '.'))))
    ++end;
  return end > 0 && end < text.size() && text[end] == ':' ? text.substr(0, end) : std::string_view();
}

// RFC 3986 section 5.2.4, for a path that starts with '/'.
std::string remove_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    const bool last = end == path.size();
    path.remove_prefix(end);
    if (segment == "/." || segment == "/..") {
      if (segment == "/..") out.erase(out.rfind('/') == out.npos ? 0 : out.rfind('/'));
      if (last) out += '/';
    } else {
      out += segment;
    }
  }
  return out.empty() ? "/" : out;
}

void set_path_and_query(Url& url, std::string_view text) {
  const auto mark = std::min(text.find('?'), text.size());
  url.path = text.substr(0, mark);
  url.query = mark < text.size() ? text.substr(mark + 1) : "";
  if (!url.path.starts_with('/')) url.path.insert(0, 1, '/');
}

bool in(const Address& address, std::string_view network, int prefix) {
  return in_network(address, *parse_address(network), prefix);
}

bool is_rfc1918(const Address& a) {
  return in(a, "10.0.0.0", 96 + 8) || in(a, "172.16.0.0", 96 + 12) || in(a, "192.168.0.0", 96 + 16);
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  TRY_OK(check_characters(text));
  const std::string_view scheme = scheme_of(text);
  if (scheme.empty() || !text.substr(scheme.size()).starts_with("://"))
    return refuse("it does not start with http:// or https://");
  Url url;
  TRY(url.scheme, parse_scheme(scheme));
  text.remove_prefix(scheme.size() + 3);
  const auto end = std::min(text.find_first_of("/?"), text.size());
  TRY_OK(parse_authority(text.substr(0, end), url));
  set_path_and_query(url, text.substr(end));
  return url;
}

Result<Url> Url::resolve(std::string_view location) const {
  TRY_OK(check_characters(location));
  if (!scheme_of(location).empty() || location.starts_with("//")) {
    TRY(auto url,
        parse(location.starts_with("//") ? scheme + ":" + std::string(location) : std::string(location)));
    url.path = remove_dot_segments(url.path);
    return url;
  }
  Url url = *this;
  if (location.empty()) return url;
  if (location.starts_with('?')) {
    url.query = location.substr(1);
    return url;
  }
  const std::string folder = location.starts_with('/') ? "" : path.substr(0, path.rfind('/') + 1);
  set_path_and_query(url, folder + std::string(location));
  url.path = remove_dot_segments(url.path);
  return url;
}

std::string Url::text() const {
  return scheme + "://" + authority() + path + (query.empty() ? "" : "?" + query);
}

std::string Url::authority() const {
  std::string text = host.find(':') == host.npos ? host : "[" + host + "]";
  return port == default_port(scheme) ? text : text + ":" + std::to_string(port);
}

bool Url::same_origin(const Url& other) const {
  return scheme == other.scheme && host == other.host && port == other.port;
}

std::string percent_encode(std::string_view text) {
  return codec::percent_encode(text);
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
    decoded += escape ? static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return decoded;
}

bool is_loopback(std::string_view host) {
  const std::string name = lower(host.ends_with('.') ? host.substr(0, host.size() - 1) : host);
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  const auto address = parse_address(host);
  return address && (in(*address, "127.0.0.0", 96 + 8) || in(*address, "::1", 128));
}

bool is_private_or_link_local(std::string_view host) {
  const auto address = parse_address(host);
  if (!address) return false;
  return is_rfc1918(*address) || in(*address, "169.254.0.0", 96 + 16) || in(*address, "0.0.0.0", 96 + 8) ||
         in(*address, "fc00::", 7) || in(*address, "fe80::", 10) || in(*address, "::", 128);
}

bool is_rfc1918(std::string_view host) {
  const auto address = parse_address(host);
  return address && is_rfc1918(*address);
}

}  // namespace sigstore::net
