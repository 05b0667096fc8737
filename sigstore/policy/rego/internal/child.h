// A child process for work that nobody can bound from within: an interpreter that loops, eats memory or runs
// out of stack takes only its own process with it.
#pragma once

#include <functional>
#include <string>

#include "sigstore/base/env.h"

namespace sigstore::policy::rego {

// What the child says ends up here, as it is; at most limits::helper_output_bytes.
using Say = std::function<void(std::string_view)>;

// Exits the child at once: too much memory. Async-signal-safe.
[[noreturn]] void out_of_memory();

// Runs `work` in a child of this process that has its memory, no descriptor but the way back, and ends with
// it. Returns what it said. Code::timeout after `time` of `env.clock`'s steady time; too_large when it called
// out_of_memory(), ran out of stack or was ended by the system; cancelled; internal when it broke otherwise.
Result<std::string> run_in_child(const Env& env, Duration time, const std::function<void(const Say&)>& work);

}  // namespace sigstore::policy::rego
