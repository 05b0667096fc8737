#include "cosign/args/duration.h"

#include <cstdint>
#include <limits>

namespace cosign {

using namespace std::chrono_literals;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

namespace {

using Wide = unsigned __int128;
constexpr Wide most = std::numeric_limits<std::int64_t>::max();

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};
// Two-letter units first, so that "ms" is not read as "m".
constexpr Unit units[] = {
    {"ns", 1},         {"us", 1000},         {"µs", 1000},          {"μs", 1000},
    {"ms", 1'000'000}, {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000}};

bool digit(char c) {
  return c >= '0' && c <= '9';
}

// Digits before and after one point, as whole * 10^-decimals; digits beyond the 18th decimal do not count.
struct Number {
  Wide value = 0;
  Wide scale = 1;
  bool any = false;
};

Result<Number> take_number(std::string_view& text) {
  Number number;
  bool point = false;
  for (; !text.empty() && (digit(text[0]) || (text[0] == '.' && !point)); text.remove_prefix(1)) {
    if (text[0] == '.') {
      point = true;
      continue;
    }
    number.any = true;
    if (point && number.scale >= Wide(1'000'000'000'000'000'000)) continue;
    number.value = number.value * 10 + Wide(text[0] - '0');
    if (point) number.scale *= 10;
    if (number.value / number.scale > most) return fail(Code::invalid_argument, "is too long");
  }
  if (!number.any) return fail(Code::invalid_argument, "must be a duration such as 90s, 3m0s or 1.5h");
  return number;
}

Result<std::int64_t> take_unit(std::string_view& text) {
  for (const Unit& unit : units) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return unit.nanoseconds;
  }
  return fail(Code::invalid_argument, "lacks a unit: ns, us, ms, s, m or h");
}

// "1.5" of a fraction's `rest` nanoseconds below one `unit`, without trailing zeros.
std::string decimal(std::int64_t nanoseconds, std::int64_t unit) {
  std::string text = std::to_string(nanoseconds / unit);
  std::int64_t rest = nanoseconds % unit;
  if (rest == 0) return text;
  text += '.';
  for (std::int64_t place = unit / 10; rest != 0; place /= 10) {
    text += static_cast<char>('0' + rest / place);
    rest %= place;
  }
  return text;
}

}  // namespace

Result<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0ns;
  Wide total = 0;
  do {
    TRY(const Number number, take_number(text));
    TRY(const std::int64_t unit, take_unit(text));
    total += number.value * static_cast<Wide>(unit) / number.scale;
    if (total > most) return fail(Code::invalid_argument, "is too long");
  } while (!text.empty());
  const auto count = static_cast<std::int64_t>(total);
  return std::chrono::nanoseconds(negative ? -count : count);
}

std::string duration_text(std::chrono::nanoseconds duration) {
  const std::int64_t count = duration.count();
  if (count == 0) return "0s";
  if (count < 0) return "-" + duration_text(-duration);
  if (count < 1'000) return decimal(count, 1) + "ns";
  if (count < 1'000'000) return decimal(count, 1'000) + "µs";
  if (count < 1'000'000'000) return decimal(count, 1'000'000) + "ms";
  const std::int64_t minutes = count / 60'000'000'000;
  std::string text;
  if (minutes >= 60) text += std::to_string(minutes / 60) + "h";
  if (minutes > 0) text += std::to_string(minutes % 60) + "m";
  return text + decimal(count % 60'000'000'000, 1'000'000'000) + "s";
}

}  // namespace cosign
