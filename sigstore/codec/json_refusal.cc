#include "sigstore/codec/internal/json_refusal.h"

#include <algorithm>

namespace sigstore::codec::json {
namespace {

// "line 3, column 7", both from 1; columns count characters.
std::string position(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto start = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto column =
      std::ranges::count_if(before.substr(start), [](char c) { return (c & 0xC0) != 0x80; }) + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace

std::unexpected<Error> refuse_text(std::string_view what, std::string_view text, std::size_t offset,
                                   Code code, const std::string& why) {
  return fail(code, std::string(what) + (code == Code::too_large ? " is too large" : " is not valid JSON"),
              position(text, offset) + ": " + why);
}

std::unexpected<Error> refuse_size(std::string_view what, std::size_t size, std::size_t most) {
  return fail(Code::too_large, std::string(what) + " is too large",
              std::to_string(size) + " bytes of JSON; at most " + std::to_string(most) + " are read");
}

std::string name_twice(std::string_view name) {
  return "the name " + quote(name.substr(0, 64)) + " stands twice in one object";
}

std::string too_many_levels(std::size_t most) {
  return "more than " + std::to_string(most) + " levels";
}

}  // namespace sigstore::codec::json
