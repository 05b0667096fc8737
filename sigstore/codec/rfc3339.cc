#include "sigstore/codec/rfc3339.h"

#include <cstdio>

namespace sigstore::codec::rfc3339 {
namespace {

std::unexpected<Error> malformed(std::string_view why) {
  return fail(Code::malformed, "not an RFC 3339 time", std::string(why));
}

// Takes pieces from the front of a text; remembers the first failure.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}
  int digits(std::size_t count) {
    int value = 0;
    if (rest_.size() < count) return fail_with(0);
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return fail_with(0);
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void need(char c) { ok_ = take(c) && ok_; }
  // The digits of a fraction as nanoseconds; what is finer is cut off.
  std::chrono::nanoseconds fraction() {
    std::int64_t value = 0;
    std::size_t count = 0;
    for (; !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; rest_.remove_prefix(1), ++count) {
      if (count < 9) value = value * 10 + (rest_[0] - '0');
    }
    if (count == 0) fail_with(0);
    for (auto i = count; i < 9; ++i) value *= 10;
    return std::chrono::nanoseconds(value);
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  int fail_with(int value) {
    ok_ = false;
    return value;
  }
  std::string_view rest_;
  bool ok_ = true;
};

// The distance of local time from UTC: `Z`, `+hh:mm` or `-hh:mm`.
Result<std::chrono::minutes> offset(Scanner& in) {
  if (in.take('Z')) return std::chrono::minutes(0);
  const bool west = in.take('-');
  if (!west) in.need('+');
  const int hours = in.digits(2);
  in.need(':');
  const int minutes = in.digits(2);
  if (!in.ok() || hours > 23 || minutes > 59) return malformed("the offset from UTC is broken");
  return std::chrono::minutes((west ? -1 : 1) * (hours * 60 + minutes));
}

}  // namespace

std::string seconds(Time time) {
  using namespace std::chrono;
  const auto whole = floor<std::chrono::seconds>(time);
  const auto day = floor<days>(whole);
  const year_month_day date(day);
  const hh_mm_ss clock(whole - day);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

std::string milliseconds(Time time) {
  using namespace std::chrono;
  const auto fraction = floor<std::chrono::milliseconds>(time) - floor<std::chrono::seconds>(time);
  char text[8];
  std::snprintf(text, sizeof text, ".%03dZ", static_cast<int>(fraction.count()));
  std::string whole = seconds(time);
  return whole.replace(whole.size() - 1, 1, text);
}

Result<Time> parse(std::string_view text) {
  using namespace std::chrono;
  Scanner in(text);
  const int y = in.digits(4);
  in.need('-');
  const int mon = in.digits(2);
  in.need('-');
  const int d = in.digits(2);
  in.need('T');
  const int h = in.digits(2);
  in.need(':');
  const int min = in.digits(2);
  in.need(':');
  const int s = in.digits(2);
  const auto fraction = in.take('.') ? in.fraction() : nanoseconds(0);
  if (!in.ok()) return malformed("it must look like 2026-07-24T00:00:00Z");
  TRY(const auto shift, offset(in));
  if (!in.at_end()) return malformed("text follows it");

  const year_month_day date{year(y), month(static_cast<unsigned>(mon)), day(static_cast<unsigned>(d))};
  if (!date.ok() || h > 23 || min > 59 || s > 59) return malformed("no such date or time of day");
  if (y < 1678 || y > 2261) return fail(Code::unsupported, "a time outside the years 1678 to 2261");
  return Time(sys_days(date) + hours(h) + minutes(min) - shift + std::chrono::seconds(s) + fraction);
}

}  // namespace sigstore::codec::rfc3339
