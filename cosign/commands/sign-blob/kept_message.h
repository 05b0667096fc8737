// A message that passes once, kept for a key that signs the message itself; for all others nothing is kept.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "sigstore/base/stream.h"

namespace cosign {

class KeptMessage {
 public:
  // Whether the key signs the message itself; `known` says whether `needed` answers at once. While it does
  // not, no more than a few MiB are kept before it is waited for.
  KeptMessage(std::function<bool()> known, std::function<bool()> needed)
      : known_(std::move(known)), needed_(std::move(needed)) {}

  // Code::too_large beyond limits::kept_message_bytes that are needed.
  sigstore::Result<void> add(sigstore::BytesView piece);
  // Reads what was kept, as often as it takes; outlived by this object. nullopt when nothing is needed.
  [[nodiscard]] std::optional<sigstore::ByteSource> source() const;

 private:
  std::function<bool()> known_, needed_;
  bool dropped_ = false;
  std::uint64_t size_ = 0;
  std::vector<sigstore::Bytes> pieces_;
};

}  // namespace cosign
