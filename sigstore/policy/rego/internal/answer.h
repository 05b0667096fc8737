// What the child says about one evaluation, as bytes: it may have been broken by a hostile policy, so its
// words are read as strictly as a stranger's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sigstore/base/result.h"

namespace sigstore::policy::rego {

struct Answer {
  std::uint8_t outcome = 0;  // cosign_rego_outcome
  std::uint32_t line = 0;
  std::string name;     // of a source
  std::string message;  // one line, at most 1 KiB, printable

  friend bool operator==(const Answer&, const Answer&) = default;
};

// OUTCOME LINE NAME and MESSAGE, each on a line of its own; a message keeps its first line.
std::string write_answer(const Answer& answer);
// Code::malformed for anything else.
Result<Answer> read_answer(std::string_view text);

}  // namespace sigstore::policy::rego
