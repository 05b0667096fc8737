#include "cosign/session/new_key_pair.h"

#include "sigstore/keys/file/key_file.h"

namespace cosign {

using sigstore::Result;

namespace {

std::string question(const std::vector<std::string>& existing) {
  if (existing.size() == 1) return "WARNING: File " + existing[0] + " already exists. Overwrite?";
  return "WARNING: Files " + existing[0] + " and " + existing[1] + " already exist. Overwrite?";
}

}  // namespace

NewKeyPair::NewKeyPair(Session& session, const std::string& prefix)
    : session_(session), prefix_(prefix), files_(*session.env().files, prefix) {}

Result<void> NewKeyPair::prepare(bool yes) {
  if (prefix_.empty())
    return sigstore::fail(sigstore::Code::invalid_argument, "--output-key-prefix is empty");
  TRY_OK(files_.probe());
  const auto existing = files_.existing();
  if (!existing.empty() && !yes) TRY_OK(session_.env().prompter->confirm(question(existing), "--yes"));
  overwrite_ = yes || !existing.empty();
  return {};
}

Result<void> NewKeyPair::write(const sigstore::crypto::PrivateKey& key, const sigstore::Secret& password) {
  TRY(const auto sealed, sigstore::keys::seal_private_key(key.pkcs8(), password, *session_.env().random));
  TRY_OK(files_.write(sealed, key.public_key().pem(), overwrite_));
  session_.note("Private key written to " + files_.private_path());
  session_.note("Public key written to " + files_.public_path());
  return {};
}

}  // namespace cosign
