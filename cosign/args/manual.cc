#include "cosign/args/manual.h"

#include <algorithm>

namespace cosign {
namespace {

// Columns that UTF-8 text takes, every code point counted as one.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

// The text of a link that starts at `text`, with its address; takes it. Empty when there is none.
std::string take_link(std::string_view& text) {
  const auto middle = text.find("](");
  const auto end = text.find(')', middle);
  if (!text.starts_with('[') || middle == std::string_view::npos || end == std::string_view::npos) return {};
  std::string link(text.substr(1, middle - 1));
  link += " (" + std::string(text.substr(middle + 2, end - middle - 2)) + ")";
  text.remove_prefix(end + 1);
  return link;
}

// Without the marks of `code`, **strong** and [links](address).
std::string plain(std::string_view text) {
  std::string out;
  bool code = false;
  while (!text.empty()) {
    if (text[0] == '`') {
      code = !code;
      text.remove_prefix(1);
    } else if (!code && text.starts_with("**")) {
      text.remove_prefix(2);
    } else if (const std::string link = code ? "" : take_link(text); !link.empty()) {
      out += link;
    } else {
      out += text[0];
      text.remove_prefix(1);
    }
  }
  return out;
}

// The mark of a list item, "- " or "12. ", or "".
std::string_view item_mark(std::string_view line) {
  if (line.starts_with("- ")) return line.substr(0, 2);
  const auto digits = line.find_first_not_of("0123456789");
  const bool numbered =
      digits != 0 && digits != std::string_view::npos && line.substr(digits).starts_with(". ");
  return numbered ? line.substr(0, digits + 2) : std::string_view();
}

// Builds the text block by block.
class Renderer {
 public:
  void line(std::string_view line) {
    if (line.starts_with("```")) {
      finish();
      fenced_ = !fenced_;
    } else if (fenced_) {
      out_ += line.empty() ? "\n" : "  " + std::string(line) + "\n";
    } else if (line.starts_with('#')) {
      heading(line);
    } else if (line.starts_with('|')) {
      finish();
      out_ += "  " + plain(line) + "\n";
    } else if (line.find_first_not_of(' ') == std::string_view::npos) {
      finish();
      blank();
    } else {
      text(line);
    }
  }

  std::string take() {
    finish();
    while (out_.ends_with("\n\n")) out_.pop_back();
    return std::move(out_);
  }

 private:
  void heading(std::string_view line) {
    finish();
    const auto level = line.find_first_not_of('#');
    if (level == 1 || level == std::string_view::npos) return;
    blank();
    out_ += plain(line.substr(std::min(level + 1, line.size()))) + ":\n";
    after_heading_ = true;
  }

  void text(std::string_view line) {
    if (const std::string_view mark = item_mark(line); !mark.empty()) {
      finish();
      first_ = "  " + std::string(mark);
      line.remove_prefix(mark.size());
    }
    after_heading_ = false;
    block_ += std::string(line) + " ";
  }

  // One empty line between blocks, none at the start and below a heading.
  void blank() {
    if (!out_.empty() && !out_.ends_with("\n\n") && !after_heading_) out_ += "\n";
  }

  void finish() {
    if (!block_.empty()) out_ += wrapped(plain(block_), first_, first_.size());
    block_.clear();
    first_.clear();
  }

  std::string out_, block_, first_;
  bool fenced_ = false;
  bool after_heading_ = false;
};

}  // namespace

std::string wrapped(std::string_view text, std::string_view first, std::size_t indent) {
  std::string out(first);
  std::size_t column = width(first);
  bool start = true;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
    if (text.empty()) return out + "\n";
    const std::string_view word = text.substr(0, text.find_first_of(" \n"));
    if (!start && column + 1 + width(word) > help_columns) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
      start = true;
    }
    if (!start) {
      out += ' ';
      ++column;
    }
    out += word;
    column += width(word);
    start = false;
    text.remove_prefix(word.size());
  }
}

std::string plain_manual(std::string_view markdown) {
  Renderer renderer;
  while (!markdown.empty()) {
    const std::string_view line = markdown.substr(0, markdown.find('\n'));
    renderer.line(line);
    markdown.remove_prefix(std::min(line.size() + 1, markdown.size()));
  }
  return renderer.take();
}

}  // namespace cosign
