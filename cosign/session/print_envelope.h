// A DSSE envelope as a line of results.
#pragma once

#include "cosign/session/session.h"
#include "sigstore/bundle/bundle.h"

namespace cosign {

// `bundle`, whose content is an envelope, as real cosign prints it. In pieces: what it says may be large.
void print_envelope(Session& session, const sigstore::bundle::Bundle& bundle);

}  // namespace cosign
