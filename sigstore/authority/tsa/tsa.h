// A timestamp authority: answers requests (RFC 3161). Pure and thread-safe, as its signer is: the time and
// randomness are arguments.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sigstore/authority/tsa/token.h"

namespace sigstore::authority::tsa {

struct Options {
  std::string policy = "1.3.6.1.4.1.57264.2";  // that of Sigstore's own authority
  std::optional<Duration> accuracy = std::chrono::seconds(1);
  bool whole_chain = false;  // of certificates that are asked for: all but the root, not only its own
};

class Tsa {
 public:
  // `chain`: its own certificate first, which is the signer's, and those above it. Code::mismatch when it is
  // of another key; unsupported for Ed25519, which neither openssl nor cosign reads in timestamps.
  static Result<Tsa> create(std::shared_ptr<crypto::Signer> signer,
                            std::vector<crypto::x509::Certificate> chain, Options options = {});

  // TimeStampResp: granted, or refused with what is wrong with the request. An error is the signer's.
  [[nodiscard]] Result<Bytes> answer(BytesView request, Time at, Random& random) const;

  // The token that answers this request, to be signed. To the second, as DER has it.
  [[nodiscard]] TokenTemplate prepare(const timestamp::Request& request, Time at, Random& random) const;

  [[nodiscard]] const std::vector<crypto::x509::Certificate>& chain() const { return chain_; }
  [[nodiscard]] const Options& options() const { return options_; }

 private:
  Tsa() = default;
  std::shared_ptr<crypto::Signer> signer_;
  crypto::Scheme scheme_ = crypto::Scheme::ecdsa_sha256;
  std::vector<crypto::x509::Certificate> chain_;
  Options options_;
};

}  // namespace sigstore::authority::tsa
