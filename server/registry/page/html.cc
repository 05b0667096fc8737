#include "server/registry/page/html.h"

#include <algorithm>
#include <array>

#include "sigstore/base/limits.h"
#include "sigstore/codec/printable.h"
#include "sigstore/net/url.h"

namespace server::registry::page::html {

namespace limits = sigstore::limits;

namespace {

// Elements that have no content and no end.
constexpr std::array<std::string_view, 6> empty_elements = {"br", "hr", "img", "input", "link", "meta"};

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else
      out += c;
  }
}

// What no reader can take for something else: one line of visible characters.
std::string safe(std::string_view text) {
  std::string out;
  append_escaped(out, shortened(sigstore::codec::printable(text.substr(0, limits::page_text_bytes + 1)),
                                limits::page_text_bytes));
  return out;
}

std::string markup_of(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + safe(value) + "\"";
}

}  // namespace

std::string shortened(std::string_view text, std::size_t max) {
  constexpr std::string_view more = "…";
  if (text.size() <= max) return std::string(text);
  std::size_t end = max < more.size() ? 0 : max - more.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;
  return std::string(text.substr(0, end)) + std::string(more);
}

Path& Path::add(std::string_view name) {
  while (true) {
    const std::size_t plain = name.find_first_of("/:@");
    text_ += sigstore::net::percent_encode(name.substr(0, plain));
    if (plain == std::string_view::npos) return *this;
    text_ += name[plain];
    name.remove_prefix(plain + 1);
  }
}

Path& Path::query(Name name, std::string_view value) {
  text_ += text_.find('?') == std::string::npos ? '?' : '&';
  text_ += std::string(name.text()) + "=" + sigstore::net::percent_encode(value);
  return *this;
}

Attribute attribute(Name name, std::string_view value) {
  return Attribute(markup_of(name.text(), value));
}
Attribute href(const Path& path) {
  return Attribute(markup_of("href", path.text()));
}
Attribute form_target(const Path& path) {
  return Attribute(markup_of("action", path.text()));
}

Html& Html::add(const Html& part) {
  markup_ += part.markup_;
  return *this;
}
Html& Html::add(std::string_view text) {
  markup_ += safe(text);
  return *this;
}

Element& Element::add(const Attribute& attribute) {
  attributes_ += attribute.markup();
  return *this;
}
Element& Element::add(const Html& part) {
  content_.add(part);
  return *this;
}
Element& Element::add(std::string_view text) {
  content_.add(text);
  return *this;
}

Element::operator Html() const {
  Html html;
  html.markup_ = "<" + name_ + attributes_ + ">";
  if (std::ranges::find(empty_elements, name_) == empty_elements.end())
    html.markup_ += content_.markup() + "</" + name_ + ">";
  return html;
}

Html document(std::string_view language, std::string_view title, std::string_view style, const Html& body) {
  const Html head =
      Html()
          .add(el("meta", attribute("charset", "utf-8")))
          .add(el("meta", attribute("name", "viewport"),
                  attribute("content", "width=device-width, initial-scale=1")))
          .add(el("meta", attribute("name", "color-scheme"), attribute("content", "light dark")))
          .add(el("title", title));
  Html html;
  html.markup_ = "<!doctype html>\n<html" + attribute("lang", language).markup() + "><head>" + head.markup() +
                 "<style>" + std::string(style) + "</style></head>\n" + body.markup() + "</html>\n";
  return html;
}

}  // namespace server::registry::page::html
