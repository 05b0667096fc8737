#include "cosign/commands/sign-blob/kept_message.h"

#include <algorithm>

#include "sigstore/base/limits.h"

namespace cosign {
namespace {

using sigstore::Bytes;
using sigstore::BytesView;
using sigstore::Result;

constexpr std::uint64_t before_the_key = 4 * sigstore::limits::mib;

class PiecesReader final : public sigstore::FileReader {
 public:
  explicit PiecesReader(const std::vector<Bytes>& pieces) : pieces_(pieces) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    while (at_ < pieces_.size() && used_ == pieces_[at_].size()) ++at_, used_ = 0;
    if (at_ == pieces_.size()) return std::size_t{0};
    const BytesView left = BytesView(pieces_[at_]).subspan(used_);
    const BytesView given = left.first(std::min(left.size(), out.size()));
    std::ranges::copy(given, out.begin());
    used_ += given.size();
    return given.size();
  }

 private:
  const std::vector<Bytes>& pieces_;
  std::size_t at_ = 0, used_ = 0;
};

}  // namespace

Result<void> KeptMessage::add(BytesView piece) {
  if (dropped_) return {};
  if (known_() || size_ + piece.size() > before_the_key) {
    dropped_ = !needed_();
    if (dropped_) {
      pieces_.clear();
      return {};
    }
  }
  size_ += piece.size();
  if (size_ > sigstore::limits::kept_message_bytes)
    return sigstore::fail(
        sigstore::Code::too_large, "an Ed25519 key reads what it signs twice, and this can be read only once",
        "it has more than " + std::to_string(sigstore::limits::kept_message_bytes >> 20) + " MiB",
        "give a file, or sign with another type of key");
  pieces_.emplace_back(piece.begin(), piece.end());
  return {};
}

std::optional<sigstore::ByteSource> KeptMessage::source() const {
  if (dropped_ || !needed_()) return std::nullopt;
  return sigstore::ByteSource{size_, [this]() -> Result<std::unique_ptr<sigstore::FileReader>> {
                                return std::make_unique<PiecesReader>(pieces_);
                              }};
}

}  // namespace cosign
