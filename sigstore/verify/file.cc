#include <algorithm>

#include "sigstore/codec/hex.h"
#include "sigstore/payload/statement.h"
#include "sigstore/tlog/body.h"
#include "sigstore/verify/judge.h"
#include "sigstore/verify/signed_message.h"

namespace sigstore::verify {
namespace {

// Of every digest of every subject; nothing of what is no statement.
template <typename Visit>
void each_digest(const bundle::EnvelopeContent& content, Visit visit) {
  const auto statement = payload::Statement::parse(content.payload);
  if (!statement) return;
  for (const payload::Subject& subject : statement->subjects)
    for (const auto& [algorithm, hex] : subject.digests) visit(algorithm, hex);
}

std::optional<crypto::PublicKey> key_of_certificate(const bundle::Bundle& bundle,
                                                    const TrustedMaterial& material) {
  std::optional<crypto::x509::Certificate> leaf = material.certificate;
  if (!bundle.key.certificates.empty()) {
    auto carried = crypto::x509::Certificate::parse(bundle.key.certificates.front());
    if (!carried) return std::nullopt;
    leaf = std::move(*carried);
  }
  if (!leaf) return std::nullopt;
  auto key = leaf->public_key();
  return key ? std::optional(std::move(*key)) : std::nullopt;
}

}  // namespace

void expect(crypto::PassingMessage& message, const bundle::Bundle& bundle, const TrustedMaterial& material) {
  if (const auto* envelope = std::get_if<bundle::EnvelopeContent>(&bundle.content))
    each_digest(*envelope, [&](const std::string& name, const std::string&) {
      if (const auto algorithm = crypto::hash_algorithm(name)) message.expect(*algorithm);
    });
  const auto* content = std::get_if<bundle::MessageContent>(&bundle.content);
  if (content == nullptr) return;
  if (!content->digest.empty()) message.expect(content->algorithm);
  const auto expect_of = [&](const crypto::PublicKey& key) {
    for (const crypto::Scheme scheme : schemes_over(*content, key))
      message.expect(key, scheme, bundle.signature);
  };
  for (const TrustedKey& trusted : material.keys) expect_of(trusted.key);
  if (material.keys.empty())
    if (const auto key = key_of_certificate(bundle, material)) expect_of(*key);
  // Without a claimed digest an entry of a log is compared with the file's own.
  if (content->digest.empty())
    for (const tlog::Entry& entry : bundle.evidence.tlog_entries)
      if (const auto body = tlog::read_body(entry.body); body && body->artifact)
        message.expect(body->artifact->algorithm);
}

std::map<std::string, std::string> digests_of(const crypto::PassingMessage& message) {
  std::map<std::string, std::string> digests;
  for (const auto algorithm :
       {crypto::HashAlgorithm::sha256, crypto::HashAlgorithm::sha384, crypto::HashAlgorithm::sha512})
    if (const Bytes* digest = message.digest(algorithm))
      digests[std::string(crypto::name(algorithm))] = codec::hex::encode(*digest);
  return digests;
}

std::optional<bool> names_message(const bundle::Bundle& bundle, const crypto::PassingMessage& message) {
  if (const auto* envelope = std::get_if<bundle::EnvelopeContent>(&bundle.content)) {
    const auto known = digests_of(message);
    bool named = false;
    each_digest(*envelope, [&](const std::string& algorithm, const std::string& hex) {
      const auto found = known.find(algorithm);
      named = named || (found != known.end() && found->second == hex);
    });
    return named;
  }
  const auto* content = std::get_if<bundle::MessageContent>(&bundle.content);
  if (content == nullptr || content->digest.empty()) return std::nullopt;
  const Bytes* own = message.digest(content->algorithm);
  return own == nullptr ? std::nullopt : std::optional(*own == content->digest);
}

}  // namespace sigstore::verify
