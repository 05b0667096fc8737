#include "sigstore/verify/signed_message.h"

#include <map>

namespace sigstore::verify {
namespace {

// In the bundle, and maybe large: hashed where it lies, once for each algorithm.
class OwnMessage final : public SignedMessage {
 public:
  explicit OwnMessage(bundle::SignedBytes bytes) : bytes_(std::move(bytes)) {}

  Result<void> verify(const crypto::PublicKey& key, crypto::Scheme scheme, const Bytes& signature) override {
    if (scheme == crypto::Scheme::ed25519) return verify_whole(key, signature);
    return key.verify_digest(scheme, *digest(crypto::digest_of(scheme)), signature);
  }
  const Bytes* digest(crypto::HashAlgorithm algorithm) override {
    Bytes& known = digests_[algorithm];
    if (!known.empty()) return &known;
    crypto::Hasher hasher(algorithm);
    hasher.update(as_bytes(bytes_.head));
    hasher.update(as_bytes(bytes_.body));
    known = hasher.finish();
    return &known;
  }

 private:
  // Pure Ed25519 is over the message, which stands here in two parts.
  Result<void> verify_whole(const crypto::PublicKey& key, const Bytes& signature) const {
    crypto::PassingMessage message;
    message.expect(key, crypto::Scheme::ed25519, signature);
    message.update(as_bytes(bytes_.head));
    message.update(as_bytes(bytes_.body));
    message.finish();
    return message.verify(key, crypto::Scheme::ed25519, signature);
  }

  const bundle::SignedBytes bytes_;
  std::map<crypto::HashAlgorithm, Bytes> digests_;
};

// A file that was read.
class FileMessage final : public SignedMessage {
 public:
  FileMessage(const bundle::MessageContent& content, const crypto::PassingMessage& message)
      : content_(content), message_(message) {}
  [[nodiscard]] std::vector<crypto::Scheme> schemes(const crypto::PublicKey& key) const override {
    return schemes_over(content_, key);
  }
  Result<void> verify(const crypto::PublicKey& key, crypto::Scheme scheme, const Bytes& signature) override {
    return message_.verify(key, scheme, signature);
  }
  const Bytes* digest(crypto::HashAlgorithm algorithm) override { return message_.digest(algorithm); }

 private:
  const bundle::MessageContent& content_;
  const crypto::PassingMessage& message_;
};

}  // namespace

std::vector<crypto::Scheme> schemes_over(const bundle::MessageContent& content,
                                         const crypto::PublicKey& key) {
  std::vector<crypto::Scheme> schemes = key.schemes();
  if (content.digest.empty()) return schemes;
  std::erase_if(schemes, [&](crypto::Scheme scheme) {
    return key.type() != crypto::KeyType::ed25519 && crypto::digest_of(scheme) != content.algorithm;
  });
  return schemes;
}

std::unique_ptr<SignedMessage> signed_message(const bundle::Content& content,
                                              const crypto::PassingMessage* message) {
  if (auto bytes = bundle::signed_bytes(content)) return std::make_unique<OwnMessage>(std::move(*bytes));
  if (message == nullptr) return nullptr;
  return std::make_unique<FileMessage>(std::get<bundle::MessageContent>(content), *message);
}

}  // namespace sigstore::verify
