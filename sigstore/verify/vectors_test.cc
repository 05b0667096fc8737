// The cases of the official conformance suite that are at hand. They live outside the repository:
// SIGSTORE_VECTORS. What is refused is refused for the right reason: by which check, with which code.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "sigstore/codec/hex.h"
#include "sigstore/verify/internal/refusal.h"
#include "sigstore/verify/judge.h"

namespace sigstore::verify {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, Refusal> refusals = {
    {"bundle-empty-certificate-chain_fail", {"parse", Code::malformed}},
    {"bundle-from-wrong-instance_fail", {"log", Code::not_found}},
    {"bundle-invalid-base64-signature_fail", {"parse", Code::malformed}},
    {"bundle-malformed-json_fail", {"parse", Code::malformed}},
    {"checkpoint-wrong-roothash_fail", {"log", Code::mismatch}},
    {"dsse-invalid-sig_fail", {"log", Code::mismatch}},
    {"dsse-mismatch-envelope_fail", {"log", Code::mismatch}},
    {"dsse-mismatch-sig_fail", {"log", Code::mismatch}},
    {"intoto-set-outside-signing-cert-validity_fail", {"certificate", Code::mismatch}},
    {"managed-key-no-key_fail", {"material", Code::not_found}},
    {"message-digest-mismatch_fail", {"log", Code::mismatch}},
    {"rekor2-checkpoint-missing-root-hash_fail", {"log", Code::malformed}},
    {"rekor2-dsse-mismatch-sig_fail", {"log", Code::mismatch}},
    {"rekor2-no-timestamp_fail", {"time", Code::not_found}},
    {"rekor2-timestamp-outside-tsa-cert-validity_fail", {"time", Code::mismatch}},
    {"rekor2-timestamp-with-incorrect-time_fail", {"certificate", Code::mismatch}},
    {"set-invalid-signature_fail", {"log", Code::bad_signature}},
    {"signature-mismatch_fail", {"log", Code::mismatch}},
    {"wrong-hashedrekord-artifact_fail", {"log", Code::mismatch}},
    {"wrong-material_fail", {"log", Code::mismatch}},
};

std::string text_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// One folder.
struct Vector {
  explicit Vector(fs::path where) : folder(std::move(where)) {}
  [[nodiscard]] std::string file(const std::string& name, const std::string& otherwise) const {
    return fs::exists(folder / name) ? text_of(folder / name) : otherwise;
  }
  [[nodiscard]] std::string artifact() const { return file("artifact", text_of(folder / ".." / "a.txt")); }
  [[nodiscard]] std::string root() const {
    return file("trusted_root.json", text_of(folder / ".." / "production_trusted_root.json"));
  }
  fs::path folder;
};

std::string trimmed(std::string text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  return text;
}

TrustedMaterial material_of(const Vector& vector) {
  TrustedMaterial material;
  auto root = trust::TrustedRoot::parse(vector.root(), "trusted_root.json");
  EXPECT_TRUE(root) << root.error().text();
  if (root) material.parties = TrustedParties::from(std::move(*root));
  if (fs::exists(vector.folder / "key.pub")) {
    auto key = crypto::PublicKey::from_pem(text_of(vector.folder / "key.pub"), "key.pub");
    EXPECT_TRUE(key) << key.error().text();
    if (key) material.keys.push_back({std::move(*key), "key.pub"});
  }
  return material;
}

Requirements required(const Vector& vector, const crypto::PassingMessage& file) {
  Requirements out;
  out.digests = digests_of(file);
  out.subject = oci::Digest::sha256(vector.artifact());
  out.predicate_types.clear();
  IdentityRule rule;
  rule.subject.exact = trimmed(vector.file(
      "identity",
      "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/"
      "extremely-dangerous-oidc-beacon.yml@refs/heads/main"));
  rule.issuer.exact = trimmed(vector.file("issuer", "https://token.actions.githubusercontent.com"));
  out.identities.push_back(std::move(rule));
  return out;
}

// `whole`: the file itself passes; else its digest alone is known.
std::optional<Refusal> judged(const Vector& vector, bool whole) {
  const auto bundle = bundle::parse(text_of(vector.folder / "bundle.sigstore.json"));
  if (!bundle) return Refusal{"parse", bundle.error().code};
  const TrustedMaterial material = material_of(vector);
  const std::string artifact = vector.artifact();
  crypto::PassingMessage file = whole ? crypto::PassingMessage()
                                      : crypto::PassingMessage::known_by(crypto::HashAlgorithm::sha256,
                                                                         crypto::sha256(as_bytes(artifact)));
  if (whole) {
    expect(file, *bundle, material);
    file.update(as_bytes(artifact));
    file.finish();
  }
  Requirements requirements = required(vector, file);
  requirements.wanted =
      std::holds_alternative<bundle::MessageContent>(bundle->content) ? Wanted::message : Wanted::attestation;
  const Verdict verdict = judge(*bundle, material, requirements, &file);
  if (verdict.accepted()) return std::nullopt;
  const Check& check = *verdict.first_failure();
  return Refusal{check.id, check.code.value_or(Code::internal)};
}

TEST(Vectors, EachVerifiesOrIsRefusedForItsReason) {
  const char* vectors = std::getenv("SIGSTORE_VECTORS");
  if (vectors == nullptr) GTEST_SKIP() << "SIGSTORE_VECTORS is not set";
  std::size_t tried = 0, refused = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(vectors) / "sigstore-bundles")) {
    if (!entry.is_directory()) continue;
    const std::string name = entry.path().filename().string();
    const bool bad = name.ends_with("_fail");
    const auto wanted = refusals.find(name);
    EXPECT_EQ(bad, wanted != refusals.end()) << name;
    for (const bool whole : {true, false}) {
      const auto refusal = judged(Vector(entry.path()), whole);
      EXPECT_EQ(refusal, wanted == refusals.end() ? std::nullopt : std::optional(wanted->second)) << name;
    }
    ++tried;
    refused += bad;
  }
  EXPECT_EQ(refused, refusals.size());
  EXPECT_GT(tried, refused);
}

}  // namespace
}  // namespace sigstore::verify
