#include "sigstore/crypto/message.h"

#include <map>

#include "sigstore/crypto/internal/ed25519.h"
#include "sigstore/crypto/internal/key_encoding.h"
#include "sigstore/crypto/internal/scheme.h"

namespace sigstore::crypto {
namespace {

using Question = std::pair<Bytes, Bytes>;  // the key's SPKI, the signature

Question question(const PublicKey& key, BytesView signature) {
  return {key.spki(), Bytes(signature.begin(), signature.end())};
}

// A key of this type was read by the same parser.
BytesView point_of(const PublicKey& key) {
  return std::get<internal::Ed25519Public>(*internal::parse_spki(key.spki())).point;
}

}  // namespace

struct PassingMessage::State {
  std::map<HashAlgorithm, Hasher> hashers;
  std::map<Question, internal::Ed25519Check> checks;  // of pure Ed25519
  std::map<HashAlgorithm, Bytes> digests;             // the results
  std::map<Question, bool> answers;
};

PassingMessage::PassingMessage() : state_(std::make_unique<State>()) {}
PassingMessage::PassingMessage(PassingMessage&&) noexcept = default;
PassingMessage& PassingMessage::operator=(PassingMessage&&) noexcept = default;
PassingMessage::~PassingMessage() = default;

PassingMessage PassingMessage::known_by(HashAlgorithm algorithm, Bytes digest) {
  PassingMessage message;
  message.state_->digests[algorithm] = std::move(digest);
  return message;
}

void PassingMessage::expect(HashAlgorithm algorithm) {
  state_->hashers.try_emplace(algorithm, algorithm);
}

void PassingMessage::expect(const PublicKey& key, Scheme scheme, BytesView signature) {
  if (!internal::check_fits(key.type(), scheme)) return;  // verify() says so
  if (scheme == Scheme::ed25519)
    state_->checks.try_emplace(question(key, signature), internal::Ed25519Form::pure, point_of(key),
                               signature);
  else
    expect(digest_of(scheme));
}

void PassingMessage::update(BytesView piece) {
  for (auto& [algorithm, hasher] : state_->hashers) hasher.update(piece);
  for (auto& [question, check] : state_->checks) check.update(piece);
}

void PassingMessage::finish() {
  for (auto& [algorithm, hasher] : state_->hashers) state_->digests[algorithm] = hasher.finish();
  for (auto& [question, check] : state_->checks) state_->answers[question] = check.finish();
  state_->hashers.clear();
  state_->checks.clear();
}

const Bytes* PassingMessage::digest(HashAlgorithm algorithm) const {
  const auto found = state_->digests.find(algorithm);
  return found == state_->digests.end() ? nullptr : &found->second;
}

Result<void> PassingMessage::verify(const PublicKey& key, Scheme scheme, BytesView signature) const {
  TRY_OK(internal::check_fits(key.type(), scheme));
  if (scheme != Scheme::ed25519) {
    const Bytes* known = digest(digest_of(scheme));
    if (known != nullptr) return key.verify_digest(scheme, *known, signature);
    return fail(Code::not_found, "the " + std::string(name(digest_of(scheme))) + " digest is not known");
  }
  const auto answer = state_->answers.find(question(key, signature));
  if (answer == state_->answers.end())
    return fail(Code::not_found, "ed25519 signs the message itself, which is not here");
  if (!answer->second) return fail(Code::bad_signature, "the signature does not verify");
  return {};
}

}  // namespace sigstore::crypto
