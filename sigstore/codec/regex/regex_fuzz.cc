// The first line is a pattern, the rest a text. A pattern that is accepted means the same each time, keeps
// its text, and matches only the whole where it is anchored.
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/codec/regex/regex.h"
#include "sigstore/codec/regex/syntax.h"

using namespace sigstore;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = as_text({data, size});
  const auto pattern = input.substr(0, input.find('\n'));
  const auto text = input.substr(std::min(pattern.size() + 1, input.size()));

  std::string joined;
  for (const auto& token : codec::regex::tokens_of(pattern)) {
    require(!token.text.empty());
    joined += token.text;
  }
  require(joined == pattern);

  const auto regex = codec::Regex::parse(pattern);
  if (!regex) {
    require(!regex.error().message.empty() && !regex.error().cause.empty());
    return 0;
  }
  require(regex->pattern() == pattern);
  const bool found = regex->matches_part_of(text);
  require(codec::Regex::parse(pattern)->matches_part_of(text) == found);
  // An anchored pattern finds nothing inside of a text that is longer than all that it can match.
  if (regex->anchored() && found) {
    const auto whole = codec::Regex::parse("^(?:" + std::string(pattern) + ")$");
    if (whole) require(whole->matches_part_of(text));
  }
  return 0;
}
