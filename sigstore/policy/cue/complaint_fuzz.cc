#include <cstdint>
#include <cstdlib>

#include "sigstore/base/limits.h"
#include "sigstore/policy/cue/internal/complaint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto all = sigstore::policy::cue::read_complaints({reinterpret_cast<const char*>(data), size},
                                                          {"/policy-0.cue"}, {"a.cue"});
  if (all.size() > sigstore::limits::policy_messages) abort();
  for (const auto& one : all)
    if ((one.line > 0) != (one.file == "a.cue") || one.message.find('\n') != std::string::npos) abort();
  return 0;
}
