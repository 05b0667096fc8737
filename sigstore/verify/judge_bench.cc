// A whole judgement by certificate, each of another signature, beside the bare signature checks that it
// consists of. Exit 1 where it takes more than it may.
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "sigstore/authority/testing/sigstore.h"
#include "sigstore/verify/judge.h"

using namespace sigstore;
using namespace sigstore::verify;

namespace {

// Of CPU, however busy the machine is.
template <typename Work>
double microseconds(int rounds, Work work) {
  const std::clock_t start = std::clock();
  for (int i = 0; i < rounds; ++i) work();
  return static_cast<double>(std::clock() - start) * 1e6 / CLOCKS_PER_SEC / rounds;
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

  bool met = true;
  for (const auto shape : {authority::log::Shape::rekor_v1, authority::log::Shape::rekor_v2}) {
    constexpr std::size_t number = 200;
    std::vector<authority::testing::Signed> made;
    std::vector<crypto::PassingMessage> files(number);
    for (std::size_t i = 0; i < number; ++i) {
      made.push_back(world.sign({.log = shape}));
      expect(files[i], made[i].bundle, material);
      files[i].update(as_bytes(made[i].artifact));
      files[i].finish();
    }
    required.subject = oci::Digest::sha256(made[0].artifact);
    std::size_t next = 0;
    const double whole = microseconds(number, [&] {
      if (!judge(made[next].bundle, material, required, &files[next]).accepted()) std::abort();
      ++next;
    });
    // Signature, certificate, SCT, checkpoint, timestamp; the promise. The links above are checked once.
    const bool v1 = shape == authority::log::Shape::rekor_v1;
    const double checks = bare * (v1 ? 6 : 5);
    std::printf("judgement, Rekor %s: %.1f us, %.2f x its bare signature checks (at most 1000 us, 4 x)\n",
                v1 ? "v1" : "v2", whole, whole / checks);
    met = met && whole <= 1000 && whole <= 4 * checks;
  }
  return met ? 0 : 1;
}
