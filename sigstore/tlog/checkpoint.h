// Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint): what a log commits to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"
#include "sigstore/crypto/key.h"

namespace sigstore::tlog {

struct NoteSignature {
  std::string name;  // of the key: the log's host, or a witness
  Bytes key_hash;    // 4 bytes
  Bytes signature;   // what follows them
  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

// A text with signatures below it.
struct Note {
  std::string text;  // with its last line feed: the signed bytes
  std::vector<NoteSignature> signatures;
  // Strict: UTF-8 without control characters, one blank line, at least one well-formed signature line, at
  // most limits::note_bytes and note_signatures. Code::malformed, Code::too_large.
  static Result<Note> parse(std::string_view note);
  [[nodiscard]] std::string write() const;
  friend bool operator==(const Note&, const Note&) = default;
};

struct Checkpoint {
  std::string origin;
  std::uint64_t tree_size = 0;
  Bytes root_hash;                      // 32 bytes
  std::vector<std::string> extensions;  // further lines
  // Of a note's text. Sizes are decimal without leading zeros. Code::malformed.
  static Result<Checkpoint> parse(std::string_view note_text);
  [[nodiscard]] std::string text() const;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// The 32 bytes by which a key is known under a name: of Rekor v2 they are the log's keyId. Ed25519:
// SHA-256(name || 0x0A || 0x01 || key); ECDSA: SHA-256(SPKI); RSA: SHA-256(name || 0x0A || 0xFF ||
// "PKIX-RSA-PKCS#1v1.5" || SPKI).
Bytes note_key_id(std::string_view name, const crypto::PublicKey& key);
// The first four of them: what a note's signature carries. (Rekor v1 has SHA-256(SPKI) for every key.)
Bytes note_key_hash(std::string_view name, const crypto::PublicKey& key);

// That one of the note's signatures is by `key` under `name`, or under any name where it is empty. Which of
// them claim to be so is said by name and key hash, either of Rekor v1 or of v2; those of others, such as
// witnesses, are not looked at. Code::not_found when none claims to be, bad_signature when all that claim to
// be are wrong.
Result<void> verify_note(const Note& note, std::string_view name, const crypto::PublicKey& key);
// Appends a signature of `signer` under `name`, which has no white space and no plus: Code::invalid_argument.
// Its own errors are returned as they are.
Result<void> sign_note(Note& note, std::string_view name, crypto::Signer& signer);

}  // namespace sigstore::tlog
