#include "server/host/request_id.h"

#include <array>

#include "sigstore/codec/hex.h"

namespace server::host {

RequestIds::RequestIds(sigstore::Random& random) {
  std::array<std::uint8_t, 3> bytes;
  random.fill(bytes);
  prefix_ = sigstore::codec::hex::encode(bytes) + "-";
}

std::string RequestIds::next() {
  return prefix_ + std::to_string(count_.fetch_add(1, std::memory_order_relaxed) + 1);
}

}  // namespace server::host
