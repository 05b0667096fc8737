// HTML that cannot be broken by what stands in it: markup is made of names that are literals of this program,
// and everything else is text, which is escaped. There is no way to pass markup as text.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace server::registry::page::html {

// A name of an element or of an attribute that is plain text: lower-case letters and dashes, and nothing that
// runs code, loads something, or says where to go (for that there is href() alone).
class Name {
 public:
  consteval Name(const char* name) : text_(name) {  // NOLINT(google-explicit-constructor): a literal is one
    for (const char c : text_)
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') throw "not a plain name";
    for (const std::string_view bad : {"script", "style", "iframe", "object", "embed", "base", "svg", "math",
                                       "href", "src", "srcset", "srcdoc", "action", "formaction"})
      if (text_ == bad) throw "this name is not for text";
    if (text_.starts_with("on")) throw "no handlers";
  }
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// A path on this host: "/r/team/app?q=x". What is added is percent-encoded.
class Path {
 public:
  explicit Path(const char* literal) : text_(literal) {}
  Path& add(std::string_view name);  // "/", ":" and "@" stay, as in "team/app:1"
  Path& query(Name name, std::string_view value);
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

class Attribute {
 public:
  [[nodiscard]] const std::string& markup() const { return markup_; }  // ` name="value"`

 private:
  friend Attribute attribute(Name name, std::string_view value);
  friend Attribute href(const Path& path);
  friend Attribute form_target(const Path& path);
  explicit Attribute(std::string markup) : markup_(std::move(markup)) {}
  std::string markup_;
};
Attribute attribute(Name name, std::string_view value);
Attribute href(const Path& path);
Attribute form_target(const Path& path);  // action, of a form that is sent with GET

// Finished markup: some elements and text beside each other.
class Html {
 public:
  Html() = default;
  [[nodiscard]] const std::string& markup() const { return markup_; }
  [[nodiscard]] bool empty() const { return markup_.empty(); }
  Html& add(const Html& part);
  Html& add(std::string_view text);  // made printable, escaped, cut at limits::page_text_bytes

 private:
  friend class Element;
  friend Html document(std::string_view language, std::string_view title, std::string_view style,
                       const Html& body);
  std::string markup_;
};

class Element {
 public:
  explicit Element(Name name) : name_(name.text()) {}
  Element& add(const Attribute& attribute);
  Element& add(const Html& part);
  Element& add(std::string_view text);
  operator Html() const;  // NOLINT(google-explicit-constructor): an element is markup

 private:
  std::string name_, attributes_;
  Html content_;
};

// el("p", attribute("class", "note"), "text", el("code", digest)): attributes, text and markup in any order.
template <typename... Parts>
Html el(Name name, const Parts&... parts) {
  Element element(name);
  (element.add(parts), ...);
  return element;
}
// The same with its class, which nearly all have.
template <typename... Parts>
Html of(Name name, std::string_view css_class, const Parts&... parts) {
  return el(name, attribute("class", css_class), parts...);
}

// A whole page. `style` is a constant of this program, the one thing that is not escaped.
Html document(std::string_view language, std::string_view title, std::string_view style, const Html& body);

// At most `max` bytes, never within a character; what was cut ends in "…".
std::string shortened(std::string_view text, std::size_t max);

}  // namespace server::registry::page::html
