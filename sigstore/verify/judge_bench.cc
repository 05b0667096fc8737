// A whole judgement by certificate, beside the bare signature checks that it consists of.
#include <chrono>
#include <cstdio>

#include "sigstore/authority/testing/sigstore.h"
#include "sigstore/verify/judge.h"

using namespace sigstore;
using namespace sigstore::verify;

namespace {

template <typename Work>
double microseconds(int rounds, Work work) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < rounds; ++i) work();
  const auto spent = std::chrono::steady_clock::now() - start;
  return std::chrono::duration<double, std::micro>(spent).count() / rounds;
}

}  // namespace

int main() {
  authority::testing::World all_p256;
  all_p256.rekor2_key = crypto::KeyType::ecdsa_p256;
  authority::testing::Sigstore world(all_p256);
  TrustedMaterial material;
  material.parties = TrustedParties::from(world.trusted_root());
  Requirements required;
  required.wanted = Wanted::message;
  required.any_identity = true;

  auto key = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  const Bytes digest = crypto::sha256(as_bytes("message"));
  const Bytes signature = *key.sign_digest(crypto::Scheme::ecdsa_sha256, digest);
  const double bare = microseconds(2000, [&] {
    if (!key.public_key().verify_digest(crypto::Scheme::ecdsa_sha256, digest, signature)) std::abort();
  });
  std::printf("one P-256 verification: %.1f us\n", bare);

  for (const auto shape : {authority::log::Shape::rekor_v1, authority::log::Shape::rekor_v2}) {
    const auto made = world.sign({.log = shape});
    crypto::PassingMessage file;
    expect(file, made.bundle, material);
    file.update(as_bytes(made.artifact));
    file.finish();
    required.subject = oci::Digest::sha256(made.artifact);
    const bool v1 = shape == authority::log::Shape::rekor_v1;
    // Signature, leaf, intermediate, SCT, checkpoint, timestamp and its authority's certificate; the promise.
    const double checks = bare * (v1 ? 8 : 7);
    const double whole = microseconds(500, [&] {
      if (!judge(made.bundle, material, required, &file).accepted()) std::abort();
    });
    std::printf("judgement, Rekor %s: %.1f us, %.2f x its bare signature checks (at most 1000 us, 4 x)\n",
                v1 ? "v1" : "v2", whole, whole / checks);
  }
}
