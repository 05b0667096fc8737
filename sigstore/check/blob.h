// Checking a file: what stands beside it is read, then the file passes once, then all is judged.
#pragma once

#include <functional>

#include "sigstore/check/pipeline.h"

namespace sigstore::check {

// Reads the file into `message`, to its end; finish() is called by the caller. Where only a digest is known
// it puts PassingMessage::known_by() in its place.
using ReadMessage = std::function<Result<void>(crypto::PassingMessage& message)>;

// `name` as the user gave it. Every candidate must pass: each was named on purpose. A statement about the
// file (DSSE) counts as the signature of it, as in every Sigstore client: what else it says is not looked at.
// Of the result `digest` is the file's SHA-256 and there is no reference; Reason::blob_not_found and
// lookup_failed are about reading it.
ImageResult check_message(const std::string& name, std::vector<store::Stored> candidates,
                          const Options& options, const ReadMessage& read);

// The same for what is said of a file: one candidate that passes is enough. `read` may be empty where claims
// are not checked; then nothing is read and there is no digest.
ImageResult check_statements(const std::string& name, std::vector<store::Stored> candidates, Options options,
                             const ReadMessage& read);

}  // namespace sigstore::check
