#include "sigstore/codec/pem.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/testdata.h"

namespace sigstore::codec {
namespace {

constexpr const char* block = "-----BEGIN X-----\nZm9v\nYmFy\n-----END X-----\n";

TEST(Pem, ReadsOneBlock) {
  const auto blocks = pem::parse(block, "test");
  ASSERT_TRUE(blocks);
  ASSERT_EQ(blocks->size(), 1U);
  EXPECT_EQ(blocks->front(), (pem::Block{"X", {}, to_bytes("foobar")}));
}

TEST(Pem, SkipsTextAroundBlocksAndTakesCarriageReturns) {
  const auto blocks = pem::parse(
      "subject: x\r\n-----BEGIN A B-----\r\nZm9v\r\n-----END A B-----\r\nmore\n" + std::string(block),
      "test");
  ASSERT_TRUE(blocks);
  ASSERT_EQ(blocks->size(), 2U);
  EXPECT_EQ(blocks->at(0).label, "A B");
  EXPECT_EQ(blocks->at(1).label, "X");
}

TEST(Pem, KeepsHeadersApart) {
  const auto parsed = pem::parse_first(
      "-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: a:b\n\nZm9v\n-----END X-----", "test");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->headers, (std::vector<std::pair<std::string, std::string>>{{"Proc-Type", "4,ENCRYPTED"},
                                                                               {"DEK-Info", "a:b"}}));
  EXPECT_EQ(parsed->body, to_bytes("foo"));
}

TEST(Pem, NoBlockIsNotMine) {
  for (const char* text :
       {"", "hello", "----BEGIN X-----\n-----END X-----", " -----BEGIN X-----\nZm9v\n-----END X-----",
        "-----BEGIN X----\nZm9v\n-----END X-----", "-----BEGIN ----\n"}) {
    const auto parsed = pem::parse(text, "test");
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Code::not_mine) << text;
  }
}

TEST(Pem, RefusesBrokenBlocks) {
  for (const char* text :
       {"-----BEGIN X-----\nZm9v\n", "-----BEGIN X-----\nZm9v\n-----END Y-----",
        "-----BEGIN X-----\nZm9\n-----END X-----",
        "-----BEGIN X-----\nZm9v\n-----BEGIN X-----\nZm9v\n-----END X-----",
        "-----BEGIN X-----\nZm!v\n-----END X-----", "-----BEGIN X-----\nZm9v\nA: b\n-----END X-----"}) {
    const auto parsed = pem::parse(text, "cosign.key");
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Code::malformed) << text;
    EXPECT_EQ(parsed.error().message, "cosign.key holds a broken PEM block");
  }
}

TEST(Pem, ParseFirstIgnoresWhatFollows) {
  EXPECT_TRUE(pem::parse_first(std::string(block).append("-----BEGIN Y-----\nbroken"), "test"));
}

TEST(Pem, KeepsItsBounds) {
  EXPECT_EQ(pem::parse(std::string(limits::pem_bytes + 1, 'x'), "test").error().code, Code::too_large);
  std::string many;
  for (std::size_t i = 0; i < limits::pem_blocks; ++i) many += block;
  EXPECT_EQ(pem::parse(many, "test")->size(), limits::pem_blocks);
  EXPECT_EQ(pem::parse(many + block, "test").error().code, Code::too_large);
}

TEST(Pem, WritesSixtyFourColumns) {
  EXPECT_EQ(pem::encode("X", Bytes(50, 0)),
            "-----BEGIN X-----\n" + std::string(64, 'A') + "\nAAA=\n-----END X-----\n");
  EXPECT_EQ(pem::encode("X", {}), "-----BEGIN X-----\n-----END X-----\n");
}

TEST(Pem, RoundTripsKeysWrittenByRealCosign) {
  int keys = 0;
  for (const auto& path : fakes::testdata_below(SOURCE_ROOT "/test/interop/testdata")) {
    if (!path.ends_with(".pub") && !path.ends_with(".key")) continue;
    const auto text = fakes::read_testdata(path);
    const auto parsed = pem::parse_first(text, path);
    ASSERT_TRUE(parsed) << path;
    EXPECT_EQ(pem::encode(parsed->label, parsed->body), text) << path;
    ++keys;
  }
  EXPECT_GE(keys, 20);
}

}  // namespace
}  // namespace sigstore::codec
