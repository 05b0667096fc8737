// Versions of a transit key: 1, 2, 3, …
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sigstore::keys::internal {

// Decimal digits without a leading zero; nothing else.
inline std::optional<std::uint64_t> version_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || text.front() == '0' || error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return number;
}

}  // namespace sigstore::keys::internal
