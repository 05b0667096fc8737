#include "sigstore/tlog/checkpoint.h"

#include <charconv>
#include <optional>

#include "sigstore/codec/base64.h"

namespace sigstore::tlog {
namespace {

constexpr std::size_t root_bytes = 32;

std::unexpected<Error> malformed(std::string cause) {
  return fail(Code::malformed, "the checkpoint is malformed", std::move(cause));
}

// Takes the first line off; nothing when there is none, or it is empty.
std::optional<std::string_view> next_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::uint64_t> read_size(std::string_view text) {
  if (text.size() > 1 && text.starts_with('0')) return std::nullopt;
  std::uint64_t size = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, size);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return size;
}

}  // namespace

Result<Checkpoint> Checkpoint::parse(std::string_view note_text) {
  Checkpoint out;
  const auto origin = next_line(note_text);
  if (!origin) return malformed("it has no origin");
  out.origin = *origin;
  const auto size_line = next_line(note_text);
  const auto size = size_line ? read_size(*size_line) : std::nullopt;
  if (!size) return malformed("its second line is no tree size");
  out.tree_size = *size;
  const auto root_line = next_line(note_text);
  if (!root_line) return malformed("it has no root hash");
  auto root = codec::base64::decode(*root_line);
  if (!root || root->size() != root_bytes) return malformed("its third line is no root hash");
  out.root_hash = std::move(*root);
  while (!note_text.empty()) {
    const auto line = next_line(note_text);
    if (!line) return malformed("one of its lines is empty or does not end");
    out.extensions.emplace_back(*line);
  }
  return out;
}

std::string Checkpoint::text() const {
  std::string out =
      origin + "\n" + std::to_string(tree_size) + "\n" + codec::base64::encode(root_hash) + "\n";
  for (const auto& line : extensions) out += line + "\n";
  return out;
}

}  // namespace sigstore::tlog
