// What is accepted is written to the same value again, in every form, and the form is stable.
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/codec/json.h"

using namespace sigstore;
using namespace sigstore::codec;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_round_trip(const json::Value& value, const std::string& text) {
  const auto again = json::parse(text, "written");
  require(again.has_value() && *again == value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  const auto value = json::parse(text, "fuzz");
  if (!value) {
    require(!value.error().message.empty());
    return 0;
  }
  check_round_trip(*value, json::write(*value));
  check_round_trip(*value, json::write_plain(*value));
  check_round_trip(*value, json::write_indented(*value, 2));
  require(json::write(*json::parse(json::write(*value), "written")) == json::write(*value));
  return 0;
}
