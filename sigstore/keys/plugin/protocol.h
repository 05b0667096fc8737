// What a key plugin is told and what it answers: version 1 of the protocol of Sigstore's KMS plugins, in the
// words that real cosign writes (docs/formats/key-plugin.md). Pure: no program runs here.
//
// A program's name in a message is `program`; what an answer says is hostile, and bounded by limits.h. Errors
// of all readers: Code::malformed for an answer that has not the form, and Code::io with the plugin's own
// words when the answer is an errorMessage.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sigstore/base/env.h"
#include "sigstore/crypto/key.h"

namespace sigstore::keys::plugin {

inline constexpr std::string_view protocol_version = "v1";

// The part that all calls have.
struct Subject {
  std::string key;                                             // what follows "://"
  crypto::HashAlgorithm hash = crypto::HashAlgorithm::sha256;  // of what is to be signed
  std::optional<Time> deadline;
};

// The second argument of each call: one line of JSON.
std::string default_algorithm_call(const Subject& subject);
std::string create_key_call(const Subject& subject, const std::string& algorithm);
std::string public_key_call(const Subject& subject);
// The message is on stdin; beside it its digest, but for a key that signs no digest.
std::string sign_message_call(const Subject& subject, const std::optional<Bytes>& digest);
// Nothing is on stdin.
std::string sign_digest_call(const Subject& subject, const Bytes& digest);

// `failed`: what could not be done, should that be the answer: "sigstore-kms-x cannot sign with k".
struct Expected {
  std::string program;
  std::string failed;
};
Result<std::string> read_default_algorithm(std::string_view answer, const Expected& expected);
Result<crypto::PublicKey> read_created_key(std::string_view answer, const Expected& expected);
Result<crypto::PublicKey> read_public_key(std::string_view answer, const Expected& expected);
Result<Bytes> read_signature(std::string_view answer, const Expected& expected);

}  // namespace sigstore::keys::plugin
