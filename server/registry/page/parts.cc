#include "server/registry/page/parts.h"

#include "server/registry/page/style.h"

namespace server::registry::page {

using html::attribute;
using html::el;
using html::Html;
using html::of;
using html::Path;

namespace {

constexpr std::size_t digest_shown = 12;  // hex digits of a digest that are shown

Html header(const Place& place, const std::vector<Crumb>& way) {
  Html steps = el("li", el("a", attribute("class", "home"), href(Path("/")), place.host));
  for (const Crumb& crumb : way) steps.add(el("li", el("a", href(crumb.path), crumb.text)));
  return el("header",
            of("div", "wrap", el("nav", attribute("aria-label", "Where this is"), el("ol", steps))));
}

Html footer(const Path& json) {
  return el("footer",
            of("div", "wrap", el("p", "cosign registry · ", el("a", href(json), "this page as JSON"))));
}

}  // namespace

Html page_of(const Place& place, const std::string& title, const std::vector<Crumb>& way, const Html& main,
             const Path& json) {
  return html::document(
      "en", title + " · " + place.host, style_text(),
      el("body", of("a", "skip", href(Path("#content")), "Skip to content"), header(place, way),
         el("main", attribute("id", "content"), of("div", "wrap", main)), footer(json)));
}

Html badge(Tone tone, std::string_view text) {
  switch (tone) {
    case Tone::plain:
      return of("span", "badge", text);
    case Tone::good:
      return of("span", "badge good", text);
    case Tone::careful:
      return of("span", "badge careful", text);
    case Tone::bad:
      return of("span", "badge bad", text);
  }
  return {};
}

Html command_line(std::string_view command) {
  return el("pre", attribute("tabindex", "0"), el("code", command));
}

Html digest_code(const sigstore::oci::Digest& digest) {
  const std::string text =
      std::string(digest.algorithm()) + ":" + std::string(digest.hex().substr(0, digest_shown));
  return of("code", "digest", attribute("title", digest.text()), text);
}

Html search_form(const Path& target, std::string_view label, std::string_view search) {
  return el(
      "form", attribute("role", "search"), form_target(target), el("label", attribute("for", "q"), label),
      el("input", attribute("id", "q"), attribute("name", "q"), attribute("type", "search"),
         attribute("value", search), attribute("autocomplete", "off"), attribute("spellcheck", "false")),
      el("button", attribute("type", "submit"), "Search"));
}

Html empty_note(std::string_view text) {
  return of("p", "empty", text);
}

Path repository_path(const std::string& repository) {
  return Path("/r/").add(repository);
}
Path image_path(const std::string& repository, const sigstore::oci::Digest& digest) {
  return Path("/r/").add(repository + "@" + digest.text());
}
Path tag_path(const std::string& repository, const std::string& tag) {
  return Path("/r/").add(repository + ":" + tag);
}

}  // namespace server::registry::page
