// Certificates made for a test, with keys on P-256. Everything is PEM.
#pragma once

#include <string>
#include <vector>

namespace sigstore::net::testing {

struct Identity {
  std::string certificate, key;
};

struct CertificateOptions {
  std::string name = "server";                                  // its common name
  std::vector<std::string> hosts = {"localhost", "127.0.0.1"};  // names and addresses; none: no extension
  int from_days = -1, to_days = 1;                              // from now
  bool authority = false;
};

// By an authority, or by itself when `issuer` is empty.
Identity make_certificate(const CertificateOptions& options, const Identity& issuer = {});
Identity make_authority(const std::string& name = "test CA", const Identity& issuer = {});

}  // namespace sigstore::net::testing
