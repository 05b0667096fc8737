// Certificates and keys out of the official vectors, which live outside the repository.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sigstore/codec/json.h"
#include "sigstore/crypto/x509/certificate.h"

namespace sigstore::crypto::x509::testing {

std::string read_file(const std::string& path);

// The folder sigstore-bundles of SIGSTORE_VECTORS; nullopt where that is not set: the test is skipped.
std::optional<std::string> bundle_vectors();
// Its cases, by the paths of their folders, in order.
std::vector<std::string> bundle_cases(const std::string& vectors);

// Every member rawBytes below a value, decoded, in order: of a trusted root or bundle.
std::vector<Bytes> raw_bytes(const codec::json::Value& value);
// Those that are certificates.
std::vector<Certificate> certificates_in(const codec::json::Value& value);

// One case: its bundle, and the trusted root that it is judged by. nullopt where the bundle is no JSON.
struct Case {
  codec::json::Value bundle;
  codec::json::Value root;
};
std::optional<Case> read_case(const std::string& vectors, const std::string& folder);

}  // namespace sigstore::crypto::x509::testing
