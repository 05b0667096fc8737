// A bundle, or the payload of a layer, before the judge: nothing that the owner of the key did not sign is
// accepted, whatever it says; every check is made once and in order; only what was proven counts.
#include <algorithm>
#include <cstdlib>

#include "sigstore/payload/simple_signing.h"
#include "sigstore/verify/judge.h"

using namespace sigstore;
using namespace sigstore::verify;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

const oci::Digest image = oci::Digest::sha256("image");

crypto::PrivateKey& signer() {
  static crypto::PrivateKey key = *crypto::PrivateKey::generate(crypto::KeyType::ed25519);
  return key;
}

bundle::Bundle read(std::string_view text) {
  auto parsed = bundle::parse(std::string(text));
  if (parsed) return std::move(*parsed);
  bundle::Bundle out;
  out.content = bundle::SimpleSigningContent{std::string(text)};
  out.signature = to_bytes("no signature");
  return out;
}

void check_order(const Verdict& verdict) {
  const char* const order[] = {"material", "log", "signature", "type", "subject", "annotations"};
  require(verdict.checks.size() == std::size(order));
  for (std::size_t i = 0; i < verdict.checks.size(); ++i) require(verdict.checks[i].id == order[i]);
}

void check_proven(const bundle::Bundle& bundle, const Verdict& verdict) {
  const bool proven = verdict.checks[2].status == Status::passed;
  require(proven == verdict.key_fingerprint.has_value() && proven == verdict.scheme.has_value());
  require(!verdict.accepted() || proven);
  require(!verdict.accepted() || bundle::signed_bytes(bundle.content).has_value());
  if (!proven)
    require(verdict.checks[4].status == Status::skipped && verdict.checks[5].status == Status::skipped);
}

// The signature of a file, which was not signed; then one that was, beside the digest that is claimed.
void check_file(bundle::Bundle& bundle, const TrustedMaterial& material, Requirements required) {
  required.wanted = Wanted::message;
  const auto& content = std::get<bundle::MessageContent>(bundle.content);
  for (const bool genuine : {false, true}) {
    if (genuine) bundle.signature = *signer().sign(crypto::Scheme::ed25519, as_bytes("file"));
    crypto::PassingMessage file;
    expect(file, bundle, material);
    file.update(as_bytes("file"));
    file.finish();
    const Verdict verdict = judge(bundle, material, required, &file);
    check_order(verdict);
    require((verdict.checks[2].status == Status::passed) == genuine);
    const bool own =
        content.digest.empty() || content.digest == crypto::hash(content.algorithm, as_bytes("file"));
    require(verdict.accepted() == (genuine && own));
    require(!judge(bundle, material, required).accepted());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto bundle = read(as_text({data, size}));
  const TrustedMaterial material{{{signer().public_key(), "k"}}};
  Requirements required;
  required.subject = image;
  required.log_entries = 0;
  const Verdict forged = judge(bundle, material, required);
  check_order(forged);
  check_proven(bundle, forged);
  require(!forged.accepted());
  const auto message = bundle::signed_bytes(bundle.content);
  if (!message) {
    check_file(bundle, material, required);
    return 0;
  }
  bundle.signature = *signer().sign(crypto::Scheme::ed25519, as_bytes(message->joined()));
  const Verdict genuine = judge(bundle, material, required);
  check_order(genuine);
  check_proven(bundle, genuine);
  require(genuine.key_fingerprint == signer().public_key().fingerprint());
  require(!genuine.accepted() || genuine.claims.digest == image);
  required.log_entries = 1;
  require(!judge(bundle, material, required).accepted());
  return 0;
}
