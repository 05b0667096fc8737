// A URL that parses says the same again, and resolving against it never leaves what URLs may be.
#include <cstdlib>

#include "sigstore/base/limits.h"
#include "sigstore/net/url.h"

namespace {

using sigstore::net::Url;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const Url& url) {
  require(url.scheme == "http" || url.scheme == "https");
  require(!url.host.empty() && url.port != 0 && url.path.starts_with('/'));
  const auto again = Url::parse(url.text());
  require(again && *again == url && again->same_origin(url));
  for (const char c : url.text()) require(c > ' ' && c <= '~' && c != '#');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // As it stands, and both halves of a line as base and location.
  if (const auto url = Url::parse(text)) check(*url);
  const auto line = text.find('\n');
  if (line == text.npos) return 0;
  const auto base = Url::parse(text.substr(0, line));
  if (!base) return 0;
  const auto target = base->resolve(text.substr(line + 1));
  if (target && target->text().size() <= sigstore::limits::url_bytes) check(*target);
  return 0;
}
