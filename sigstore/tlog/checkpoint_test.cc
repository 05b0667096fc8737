#include "sigstore/tlog/checkpoint.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/hex.h"
#include "sigstore/tlog/merkle.h"

namespace sigstore::tlog {
namespace {

const std::string dash = "\xE2\x80\x94";
const std::string root = codec::base64::encode(empty_root());
const std::string text = "log.example\n0\n" + root + "\n";
const std::string signature = dash + " log.example AAAAAAA=\n";  // five bytes

std::string refusal(const Result<void>& result) {
  if (result) return "accepted";
  const auto& error = result.error();
  return std::string(name(error.code)) + ": " + error.text();
}

std::string note_refusal(const std::string& note) {
  const auto parsed = Note::parse(note);
  if (!parsed) return refusal(std::unexpected(parsed.error()));
  return "accepted";
}

std::string checkpoint_refusal(const std::string& note_text) {
  const auto parsed = Checkpoint::parse(note_text);
  if (!parsed) return refusal(std::unexpected(parsed.error()));
  return "accepted";
}

crypto::PrivateKey key_of(crypto::KeyType type) {
  static const Secret rsa = crypto::PrivateKey::generate(crypto::KeyType::rsa)->pkcs8();
  if (type == crypto::KeyType::rsa) return *crypto::PrivateKey::from_pkcs8(rsa);
  return *crypto::PrivateKey::generate(type);
}

// --- notes

TEST(Note, IsReadAndWritten) {
  const std::string whole = text + "\n" + signature + dash + " witness.example/w1 AQIDBAUG\n";
  const auto note = Note::parse(whole);
  ASSERT_TRUE(note) << note.error().text();
  EXPECT_EQ(note->text, text);
  ASSERT_EQ(note->signatures.size(), 2U);
  EXPECT_EQ(note->signatures[0], (NoteSignature{"log.example", Bytes(4), Bytes(1)}));
  EXPECT_EQ(note->signatures[1], (NoteSignature{"witness.example/w1", {1, 2, 3, 4}, {5, 6}}));
  EXPECT_EQ(note->write(), whole);
}

TEST(Note, MalformedOnesAreRefused) {
  const std::string no_note = "malformed: the checkpoint is no signed note: ";
  const std::pair<std::string, std::string> notes[] = {
      {"", "no blank line follows its text"},
      {"\n", "no blank line follows its text"},
      {"\n\n" + signature, "no blank line follows its text"},
      {text, "no blank line follows its text"},
      {text + signature, "no blank line follows its text"},
      {text + "\n", "it has no signature"},
      {text + "\n\n" + signature, "a line below its text is no signature"},
      {text + "\nmore\n\n" + signature, "a line below its text is no signature"},
      {text + "\n" + signature + "\n", "a line below its text is no signature"},
      {text + "\n" + signature + "more\n", "a line below its text is no signature"},
      {text + "\n" + signature.substr(0, signature.size() - 1), "its last line does not end"},
      {text + "\n- log.example AAAAAAA=\n", "a line below its text is no signature"},
      {text + "\n" + dash + "log.example AAAAAAA=\n", "a line below its text is no signature"},
      {text + "\n " + signature, "a line below its text is no signature"},
      {text + "\n" + dash + " log.example\n", "a signature does not say by whom it is"},
      {text + "\n" + dash + "  AAAAAAA=\n", "a signature does not say by whom it is"},
      {text + "\n" + dash + " log+example AAAAAAA=\n", "a signature does not say by whom it is"},
      {text + "\n" + dash +
           " log\xC2\xA0"
           "example AAAAAAA=\n",
       "a signature does not say by whom it is"},
      {text + "\n" + dash +
           " log\xE2\x80\x83"
           "example AAAAAAA=\n",
       "a signature does not say by whom it is"},
      {text + "\n" + dash + " log.example AAAAAAA\n", "a signature is not base64"},
      {text + "\n" + dash + " log.example AAAAAAB=\n", "a signature is not base64"},
      {text + "\n" + dash + " log.example AAAAAAA= \n", "a signature is not base64"},
      {text + "\n" + dash + " log.example  AAAAAAA=\n", "a signature is not base64"},
      {text + "\n" + dash + " log.example _____w==\n", "a signature is not base64"},
      {text + "\n" + dash + " log.example \n", "a signature is too short"},
      {text + "\n" + dash + " log.example AAAAAA==\n", "a signature is too short"},
      {"log.example\r\n0\n\n" + signature, "it has control characters"},
      {"log.example\t\n0\n\n" + signature, "it has control characters"},
      {std::string("log\0example\n\n", 13) + signature, "it has control characters"},
      {"log\xFF\n\n" + signature, "it is not UTF-8"},
  };
  for (const auto& [note, cause] : notes) EXPECT_EQ(note_refusal(note), no_note + cause) << note;
}

TEST(Note, ItsNameMayHaveOtherCharactersOfUnicode) {
  EXPECT_EQ(note_refusal(text + "\n" + dash + " l\xC3\xB6g\xE2\x80\xA6\xE2\x80\x8B AAAAAAA=\n"), "accepted");
}

TEST(Note, IsBounded) {
  std::string many = text + "\n";
  for (std::size_t i = 0; i < limits::note_signatures; ++i) many += signature;
  EXPECT_EQ(note_refusal(many), "accepted");
  EXPECT_EQ(note_refusal(many + signature), "too_large: the checkpoint has more than 64 signatures");
  EXPECT_EQ(note_refusal(std::string(limits::note_bytes + 1, 'a')),
            "too_large: the checkpoint has more than 65536 bytes");
}

// --- checkpoints

TEST(Checkpoint, IsReadAndWritten) {
  const std::string whole = "rekor.example - 12\n18446744073709551615\n" + root + "\nTimestamp: 1\nmore\n";
  const auto checkpoint = Checkpoint::parse(whole);
  ASSERT_TRUE(checkpoint) << checkpoint.error().text();
  EXPECT_EQ(checkpoint->origin, "rekor.example - 12");
  EXPECT_EQ(checkpoint->tree_size, 18446744073709551615U);
  EXPECT_EQ(checkpoint->root_hash, empty_root());
  EXPECT_EQ(checkpoint->extensions, (std::vector<std::string>{"Timestamp: 1", "more"}));
  EXPECT_EQ(checkpoint->text(), whole);
}

TEST(Checkpoint, MalformedOnesAreRefused) {
  const std::string no_checkpoint = "malformed: the checkpoint is malformed: ";
  const std::pair<std::string, std::string> texts[] = {
      {"", "it has no origin"},
      {"log.example", "it has no origin"},
      {"\n0\n" + root + "\n", "it has no origin"},
      {"log.example\n", "its second line is no tree size"},
      {"log.example\n\n" + root + "\n", "its second line is no tree size"},
      {"log.example\n0", "its second line is no tree size"},
      {"log.example\n00\n" + root + "\n", "its second line is no tree size"},
      {"log.example\n01\n" + root + "\n", "its second line is no tree size"},
      {"log.example\n-1\n" + root + "\n", "its second line is no tree size"},
      {"log.example\n+1\n" + root + "\n", "its second line is no tree size"},
      {"log.example\n1 \n" + root + "\n", "its second line is no tree size"},
      {"log.example\n0x1\n" + root + "\n", "its second line is no tree size"},
      {"log.example\n18446744073709551616\n" + root + "\n", "its second line is no tree size"},
      {"log.example\n0\n", "it has no root hash"},
      {"log.example\n0\n" + root, "it has no root hash"},
      {"log.example\n0\n\n", "it has no root hash"},
      {"log.example\n0\n" + root.substr(1) + "\n", "its third line is no root hash"},
      {"log.example\n0\nAAAA\n", "its third line is no root hash"},
      {"log.example\n0\nAA" + root + "==\n", "its third line is no root hash"},
      {"log.example\n0\n" + root + "\n\n", "one of its lines is empty or does not end"},
      {"log.example\n0\n" + root + "\nmore", "one of its lines is empty or does not end"},
      {"log.example\n0\n" + root + "\nmore\n\nmore\n", "one of its lines is empty or does not end"},
  };
  for (const auto& [checkpoint, cause] : texts) {
    EXPECT_EQ(checkpoint_refusal(checkpoint), no_checkpoint + cause) << checkpoint;
  }
}

// --- signatures

TEST(NoteSignatures, KeyHashesAreThoseOfTheFormats) {
  const std::string name = "log2025-1.rekor.sigstore.dev";
  const auto ed25519 = *crypto::PublicKey::from_spki(
      *codec::base64::decode("MCowBQYDK2VwAyEAt8rlp1knGwjfbcXAYPYAkn0XiLz1x8O4t0YkEhie244="));
  EXPECT_EQ(codec::base64::encode(note_key_id(name, ed25519)),
            "zxGZFVvd0FEmjR8WrFwMdcAJ9vtaY/QXf44Y1wUeP6A=");
  EXPECT_EQ(codec::hex::encode(note_key_hash(name, ed25519)), "cf119915");
  EXPECT_NE(note_key_hash("other.example", ed25519), note_key_hash(name, ed25519));
  const auto ecdsa = *crypto::PublicKey::from_spki(
      *codec::base64::decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+"
                             "2tabdTV5BcGiBIx0a9fAFwrkBbmLSGtks4L3qX6yYY0zufBnhC8Ur/iy55GhWP/"
                             "9A/bY2LhC30M9+RYtw=="));
  EXPECT_EQ(codec::base64::encode(note_key_id(name, ecdsa)), "wNI9atQGlz+VWfO6LRygH4QUfY/8W4RFwiT5i5WRgB0=");
  EXPECT_EQ(note_key_id("other.example", ecdsa), note_key_id(name, ecdsa));
  const auto rsa = key_of(crypto::KeyType::rsa);
  Bytes typed = to_bytes("a.example\n\xFFPKIX-RSA-PKCS#1v1.5");
  typed.insert(typed.end(), rsa.public_key().spki().begin(), rsa.public_key().spki().end());
  EXPECT_EQ(note_key_id("a.example", rsa.public_key()), crypto::sha256(typed));
}

class NoteOfEveryKey : public ::testing::TestWithParam<crypto::KeyType> {};

TEST_P(NoteOfEveryKey, IsSignedAndVerified) {
  auto key = key_of(GetParam()), other = key_of(crypto::KeyType::ecdsa_p256);
  Note note{.text = text, .signatures = {}};
  ASSERT_TRUE(sign_note(note, "log.example", key));
  const auto read = Note::parse(note.write());
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, note);
  EXPECT_EQ(refusal(verify_note(*read, "log.example", key.public_key())), "accepted");
  EXPECT_EQ(refusal(verify_note(*read, "", key.public_key())), "accepted");
  EXPECT_EQ(
      refusal(verify_note(*read, "other.example", key.public_key())),
      "not_found: the checkpoint is not signed by the log's key: none of its signatures is by that key as "
      "other.example");
  EXPECT_EQ(refusal(verify_note(*read, "", other.public_key())),
            "not_found: the checkpoint is not signed by the log's key");
  auto damaged = *read;
  damaged.text[0] = 'L';
  EXPECT_EQ(refusal(verify_note(damaged, "log.example", key.public_key())),
            "bad_signature: the checkpoint's signature by the log does not verify");
  // As Rekor v1 has it, the key hash is of the key alone.
  auto of_v1 = *read;
  of_v1.signatures[0].key_hash = crypto::sha256(key.public_key().spki());
  of_v1.signatures[0].key_hash.resize(4);
  EXPECT_EQ(refusal(verify_note(of_v1, "", key.public_key())), "accepted");
}

INSTANTIATE_TEST_SUITE_P(Types, NoteOfEveryKey,
                         ::testing::Values(crypto::KeyType::ecdsa_p256, crypto::KeyType::ecdsa_p384,
                                           crypto::KeyType::ecdsa_p521, crypto::KeyType::rsa,
                                           crypto::KeyType::ed25519),
                         [](const auto& one) {
                           std::string type(crypto::name(one.param));
                           std::erase(type, '-');
                           return type;
                         });

TEST(NoteSignatures, OneOfSeveralIsEnoughInAnyOrder) {
  auto key = key_of(crypto::KeyType::ed25519), other = key_of(crypto::KeyType::ecdsa_p256);
  Note note{.text = text, .signatures = {}};
  ASSERT_TRUE(sign_note(note, "log.example", other));
  ASSERT_TRUE(sign_note(note, "witness.example", other));
  ASSERT_TRUE(sign_note(note, "log.example", key));
  // One with the key's own hash that is wrong.
  auto wrong = note.signatures.back();
  wrong.signature[7] ^= 1;
  note.signatures.push_back(wrong);
  for (int turn = 0; turn < 4; ++turn) {
    std::rotate(note.signatures.begin(), note.signatures.begin() + 1, note.signatures.end());
    EXPECT_EQ(refusal(verify_note(note, "log.example", key.public_key())), "accepted");
  }
  std::erase_if(note.signatures, [&](const auto& s) { return s != wrong; });
  EXPECT_EQ(refusal(verify_note(note, "log.example", key.public_key())),
            "bad_signature: the checkpoint's signature by the log does not verify");
}

TEST(NoteSignatures, AWitnessWithTheKeyIsNotTheLog) {
  auto key = key_of(crypto::KeyType::ecdsa_p256);
  Note note{.text = text, .signatures = {}};
  ASSERT_TRUE(sign_note(note, "witness.example", key));
  EXPECT_EQ(verify_note(note, "log.example", key.public_key()).error().code, Code::not_found);
}

TEST(NoteSignatures, NamesThatNoNoteCanHaveAreRefused) {
  auto key = key_of(crypto::KeyType::ecdsa_p256);
  for (const char* name : {"", "a b", "a+b", "a\nb",
                           "a\xC2\xA0"
                           "b",
                           "\xFF"}) {
    Note note{.text = text, .signatures = {}};
    const auto signed_by = sign_note(note, name, key);
    ASSERT_FALSE(signed_by) << name;
    EXPECT_EQ(signed_by.error().code, Code::invalid_argument);
    EXPECT_TRUE(note.signatures.empty());
  }
}

}  // namespace
}  // namespace sigstore::tlog
