#include "sigstore/crypto/x509/certificate.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/der.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/crypto/x509/testing/issue.h"
#include "sigstore/crypto/x509/testing/vectors.h"

namespace sigstore::crypto::x509 {
namespace {

namespace der = codec::der;
using Kind = GeneralName::Kind;

std::string read(const std::string& name) {
  return testing::read_file(std::string(TESTDATA) + "/" + name);
}

Certificate sample(const std::string& name) {
  return Certificate::parse_pem(read(name), name).value().front();
}

// A key pair, made once: making one is slow.
PrivateKey& key() {
  static PrivateKey made = PrivateKey::generate(KeyType::ecdsa_p256).value();
  return made;
}

Bytes issued(const testing::Spec& spec) {
  return testing::sign(testing::tbs(spec, key().public_key(), key().public_key()), key());
}

std::string refusal(BytesView bytes) {
  const auto parsed = Certificate::parse(bytes);
  if (parsed) return "accepted";
  EXPECT_EQ(parsed.error().message, "not a valid certificate");
  EXPECT_EQ(parsed.error().code, Code::malformed);
  return parsed.error().cause;
}

std::string refusal_of_extension(const Bytes& extension) {
  return refusal(issued({.extensions = {extension}}));
}

TEST(Certificate, ReadsWhatOpenSslWrites) {
  const auto certificate = sample("all-kinds.pem");
  EXPECT_EQ(certificate.subject_text(),
            R"(C=DE, ST=A\, B, O=Größe \+ Co, OU=one + OU=two, CN=all kinds, emailAddress=jo@example.com)");
  EXPECT_EQ(certificate.issuer_text(), certificate.subject_text());
  EXPECT_TRUE(certificate.self_issued());
  EXPECT_FALSE(certificate.is_ca());
  EXPECT_EQ(Bytes(certificate.serial().begin(), certificate.serial().end()), (Bytes{0xff, 0x01}));
  const std::vector<GeneralName> names = {
      {Kind::email, "jo@example.com"}, {Kind::dns, "*.example.com"}, {Kind::uri, "https://example.com/a?b"},
      {Kind::ip, "192.0.2.7"},         {Kind::ip, "2001:db8::1"},    {Kind::other, "juergen"}};
  EXPECT_EQ(certificate.names(), names);
  EXPECT_EQ(certificate.extended_key_usage(),
            (std::vector<std::string>{std::string(code_signing), "1.2.3.4"}));
  ASSERT_TRUE(certificate.key_usage());
  EXPECT_TRUE(certificate.key_usage()->digital_signature);
  EXPECT_TRUE(certificate.key_usage()->content_commitment);
  EXPECT_FALSE(certificate.key_usage()->key_cert_sign);
  EXPECT_EQ(certificate.pem(), read("all-kinds.pem"));
  EXPECT_EQ(certificate, *Certificate::parse(certificate.der()));
}

TEST(Certificate, GivesItsExtensions) {
  const auto certificate = sample("all-kinds.pem");
  const auto* extra = certificate.extension("1.2.3.4.5");
  ASSERT_NE(extra, nullptr);
  EXPECT_FALSE(extra->critical);
  EXPECT_EQ(to_text(extra->value),
            "\x0c\x05"
            "extra");
  EXPECT_TRUE(certificate.extension("2.5.29.17")->critical);
  EXPECT_EQ(certificate.extension("1.2.3.4"), nullptr);
}

TEST(Certificate, ReadsAnAuthority) {
  const auto root = sample("rsa-root.pem");
  EXPECT_TRUE(root.is_ca());
  EXPECT_EQ(root.path_length(), 3U);
  EXPECT_TRUE(root.key_usage()->key_cert_sign);
  EXPECT_FALSE(root.key_usage()->digital_signature);
  EXPECT_TRUE(root.names().empty());
  EXPECT_TRUE(root.extended_key_usage().empty());
  EXPECT_EQ(root.public_key().value().type(), KeyType::rsa);
}

TEST(Certificate, ReadsVersionOne) {
  const auto old = sample("version-1.pem");
  EXPECT_TRUE(old.extensions().empty());
  EXPECT_FALSE(old.is_ca());
  EXPECT_FALSE(old.key_usage());
  EXPECT_EQ(old.subject_text(), "CN=old");
}

TEST(Certificate, OpensItsKeyWhenAsked) {
  const auto certificate = testing::issue(testing::code_signer("ca"), key().public_key(), key());
  EXPECT_EQ(certificate.public_key(), key().public_key());
  EXPECT_EQ(certificate.public_key()->spki(), Bytes(certificate.spki().begin(), certificate.spki().end()));

  const Bytes no_point = der::encode(
      der::sequence,
      {der::encode(der::sequence, BytesView(der::encode_oid("1.2.3"))), der::encode_bit_string(Bytes{1})});
  Bytes tbs = testing::tbs({}, key().public_key(), key().public_key());
  const auto at = std::ranges::search(tbs, key().public_key().spki());
  Bytes changed(tbs.begin() + 3, at.begin());  // without the header of 3 octets
  ASSERT_EQ(tbs[1], 0x81);
  changed.insert(changed.end(), no_point.begin(), no_point.end());
  const auto odd = Certificate::parse(testing::sign(der::encode(der::sequence, BytesView(changed)), key()));
  ASSERT_TRUE(odd) << odd.error().text();
  EXPECT_EQ(odd->public_key().error().code, Code::unsupported);
}

TEST(Certificate, ReadsTimes) {
  const auto validity = [](std::string from, std::string until) {
    return Certificate::parse(issued({.from = std::move(from), .until = std::move(until)}))->validity();
  };
  const auto at = [](std::string_view text) { return codec::rfc3339::parse(text).value(); };
  const auto usual = validity("230201000000Z", "230201001000Z");
  EXPECT_EQ(usual.not_before, at("2023-02-01T00:00:00Z"));
  EXPECT_EQ(usual.not_after, at("2023-02-01T00:10:00Z"));
  EXPECT_TRUE(usual.contains(usual.not_before));
  EXPECT_TRUE(usual.contains(usual.not_after));
  EXPECT_FALSE(usual.contains(usual.not_before - std::chrono::nanoseconds(1)));
  EXPECT_FALSE(usual.contains(usual.not_after + std::chrono::nanoseconds(1)));
  EXPECT_EQ(validity("500101000000Z", "491231235959Z").not_before, at("1950-01-01T00:00:00Z"));
  EXPECT_EQ(validity("500101000000Z", "491231235959Z").not_after, at("2049-12-31T23:59:59Z"));
  EXPECT_EQ(validity("240229000000Z", "20500101000000Z").not_after, at("2050-01-01T00:00:00Z"));
  EXPECT_EQ(validity("00000101000000Z", "99991231235959Z").not_before, Time::min());
  EXPECT_EQ(validity("00000101000000Z", "99991231235959Z").not_after, Time::max());
}

TEST(Certificate, RefusesTimesInAnotherForm) {
  for (const char* time : {"2301010000Z", "230101000000+0100", "230101000000", "23010100000aZ",
                           "20230101000000.5Z", "2023010100000Z", "", "23010100000Z0"}) {
    EXPECT_EQ(refusal(issued({.from = time})), "a time is not in the form YYMMDDhhmmssZ or YYYYMMDDhhmmssZ")
        << time;
  }
  for (const char* time : {"230229000000Z", "231301000000Z", "230100000000Z", "230101240000Z",
                           "230101006000Z", "230101000060Z", "20230431000000Z"}) {
    EXPECT_EQ(refusal(issued({.from = time})), "a time is none of the calendar") << time;
  }
}

TEST(Certificate, RefusesEveryCutAndEveryAppendix) {
  const Bytes whole = issued(testing::code_signer("ca"));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(refusal(BytesView(whole).first(size)), "accepted") << size;
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_EQ(refusal(longer), "not valid DER: 1 bytes are left over");
}

TEST(Certificate, RefusesWhatIsTooLarge) {
  const auto large = Certificate::parse(Bytes(limits::certificate_bytes + 1));
  EXPECT_EQ(large.error().code, Code::too_large);
  EXPECT_EQ(large.error().message, "a certificate is larger than 65536 bytes");

  testing::Spec many;
  for (std::size_t i = 0; i <= limits::certificate_extensions; ++i)
    many.extensions.push_back(testing::extension("1.2." + std::to_string(i), false, {}));
  EXPECT_EQ(Certificate::parse(issued(many)).error().code, Code::too_large);
  many.extensions.pop_back();
  EXPECT_TRUE(Certificate::parse(issued(many)));

  std::vector<Bytes> names(limits::certificate_names + 1, testing::general_name(0x82, "a"));
  EXPECT_EQ(Certificate::parse(issued({.extensions = {testing::alternative_names(names)}})).error().code,
            Code::too_large);
  names.pop_back();
  EXPECT_TRUE(Certificate::parse(issued({.extensions = {testing::alternative_names(names)}})));
}

TEST(Certificate, RefusesAnExtensionThatStandsTwice) {
  const Bytes one = testing::ca_constraints(true), other = testing::ca_constraints(false);
  EXPECT_EQ(refusal(issued({.extensions = {one, other}})), "the extension 2.5.29.19 stands twice");
}

TEST(Certificate, RefusesBrokenExtensions) {
  const auto broken = [](std::string_view oid, const Bytes& value) {
    return refusal_of_extension(testing::extension(oid, false, value));
  };
  const std::string its = "its extension ";
  EXPECT_EQ(broken("2.5.29.19", {0x30, 0x03, 0x01, 0x01, 0x01}),
            its + "2.5.29.19 is broken: a boolean is neither true nor false");
  EXPECT_EQ(broken("2.5.29.19", {0x30, 0x06, 0x02, 0x04, 1, 1, 1, 1}),
            its + "2.5.29.19 is broken: a path length is too large");
  EXPECT_EQ(broken("2.5.29.19", {0x30, 0x03, 0x02, 0x01, 0xff}),
            its + "2.5.29.19 is broken: not valid DER: an integer is negative");
  EXPECT_EQ(broken("2.5.29.19", {0x30, 0x00, 0x00}),
            its + "2.5.29.19 is broken: not valid DER: 1 bytes are left over");
  EXPECT_EQ(broken("2.5.29.15", {0x03, 0x01, 0x00}),
            its + "2.5.29.15 is broken: the key usage is no list of bits");
  EXPECT_EQ(broken("2.5.29.15", {0x03, 0x02, 0x08, 0x00}),
            its + "2.5.29.15 is broken: the key usage is no list of bits");
  EXPECT_EQ(broken("2.5.29.15", {0x03, 0x02, 0x07, 0x81}),
            its + "2.5.29.15 is broken: the key usage has bits beyond its end");
  EXPECT_EQ(broken("2.5.29.37", {0x30, 0x00}), its + "2.5.29.37 is broken: the extended key usage is empty");
  EXPECT_EQ(broken("2.5.29.37", {0x30, 0x02, 0x05, 0x00}),
            its + "2.5.29.37 is broken: not valid DER: tag 5 stands where 6 must");
  EXPECT_EQ(broken("2.5.29.17", {0x30, 0x00}),
            its + "2.5.29.17 is broken: the subject alternative names are empty");
}

TEST(Certificate, RefusesNamesThatNobodyShouldCompare) {
  const auto broken = [](std::uint8_t tag, std::string_view content) {
    return refusal_of_extension(testing::alternative_names({testing::general_name(tag, content)}));
  };
  const std::string its = "its extension 2.5.29.17 is broken: ";
  using namespace std::string_view_literals;
  for (const auto text : {""sv, "jo@example.com\0.evil"sv, "j\xc3\xb6@example.com"sv, "a\nb"sv, "a\x7f"sv}) {
    for (const std::uint8_t tag : {0x81, 0x82, 0x86})
      EXPECT_EQ(broken(tag, text), its + "a subject alternative name is empty or not printable ASCII");
  }
  for (const auto text : {""sv, "12345"sv, "123"sv, "12345678123456781"sv})
    EXPECT_EQ(broken(0x87, text), its + "an IP address has neither 4 nor 16 octets");
  EXPECT_EQ(broken(0x89, "x"), its + "a subject alternative name is of no known kind");
  EXPECT_EQ(broken(0x0C, "x"), its + "a subject alternative name is of no known kind");
}

TEST(Certificate, ReadsOnlyFulciosOtherName) {
  const auto other = [](std::string_view oid, const Bytes& value) {
    const Bytes content = der::encode(0xA0, {der::encode_oid(oid), der::encode(0xA0, BytesView(value))});
    return Certificate::parse(issued({.extensions = {testing::alternative_names({content}, true)}}));
  };
  const auto utf8 = [](std::string_view text) { return der::encode(der::utf8_string, as_bytes(text)); };
  constexpr std::string_view fulcio = "1.3.6.1.4.1.57264.1.7";
  EXPECT_EQ(other(fulcio, utf8("jürgen"))->names(), (std::vector<GeneralName>{{Kind::other, "jürgen"}}));
  EXPECT_TRUE(other("1.2.3", utf8("jo"))->names().empty());
  EXPECT_TRUE(other("1.2.3", der::encode(der::null, BytesView()))->names().empty());
  EXPECT_FALSE(other(fulcio, utf8("")));
  EXPECT_FALSE(other(fulcio, utf8("\xff")));
  EXPECT_FALSE(other(fulcio, der::encode(0x16, as_bytes("jo"))));
}

TEST(Certificate, RefusesTwoSignatureAlgorithms) {
  Bytes bytes = issued({});
  const Bytes oid = der::encode_oid("1.2.840.10045.4.3.2");
  const auto last = std::ranges::find_end(bytes, oid);
  *(last.end() - 1) = 3;
  EXPECT_EQ(refusal(bytes), "its two signature algorithms differ");
}

TEST(Certificate, RefusesOtherVersions) {
  Bytes bytes = issued(testing::ca("a", "b"));
  const Bytes version = {0xA0, 0x03, 0x02, 0x01, 0x02};
  const auto at = std::ranges::search(bytes, version);
  *(at.end() - 1) = 1;
  EXPECT_EQ(refusal(bytes), "its version is neither 1 nor 3");
}

TEST(Certificate, ShowsNamesThatCannotMoveTheCursor) {
  testing::Spec spec;
  spec.subject = "a\x1b[2J, CN=b \xff";
  EXPECT_EQ(Certificate::parse(issued(spec))->subject_text(), R"(CN=a\x1b[2J\, CN=b \xff)");
  spec.subject = "";
  EXPECT_EQ(Certificate::parse(issued(spec))->subject_text(), "");
}

TEST(Certificate, ReadsListsInPem) {
  const std::string root = read("rsa-root.pem");
  const std::string old = read("version-1.pem");
  EXPECT_EQ(Certificate::parse_pem("text before\n" + root + "between\n" + old, "the chain")->size(), 2U);

  const auto error = [](const std::string& text) {
    return Certificate::parse_pem(text, "the chain").error();
  };
  EXPECT_EQ(error("hello").code, Code::malformed);
  EXPECT_EQ(error("hello").message, "the chain holds no certificate");
  EXPECT_EQ(error(root + key().public_key().pem()).text(),
            "the chain holds something that is no certificate: the PEM type of block 2 is \"PUBLIC KEY\"");
  EXPECT_EQ(error(root + "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n").text(),
            "certificate 2 of the chain cannot be used: not a valid certificate: not valid DER: an element "
            "is missing");
  std::string many;
  for (std::size_t i = 0; i <= limits::certificates; ++i) many += old;
  EXPECT_EQ(error(many).code, Code::too_large);
}

TEST(Certificate, ReadsThoseOfTheVectors) {
  const auto vectors = testing::bundle_vectors();
  if (!vectors) GTEST_SKIP() << "SIGSTORE_VECTORS is not set";
  std::size_t read_well = 0;
  for (const auto& folder : testing::bundle_cases(*vectors)) {
    const auto one = testing::read_case(*vectors, folder);
    if (!one) continue;
    for (const auto& bytes : testing::raw_bytes(one->root)) {
      if (PublicKey::from_spki(bytes)) continue;
      const auto certificate = Certificate::parse(bytes);
      if (!certificate && bytes[0] == 0x30 && bytes[4] == 0x02) continue;  // a log's RSA key in PKCS#1
      ASSERT_TRUE(certificate) << folder << ": " << certificate.error().text();
      EXPECT_TRUE(certificate->public_key()) << folder;
      EXPECT_NE(certificate->issuer_text(), "") << folder;
      ++read_well;
    }
    for (const auto& certificate : testing::certificates_in(one->bundle)) {
      EXPECT_EQ(certificate.names().size(), 1U) << folder;
      EXPECT_EQ(certificate.extended_key_usage(), std::vector<std::string>{std::string(code_signing)})
          << folder;
      ++read_well;
    }
  }
  EXPECT_GT(read_well, 60U);
}

}  // namespace
}  // namespace sigstore::crypto::x509
