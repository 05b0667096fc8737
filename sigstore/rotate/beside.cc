#include <algorithm>
#include <array>

#include "sigstore/rotate/stock.h"

namespace sigstore::rotate {
namespace {

constexpr std::size_t own_digits = 16;

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == text.npos;
}

// "sha256-<hex>" at the beginning of `tag`, which is cut off.
std::optional<oci::Digest> cut_digest(std::string_view& tag) {
  const std::size_t dash = tag.find('-');
  if (dash == tag.npos) return std::nullopt;
  const std::size_t end = std::min(tag.size(), tag.find_first_not_of("0123456789abcdef", dash + 1));
  auto digest = oci::Digest::parse(std::string(tag.substr(0, dash)) + ":" +
                                   std::string(tag.substr(dash + 1, end - dash - 1)));
  if (!digest) return std::nullopt;
  tag.remove_prefix(end);
  return *std::move(digest);
}

}  // namespace

std::optional<Beside> beside(std::string_view tag, std::string_view prefix) {
  for (const std::string_view before : {prefix, std::string_view()}) {
    if (!tag.starts_with(before)) continue;
    std::string_view rest = tag.substr(before.size());
    auto digest = cut_digest(rest);
    if (!digest) continue;
    Beside found{*std::move(digest), {}, false};
    for (const std::string_view suffix : {".sig", ".att", ".sbom"})
      if (rest.starts_with(suffix)) found.suffix = suffix;
    rest.remove_prefix(found.suffix.size());
    found.own = rest.size() == own_digits + 1 && rest[0] == '-' && is_hex(rest.substr(1));
    if (rest.empty() || found.own) return found;
  }
  return std::nullopt;
}

}  // namespace sigstore::rotate
