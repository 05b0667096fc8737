#include "sigstore/tuf/internal/delegation.h"

#include <algorithm>

#include "sigstore/codec/hex.h"
#include "sigstore/crypto/hash.h"
#include "sigstore/tuf/updater.h"

namespace sigstore::tuf::internal {
namespace {

// The characters of UTF-8, which all text from JSON is.
std::u32string characters(std::string_view text) {
  std::u32string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) == 0x80 && !out.empty())
      out.back() = out.back() << 6U | (byte & 0x3FU);
    else
      out += byte < 0x80 ? byte : byte < 0xE0 ? byte & 0x1FU : byte < 0xF0 ? byte & 0x0FU : byte & 0x07U;
  }
  return out;
}

// One element of a pattern that stands for one character.
struct One {
  enum class Kind { literal, any, set } kind = Kind::literal;
  std::u32string_view text;  // of a set what is between its brackets
};

bool in_set(char32_t c, std::u32string_view set) {
  const bool negated = set.starts_with(U'!');
  if (negated) set.remove_prefix(1);
  bool found = false;
  while (!set.empty()) {
    const bool range = set.size() > 2 && set[1] == U'-';
    found = found || (range ? set[0] <= c && c <= set[2] : set[0] == c);
    set.remove_prefix(range ? 3 : 1);
  }
  return found != negated;
}

// The element at the front of `pattern`, which is taken away. A bracket that is not closed is a character.
One take(std::u32string_view& pattern) {
  One one{pattern[0] == U'?' ? One::Kind::any : One::Kind::literal, pattern.substr(0, 1)};
  std::size_t used = 1;
  if (pattern[0] == U'[') {
    const std::size_t first = pattern.substr(1).starts_with(U'!') ? 2 : 1;
    const auto end = pattern.find(U']', first + 1);  // one that stands first is one of the set
    if (end != std::u32string_view::npos) {
      one = {One::Kind::set, pattern.substr(1, end - 1)};
      used = end + 1;
    }
  }
  pattern.remove_prefix(used);
  return one;
}

bool fits(char32_t c, const One& one) {
  if (one.kind == One::Kind::any) return true;
  return one.kind == One::Kind::literal ? c == one.text[0] : in_set(c, one.text);
}

// A star is given as little as will do, and more when the rest does not fit: what is before the last star
// never has to be looked at again.
bool part_matches(std::u32string_view text, std::u32string_view pattern) {
  std::u32string_view retry_text, retry_pattern;
  bool starred = false;
  while (true) {
    if (pattern.starts_with(U'*')) {
      pattern.remove_prefix(1);
      retry_text = text;
      retry_pattern = pattern;
      starred = true;
      continue;
    }
    if (text.empty() && pattern.empty()) return true;
    if (!text.empty() && !pattern.empty() && fits(text[0], take(pattern))) {
      text.remove_prefix(1);
      continue;
    }
    if (!starred || retry_text.empty()) return false;
    retry_text.remove_prefix(1);
    text = retry_text;
    pattern = retry_pattern;
  }
}

std::string_view take_part(std::string_view& rest) {
  const auto slash = rest.find('/');
  const auto part = rest.substr(0, slash);
  rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
  return part;
}

bool covers(const Delegation& delegation, const std::string& path, const std::string& path_hash) {
  if (delegation.path_hash_prefixes)
    return std::ranges::any_of(*delegation.path_hash_prefixes,
                               [&](const std::string& prefix) { return path_hash.starts_with(prefix); });
  return delegation.paths && std::ranges::any_of(*delegation.paths, [&](const std::string& pattern) {
           return path_matches(path, pattern);
         });
}

}  // namespace

bool path_matches(std::string_view path, std::string_view pattern) {
  if (std::ranges::count(path, '/') != std::ranges::count(pattern, '/')) return false;
  const auto parts = std::ranges::count(path, '/') + 1;
  for (std::ptrdiff_t i = 0; i < parts; ++i) {
    const auto text = take_part(path), wanted = take_part(pattern);
    const bool plain = wanted.find_first_of("*?[") == std::string_view::npos;
    if (plain ? text != wanted : !part_matches(characters(text), characters(wanted))) return false;
  }
  return true;
}

std::vector<Delegate> delegates_of(const Delegations& delegations, const std::string& path) {
  if (const auto* bins = std::get_if<SuccinctRoles>(&delegations.roles))
    return {
        {bin_name(bins->name_prefix, bins->bit_length, bin_of(bins->bit_length, path)), &bins->role, true}};
  const std::string path_hash = codec::hex::encode(crypto::sha256(as_bytes(path)));
  std::vector<Delegate> out;
  for (const auto& delegation : std::get<std::vector<Delegation>>(delegations.roles)) {
    if (!covers(delegation, path, path_hash)) continue;
    out.push_back({delegation.name, &delegation.role, delegation.terminating});
    if (delegation.terminating) break;
  }
  return out;
}

}  // namespace sigstore::tuf::internal

namespace sigstore::tuf {

std::string bin_name(const std::string& name_prefix, std::uint32_t bit_length, std::uint32_t number) {
  const std::size_t digits = (bit_length + 3) / 4;
  const Bytes bytes = {static_cast<std::uint8_t>(number >> 24U), static_cast<std::uint8_t>(number >> 16U),
                       static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)};
  return name_prefix + "-" + codec::hex::encode(bytes).substr(8 - digits);
}

std::uint32_t bin_of(std::uint32_t bit_length, std::string_view path) {
  const Bytes digest = crypto::sha256(as_bytes(path));
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8U | digest[i];
  return number >> (32 - bit_length);
}

}  // namespace sigstore::tuf
