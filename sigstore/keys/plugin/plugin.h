// A program that holds keys and signs with them: a KMS plugin as Sigstore defines it. It is run once for each
// call, speaks to the person on stderr, and only what it writes to stdout decides.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sigstore/keys/plugin/protocol.h"
#include "sigstore/keys/provider.h"

namespace sigstore::keys::plugin {

// Thread-safe. Errors of all calls: those of protocol.h, and Code::not_found (there is no such program on
// PATH), timeout, cancelled, too_large, io. Each names the program.
class Plugin {
 public:
  // `program` is looked up on PATH, unless it has a slash; `key` is told to it as it is; `missing` says what
  // to do when there is no such program.
  Plugin(Context context, std::string program, std::string key, std::string missing)
      : context_(std::move(context)),
        program_(std::move(program)),
        key_(std::move(key)),
        missing_(std::move(missing)) {}

  [[nodiscard]] const std::string& program() const { return program_; }
  [[nodiscard]] const std::string& key() const { return key_; }

  [[nodiscard]] Result<std::string> default_algorithm() const;
  [[nodiscard]] Result<crypto::PublicKey> create_key(const std::string& algorithm) const;
  [[nodiscard]] Result<crypto::PublicKey> public_key() const;
  // Nobody has looked at the signature yet. `digest` is that of `message` by `hash`; nullopt for a key that
  // signs no digest.
  [[nodiscard]] Result<Bytes> sign_message(crypto::HashAlgorithm hash, const std::optional<Bytes>& digest,
                                           BytesView message) const;
  [[nodiscard]] Result<Bytes> sign_digest(crypto::HashAlgorithm hash, const Bytes& digest) const;

 private:
  [[nodiscard]] Subject subject(crypto::HashAlgorithm hash = crypto::HashAlgorithm::sha256) const;
  [[nodiscard]] Expected expected(const std::string& what) const;
  [[nodiscard]] Result<std::string> ask(const std::string& call, std::string_view input) const;
  [[nodiscard]] Error failed(const Error& error) const;

  Context context_;
  std::string program_, key_, missing_;
};

// Asks for the public key once. Every signature is verified with it: Code::mismatch for one that is by
// another key. It is given the message where that is at hand, and has limits::kept_message_bytes at most.
Result<std::unique_ptr<crypto::Signer>> open(Plugin plugin);

}  // namespace sigstore::keys::plugin
