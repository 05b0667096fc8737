// A verified image as the real cosign prints it.
#pragma once

#include <string>
#include <vector>

#include "sigstore/check/pipeline.h"

namespace cosign {

// The accepted candidates that are shown: a bundle by the same key with the same annotations as a `.sig` is
// one entry with it.
std::vector<const sigstore::check::Candidate*> shown(const sigstore::check::ImageResult& result);

// The keys of what was accepted, each once, as a person should read them: "NAME (sha256:…)".
std::vector<std::string> signing_keys(const sigstore::check::ImageResult& result);

// Whom a certificate names: "a@example.com (issuer https://accounts.google.com)".
std::string signer_text(const sigstore::verify::CertificateIdentity& identity);
// Of those that were signed by certificate, each once.
std::vector<std::string> signers(const std::vector<const sigstore::check::Candidate*>& entries);
// What `-o text` of the real one says of each certificate: "Certificate subject: …".
std::vector<std::string> certificate_lines(const sigstore::check::ImageResult& result);

// One JSON array, a member per entry: the old shape for `.sig`, the 3.x shape for bundles.
std::string as_json(const sigstore::check::ImageResult& result);
// The payloads, a line each.
std::string as_text(const sigstore::check::ImageResult& result);
// "Verification for X --", the checks that every shown entry passed, whom certificates name and, where
// several keys would have done, which it were. `names`: not where certificate_lines() says whom.
std::vector<std::string> header(const sigstore::check::ImageResult& result, bool names = true);
std::vector<std::string> header(const sigstore::check::ImageResult& result,
                                const std::vector<const sigstore::check::Candidate*>& entries,
                                bool names = true);

}  // namespace cosign
