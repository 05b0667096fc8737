// Judging where it takes something to know whom to trust. Private to this room.
#pragma once

#include <functional>
#include <optional>

#include "sigstore/check/pipeline.h"

namespace sigstore::check {

// verify::judge() with some material; the message, where there is one, is the caller's.
using JudgeWith = std::function<verify::Verdict(
    const bundle::Bundle& bundle, const verify::TrustedMaterial& material, const verify::Requirements&)>;

// Judges; where Options::obtain is there and the verdict hangs on authorities or logs, it is asked first. It
// is not for what none of them can mend: another key, another kind, no certificate, no evidence. Where it
// fails the verdict is the one without, and the reason is in `failed`.
verify::Verdict judge_trusting(const bundle::Bundle& bundle, const Options& options,
                               const verify::Requirements& requirements, const JudgeWith& judge,
                               std::optional<Error>& failed);

}  // namespace sigstore::check
