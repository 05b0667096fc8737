// What was signed elsewhere, read from files before anything is uploaded: it must be what it says it is, and
// about the image that it is attached to. No signature is verified: nobody says with which key.
#pragma once

#include <string>
#include <vector>

#include "sigstore/base/result.h"
#include "sigstore/bundle/bundle.h"
#include "sigstore/oci/digest.h"
#include "sigstore/store/artifact_store.h"

namespace cosign {

struct Given {
  sigstore::store::Format format = sigstore::store::Format::envelope;
  // One for each signature: an envelope may have several. At least one.
  std::vector<sigstore::bundle::Bundle> bundles;
  std::string envelope;  // Format::envelope: the bytes to store
};

// A sigstore bundle v0.1 to v0.3 that holds an in-toto statement. Code::not_mine when `json` is no bundle;
// unsupported for one that signs bytes, or that v0.3 cannot hold; mismatch when it is about something else.
sigstore::Result<Given> read_bundle(std::string json, const sigstore::oci::Digest& image);

// A file of attestations: DSSE envelopes and sigstore bundles, one or several, one behind the other or a line
// each. Members of an envelope that have no meaning go; the rest is stored in the form in which real cosign
// attaches it. At most limits::layers_per_manifest, of limits::attachment_bytes together. `what` names the
// file in messages. Code::mismatch for a statement that is not about `image`.
sigstore::Result<std::vector<Given>> read_attestations(const std::string& text, const std::string& what,
                                                       const sigstore::oci::Digest& image);

}  // namespace cosign
