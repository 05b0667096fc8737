// One TrustedParties for many threads: whatever is opened when it is first needed is opened once.
#include <gtest/gtest.h>

#include <thread>

#include "sigstore/authority/testing/sigstore.h"
#include "sigstore/verify/judge.h"

namespace sigstore::verify {
namespace {

using authority::log::Shape;
using authority::testing::Signed;
using authority::testing::Sigstore;

bool is_accepted(const Signed& made, const TrustedMaterial& material) {
  Requirements required;
  required.wanted = Wanted::message;
  required.any_identity = true;
  required.subject = oci::Digest::sha256(made.artifact);
  crypto::PassingMessage file;
  expect(file, made.bundle, material);
  file.update(as_bytes(made.artifact));
  file.finish();
  return judge(made.bundle, material, required, &file).accepted();
}

TEST(TrustedParties, AreAskedByManyThreads) {
  Sigstore world;
  std::vector<Signed> made;
  for (const Shape shape : {Shape::rekor_v1, Shape::rekor_v2})
    for (int i = 0; i < 4; ++i) made.push_back(world.sign({.log = shape}));
  TrustedMaterial material;
  material.at = world.now();
  material.parties = TrustedParties::from(world.trusted_root());
  std::vector<int> accepted(made.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < made.size(); ++i)
      threads.emplace_back([&, i] {
        for (const Signed& one : made) accepted[i] += is_accepted(one, material) ? 1 : 0;
      });
  }
  EXPECT_EQ(accepted, std::vector<int>(made.size(), static_cast<int>(made.size())));
}

}  // namespace
}  // namespace sigstore::verify
