#include "sigstore/codec/json_split.h"

#include <string>

namespace sigstore::codec::json {
namespace {

constexpr std::string_view white = " \t\r\n";

// The size of the string that begins at `at`, with its quotes; npos when it does not end.
std::size_t after_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return at + 1;
  }
  return std::string_view::npos;
}

// Behind the object that begins at `at`; npos when it does not end.
std::size_t after_object(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (true) {
    at = text.find_first_of("{}\"", at);
    if (at == std::string_view::npos) return at;
    if (text[at] == '"') {
      at = after_string(text, at);
      if (at == std::string_view::npos) return at;
      continue;
    }
    depth += text[at] == '{' ? 1 : -1;
    ++at;
    if (depth == 0) return at;
  }
}

}  // namespace

Result<std::vector<std::string_view>> split_objects(std::string_view text, std::string_view what,
                                                    std::size_t most) {
  std::vector<std::string_view> objects;
  for (std::size_t at = text.find_first_not_of(white); at != std::string_view::npos;
       at = text.find_first_not_of(white, at)) {
    const std::string which = std::string(what) + ", document " + std::to_string(objects.size() + 1);
    if (text[at] != '{') return fail(Code::malformed, which + ": not a JSON object");
    if (objects.size() == most)
      return fail(Code::too_large,
                  std::string(what) + " holds more than " + std::to_string(most) + " documents");
    const std::size_t end = after_object(text, at);
    if (end == std::string_view::npos) return fail(Code::malformed, which + " does not end");
    objects.push_back(text.substr(at, end - at));
    at = end;
  }
  return objects;
}

}  // namespace sigstore::codec::json
