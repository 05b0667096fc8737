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
  std::string name;  // of the key: the log's origin, or a witness
  Bytes key_hash;    // 4 bytes
  Bytes signature;   // what follows them
  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

// A text with signatures below it.
struct Note {
  std::string text;  // with its last line feed: the signed bytes
  std::vector<NoteSignature> signatures;
  // Strict: one blank line, well-formed signature lines, at most limits::note_bytes and note_signatures.
  static Result<Note> parse(std::string_view note);
  [[nodiscard]] std::string write() const;
};

struct Checkpoint {
  std::string origin;
  std::uint64_t tree_size = 0;
  Bytes root_hash;
  std::vector<std::string> extensions;  // further lines
  // Of a note's text. Sizes are decimal without leading zeros.
  static Result<Checkpoint> parse(std::string_view note_text);
  [[nodiscard]] std::string text() const;
};

// The key hash that a note's signature carries for this key. Ed25519: SHA-256(name || 0x0A || 0x01 ||
// key)[:4]; ECDSA and RSA: SHA-256(SPKI)[:4], as Rekor has it.
Bytes note_key_hash(std::string_view name, const crypto::PublicKey& key);

// That one of the note's signatures is by `key` under `name`: those of others are not looked at.
// Code::not_found when none claims to be, bad_signature when all that claim to be are wrong.
Result<void> verify_note(const Note& note, std::string_view name, const crypto::PublicKey& key);
// Appends a signature of `signer` under `name`.
Result<void> sign_note(Note& note, std::string_view name, crypto::Signer& signer);

}  // namespace sigstore::tlog
