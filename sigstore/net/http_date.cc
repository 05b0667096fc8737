#include "sigstore/net/http_date.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace sigstore::net {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// The number that fills text[at, at + size), or -1.
int digits(std::string_view text, std::size_t at, std::size_t size) {
  int value = 0;
  const char* first = text.data() + at;
  const auto [end, error] = std::from_chars(first, first + size, value);
  return error == std::errc() && end == first + size && value >= 0 ? value : -1;
}

template <std::size_t N>
int index_of(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == name) return static_cast<int>(i);
  return -1;
}

}  // namespace

std::string http_date(Time time) {
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  char text[40];
  std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT",
                weekdays[weekday(day).c_encoding()].data(), static_cast<unsigned>(date.day()),
                months[static_cast<unsigned>(date.month()) - 1].data(), static_cast<int>(date.year()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

Result<Time> parse_http_date(std::string_view text) {
  const auto refuse = [] { return fail(Code::malformed, "not an HTTP date"); };
  constexpr std::string_view shape = "Www, dd Mmm yyyy hh:mm:ss GMT";
  if (text.size() != shape.size() || !text.ends_with(" GMT")) return refuse();
  for (const std::size_t at : {3, 4, 7, 11, 16, 19, 22})
    if (text[at] != shape[at]) return refuse();
  const int month_index = index_of(months, text.substr(8, 3));
  const int d = digits(text, 5, 2), y = digits(text, 12, 4);
  const int h = digits(text, 17, 2), m = digits(text, 20, 2), s = digits(text, 23, 2);
  const year_month_day date(year(y), month(static_cast<unsigned>(month_index + 1)),
                            day(static_cast<unsigned>(d)));
  if (index_of(weekdays, text.substr(0, 3)) < 0 || month_index < 0 || d < 0 || y < 0 || !date.ok())
    return refuse();
  if (h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 60) return refuse();
  return Time(sys_days(date)) + hours(h) + minutes(m) + seconds(s);
}

}  // namespace sigstore::net
