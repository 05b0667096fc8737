// Signed notes (C2SP signed-note): text, a blank line, a line for each signature.
#include <algorithm>
#include <array>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json_scan.h"
#include "sigstore/codec/printable.h"
#include "sigstore/tlog/checkpoint.h"

namespace sigstore::tlog {
namespace {

constexpr std::string_view dash = "\xE2\x80\x94 ";  // em dash, space
constexpr std::size_t key_hash_bytes = 4;

std::unexpected<Error> malformed(std::string cause) {
  return fail(Code::malformed, "the checkpoint is no signed note", std::move(cause));
}

// What Unicode calls white space, beyond ASCII's control characters: no note has those.
bool has_space(std::string_view text) {
  constexpr std::array<std::string_view, 12> spaces = {" ",
                                                       "\xC2\x85",
                                                       "\xC2\xA0",
                                                       "\xE1\x9A\x80",
                                                       "\xE2\x80\xA8",
                                                       "\xE2\x80\xA9",
                                                       "\xE2\x80\xAF",
                                                       "\xE2\x81\x9F",
                                                       "\xE3\x80\x80",
                                                       "\t",
                                                       "\r",
                                                       "\n"};
  const auto stands = [text](std::string_view space) { return text.find(space) != std::string_view::npos; };
  if (std::ranges::any_of(spaces, stands)) return true;
  for (std::size_t at = 0; (at = text.find("\xE2\x80", at)) != std::string_view::npos; at += 2) {
    if (at + 2 < text.size() && static_cast<unsigned char>(text[at + 2]) <= 0x8A)
      return true;  // U+2000 to 200A
  }
  return false;
}

bool is_key_name(std::string_view name) {
  return !name.empty() && name.find('+') == std::string_view::npos && codec::json::is_utf8(name) &&
         !has_space(name);
}

Result<NoteSignature> read_signature(std::string_view line) {
  if (!line.starts_with(dash)) return malformed("a line below its text is no signature");
  line.remove_prefix(dash.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) {
    return malformed("a signature does not say by whom it is");
  }
  const auto bytes = codec::base64::decode(line.substr(space + 1));
  if (!bytes) return malformed("a signature is not base64");
  if (bytes->size() <= key_hash_bytes) return malformed("a signature is too short");
  const auto middle = bytes->begin() + key_hash_bytes;
  return NoteSignature{.name = std::string(line.substr(0, space)),
                       .key_hash = Bytes(bytes->begin(), middle),
                       .signature = Bytes(middle, bytes->end())};
}

Bytes first_four(BytesView id) {
  return {id.begin(), id.begin() + key_hash_bytes};
}

// --- keys

void append(Bytes& out, BytesView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// C2SP signed-note, "Signatures": name, line feed, type of signature, key.
Bytes typed_key_id(std::string_view name, std::string_view type, BytesView key) {
  Bytes text = to_bytes(name);
  text.push_back('\n');
  append(text, as_bytes(type));
  append(text, key);
  return crypto::sha256(text);
}

// Whether the signature claims to be by the key under its own name.
bool claims(const NoteSignature& signature, const crypto::PublicKey& key) {
  return signature.key_hash == note_key_hash(signature.name, key) ||
         signature.key_hash == first_four(crypto::sha256(key.spki()));
}

bool verifies(const Note& note, const NoteSignature& signature, const crypto::PublicKey& key) {
  return std::ranges::any_of(key.schemes(), [&](crypto::Scheme scheme) {
    return scheme != crypto::Scheme::ed25519ph &&
           key.verify(scheme, as_bytes(note.text), signature.signature).has_value();
  });
}

}  // namespace

Result<Note> Note::parse(std::string_view note) {
  if (note.size() > limits::note_bytes) {
    return fail(Code::too_large,
                "the checkpoint has more than " + std::to_string(limits::note_bytes) + " bytes");
  }
  if (!codec::json::is_utf8(note)) return malformed("it is not UTF-8");
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; };
  if (std::ranges::any_of(note, is_control)) return malformed("it has control characters");
  const auto blank = note.find("\n\n");
  if (blank == std::string_view::npos || blank == 0) return malformed("no blank line follows its text");
  Note out{.text = std::string(note.substr(0, blank + 1)), .signatures = {}};
  std::string_view rest = note.substr(blank + 2);
  if (rest.empty()) return malformed("it has no signature");
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return malformed("its last line does not end");
    if (out.signatures.size() == limits::note_signatures) {
      return fail(Code::too_large,
                  "the checkpoint has more than " + std::to_string(limits::note_signatures) + " signatures");
    }
    TRY(auto signature, read_signature(rest.substr(0, end)));
    out.signatures.push_back(std::move(signature));
    rest.remove_prefix(end + 1);
  }
  return out;
}

std::string Note::write() const {
  std::string out = text + "\n";
  for (const auto& signature : signatures) {
    Bytes bytes = signature.key_hash;
    append(bytes, signature.signature);
    out += std::string(dash) + signature.name + " " + codec::base64::encode(bytes) + "\n";
  }
  return out;
}

Bytes note_key_id(std::string_view name, const crypto::PublicKey& key) {
  constexpr std::size_t point = 32;
  const BytesView spki = key.spki();
  switch (key.type()) {
    case crypto::KeyType::ed25519:
      return typed_key_id(name, "\x01", spki.last(point));
    case crypto::KeyType::rsa:
      return typed_key_id(name, "\xFFPKIX-RSA-PKCS#1v1.5", spki);
    default:
      return crypto::sha256(spki);
  }
}

Bytes note_key_hash(std::string_view name, const crypto::PublicKey& key) {
  return first_four(note_key_id(name, key));
}

Result<void> verify_note(const Note& note, std::string_view name, const crypto::PublicKey& key) {
  bool claimed = false;
  for (const auto& signature : note.signatures) {
    if ((!name.empty() && signature.name != name) || !claims(signature, key)) continue;
    if (verifies(note, signature, key)) return {};
    claimed = true;
  }
  if (claimed) return fail(Code::bad_signature, "the checkpoint's signature by the log does not verify");
  return fail(Code::not_found, "the checkpoint is not signed by the log's key",
              name.empty() ? "" : "none of its signatures is by that key as " + codec::printable(name));
}

Result<void> sign_note(Note& note, std::string_view name, crypto::Signer& signer) {
  if (!is_key_name(name))
    return fail(Code::invalid_argument, "a note cannot be signed as \"" + codec::printable(name) + "\"");
  const auto& key = signer.public_key();
  TRY(auto signature, signer.sign(key.schemes().front(), as_bytes(note.text)));
  note.signatures.push_back(
      {.name = std::string(name), .key_hash = note_key_hash(name, key), .signature = std::move(signature)});
  return {};
}

}  // namespace sigstore::tlog
