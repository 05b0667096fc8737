// A secret: a password, a token, a private key. It is wiped when it dies, cannot be copied by accident,
// printed or compared with ==. Every use of the plain bytes is found by searching for `reveal`.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "sigstore/base/bytes.h"

namespace sigstore {

// Overwrites memory in a way that the compiler does not drop.
void wipe(void* data, std::size_t size);
void wipe(std::string& text);  // also clears it

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text);
  explicit Secret(BytesView bytes);
  Secret(Secret&&) noexcept;
  Secret& operator=(Secret&&) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  [[nodiscard]] Secret clone() const;
  [[nodiscard]] bool empty() const { return data_.empty(); }
  [[nodiscard]] std::size_t size() const { return data_.size(); }

  // The plain bytes. The view lives as long as this object.
  [[nodiscard]] std::string_view reveal() const;
  [[nodiscard]] BytesView reveal_bytes() const { return data_; }
  [[nodiscard]] std::span<std::uint8_t> writable() { return data_; }

  // A secret of `size` zero bytes, to be filled in place through writable().
  static Secret of_size(std::size_t size);

 private:
  std::vector<std::uint8_t> data_;
};

}  // namespace sigstore
