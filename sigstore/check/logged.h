// Signatures of the old formats, which may have come without their log entry, and a log that has it.
#pragma once

#include <functional>

#include "sigstore/check/pipeline.h"

namespace sigstore::check {

using Judge = std::function<verify::Verdict(const bundle::Bundle&, const verify::Requirements&)>;

// Judges. Where an entry is required, the signature is of an old format and carries none, Options::look_up is
// asked first: about a signature by a trusted key when all else is in order, so that nobody is asked about
// strangers'; about one by certificate in any case, as the log's time is what the certificate is judged at.
// What is found goes into the evidence of `stored`; what went wrong is the detail of the failed check "log".
// `file_sha256` is of the file that was signed, empty where there is none.
verify::Verdict judge_logged(store::Stored& stored, const Options& options,
                             const verify::Requirements& requirements, BytesView file_sha256,
                             const Judge& judge);

}  // namespace sigstore::check
