#include "sigstore/timestamp/request.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/testdata.h"
#include "sigstore/codec/der.h"
#include "sigstore/codec/hex.h"

namespace sigstore::timestamp {
namespace {

namespace der = codec::der;
using crypto::HashAlgorithm;

// Written by `openssl ts`: testdata/openssl/make.
Bytes made(const std::string& name) {
  return to_bytes(fakes::read_testdata(TESTDATA "/openssl/" + name));
}

TEST(TimestampRequest, ReadsWhatOpensslAsks) {
  const auto request = Request::parse(made("query.tsq"));
  ASSERT_TRUE(request) << request.error().text();
  EXPECT_EQ(request->algorithm, HashAlgorithm::sha512);
  EXPECT_EQ(request->imprint, crypto::hash(HashAlgorithm::sha512, made("message")));
  EXPECT_TRUE(request->nonce);
  EXPECT_TRUE(request->certificates);
  EXPECT_FALSE(request->policy);

  const auto bare = Request::parse(made("query-bare.tsq"));
  ASSERT_TRUE(bare) << bare.error().text();
  EXPECT_EQ(*bare, (Request{.imprint = crypto::sha256(made("message"))}));
  EXPECT_EQ(Request::parse(made("query-policy.tsq"))->policy, "1.9.9");
}

TEST(TimestampRequest, IsWrittenAsOpensslWritesIt) {
  for (const char* name : {"query.tsq", "query-bare.tsq", "query-policy.tsq"})
    EXPECT_EQ(Request::parse(made(name))->encode(), made(name)) << name;
}

TEST(TimestampRequest, IsReadAsItWasWritten) {
  for (const auto algorithm : {HashAlgorithm::sha256, HashAlgorithm::sha384, HashAlgorithm::sha512}) {
    const Request request{.algorithm = algorithm,
                          .imprint = Bytes(crypto::size_of(algorithm), 7),
                          .policy = "1.2.3",
                          .nonce = Bytes{0x80, 1},
                          .certificates = true};
    EXPECT_EQ(Request::parse(request.encode()), request);
  }
}

// A request of these parts, after the version and the imprint.
Bytes with(const std::vector<Bytes>& more, const Bytes& version = der::encode_unsigned(1)) {
  const Request request{.imprint = Bytes(32)};
  const Bytes plain = request.encode();
  der::Reader outer(plain);
  auto in = outer.enter(der::sequence).value();
  (void)in.next();
  const auto imprint = in.next()->whole;
  std::vector<Bytes> parts = {version, Bytes(imprint.begin(), imprint.end())};
  parts.insert(parts.end(), more.begin(), more.end());
  return der::encode(der::sequence, parts);
}

TEST(TimestampRequest, NamesItsExtensions) {
  const Bytes extension =
      der::encode(der::sequence, {der::encode_oid("1.2.3.4"), der::encode(der::octet_string, BytesView())});
  const auto request = Request::parse(with({der::encode(der::context_constructed(0), BytesView(extension))}));
  ASSERT_TRUE(request) << request.error().text();
  EXPECT_EQ(request->extensions, std::vector<std::string>{"1.2.3.4"});
}

TEST(TimestampRequest, TheDefaultMayBeWritten) {
  EXPECT_FALSE(Request::parse(with({der::encode_boolean(false)}))->certificates);
}

TEST(TimestampRequest, RefusesOtherForms) {
  const std::pair<Bytes, const char*> cases[] = {
      {{}, "not a timestamp request: not valid DER: an element is missing"},
      {with({}, der::encode_unsigned(2)), "not a timestamp request: its version is not 1"},
      {with({der::encode_unsigned(5), der::encode_oid("1.2.3")}),
       "not a timestamp request: not valid DER: 4 bytes are left over"},
      {with({{der::integer, 2, 0, 1}}), "not a timestamp request: not valid DER: an integer is not minimal"},
      {with({{der::integer, 2, 0xFF, 0x80}}),
       "not a timestamp request: not valid DER: an integer is not minimal"},
      {with({{der::integer, 0}}), "not a timestamp request: not valid DER: an integer has no octets"},
      {with({{der::boolean, 1, 1}}), "not a timestamp request: certReq is no boolean"},
      {with({{der::boolean, 0}}), "not a timestamp request: certReq is no boolean"},
      {made("p256.tsr"), "not a timestamp request: not valid DER: tag"}};
  for (const auto& [bytes, text] : cases) {
    const auto request = Request::parse(bytes);
    ASSERT_FALSE(request) << codec::hex::encode(bytes);
    EXPECT_EQ(request.error().code, Code::malformed);
    EXPECT_TRUE(request.error().text().starts_with(text)) << request.error().text();
  }
}

TEST(TimestampRequest, RefusesImprintsOfOtherDigests) {
  const auto ask = [](std::string_view oid, std::size_t size) {
    const Bytes method = der::encode(der::sequence, BytesView(der::encode_oid(oid)));
    const Bytes imprint =
        der::encode(der::sequence, {method, der::encode(der::octet_string, BytesView(Bytes(size)))});
    return Request::parse(der::encode(der::sequence, {der::encode_unsigned(1), imprint}));
  };
  ASSERT_TRUE(ask("2.16.840.1.101.3.4.2.1", 32));  // without NULL
  EXPECT_EQ(ask("1.3.14.3.2.26", 20).error().code, Code::unsupported);
  EXPECT_EQ(ask("1.2.3", 32).error().message, "the digest algorithm 1.2.3 is not supported");
  EXPECT_EQ(ask("2.16.840.1.101.3.4.2.1", 31).error().code, Code::malformed);
  EXPECT_EQ(ask("2.16.840.1.101.3.4.2.3", 32).error().code, Code::malformed);
}

TEST(TimestampRequest, IsBounded) {
  EXPECT_TRUE(Request::parse(with({der::encode(der::integer, BytesView(Bytes(64, 1)))})));
  EXPECT_EQ(Request::parse(with({der::encode(der::integer, BytesView(Bytes(65, 1)))})).error().code,
            Code::too_large);
  EXPECT_EQ(Request::parse(Bytes(limits::timestamp_bytes + 1)).error().code, Code::too_large);
}

TEST(TimestampRequest, CutShortItIsRefused) {
  const Bytes whole = made("query.tsq");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(Request::parse(BytesView(whole).first(size)).error().code, Code::malformed) << size;
}

}  // namespace
}  // namespace sigstore::timestamp
