// Certification paths (RFC 5280, section 6), built and judged by OpenSSL.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "sigstore/crypto/x509/certificate.h"

namespace sigstore::crypto::x509 {

// One authority's certificates, prepared once: of many leaves that are judged, those above are parsed by
// OpenSSL only once. Thread-safe. `chain` is issuer first, root last, as a trusted root lists it; the last
// one is what is trusted, whether it is self-signed or not; a chain of one is trusted by itself.
class Authority {
 public:
  static Result<Authority> from_chain(std::vector<Certificate> chain);
  // Any of `roots` is trusted; `intermediates` only lead there.
  static Result<Authority> from_pools(std::vector<Certificate> roots, std::vector<Certificate> intermediates);

  // The path from the leaf (first) to what is trusted (last), every link of which was valid at `at` and
  // verifies; the leaf is no CA and has the extended key usage `purpose` (code_signing or time_stamping, of
  // which the latter must be critical and alone, RFC 3161 2.3); nothing critical is unknown. `beside` are
  // certificates that came with the leaf: they may stand in the middle, they are never trusted.
  // Code::mismatch with what is wrong where: "the intermediate O=…, CN=… was valid from … to …".
  [[nodiscard]] Result<std::vector<Certificate>> verify(const Certificate& leaf,
                                                        std::span<const Certificate> beside, Time at,
                                                        std::string_view purpose) const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

}  // namespace sigstore::crypto::x509
