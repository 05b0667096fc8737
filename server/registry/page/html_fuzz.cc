// Whatever is put into a page as text: the markup around it stays what this program wrote.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "server/registry/page/html.h"

namespace html = server::registry::page::html;

namespace {

// Between the two marks nothing begins or ends an element, a value or an escape that is not ours.
void check(std::string_view markup, std::string_view before, std::string_view after) {
  if (!markup.starts_with(before) || !markup.ends_with(after)) std::abort();
  markup.remove_prefix(before.size());
  markup.remove_suffix(after.size());
  for (const unsigned char c : markup)
    if (c == '<' || c == '>' || c == '"' || c == '\'' || c < 0x20 || c == 0x7f) std::abort();
  for (std::size_t at = markup.find('&'); at != std::string_view::npos; at = markup.find('&', at + 1)) {
    const auto rest = markup.substr(at);
    if (!rest.starts_with("&amp;") && !rest.starts_with("&lt;") && !rest.starts_with("&gt;") &&
        !rest.starts_with("&quot;") && !rest.starts_with("&#39;"))
      std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(html::el("p", text).markup(), "<p>", "</p>");
  check(html::el("p", html::attribute("title", text)).markup(), "<p title=\"", "\"></p>");
  const html::Path path = html::Path("/r/").add(text).query("q", text);
  check(html::el("a", html::href(path)).markup(), "<a href=\"/r/", "\"></a>");
  if (html::shortened(text, 10).size() > 10) std::abort();
  return 0;
}
