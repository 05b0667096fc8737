#include <cstdlib>

#include "sigstore/policy/rego/internal/answer.h"

using sigstore::policy::rego::read_answer;
using sigstore::policy::rego::write_answer;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto answer = read_answer({reinterpret_cast<const char*>(data), size});
  if (!answer) return 0;
  const auto again = read_answer(write_answer(*answer));
  if (!again || again->outcome != answer->outcome || again->line != answer->line ||
      again->name != answer->name)
    abort();
  return 0;
}
