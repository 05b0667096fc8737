// A DSSE envelope as the original prints it. Pure.
#pragma once

#include <string>

#include "sigstore/payload/statement.h"

namespace cosign {

// {"payloadType","payload","signatures":[{"keyid","sig"}]}, one line.
std::string envelope_line(const sigstore::payload::Envelope& envelope);

}  // namespace cosign
