// Standard input: whole, by line, or from a terminal that does not show what is typed. For one thread at a
// time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "sigstore/base/cancel.h"
#include "sigstore/base/result.h"
#include "sigstore/base/secret.h"

namespace cosign::ui {

class Input {
 public:
  // Does not own `descriptor`. `cancel` may be null; it ends every read with Code::cancelled.
  explicit Input(int descriptor, const sigstore::Cancel* cancel = nullptr);

  [[nodiscard]] bool terminal() const { return terminal_; }
  // The next bytes, as many as are there and have room; 0 at the end.
  sigstore::Result<std::size_t> read(std::span<std::uint8_t> out) {
    return read_some(out.data(), out.size());
  }
  // The rest, as it is. Code::too_large above `max`.
  sigstore::Result<sigstore::Secret> read_all(std::size_t max);
  // The next line without its line break; nothing beyond it is taken. nullopt at the end of the input.
  sigstore::Result<std::optional<sigstore::Secret>> read_line(std::size_t max);
  // read_line() with the terminal's echo off, already while `ask` puts the question: what is typed the moment
  // it appears is hidden too. The terminal is as before when this returns, however it does.
  sigstore::Result<std::optional<sigstore::Secret>> read_hidden_line(
      std::size_t max, const std::function<sigstore::Result<void>()>& ask);

 private:
  // At most `size` bytes; 0 at the end.
  sigstore::Result<std::size_t> read_some(std::uint8_t* to, std::size_t size);

  int descriptor_;
  const sigstore::Cancel* cancel_;
  bool terminal_;
};

}  // namespace cosign::ui
