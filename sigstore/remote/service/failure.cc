#include "sigstore/remote/service/failure.h"

#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/printable.h"

namespace sigstore::remote {
namespace json = codec::json;
namespace {

constexpr std::size_t shown_words = 3;
constexpr std::size_t shown_bytes = 300;
constexpr std::size_t words_depth = 16;

// Cut at a character's start. The JSON reader has checked the UTF-8.
std::string shortened(const std::string& text) {
  if (text.size() <= shown_bytes) return text;
  std::size_t end = shown_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

// Without line breaks and with single blanks, as it reads in one line.
std::string in_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  if (line.ends_with(' ')) line.pop_back();
  return line;
}

// What was said so far, at most a few words of it.
struct Words {
  std::string text;
  std::size_t count = 0;

  void add(std::string_view said) {
    const std::string word = in_one_line(said);
    if (word.empty() || count >= shown_words) return;
    text += (count++ == 0 ? "" : "; ") + word;
  }
};

// A text, a list of texts, or fields with either.
void collect(const json::Value* value, const std::string& before, Words& words) {
  if (value == nullptr) return;
  if (const auto* text = value->string()) words.add(before + *text);
  if (const auto* list = value->array())
    for (const auto& entry : *list)
      if (entry.string() != nullptr) words.add(before + *entry.string());
  if (const auto* object = value->object(); object != nullptr && before.empty())
    for (const auto& member : object->members()) collect(&member.value, member.key + ": ", words);
}

Code code_of(int status) {
  if (status >= 300 && status < 400) return Code::malformed;
  if (status >= 500) return Code::unavailable;
  switch (status) {
    case 401:
      return Code::unauthorized;
    case 403:
      return Code::forbidden;
    case 404:
      return Code::not_found;
    case 408:
    case 429:
      return Code::unavailable;
    case 409:
    case 412:
      return Code::conflict;
    case 413:
      return Code::too_large;
    default:
      return Code::unsupported;
  }
}

std::string message_of(const std::string& service, const std::string& what, int status) {
  switch (status) {
    case 401:
      return service + " does not accept the token";
    case 403:
      return service + " does not let the token " + what;
    case 429:
      return service + " limits how often it is asked";
    default:
      break;
  }
  if (status >= 300 && status < 400) return service + " sends us elsewhere when asked to " + what;
  return service + (status >= 500 ? " failed to " : " did not ") + what;
}

std::string hint_of(int status) {
  if (status >= 300 && status < 400) return "is this its address, and not that of a login page or a proxy?";
  if (status == 408 || status == 429 || status >= 500) return "try again in a while";
  return {};
}

std::string cause_of(const net::Response& answer) {
  std::string cause = "HTTP " + std::to_string(answer.status);
  if (answer.status >= 300 && answer.status < 400) {
    const auto place = answer.headers.get("Location");
    // Whatever follows the path may be a secret of somebody.
    return place ? cause + " to " + shortened(codec::printable(place->substr(0, place->find_first_of("?#"))))
                 : cause;
  }
  const std::string said = words_of(answer.body);
  return said.empty() ? cause : cause + ": " + said;
}

}  // namespace

std::string words_of(std::string_view body) {
  const auto document = json::parse(body.substr(0, limits::error_body_bytes), "error document",
                                    {.max_depth = words_depth, .max_bytes = limits::error_body_bytes});
  if (!document) return {};
  Words words;
  for (const char* key : {"errors", "message", "error", "error_description"})
    collect(document->get(key), "", words);
  return shortened(codec::printable(words.text));
}

Error service_failure(const std::string& service, const std::string& what, const net::Response& answer) {
  return {code_of(answer.status), message_of(service, what, answer.status), cause_of(answer),
          hint_of(answer.status)};
}

}  // namespace sigstore::remote
