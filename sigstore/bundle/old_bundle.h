// What cosign 1 and 2 wrote to files, and what a log answered them (cosign.md 2g, 2h): read here, once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"
#include "sigstore/bundle/bundle.h"

namespace sigstore::bundle {

// The file of `sign-blob --bundle` and `attest-blob --bundle`: {"base64Signature","cert","rekorBundle"}.
struct OldBundle {
  Bytes signature;                  // of attest-blob: a DSSE envelope, as JSON
  std::vector<Bytes> certificates;  // DER, leaf first
  std::string public_key;  // PEM, where a key stands in the certificate's place; nothing to verify with
  std::string log_entry;   // as read_log_entry() gives it; empty when there is none
};

// Code::not_mine when it is JSON without a base64Signature; else Code::malformed or too_large.
Result<OldBundle> parse_old_bundle(std::string_view json);

// The same as a Bundle: the signature of a file. A key that stands there becomes a hint, and nothing else.
// Code::malformed when it is no key.
Result<Bundle> message_bundle(OldBundle old);

// The same of `attest-blob`: one Bundle for each signature of the envelope that stands in the signature's
// place. Code::malformed when none does.
Result<std::vector<Bundle>> envelope_bundles(OldBundle old);

// The file, as cosign 2.6 writes it for a key. (3.1 also puts the key there, which 2.6 takes for a
// certificate.)
std::string write_old_bundle(BytesView signature);

// A log entry in the form in which a `.sig` layer carries it,
// {"SignedEntryTimestamp","Payload":{"body","integratedTime","logIndex","logID"}}: from that form, from the
// file of sign-blob that holds one, or from the answer of Rekor's API, a map of one entry. Nothing is
// verified, but each member has its type and base64 is base64.
Result<std::string> read_log_entry(std::string_view json);

// The signature that the body of such an entry is about, where it is of a kind that names one by itself
// (hashedrekord, rekord); empty for others.
Result<Bytes> signature_in_log_entry(std::string_view log_entry);

}  // namespace sigstore::bundle
