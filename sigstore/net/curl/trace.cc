#include "sigstore/net/curl/internal/trace.h"

#include <algorithm>
#include <array>

namespace sigstore::net {
namespace {

// Of the distribution specification and its token servers.
constexpr std::array<std::string_view, 10> shown = {"n",   "last",         "digest",  "mount", "from",
                                                    "tag", "artifactType", "service", "scope", "account"};

std::string public_query(std::string_view query) {
  std::string text;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const std::string_view parameter = query.substr(0, end);
    const std::string_view name = parameter.substr(0, parameter.find('='));
    const bool is_shown = std::find(shown.begin(), shown.end(), name) != shown.end();
    text += (text.empty() ? "?" : "&") + (is_shown ? std::string(parameter) : std::string(name) + "=…");
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return text;
}

}  // namespace

std::string trace_line(const Request& request, const Result<Response>& response) {
  const Url& url = request.url;
  return request.method + " " + url.scheme + "://" + url.authority() + url.path + public_query(url.query) +
         " -> " + (response ? std::to_string(response->status) : response.error().text());
}

}  // namespace sigstore::net
