// The Markdown that help.md is written in, as values: paragraphs, "## Heading", "- " and "1. " lists, fenced
// blocks, tables (line by line), `code`, **strong**, [text](address). A "# Title" is dropped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cosign {

struct Block {
  enum class Kind { heading, text, item, code, row, gap } kind = Kind::gap;
  std::string text;  // of code its lines, each with its line break; else one line, its marks still in it
  std::string mark;  // of an item: "- ", "12. "
};

// Nothing of a text is lost, whatever its form. A gap is an empty line outside of fenced blocks.
std::vector<Block> read_markdown(std::string_view markdown);

struct Span {
  std::string text;
  bool strong = false;  // `code` or **strong**
};

// A text without its marks; of a link "text (address)".
std::vector<Span> read_spans(std::string_view text);

}  // namespace cosign
