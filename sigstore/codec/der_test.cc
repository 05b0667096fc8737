#include "sigstore/codec/der.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/rfc3339.h"

namespace sigstore::codec {
namespace {

Bytes from_hex(std::string_view text) {
  return hex::decode(text).value();
}
std::string to_hex(const Bytes& bytes) {
  return hex::encode(bytes);
}

TEST(Der, WalksASequence) {
  const auto input = from_hex("300a02010104010306025504");
  der::Reader reader(input);
  auto inside = reader.enter(der::sequence);
  ASSERT_TRUE(inside);
  EXPECT_TRUE(reader.finish());
  EXPECT_EQ(inside->peek(), der::integer);
  EXPECT_EQ(to_bytes(as_text(inside->expect(der::integer)->content)), Bytes{1});
  EXPECT_EQ(inside->next()->tag, der::octet_string);
  const auto last = inside->next();
  EXPECT_EQ(der::read_oid(last->content), "2.5.4");
  EXPECT_EQ(last->whole.size(), 4U);
  EXPECT_TRUE(inside->empty());
  EXPECT_TRUE(inside->finish());
  EXPECT_FALSE(inside->next());
}

TEST(Der, RefusesOtherThanDefiniteMinimalLengths) {
  for (const char* text : {"", "04", "0480", "040200", "0481", "048105aa", "04817f", "04820080",
                           "0485000000000100", "04840100", "1f01", "bf8101", "04ff"}) {
    const auto input = from_hex(text);
    const auto element = der::Reader(input).next();
    ASSERT_FALSE(element) << text;
    EXPECT_EQ(element.error().code, Code::malformed) << text;
  }
}

TEST(Der, SaysWhenAnotherTagStands) {
  const auto input = from_hex("020101");
  EXPECT_FALSE(der::Reader(input).expect(der::sequence));
  EXPECT_FALSE(der::Reader(input).enter(der::sequence));
}

TEST(Der, RefusesTrailingBytes) {
  const auto input = from_hex("020101ff");
  der::Reader reader(input);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.finish().error().code, Code::malformed);
}

TEST(Der, BoundsTheDepth) {
  Bytes nested = der::encode(der::null, BytesView());
  for (std::size_t i = 0; i < limits::der_depth + 1; ++i)
    nested = der::encode(der::sequence, BytesView(nested));
  der::Reader reader(nested);
  for (std::size_t i = 0; i < limits::der_depth; ++i) {
    auto inside = reader.enter(der::sequence);
    ASSERT_TRUE(inside) << i;
    reader = *inside;
  }
  EXPECT_EQ(reader.enter(der::sequence).error().code, Code::too_large);
}

TEST(Der, ReadsAndWritesObjectIdentifiers) {
  const std::pair<const char*, const char*> vectors[] = {
      {"1.2.840.113549.1.1.1", "06092a864886f70d010101"},
      {"2.5.29.37", "0603551d25"},
      {"2.999.3", "0603883703"},
      {"0.0", "060100"},
      {"1.3.6.1.4.1.57264.1.8", "060a2b0601040183bf300108"}};
  for (const auto& [dotted, encoded] : vectors) {
    EXPECT_EQ(to_hex(der::encode_oid(dotted)), encoded);
    const auto input = from_hex(encoded);
    EXPECT_EQ(der::read_oid(der::Reader(input).expect(der::oid)->content), dotted);
  }
}

TEST(Der, RefusesBrokenObjectIdentifiers) {
  for (const char* text : {"", "80", "8001", "2a80", "2a8001", "2affffffffffffffffffff7f"}) {
    EXPECT_FALSE(der::read_oid(from_hex(text))) << text;
  }
}

TEST(Der, ReadsUnsignedIntegersOnly) {
  const auto read = [](const char* text) {
    const auto content = from_hex(text);
    const auto value = der::read_unsigned(content);
    return value ? hex::encode(*value) : "refused";
  };
  EXPECT_EQ(read("00"), "00");
  EXPECT_EQ(read("7f"), "7f");
  EXPECT_EQ(read("0080"), "80");
  EXPECT_EQ(read("80"), "refused");
  EXPECT_EQ(read("007f"), "refused");
  EXPECT_EQ(read(""), "refused");
}

TEST(Der, WritesMinimalUnsignedIntegers) {
  EXPECT_EQ(to_hex(der::encode_unsigned(from_hex(""))), "020100");
  EXPECT_EQ(to_hex(der::encode_unsigned(from_hex("0000"))), "020100");
  EXPECT_EQ(to_hex(der::encode_unsigned(from_hex("00007f"))), "02017f");
  EXPECT_EQ(to_hex(der::encode_unsigned(from_hex("80"))), "02020080");
}

TEST(Der, BitStringsAreWholeOctets) {
  const auto content = from_hex("00ff");
  EXPECT_EQ(hex::encode(*der::read_bit_string(content)), "ff");
  EXPECT_FALSE(der::read_bit_string(from_hex("01fe")));
  EXPECT_FALSE(der::read_bit_string({}));
  EXPECT_EQ(to_hex(der::encode_bit_string(from_hex("ff"))), "030200ff");
}

TEST(Der, WritesLengthsThatItReads) {
  for (const std::size_t size : {0U, 1U, 127U, 128U, 255U, 256U, 65535U, 65536U}) {
    const auto encoded = der::encode(der::octet_string, BytesView(Bytes(size, 7)));
    der::Reader reader(encoded);
    const auto element = reader.next();
    ASSERT_TRUE(element) << size;
    EXPECT_EQ(element->content.size(), size);
    EXPECT_TRUE(reader.finish());
  }
  EXPECT_EQ(to_hex(der::encode(der::sequence, std::vector<Bytes>{{5, 0}, {5, 0}})), "300405000500");
}

TEST(Der, WritesNumbersBooleansAndTags) {
  EXPECT_EQ(to_hex(der::encode_unsigned(std::uint64_t{0})), "020100");
  EXPECT_EQ(to_hex(der::encode_unsigned(std::uint64_t{255})), "020200ff");
  EXPECT_EQ(to_hex(der::encode_unsigned(~std::uint64_t{0})), "020900ffffffffffffffff");
  EXPECT_EQ(to_hex(der::encode_boolean(true)), "0101ff");
  EXPECT_EQ(to_hex(der::encode_boolean(false)), "010100");
  EXPECT_EQ(der::context(2), 0x82);
  EXPECT_EQ(der::context_constructed(3), 0xA3);
}

TEST(Der, WritesNamedBitsWithoutZerosAtTheEnd) {
  EXPECT_EQ(to_hex(der::encode_named_bits(0)), "030100");
  EXPECT_EQ(to_hex(der::encode_named_bits(1)), "03020780");                // digitalSignature
  EXPECT_EQ(to_hex(der::encode_named_bits(1 << 5 | 1 << 6)), "03020106");  // keyCertSign, cRLSign
  EXPECT_EQ(to_hex(der::encode_named_bits(1 << 8)), "0303070080");         // decipherOnly
}

TEST(Der, WritesSetsInOrder) {
  EXPECT_EQ(to_hex(der::encode_set_of({from_hex("020102"), from_hex("020101"), from_hex("0101ff")})),
            "31090101ff020101020102");
}

TEST(Der, WritesTimesAsCertificatesHaveThem) {
  const auto text = [](const char* time) {
    const Bytes whole = der::encode_time(rfc3339::parse(time).value());
    return std::to_string(whole[0]) + " " + std::string(as_text(whole).substr(2));
  };
  EXPECT_EQ(text("2026-07-24T01:02:03.9Z"), "23 260724010203Z");
  EXPECT_EQ(text("1950-01-01T00:00:00Z"), "23 500101000000Z");
  EXPECT_EQ(text("1949-12-31T23:59:59Z"), "24 19491231235959Z");
  EXPECT_EQ(text("2049-12-31T23:59:59Z"), "23 491231235959Z");
  EXPECT_EQ(text("2050-01-01T00:00:00Z"), "24 20500101000000Z");
  EXPECT_EQ(as_text(der::encode_time(Time::max())).substr(2), "99991231235959Z");
  EXPECT_EQ(as_text(der::encode_generalized_time(rfc3339::parse("2026-07-24T01:02:03Z").value())),
            "\x18\x0f"
            "20260724010203Z");
}

}  // namespace
}  // namespace sigstore::codec
