// What openssl, which is not ours, says of what is issued here.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "sigstore/authority/ca/profile.h"
#include "sigstore/authority/testing/new_tsa.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/base/testing/temporary_folder.h"
#include "sigstore/codec/rfc3339.h"

namespace sigstore::authority::tsa {
namespace {

using crypto::HashAlgorithm;
using crypto::KeyType;
using timestamp::Request;

Time at(std::string_view text) {
  return codec::rfc3339::parse(text).value();
}

class Openssl : public ::testing::Test {
 protected:
  void write(const std::string& name, std::string_view content) const { folder_.write(name, content); }
  std::string path(const std::string& name) const { return folder_.path() + "/" + name; }
  // Whether it exits with 0; what it says goes to the test's own output only when it fails.
  bool run(const std::string& arguments) const {
    return std::system(("cd " + folder_.path() + " && openssl " + arguments + " >said 2>&1").c_str()) == 0;
  }
  std::string said() const {
    std::ifstream in(path("said"));
    return {std::istreambuf_iterator<char>(in), {}};
  }

  Tsa authority(KeyType type) {
    Tsa tsa = testing::new_tsa(type);
    write("root.pem", ca::to_pem(tsa.chain()[1].der()));
    write("leaf.pem", ca::to_pem(tsa.chain()[0].der()));
    return tsa;
  }

  fakes::TemporaryFolder folder_;
  fakes::SeededRandom random_;
};

TEST_F(Openssl, VerifiesWhatItAskedFor) {
  write("message", "hello, time\n");
  for (const auto type : {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::ecdsa_p521, KeyType::rsa}) {
    const Tsa tsa = authority(type);
    for (const std::string options : {"-sha256 -cert", "-sha384 -cert -no_nonce", "-sha512 -cert"}) {
      ASSERT_TRUE(run("ts -query -data message " + options + " -out query.tsq")) << said();
      std::ifstream query(path("query.tsq"), std::ios::binary);
      const std::string asked{std::istreambuf_iterator<char>(query), {}};
      const auto answer = tsa.answer(as_bytes(asked), at("2026-07-24T01:02:03Z"), random_);
      write("answer.tsr", as_text(answer.value()));
      EXPECT_TRUE(run("ts -verify -queryfile query.tsq -in answer.tsr -CAfile root.pem")) << said();
      EXPECT_TRUE(run("ts -verify -data message -in answer.tsr -CAfile root.pem -untrusted leaf.pem"))
          << said();
      EXPECT_TRUE(run("ts -reply -in answer.tsr -text")) << said();
      EXPECT_NE(said().find("Jul 24 01:02:03 2026 GMT"), std::string::npos) << said();
    }
  }
}

TEST_F(Openssl, VerifiesATokenWithoutACertificateByTheKnownOne) {
  write("message", "hello, time\n");
  const Tsa tsa = authority(KeyType::ecdsa_p256);
  const Request request{.imprint = crypto::sha256(as_bytes("hello, time\n"))};
  write("answer.tsr", as_text(tsa.answer(request.encode(), at("2026-07-24T01:02:03Z"), random_).value()));
  EXPECT_FALSE(run("ts -verify -data message -in answer.tsr -CAfile root.pem"));
  EXPECT_TRUE(run("ts -verify -data message -in answer.tsr -CAfile root.pem -untrusted leaf.pem")) << said();
}

TEST_F(Openssl, ReadsARefusal) {
  const Tsa tsa = authority(KeyType::ecdsa_p256);
  const Request request{.imprint = Bytes(32), .policy = "1.2.3"};
  write("answer.tsr", as_text(tsa.answer(request.encode(), at("2026-07-24T01:02:03Z"), random_).value()));
  run("ts -reply -in answer.tsr -text");
  EXPECT_NE(said().find("Status: Rejected."), std::string::npos) << said();
  EXPECT_NE(said().find("the requested TSA policy is not supported by the TSA"), std::string::npos) << said();
}

// It refuses what sigstore/timestamp refuses.
TEST_F(Openssl, RefusesABadToken) {
  write("message", "hello, time\n");
  const Tsa tsa = authority(KeyType::ecdsa_p256);
  const Request request{.imprint = crypto::sha256(as_bytes("hello, time\n")), .certificates = true};
  const auto with = [&](auto&& change) {
    auto token = tsa.prepare(request, at("2026-07-24T01:02:03Z"), random_);
    change(token);
    write("answer.tsr", as_text(granted(sign(token).value())));
    return run("ts -verify -data message -in answer.tsr -CAfile root.pem");
  };
  EXPECT_TRUE(with([](auto&) {})) << said();
  EXPECT_FALSE(with([](auto& t) { t.signers[0].damage = 1; }));
  EXPECT_FALSE(with([](auto& t) { t.info.imprint[0] ^= 1; }));
  EXPECT_FALSE(with([](auto& t) { t.signers[0].attributes.pop_back(); }));
  EXPECT_FALSE(with([&](auto& t) { t.signers[0].attributes[1] = signing_certificate(tsa.chain()[1]); }));
  EXPECT_FALSE(with([](auto& t) { t.signers[0].message_digest = Bytes(32); }));
  EXPECT_FALSE(with([](auto& t) { t.signers.push_back(t.signers[0]); }));
}

}  // namespace
}  // namespace sigstore::authority::tsa
