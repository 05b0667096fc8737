#include "cosign/args/manual.h"

#include <algorithm>

#include "cosign/args/markdown.h"

namespace cosign {
namespace {

// Columns that UTF-8 text takes, every code point counted as one.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string plain(std::string_view text) {
  std::string out;
  for (const Span& span : read_spans(text)) out += span.text;
  return out;
}

// One empty line between blocks, none at the start and below a heading.
void add_gap(std::string& out, bool below_heading) {
  if (!out.empty() && !out.ends_with("\n\n") && !below_heading) out += "\n";
}

// Indented by two, but for empty lines.
std::string indented(std::string_view lines) {
  std::string out;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    out += line.empty() ? "\n" : "  " + std::string(line) + "\n";
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
  }
  return out;
}

std::string plain(const Block& block) {
  const std::string first = block.mark.empty() ? "" : "  " + block.mark;
  switch (block.kind) {
    case Block::Kind::heading:
      return plain(block.text) + ":\n";
    case Block::Kind::text:
    case Block::Kind::item:
      return wrapped(plain(block.text), first, first.size());
    case Block::Kind::code:
      return indented(block.text);
    case Block::Kind::row:
      return indented(plain(block.text));
    case Block::Kind::gap:
      break;
  }
  return {};
}

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
  std::string out;
  bool below_heading = false;
  for (const Block& block : read_markdown(markdown)) {
    if (block.kind == Block::Kind::gap || block.kind == Block::Kind::heading) add_gap(out, below_heading);
    out += plain(block);
    if (block.kind != Block::Kind::gap) below_heading = block.kind == Block::Kind::heading;
  }
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace cosign
