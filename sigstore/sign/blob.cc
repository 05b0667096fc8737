#include "sigstore/sign/blob.h"

#include <algorithm>
#include <array>

#include "sigstore/sign/pipeline.h"
#include "sigstore/verify/judge.h"

namespace sigstore::sign {
namespace {

// Reads `inner`, and fails at its end when that was another message.
class SameMessage final : public FileReader {
 public:
  SameMessage(std::unique_ptr<FileReader> inner, const Bytes& sha256)
      : inner_(std::move(inner)), sha256_(sha256), hasher_(crypto::HashAlgorithm::sha256) {}

  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    TRY(const std::size_t got, inner_->read(out));
    hasher_.update(out.first(got));
    if (got == 0 && hasher_.finish() != sha256_)
      return fail(Code::mismatch, "it was changed while it was being signed", {},
                  "sign it again when nobody writes to it");
    return got;
  }

 private:
  std::unique_ptr<FileReader> inner_;
  const Bytes& sha256_;
  crypto::Hasher hasher_;
};

// One part after the other.
class PartsReader final : public FileReader {
 public:
  explicit PartsReader(const bundle::SignedBytes& message)
      : left_{as_bytes(message.head), as_bytes(message.body)} {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    BytesView& from = left_[0].empty() ? left_[1] : left_[0];
    const auto piece = from.first(std::min(out.size(), from.size()));
    std::ranges::copy(piece, out.begin());
    from = from.subspan(piece.size());
    return piece.size();
  }

 private:
  std::array<BytesView, 2> left_;
};

ByteSource source_of(const bundle::SignedBytes& message) {
  return {message.head.size() + message.body.size(), [&message]() -> Result<std::unique_ptr<FileReader>> {
            return std::make_unique<PartsReader>(message);
          }};
}

bundle::Bundle envelope_of(std::string statement) {
  bundle::Bundle made;
  made.content = bundle::EnvelopeContent{std::string(payload::in_toto_payload_type), std::move(statement)};
  return made;
}

}  // namespace

bool needs_message(crypto::KeyType type) {
  return scheme_for(type) == crypto::Scheme::ed25519;
}

Result<bundle::Bundle> sign_message(crypto::Signer& signer, const Bytes& sha256, const ByteSource* content) {
  const crypto::KeyType type = signer.public_key().type();
  bundle::Bundle made;
  made.content = bundle::MessageContent{crypto::HashAlgorithm::sha256, sha256};
  made.key.hint = signer.public_key().hint();
  const bool wanted = signer.wants_message() && content != nullptr;
  if (!needs_message(type) && !wanted) {
    TRY(made.signature, signer.sign_digest(scheme_for(type), sha256));
    return made;
  }
  if (content == nullptr)
    return fail(Code::unsupported, "an Ed25519 key signs the file itself, and only its digest was given", {},
                "give the file, or sign with another type of key");
  const ByteSource same{content->size, [&]() -> Result<std::unique_ptr<FileReader>> {
                          TRY(auto reader, content->open());
                          return std::make_unique<SameMessage>(std::move(reader), sha256);
                        }};
  TRY(made.signature, signer.sign_stream(scheme_for(type), same));
  return made;
}

void expect_subjects(crypto::PassingMessage& message, const std::string& statement) {
  verify::expect(message, envelope_of(statement), {});
}

Result<void> check_subjects(const crypto::PassingMessage& message, const std::string& statement) {
  if (verify::names_message(envelope_of(statement), message) == true) return {};
  return fail(Code::mismatch, "the statement is about something else",
              "none of its subjects has a digest of the file");
}

Result<bundle::Bundle> sign_statement(crypto::Signer& signer, std::string statement) {
  const crypto::Scheme scheme = scheme_for(signer.public_key().type());
  bundle::Bundle made = envelope_of(std::move(statement));
  made.key.hint = signer.public_key().hint();
  const auto message = *bundle::signed_bytes(made.content);
  if (scheme == crypto::Scheme::ed25519 || signer.wants_message()) {
    TRY(made.signature, signer.sign_stream(scheme, source_of(message)));
    return made;
  }
  crypto::Hasher hasher(crypto::digest_of(scheme));
  hasher.update(as_bytes(message.head));
  hasher.update(as_bytes(message.body));
  TRY(made.signature, signer.sign_digest(scheme, hasher.finish()));
  return made;
}

}  // namespace sigstore::sign
