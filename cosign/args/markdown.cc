#include "cosign/args/markdown.h"

#include <algorithm>

namespace cosign {
namespace {

using Kind = Block::Kind;

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

// The mark of a list item, "- " or "12. ", or "".
std::string_view item_mark(std::string_view line) {
  if (line.starts_with("- ")) return line.substr(0, 2);
  const auto digits = line.find_first_not_of("0123456789");
  const bool numbered =
      digits != 0 && digits != std::string_view::npos && line.substr(digits).starts_with(". ");
  return numbered ? line.substr(0, digits + 2) : std::string_view();
}

class Reader {
 public:
  std::vector<Block> read(std::string_view markdown) {
    while (!markdown.empty()) {
      const std::string_view line = markdown.substr(0, markdown.find('\n'));
      take(line);
      markdown.remove_prefix(std::min(line.size() + 1, markdown.size()));
    }
    return std::move(blocks_);
  }

 private:
  void take(std::string_view line) {
    if (line.starts_with("```")) {
      fenced_ = !fenced_;
      if (fenced_) add(Kind::code, "");
      open_ = false;
    } else if (fenced_) {
      blocks_.back().text += std::string(line) + "\n";
    } else if (line.starts_with('#')) {
      heading(line);
    } else if (line.starts_with('|')) {
      add(Kind::row, line);
    } else if (line.find_first_not_of(' ') == std::string_view::npos) {
      add(Kind::gap, "");
    } else {
      text(line);
    }
  }

  void heading(std::string_view line) {
    const auto level = line.find_first_not_of('#');
    open_ = false;
    if (level != 1 && level != std::string_view::npos)
      add(Kind::heading, line.substr(std::min(level + 1, line.size())));
  }

  // A line of a paragraph or of an item, which go on until something else comes.
  void text(std::string_view line) {
    const std::string_view mark = item_mark(line);
    if (open_ && mark.empty()) {
      blocks_.back().text += " " + std::string(line);
      return;
    }
    add(mark.empty() ? Kind::text : Kind::item, line.substr(mark.size()), mark);
    open_ = true;
  }

  void add(Kind kind, std::string_view text, std::string_view mark = {}) {
    blocks_.push_back({kind, std::string(text), std::string(mark)});
    open_ = false;
  }

  std::vector<Block> blocks_;
  bool fenced_ = false;
  bool open_ = false;
};

}  // namespace

std::vector<Block> read_markdown(std::string_view markdown) {
  return Reader().read(markdown);
}

std::vector<Span> read_spans(std::string_view text) {
  std::vector<Span> spans(1);
  bool code = false, strong = false;
  while (!text.empty()) {
    std::string taken;
    if (text[0] == '`') {
      code = !code;
      text.remove_prefix(1);
    } else if (!code && text.starts_with("**")) {
      strong = !strong;
      text.remove_prefix(2);
    } else if (taken = code ? "" : take_link(text); taken.empty()) {
      taken = text[0];
      text.remove_prefix(1);
    }
    if (spans.back().strong != (code || strong)) spans.push_back({"", code || strong});
    spans.back().text += taken;
  }
  return spans;
}

}  // namespace cosign
