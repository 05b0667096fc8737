// The log entry of a signature that came without one.
#pragma once

#include <string_view>

#include "sigstore/bundle/bundle.h"
#include "sigstore/remote/rekor/rekor.h"

namespace sigstore::remote {

// The entry about the signature of `bundle`, the first of its log when there are several, with an inclusion
// proof that leads to its root. `signer` has the certificate or key. `file_sha256` is of the file that a
// MessageContent is about; `envelope` the JSON as it was uploaded; empty: as cosign 2 or 3 write it.
// Code::not_found when the log has none; mismatch when its proof proves nothing. Neither promise nor
// checkpoint is judged: the entry is put into the evidence, and judged with it.
Result<tlog::Entry> look_up(Rekor& rekor, const bundle::Bundle& bundle, tlog::LoggedSignature signer,
                            BytesView file_sha256 = {}, std::string_view envelope = {});

}  // namespace sigstore::remote
