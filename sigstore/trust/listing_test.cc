// Making a trusted root; the log ids are those that real cosign 3.1.2 gives the same keys.
#include <gtest/gtest.h>

#include "sigstore/base/testing/testdata.h"
#include "sigstore/codec/base64.h"
#include "sigstore/tlog/checkpoint.h"
#include "sigstore/trust/trusted_root.h"

namespace sigstore::trust {
namespace {

const std::string keys = SOURCE_ROOT "/test/interop/testdata/cosign-3.1.2/keys/";

crypto::PublicKey key(const std::string& name) {
  return crypto::PublicKey::from_pem(fakes::read_testdata(keys + name + ".pub"), name).value();
}

TEST(ListLog, NamesTheKindOfEveryKey) {
  for (const auto& [name, details] : {std::pair("p256", "PKIX_ECDSA_P256_SHA_256"),
                                      {"p384", "PKIX_ECDSA_P384_SHA_384"},
                                      {"p521", "PKIX_ECDSA_P521_SHA_512"},
                                      {"ed25519", "PKIX_ED25519"},
                                      {"rsa2048", "PKIX_RSA_PKCS1V15_2048_SHA256"},
                                      {"rsa4096", "PKIX_RSA_PKCS1V15_4096_SHA256"}}) {
    const auto log = list_log(key(name), "https://log.example.com", {Time{}, std::nullopt});
    ASSERT_TRUE(log.has_value()) << name;
    EXPECT_EQ(log->key_details, details);
    EXPECT_EQ(log->key().value(), key(name));
    EXPECT_EQ(codec::base64::encode(log->log_id), key(name).hint());
    EXPECT_EQ(log->base_url, "https://log.example.com");
  }
}

TEST(ListLog, NamesALogByItsOrigin) {
  const auto id = [](const std::string& name) {
    return codec::base64::encode(tlog::note_key_id("log.example.com", key(name)));
  };
  EXPECT_EQ(id("ed25519"), "EIX3y0q5VY8TQe8yVu2XHqDaXHQcNYp1vGysCevwY8Y=");
  EXPECT_EQ(id("rsa2048"), "7s7HZcUXqvVYL518XSlIFElkKwHLKL9dwSzQneRRf68=");
  EXPECT_EQ(id("p256"), "5YFHH6D2exERVm+2NN5Yl9JqblY7xuOOFD4ICSwsIdE=");
  EXPECT_EQ(id("p256"), key("p256").hint());
}

TrustedRoot root_of_cosign() {
  return TrustedRoot::parse(fakes::read_testdata(TESTDATA "/trusted_root_of_cosign_3.1.2.json"), "root")
      .value();
}

TEST(ListAuthority, TakesTheSubjectOfTheRoot) {
  const auto read = root_of_cosign();
  for (const auto& expected : {read.certificate_authorities.at(0), read.timestamp_authorities.at(0)}) {
    const auto made = list_authority(expected.chain, expected.uri, expected.valid);
    EXPECT_EQ(made, expected);  // of two organizations the first, of two common names the last
    EXPECT_EQ(made.organization, "Acme");
    EXPECT_EQ(made.common_name, "second");
  }
}

TEST(SortByStart, KeepsTheOrderOfEqualStarts) {
  const auto log = [](std::string url, int start) {
    Log out;
    out.base_url = std::move(url);
    out.valid.start = Time(std::chrono::seconds(start));
    return out;
  };
  TrustedRoot root;
  root.tlogs = {log("c", 5), log("a", 1), log("d", 5), log("b", 1)};
  sort_by_start(root);
  std::string order;
  for (const auto& each : root.tlogs) order += each.base_url;
  EXPECT_EQ(order, "abcd");
}

}  // namespace
}  // namespace sigstore::trust
