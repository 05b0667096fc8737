// What cosign 1 and 2 wrote to files (cosign.md 2g): read here, once.
#pragma once

#include <optional>
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
  std::optional<tlog::Entry> log_entry;
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

}  // namespace sigstore::bundle
