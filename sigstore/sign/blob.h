// Signing a file: digest -> signature -> bundle. Nothing is stored here.
#pragma once

#include "sigstore/base/stream.h"
#include "sigstore/bundle/bundle.h"
#include "sigstore/crypto/message.h"

namespace sigstore::sign {

// Whether a key of this type signs the message itself, which is read twice for it: its digest is not enough.
bool needs_message(crypto::KeyType type);

// The signature of the message with this SHA-256, by the scheme of scheme_for(). `content` is read where
// needs_message() says so, or the signer wants it; nullptr where it is needed, or one that is not that
// message: Code::unsupported, Code::mismatch. The bundle names the digest, also beside a pure Ed25519
// signature: without one cosign 3.1.2 verifies none.
Result<bundle::Bundle> sign_message(crypto::Signer& signer, const Bytes& sha256, const ByteSource* content);

// Names to `message`, before it passes, the digests that check_subjects() asks for.
void expect_subjects(crypto::PassingMessage& message, const std::string& statement);
// Code::mismatch when none of its subjects is `message`.
Result<void> check_subjects(const crypto::PassingMessage& message, const std::string& statement);

// A statement, signed byte for byte in an envelope. What is large is there once.
Result<bundle::Bundle> sign_statement(crypto::Signer& signer, std::string statement);

}  // namespace sigstore::sign
