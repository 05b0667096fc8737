#include "sigstore/codec/pem.h"

#include <algorithm>
#include <optional>

#include "sigstore/base/limits.h"
#include "sigstore/base/secret.h"
#include "sigstore/codec/base64.h"

namespace sigstore::codec::pem {
namespace {

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";
constexpr std::string_view dashes = "-----";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// Walks the lines of a text; white space at the end of a line does not count.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  [[nodiscard]] std::string_view rest() const { return rest_; }
  std::optional<std::string_view> next() {
    if (rest_.empty()) return std::nullopt;
    const auto end = rest_.find('\n');
    auto line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (const auto last = line.find_last_not_of(" \t\r"); last == std::string_view::npos)
      return line.substr(0, 0);
    else
      return line.substr(0, last + 1);
  }

 private:
  std::string_view rest_;
};

// The label of a boundary line, or nullopt when the line is none.
std::optional<std::string_view> label_of(std::string_view line, std::string_view mark) {
  if (!line.starts_with(mark) || !line.ends_with(dashes)) return std::nullopt;
  if (line.size() < mark.size() + dashes.size()) return std::nullopt;
  return line.substr(mark.size(), line.size() - mark.size() - dashes.size());
}

std::unexpected<Error> broken(std::string_view what, std::string cause) {
  return fail(Code::malformed, std::string(what) + " holds a broken PEM block", std::move(cause));
}

// The text of a body, which may be a private key: it does not move as it grows, and is wiped.
class Body {
 public:
  explicit Body(std::size_t most) { text_.reserve(most); }
  Body(const Body&) = delete;
  ~Body() { wipe(text_); }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] std::string_view text() const { return text_; }
  void append(std::string_view line) { text_ += line; }

 private:
  std::string text_;
};

// The rest of a block after its BEGIN line.
Result<Block> read_block(Lines& lines, std::string_view label, std::string_view what) {
  Block block{std::string(label), {}, {}};
  Body body(std::min(lines.rest().find(end_mark), lines.rest().size()));
  bool in_headers = true;
  while (const auto line = lines.next()) {
    if (const auto end = label_of(*line, end_mark)) {
      if (*end != label) return broken(what, "BEGIN and END have different labels");
      auto decoded = base64::decode_lines(body.text());
      if (!decoded) return broken(what, decoded.error().message);
      block.body = std::move(*decoded);
      return block;
    }
    if (line->starts_with(dashes)) return broken(what, "a boundary line stands inside it");
    const auto colon = line->find(':');
    if (in_headers && colon != std::string_view::npos) {
      block.headers.emplace_back(trim(line->substr(0, colon)), trim(line->substr(colon + 1)));
      continue;
    }
    in_headers = in_headers && line->empty() && body.empty();
    body.append(*line);
  }
  return broken(what, "its END line is missing");
}

// The next block, nullopt at the end of the text.
Result<std::optional<Block>> next_block(Lines& lines, std::string_view what) {
  while (const auto line = lines.next()) {
    const auto label = label_of(*line, begin_mark);
    if (!label) continue;
    TRY(auto block, read_block(lines, *label, what));
    return std::optional<Block>(std::move(block));
  }
  return std::optional<Block>();
}

Result<std::vector<Block>> read_blocks(std::string_view text, std::string_view what, std::size_t most) {
  if (text.size() > limits::pem_bytes)
    return fail(Code::too_large, std::string(what) + " is too large for PEM");
  Lines lines(text);
  std::vector<Block> blocks;
  while (blocks.size() < most) {
    TRY(auto block, next_block(lines, what));
    if (!block) break;
    blocks.push_back(std::move(*block));
  }
  if (blocks.empty()) return fail(Code::not_mine, std::string(what) + " holds no PEM block");
  return blocks;
}

}  // namespace

Result<std::vector<Block>> parse(std::string_view text, std::string_view what) {
  TRY(auto blocks, read_blocks(text, what, limits::pem_blocks + 1));
  if (blocks.size() <= limits::pem_blocks) return blocks;
  return fail(Code::too_large,
              std::string(what) + " holds more than " + std::to_string(limits::pem_blocks) + " PEM blocks");
}

Result<Block> parse_first(std::string_view text, std::string_view what) {
  TRY(auto blocks, read_blocks(text, what, 1));
  return std::move(blocks.front());
}

std::string encode(std::string_view label, BytesView body) {
  constexpr std::size_t columns = 64;
  const std::string text = base64::encode(body);
  std::string out = std::string(begin_mark) + std::string(label) + "-----\n";
  for (std::size_t i = 0; i < text.size(); i += columns) out += text.substr(i, columns) + "\n";
  return out + std::string(end_mark) + std::string(label) + "-----\n";
}

}  // namespace sigstore::codec::pem
