// One evaluation by the interpreter. There are two of it: interpreter.cc, over regorus in a child process,
// and absent/ for a build without it (COSIGN_REGO=OFF).
#pragma once

#include <optional>
#include <span>

#include "sigstore/policy/engine.h"
#include "sigstore/policy/rego/internal/answer.h"

namespace sigstore::policy::rego {

// Source I is named by its number, I. Without an input the sources are only loaded and checked.
// Code::unsupported in a build without the interpreter; else the errors of run_in_child and read_answer.
Result<Answer> interpret(const Env& env, std::span<const Source> sources, std::string_view query,
                         std::optional<std::string_view> input);

}  // namespace sigstore::policy::rego
