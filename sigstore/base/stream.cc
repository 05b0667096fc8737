#include "sigstore/base/stream.h"

#include <algorithm>
#include <vector>

#include "sigstore/base/limits.h"

namespace sigstore {
namespace {

class TextReader final : public FileReader {
 public:
  explicit TextReader(std::string_view text) : left_(as_bytes(text)) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    const auto piece = left_.first(std::min(out.size(), left_.size()));
    std::ranges::copy(piece, out.begin());
    left_ = left_.subspan(piece.size());
    return piece.size();
  }

 private:
  BytesView left_;
};

}  // namespace

Result<std::uint64_t> copy_stream(FileReader& from, const ByteSink& to) {
  std::vector<std::uint8_t> buffer(limits::copy_bytes);
  for (std::uint64_t copied = 0;;) {
    TRY(const std::size_t got, from.read(buffer));
    if (got == 0) return copied;
    TRY_OK(to(BytesView(buffer).first(got)));
    copied += got;
  }
}

std::unique_ptr<FileReader> read_text(std::string_view text) {
  return std::make_unique<TextReader>(text);
}

ByteSource text_source(std::string_view text) {
  return {text.size(), [text]() -> Result<std::unique_ptr<FileReader>> { return read_text(text); }};
}

}  // namespace sigstore
