#include "cosign/session/print_envelope.h"

#include "sigstore/payload/statement.h"

namespace cosign {

void print_envelope(Session& session, const sigstore::bundle::Bundle& bundle) {
  const auto& content = std::get<sigstore::bundle::EnvelopeContent>(bundle.content);
  const auto print = [&](std::string_view piece) -> sigstore::Result<void> {
    session.out_exactly(piece);  // that it cannot be written, the session tells at the end
    return {};
  };
  (void)sigstore::payload::write_envelope(content.payload_type, content.payload, bundle.signature, print);
  session.out_exactly("\n");
}

}  // namespace cosign
