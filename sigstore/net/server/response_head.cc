#include "sigstore/net/server/internal/response_head.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sigstore::net {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 33> reasons = {{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
}};

bool is_token(std::string_view name) {  // RFC 9110 section 5.6.2
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != marks.npos;
  });
}

bool is_value(std::string_view value) {
  return value.find_first_of(std::string_view("\r\n\0", 3)) == value.npos;
}

// Added here, so not taken from the handler.
bool is_ours(const Headers& one, const ResponseHead& head) {
  if (one.get("Content-Length")) return !head.to_head;
  return one.get("Connection") || one.get("Transfer-Encoding") || (one.get("Date") && !head.date.empty());
}

}  // namespace

std::string_view reason_phrase(int status) {
  const auto found =
      std::find_if(reasons.begin(), reasons.end(), [&](const auto& pair) { return pair.first == status; });
  return found == reasons.end() ? "Status" : found->second;
}

bool has_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

Result<std::string> response_head(const ResponseHead& head) {
  if (head.status < 200 || head.status > 599) return fail(Code::internal, "not a final HTTP status");
  std::string text = "HTTP/1.1 " + std::to_string(head.status) + " ";
  text.append(reason_phrase(head.status)).append("\r\n");
  for (const auto& [name, value] : head.headers->list()) {
    if (!is_token(name) || !is_value(value)) return fail(Code::internal, "not a header: " + name);
    if (is_ours({{name, ""}}, head)) continue;
    text.append(name).append(": ").append(value).append("\r\n");
  }
  const bool given = head.to_head && head.headers->get("Content-Length");
  if (has_body(head.status) && !given) text.append("Content-Length: " + std::to_string(head.length) + "\r\n");
  if (!head.date.empty()) text.append("Date: ").append(head.date).append("\r\n");
  text.append(head.keep ? "\r\n" : "Connection: close\r\n\r\n");
  return text;
}

}  // namespace sigstore::net
