#include <algorithm>
#include <chrono>

#include "sigstore/crypto/x509/internal/fields.h"

namespace sigstore::crypto::x509::internal {

namespace der = codec::der;

namespace {

constexpr std::uint8_t utc_time = 0x17, generalized_time = 0x18;

std::unexpected<Error> no_time() {
  return fail(Code::malformed, "a time is not in the form YYMMDDhhmmssZ or YYYYMMDDhhmmssZ");
}

// Takes numbers of two digits from the front; remembers whether all were digits.
class Digits {
 public:
  explicit Digits(std::string_view text) : rest_(text) {}
  unsigned pair() {
    const auto digit = [&](std::size_t at) {
      good_ = good_ && rest_[at] >= '0' && rest_[at] <= '9';
      return static_cast<unsigned>(rest_[at] - '0');
    };
    const unsigned value = digit(0) * 10 + digit(1);
    rest_.remove_prefix(2);
    return value;
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  std::string_view rest_;
  bool good_ = true;
};

Time within_range(std::chrono::sys_seconds at) {
  using std::chrono::ceil, std::chrono::floor, std::chrono::seconds;
  if (at > floor<seconds>(Time::max())) return Time::max();
  if (at < ceil<seconds>(Time::min())) return Time::min();
  return at;
}

Result<Time> read_time(const der::Element& element) {
  using namespace std::chrono;
  const bool is_short = element.tag == utc_time;
  if (!is_short && element.tag != generalized_time) return no_time();
  const auto text = as_text(element.content);
  if (text.size() != (is_short ? 13U : 15U) || text.back() != 'Z') return no_time();
  Digits in(text);
  unsigned century = is_short ? 0 : in.pair();
  const unsigned of_century = in.pair();
  if (is_short) century = of_century < 50 ? 20 : 19;
  const unsigned month_number = in.pair(), day_number = in.pair();
  const unsigned hour = in.pair(), minute = in.pair(), second = in.pair();
  if (!in.good()) return no_time();
  const year_month_day date{year(static_cast<int>(century * 100 + of_century)), month(month_number),
                            day(day_number)};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59)
    return fail(Code::malformed, "a time is none of the calendar");
  return within_range(sys_days(date) + hours(hour) + minutes(minute) + seconds(second));
}

}  // namespace

Result<Validity> read_validity(der::Reader fields) {
  TRY(const auto first, fields.next());
  TRY(const auto last, fields.next());
  TRY_OK(fields.finish());
  TRY(const Time not_before, read_time(first));
  TRY(const Time not_after, read_time(last));
  return Validity{not_before, not_after};
}

}  // namespace sigstore::crypto::x509::internal
