#include <algorithm>

#include "sigstore/codec/hex.h"
#include "sigstore/payload/statement.h"
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

}  // namespace

void expect(crypto::PassingMessage& message, const bundle::Bundle& bundle, const TrustedMaterial& material) {
  if (const auto* envelope = std::get_if<bundle::EnvelopeContent>(&bundle.content))
    each_digest(*envelope, [&](const std::string& name, const std::string&) {
      if (const auto algorithm = crypto::hash_algorithm(name)) message.expect(*algorithm);
    });
  const auto* content = std::get_if<bundle::MessageContent>(&bundle.content);
  if (content == nullptr) return;
  if (!content->digest.empty()) message.expect(content->algorithm);
  for (const TrustedKey& trusted : material.keys)
    for (const crypto::Scheme scheme : schemes_over(*content, trusted.key))
      message.expect(trusted.key, scheme, bundle.signature);
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
