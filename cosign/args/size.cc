#include "cosign/args/size.h"

#include <algorithm>

namespace cosign {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

namespace {

struct Unit {
  std::string_view name;  // as it is printed
  std::uint64_t bytes;
};
// The largest first.
constexpr Unit units[] = {{"TiB", std::uint64_t{1} << 40},
                          {"TB", 1'000'000'000'000},
                          {"GiB", 1 << 30},
                          {"GB", 1'000'000'000},
                          {"MiB", 1 << 20},
                          {"MB", 1'000'000},
                          {"KiB", 1 << 10},
                          {"kB", 1000},
                          {"B", 1}};
constexpr std::uint64_t largest = std::uint64_t{1} << 53;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// "MiB" is also written "Mi", "B" also nothing.
const Unit* find_unit(std::string_view text) {
  const auto equal = [](std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
  };
  for (const Unit& unit : units)
    if (equal(text, unit.name) || equal(text, unit.name.substr(0, unit.name.size() - 1))) return &unit;
  return nullptr;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::unexpected<sigstore::Error> no_size() {
  return fail(Code::invalid_argument, "must be a size such as 512M, 10GiB or 1.5Ti");
}

}  // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
  using Wide = unsigned __int128;
  Wide number = 0, scale = 1;
  bool point = false, any = false;
  for (; !text.empty() && (is_digit(text[0]) || (text[0] == '.' && !point)); text.remove_prefix(1)) {
    if (text[0] == '.') {
      point = true;
      continue;
    }
    any = true;
    number = number * 10 + static_cast<Wide>(text[0] - '0');
    if (point) scale *= 10;
    if (number > (Wide{1} << 80) || scale > 1'000'000'000'000) return no_size();
  }
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const Unit* unit = find_unit(text);
  if (!any || unit == nullptr) return no_size();
  const Wide bytes = number * unit->bytes / scale;
  if (bytes > largest) return fail(Code::invalid_argument, "is more than any disk holds");
  return static_cast<std::uint64_t>(bytes);
}

std::string size_text(std::uint64_t bytes) {
  for (const Unit& unit : units)
    if (bytes >= unit.bytes && bytes % unit.bytes == 0 && unit.bytes != 1)
      return std::to_string(bytes / unit.bytes) + std::string(unit.name);
  return std::to_string(bytes);
}

}  // namespace cosign
