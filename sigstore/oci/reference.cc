#include "sigstore/oci/reference.h"

#include <algorithm>
#include <charconv>

#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"

namespace sigstore::oci {
namespace {

constexpr std::string_view docker_hub = "index.docker.io";
constexpr std::size_t repository_least = 2;
constexpr std::size_t repository_most = 255;
constexpr std::size_t tag_most = 128;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower_alnum(char c) {
  return (c >= 'a' && c <= 'z') || is_digit(c);
}
bool is_word(char c) {
  return is_lower_alnum(c) || is_upper(c) || c == '_';
}
bool is_tag(char c) {
  return is_word(c) || c == '-' || c == '.';
}
bool is_repository(char c) {
  return is_lower_alnum(c) || c == '_' || c == '-' || c == '.' || c == '/';
}
bool is_ipv6(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

std::string quoted(std::string_view text) {
  return codec::json::quote(text.substr(0, 200));
}

// As typed, on one short line: a reference is ASCII, and what is not is only pointed at.
std::string shown(std::string_view text) {
  std::string line(text.substr(0, 200));
  std::ranges::replace_if(line, [](char c) { return c < ' ' || c > '~'; }, '?');
  return '"' + line + '"';
}

std::unexpected<Error> broken(std::string cause, std::string hint = {}) {
  return fail(Code::malformed, "not an image reference", std::move(cause), std::move(hint));
}

// --- registry

Result<void> check_port(std::string_view registry, std::string_view port) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), value);
  if (error == std::errc{} && end == port.data() + port.size() && value >= 1 && value <= 65535) return {};
  return broken("the registry " + quoted(registry) + " has no valid port after its colon");
}

// The host in front of the port, and what follows it (":5000" or nothing).
Result<std::pair<std::string_view, std::string_view>> split_host(std::string_view registry) {
  if (!registry.starts_with('[')) {
    const auto colon = std::min(registry.find(':'), registry.size());
    return std::pair(registry.substr(0, colon), registry.substr(colon));
  }
  const auto end = registry.find(']');
  if (end == std::string_view::npos)
    return broken("the IPv6 address in " + quoted(registry) + " lacks its ]");
  const auto address = registry.substr(1, end - 1);
  if (address.find(':') == std::string_view::npos || !std::ranges::all_of(address, is_ipv6)) {
    return broken(quoted(address) + " is not an IPv6 address");
  }
  return std::pair(address, registry.substr(end + 1));
}

Result<void> check_registry(std::string_view registry) {
  TRY(const auto parts, split_host(registry));
  const auto [host, rest] = parts;
  const bool literal = registry.starts_with('[');
  if (host.empty() || (!literal && !std::ranges::all_of(host, is_tag))) {
    return broken(quoted(registry) + " is not the name of a registry");
  }
  if (rest.empty()) return {};
  if (!rest.starts_with(':')) return broken(quoted(registry) + " is not the name of a registry");
  return check_port(registry, rest.substr(1));
}

// --- repository

Result<void> check_components(std::string_view path) {
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto component = path.substr(begin, end - begin);
    if (component.empty())
      return broken("the repository " + quoted(path) + " has an empty part between slashes");
    if (!is_lower_alnum(component.front()) || !is_lower_alnum(component.back())) {
      return broken("the part " + quoted(component) +
                    " of the repository must begin and end with a letter or digit");
    }
    begin = end + 1;
  }
  return {};
}

Result<void> check_path(std::string_view path) {
  if (path.size() < repository_least || path.size() > repository_most) {
    return broken("the repository " + quoted(path) + " must have 2 to 255 characters, this has " +
                  std::to_string(path.size()));
  }
  if (std::ranges::any_of(path, is_upper)) {
    return broken("the repository " + quoted(path) + " has an upper-case letter; only lower case is allowed");
  }
  const auto foreign = std::ranges::find_if_not(path, is_repository);
  if (foreign != path.end()) {
    return broken("the repository " + quoted(path) + " holds the character " +
                  quoted({foreign, foreign + 1}) + "; allowed are a-z 0-9 _ . - and /");
  }
  return check_components(path);
}

struct Location {
  Repository repository;
  bool registry_implied = false;
};

// The first part is a registry when it looks like a host; else everything is a repository on Docker Hub.
Result<Location> parse_location(std::string_view text) {
  const auto slash = text.find('/');
  const auto first = text.substr(0, slash);
  const bool has_registry = slash != std::string_view::npos &&
                            (first.find_first_of(".:") != std::string_view::npos || first == "localhost");
  Location out{{std::string(has_registry ? first : docker_hub),
                std::string(has_registry ? text.substr(slash + 1) : text)},
               !has_registry};
  if (has_registry) TRY_OK(check_registry(first));
  TRY_OK(check_path(out.repository.path));
  if (out.repository.registry == "docker.io") out.repository.registry = docker_hub;
  const bool single = out.repository.path.find('/') == std::string::npos;
  if (out.repository.registry != docker_hub || !single) return out;
  out.repository.path.insert(0, "library/");
  TRY_OK(check_path(out.repository.path));  // it is longer now
  return out;
}

// --- tag and digest

Result<void> check_tag(std::string_view tag) {
  if (tag.empty()) return broken("the tag after the colon is empty");
  if (tag.size() > tag_most) return broken("the tag has more than 128 characters");
  if (!is_word(tag.front()) || !std::ranges::all_of(tag, is_tag)) {
    return broken("the tag " + quoted(tag) + " may hold A-Z a-z 0-9 _ . - and begin with no . or -");
  }
  return {};
}

Result<Digest> parse_digest(std::string_view text) {
  auto digest = Digest::parse(text);
  if (digest) return digest;
  return fail(digest.error()
                  .wrap("not an image reference")
                  .with_hint("put the image's own digest after the @; `cosign digest IMAGE:TAG` prints it"));
}

Result<void> check_typed(std::string_view text) {
  if (text.empty()) return broken("it is empty", "name an image, e.g. registry.example.com/team/app:1.0");
  if (text.size() > limits::reference_bytes) {
    return fail(Code::too_large, "not an image reference", "it has more than 4096 characters");
  }
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
    return broken("an image reference has no scheme", "leave out " + quoted(text.substr(0, scheme + 3)));
  }
  const auto is_blank = [](char c) { return c == ' ' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::ranges::any_of(text, is_blank))
    return broken(quoted(text) + " holds a space or control character");
  return {};
}

// Where the tag's colon stands: the last one with no slash and no ] after it; npos when there is none.
std::size_t tag_colon(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return colon;
  return text.find_first_of("/]", colon) == std::string_view::npos ? colon : std::string_view::npos;
}

}  // namespace

Result<Repository> Repository::parse(std::string_view text) {
  TRY_OK(check_typed(text));
  TRY(auto location, parse_location(text));
  return std::move(location.repository);
}

namespace {

Result<Reference> read_reference(std::string_view text) {
  TRY_OK(check_typed(text));
  Reference out;
  out.typed = text;
  const auto at = text.find('@');
  if (at != std::string_view::npos) {
    TRY(out.digest, parse_digest(text.substr(at + 1)));
  }
  auto rest = text.substr(0, at);
  if (const auto colon = tag_colon(rest); colon != std::string_view::npos) {
    TRY_OK(check_tag(rest.substr(colon + 1)));
    out.tag = rest.substr(colon + 1);
    rest = rest.substr(0, colon);
  } else if (!out.digest) {
    out.tag = "latest";
    out.tag_implied = true;
  }
  TRY(auto location, parse_location(rest));
  out.repository = std::move(location.repository);
  out.registry_implied = location.registry_implied;
  return out;
}

}  // namespace

Result<Reference> Reference::parse(std::string_view text) {
  auto reference = read_reference(text);
  if (reference) return reference;
  Error error = std::move(reference).error();
  if (!text.empty()) error.message += ": " + shown(text);
  return fail(std::move(error));
}

std::string Reference::text() const {
  return digest ? digest_reference(repository, *digest) : repository.text() + ":" + *tag;
}

std::string digest_reference(const Repository& repository, const Digest& digest) {
  return repository.text() + "@" + digest.text();
}

}  // namespace sigstore::oci
