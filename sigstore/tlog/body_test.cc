#include "sigstore/tlog/body.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/testdata.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/pem.h"
#include "sigstore/crypto/key.h"

namespace sigstore::tlog {
namespace {

namespace json = codec::json;

std::string base64(std::string_view text) {
  return codec::base64::encode(as_bytes(text));
}

const crypto::PublicKey& key() {
  static const crypto::PublicKey key =
      crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256)->public_key();
  return key;
}

LoggedDigest digest_of(std::string_view text,
                       crypto::HashAlgorithm algorithm = crypto::HashAlgorithm::sha256) {
  return {algorithm, crypto::hash(algorithm, as_bytes(text))};
}

const LoggedSignature by_key{to_bytes("signature"), {}, key().spki()};
const LoggedSignature by_certificate{to_bytes("signature"), {0x30, 0x00}, {}};

std::string refusal(std::string_view body) {
  const auto read = read_body(body);
  if (read) return "accepted";
  return std::string(name(read.error().code)) + ": " + read.error().text();
}

// Of a text, each part `from` becomes `to`; the test fails where there is none.
std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from << " is not in " << text;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

const std::string broken = "malformed: the body of the log entry is malformed: ";

// --- each kind, as it is written

TEST(Body, Hashedrekord1IsWrittenAndRead) {
  for (const auto algorithm :
       {crypto::HashAlgorithm::sha256, crypto::HashAlgorithm::sha384, crypto::HashAlgorithm::sha512}) {
    for (const auto& signature : {by_key, by_certificate}) {
      const auto body = read_body(write_hashedrekord_v001(digest_of("file", algorithm), signature));
      ASSERT_TRUE(body) << body.error().text();
      Body wanted{.kind = "hashedrekord", .version = "0.0.1", .signatures = {signature}};
      wanted.artifact = digest_of("file", algorithm);
      EXPECT_EQ(*body, wanted);
    }
  }
  EXPECT_EQ(
      write_hashedrekord_v001(digest_of(""), by_certificate),
      R"({"apiVersion":"0.0.1","kind":"hashedrekord","spec":{"data":{"hash":{"algorithm":"sha256","value":)"
      R"("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}},"signature":{"content":)"
      R"("c2lnbmF0dXJl","publicKey":{"content":")" +
          base64("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n") + R"("}}}})");
}

TEST(Body, Hashedrekord2IsWrittenAndRead) {
  for (const auto algorithm :
       {crypto::HashAlgorithm::sha256, crypto::HashAlgorithm::sha384, crypto::HashAlgorithm::sha512}) {
    for (const auto& signature : {by_key, by_certificate}) {
      const auto body = read_body(
          write_hashedrekord_v002(digest_of("file", algorithm), signature, "PKIX_ECDSA_P256_SHA_256"));
      ASSERT_TRUE(body) << body.error().text();
      Body wanted{.kind = "hashedrekord", .version = "0.0.2", .signatures = {signature}};
      wanted.artifact = digest_of("file", algorithm);
      EXPECT_EQ(*body, wanted);
    }
  }
  EXPECT_EQ(
      write_hashedrekord_v002(digest_of(""), by_certificate, "PKIX_ECDSA_P256_SHA_256"),
      R"({"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":)"
      R"("SHA2_256","digest":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},"signature":{"content":)"
      R"("c2lnbmF0dXJl","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256","x509Certificate":{"rawBytes":)"
      R"("MAA="}}}}}})");
}

TEST(Body, Dsse1IsWrittenInTheOrderOfItsSignatures) {
  LoggedSignature first = by_key, second = by_certificate;
  first.signature = to_bytes("a");
  second.signature = to_bytes("b");
  const auto body = read_body(write_dsse_v001(digest_of("envelope"), digest_of("payload"), {second, first}));
  ASSERT_TRUE(body) << body.error().text();
  Body wanted{.kind = "dsse", .version = "0.0.1", .signatures = {first, second}};
  wanted.envelope = digest_of("envelope");
  wanted.payload = digest_of("payload");
  EXPECT_EQ(*body, wanted);
}

TEST(Body, Intoto2IsWrittenAndRead) {
  const auto body = read_body(write_intoto_v002(digest_of("envelope"), digest_of("payload"),
                                                "application/vnd.in-toto+json", {by_key, by_certificate}));
  ASSERT_TRUE(body) << body.error().text();
  Body wanted{.kind = "intoto", .version = "0.0.2", .signatures = {by_key, by_certificate}};
  wanted.envelope = digest_of("envelope");
  wanted.payload = digest_of("payload");
  EXPECT_EQ(*body, wanted);
}

// --- the kinds that nobody writes any more

std::string intoto1(const std::string& content) {
  return R"({"apiVersion":"0.0.1","kind":"intoto","spec":{"content":)" + content + R"(,"publicKey":")" +
         base64(key().pem()) + R"("}})";
}

std::string hash_text(std::string_view text) {
  return R"({"algorithm":"sha256","value":")" + codec::hex::encode(crypto::sha256(as_bytes(text))) + R"("})";
}

TEST(Body, Intoto1IsReadWithoutASignature) {
  const auto body = read_body(
      intoto1(R"({"hash":)" + hash_text("envelope") + R"(,"payloadHash":)" + hash_text("payload") + "}"));
  ASSERT_TRUE(body) << body.error().text();
  EXPECT_EQ(body->envelope, digest_of("envelope"));
  EXPECT_EQ(body->payload, digest_of("payload"));
  ASSERT_EQ(body->signatures.size(), 1U);
  EXPECT_EQ(body->signatures[0], (LoggedSignature{{}, {}, key().spki()}));
  const auto oldest = read_body(intoto1(R"({"hash":)" + hash_text("envelope") + "}"));
  ASSERT_TRUE(oldest) << oldest.error().text();
  EXPECT_FALSE(oldest->payload);
}

TEST(Body, RekordIsReadWhereItIsOfX509) {
  const std::string text = R"({"apiVersion":"0.0.1","kind":"rekord","spec":{"data":{"hash":)" +
                           hash_text("file") +
                           R"(},"signature":{"content":"c2ln","format":"x509","publicKey":{"content":")" +
                           base64(key().pem()) + R"("}}}})";
  const auto body = read_body(text);
  ASSERT_TRUE(body) << body.error().text();
  EXPECT_EQ(body->artifact, digest_of("file"));
  EXPECT_EQ(body->signatures[0].signature, to_bytes("sig"));
  EXPECT_EQ(refusal(with(text, "x509", "pgp")),
            "unsupported: the log entry has a signature that is not of X.509");
  EXPECT_EQ(refusal(with(text, R"("format":"x509",)", "")), broken + "spec.signature.format is no text");
}

std::string dsse2(const std::string& payload_hash, const std::string& signature) {
  return R"({"apiVersion":"0.0.2","kind":"dsse","spec":{"dsseV002":{"payloadHash":)" + payload_hash +
         R"(,"signatures":[)" + signature + "]}}}";
}

TEST(Body, Dsse2IsRead) {
  const std::string signature =
      R"({"content":"c2ln","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256","publicKey":{"rawBytes":")" +
      codec::base64::encode(key().spki()) + R"("}}})";
  const std::string hash =
      R"({"algorithm":"SHA2_256","digest":")" + codec::base64::encode(crypto::sha256({})) + R"("})";
  const auto body = read_body(dsse2(hash, signature));
  ASSERT_TRUE(body) << body.error().text();
  EXPECT_EQ(body->payload, digest_of(""));
  EXPECT_FALSE(body->envelope);
  EXPECT_EQ(body->signatures[0], (LoggedSignature{to_bytes("sig"), {}, key().spki()}));
  EXPECT_EQ(refusal(dsse2(hash, "")), broken + "spec.dsseV002.signatures is no list");
  EXPECT_EQ(refusal(dsse2(hash, signature + ",1")), broken + "spec.dsseV002.signatures[1] is no object");
}

// --- keys

std::string with_key(std::string_view pem) {
  return with(write_hashedrekord_v001(digest_of("file"), by_key), base64(key().pem()), base64(pem));
}

TEST(Body, KeysAreOneBlockOfPem) {
  const std::string place = "spec.signature.publicKey.content", pem = key().pem();
  EXPECT_EQ(refusal(with_key(pem)), "accepted");
  EXPECT_EQ(refusal(with_key(pem.substr(0, pem.size() - 1))), "accepted");
  EXPECT_EQ(refusal(with_key(pem + pem)),
            "unsupported: the log entry has more than one key for one signature: " + place);
  EXPECT_EQ(refusal(with_key(codec::pem::encode("CERTIFICATE", Bytes{0x30, 0}) + pem)),
            "unsupported: the log entry has more than one key for one signature: " + place);
  EXPECT_EQ(refusal(with_key("untrusted comment: minisign")),
            "unsupported: the log entry has a key that is neither PEM nor X.509: " + place);
  EXPECT_EQ(refusal(with_key(codec::pem::encode("PGP PUBLIC KEY BLOCK", Bytes{1}))),
            "unsupported: the log entry has a key of another kind: " + place + " is a PGP PUBLIC KEY BLOCK");
  EXPECT_EQ(refusal(with_key(codec::pem::encode("PRIVATE KEY", Bytes{1}))),
            "unsupported: the log entry has a key of another kind: " + place + " is a PRIVATE KEY");
  EXPECT_EQ(refusal(with_key("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")),
            broken + place + " is an empty certificate");
  EXPECT_EQ(refusal(with_key(codec::pem::encode("CERTIFICATE", Bytes(limits::certificate_bytes + 1)))),
            "too_large: the certificate in the log entry has more than 65536 bytes");
  const auto no_key = read_body(with_key(codec::pem::encode("PUBLIC KEY", Bytes{0x30, 0})));
  ASSERT_FALSE(no_key);
  EXPECT_EQ(no_key.error().code, Code::malformed);
  EXPECT_EQ(no_key.error().message, "the key in the log entry cannot be used");
}

TEST(Body, Pkcs1KeysAreRead) {
  const auto rsa = crypto::PrivateKey::generate(crypto::KeyType::rsa);
  const auto& spki = rsa->public_key().spki();
  // The BIT STRING of the SPKI: 3072 bits make three bytes of length, twice, after an AlgorithmIdentifier
  // of 15.
  const Bytes pkcs1(spki.begin() + 4 + 15 + 5, spki.end());
  const auto body = read_body(with_key(codec::pem::encode("RSA PUBLIC KEY", pkcs1)));
  ASSERT_TRUE(body) << body.error().text();
  EXPECT_EQ(body->signatures[0].key, spki);
}

// --- refusals

TEST(Body, MalformedHashedrekord1) {
  const std::string good = write_hashedrekord_v001(digest_of("file"), by_key);
  const std::string value = codec::hex::encode(digest_of("file").digest);
  const std::tuple<std::string, std::string, std::string> changes[] = {
      {"\"kind\":\"hashedrekord\",", "", "kind is no text"},
      {"\"kind\":\"hashedrekord\"", "\"kind\":7", "kind is no text"},
      {"\"apiVersion\":\"0.0.1\",", "", "apiVersion is no text"},
      {"\"spec\":{\"data\"", "\"spec\":7,\"rest\":{\"data\"", "spec is no object"},
      {"\"data\":{", "\"dat\":{", "spec.data is no object"},
      {"\"hash\":{", "\"has\":{", "spec.data.hash is no object"},
      {"\"algorithm\":\"sha256\",", "", "spec.data.hash.algorithm is no text"},
      {value, "", "spec.data.hash.value is no text"},
      {value, value.substr(2), "spec.data.hash.value is no digest by sha256"},
      {value, value + "00", "spec.data.hash.value is no digest by sha256"},
      {value, "z" + value.substr(1), "spec.data.hash.value is no digest by sha256"},
      {"sha256", "sha384", "spec.data.hash.value is no digest by sha384"},
      {"\"signature\":{", "\"signatur\":{", "spec.signature is no object"},
      {"\"content\":\"c2lnbmF0dXJl\",", "", "spec.signature.content is no text"},
      {"c2lnbmF0dXJl", "", "spec.signature.content is no text"},
      {"c2lnbmF0dXJl", "c2lnbmF0dXJ", "spec.signature.content is not base64"},
      {"c2lnbmF0dXJl", "c2lnbmF0dXJ\\n", "spec.signature.content is not base64"},
      {"c2lnbmF0dXJl", "_2lnbmF0dXJl", "spec.signature.content is not base64"},
      {"\"publicKey\":{", "\"publicke\":{", "spec.signature.publicKey is no object"},
      {"\"publicKey\":{\"content\"", "\"publicKey\":{\"contents\"",
       "spec.signature.publicKey.content is no text"},
  };
  for (const auto& [from, to, cause] : changes)
    EXPECT_EQ(refusal(with(good, from, to)), broken + cause) << to;
  EXPECT_EQ(refusal(with(good, "sha256", "md5")), "unsupported: the log entry has a digest by md5");
  EXPECT_EQ(refusal(R"({"apiVersion":"0.0.1","kind":"hashedrekord"})"), broken + "spec is no object");
  // What later versions of the log may add does not matter.
  EXPECT_EQ(refusal(with(good, "\"hash\":{", "\"url\":\"\",\"hash\":{")), "accepted");
}

TEST(Body, MalformedHashedrekord2) {
  const std::string good = write_hashedrekord_v002(digest_of("file"), by_key, "PKIX_ECDSA_P256_SHA_256");
  const std::string digest = codec::base64::encode(digest_of("file").digest);
  const std::string at = "spec.hashedRekordV002.";
  const std::tuple<std::string, std::string, std::string> changes[] = {
      {"{\"apiVersion\"", "{\"a\":1,\"apiVersion\"", "a is not known"},
      {"{\"apiVersion\"", "{ \"apiVersion\"", "it is not canonical JSON"},
      {"\"hashedRekordV002\"", "\"hashedRekordV001\"", "spec.hashedRekordV001 is not known"},
      {"\"hashedRekordV002\"", "\"hashed_rekord_v002\"", "spec.hashed_rekord_v002 is not known"},
      {"\"data\":{", "\"dat\":{", at + "dat is not known"},
      {"SHA2_256", "SHA2_512", at + "data.digest is no digest by SHA2_512"},
      {digest, "", at + "data.digest is no text"},
      {digest, "AAAA", at + "data.digest is no digest by SHA2_256"},
      {"\"content\":\"c2lnbmF0dXJl\",", "", at + "signature.content is no text"},
      {"c2lnbmF0dXJl", "c2lnbmF0dXJ", at + "signature.content is not base64"},
      {"\"keyDetails\":\"PKIX_ECDSA_P256_SHA_256\",", "", at + "signature.verifier.keyDetails is no text"},
      {"\"publicKey\":{", "\"publicKey\":null,\"x509Certificate\":null,\"z\":{",
       at + "signature.verifier.z is not known"},
      {"}}}}}}", "},\"x509Certificate\":{\"rawBytes\":\"MAA=\"}}}}}}",
       at + "signature.verifier has not one of publicKey and x509Certificate"},
      {"\"rawBytes\":", "\"rawByte\":", at + "signature.verifier.publicKey.rawByte is not known"},
  };
  for (const auto& [from, to, cause] : changes) {
    EXPECT_EQ(refusal(with(good, from, to)), broken + cause) << to;
  }
  EXPECT_EQ(refusal(with(good, "SHA2_256", "SHA3_256")),
            "unsupported: the log entry has a digest by SHA3_256");
  EXPECT_EQ(refusal(with(good, "\"publicKey\":{\"rawBytes\":\"",
                         "\"publicKey\":{\"rawBytes\":\"MAA=\"},\"z\":{\"y\":\"")),
            broken + at + "signature.verifier.z is not known");
}

TEST(Body, MalformedDsseAndIntoto) {
  const std::string dsse = write_dsse_v001(digest_of("envelope"), digest_of("payload"), {by_key});
  EXPECT_EQ(refusal(with(dsse, "envelopeHash", "envelopehash")), broken + "spec.envelopeHash is no object");
  EXPECT_EQ(refusal(with(dsse, "payloadHash", "payloadhash")), broken + "spec.payloadHash is no object");
  EXPECT_EQ(refusal(with(dsse, "c2lnbmF0dXJl", "c2ln!")),
            broken + "spec.signatures[0].signature is not base64");
  EXPECT_EQ(refusal(with(dsse, "\"verifier\"", "\"verifie\"")),
            broken + "spec.signatures[0].verifier is no text");
  EXPECT_EQ(refusal(write_dsse_v001(digest_of("envelope"), digest_of("payload"), {})),
            broken + "spec.signatures is no list");
  const std::string intoto =
      write_intoto_v002(digest_of("envelope"), digest_of("payload"), "text/plain", {by_key});
  EXPECT_EQ(refusal(with(intoto, "\"payloadHash\"", "\"payloadhash\"")),
            broken + "spec.content.payloadHash is no object");
  EXPECT_EQ(refusal(with(intoto, base64("c2lnbmF0dXJl"), "c2lnbmF0dXJl")),
            broken + "spec.content.envelope.signatures[0].sig is not base64 of base64");
  EXPECT_EQ(refusal(with(intoto, "\"signatures\":[", "\"signatures\":[],\"rest\":[")),
            broken + "spec.content.envelope.signatures is no list");
}

TEST(Body, IntotoWithItsPayloadMustHaveItsDigest) {
  const std::string intoto =
      write_intoto_v002(digest_of("envelope"), digest_of("payload"), "text/plain", {by_key});
  const auto holding = [&](const std::string& payload) {
    return with(intoto, "\"payloadType\"", "\"payload\":\"" + base64(base64(payload)) + "\",\"payloadType\"");
  };
  EXPECT_EQ(refusal(holding("payload")), "accepted");
  EXPECT_EQ(refusal(holding("payloads")), broken + "spec.content.payloadHash is not that of its payload");
  const auto computed = read_body(with(holding("other"), "\"payloadHash\"", "\"payloadhash\""));
  ASSERT_TRUE(computed) << computed.error().text();
  EXPECT_EQ(computed->payload, digest_of("other"));
}

TEST(Body, OtherDocumentsAreRefused) {
  EXPECT_EQ(refusal("[]"), broken + "it is no object");
  EXPECT_EQ(refusal(""), "malformed: " + read_body("").error().text());
  EXPECT_EQ(refusal("{\"kind\":\"a\",\"kind\":\"a\"}").substr(0, 10), "malformed:");
  EXPECT_EQ(refusal(R"({"apiVersion":"0.0.3","kind":"hashedrekord","spec":{}})"),
            "unsupported: log entries of kind hashedrekord 0.0.3 are not known");
  EXPECT_EQ(refusal(R"({"apiVersion":"0.0.1","kind":"alpine","spec":{}})"),
            "unsupported: log entries of kind alpine 0.0.1 are not known");
  EXPECT_EQ(refusal(R"({"apiVersion":"0.0.1","kind":"\u001b[2J","spec":{}})"),
            "unsupported: log entries of kind \\x1b[2J 0.0.1 are not known");
}

TEST(Body, IsBounded) {
  EXPECT_EQ(refusal(std::string(limits::entry_bytes + 1, ' ')),
            "too_large: the body of the log entry has more than 16777216 bytes");
  const std::vector<LoggedSignature> most(limits::entry_signatures, by_key);
  EXPECT_EQ(refusal(write_dsse_v001(digest_of("e"), digest_of("p"), most)), "accepted");
  auto more = most;
  more.push_back(by_key);
  EXPECT_EQ(refusal(write_dsse_v001(digest_of("e"), digest_of("p"), more)),
            "too_large: the log entry has more than 32 signatures");
  std::string ones = "1";
  for (int i = 0; i < 2000; ++i) ones += ",1";
  const auto crowded =
      with(write_hashedrekord_v001(digest_of("f"), by_key), "\"spec\":{", "\"x\":[" + ones + "],\"spec\":{");
  EXPECT_EQ(read_body(crowded).error().code, Code::too_large);
}

TEST(Body, ItsKindIsTheOneThatIsClaimed) {
  Entry entry{.kind = "hashedrekord", .version = "0.0.1"};
  entry.body = write_hashedrekord_v001(digest_of("file"), by_key);
  EXPECT_TRUE(read_body(entry));
  entry.version = "0.0.2";
  EXPECT_EQ(read_body(entry).error().text(),
            "the log entry is not of the kind that it claims to be: its body is hashedrekord 0.0.1 and not "
            "hashedrekord 0.0.2");
  EXPECT_EQ(read_body(entry).error().code, Code::mismatch);
  entry.kind.clear();
  EXPECT_FALSE(read_body(entry));
  entry.version.clear();
  EXPECT_TRUE(read_body(entry));
}

// --- vectors: SIGSTORE_VECTORS. The bodies of real entries, which the writers give again.

// Their keyDetails stand nowhere but there.
std::string key_details(std::string_view body) {
  const auto document = json::parse(body, "body");
  const auto* spec = document->get("spec")->get("hashedRekordV002");
  return *spec->get("signature")->get("verifier")->get("keyDetails")->string();
}

std::string written(const Body& body, const std::string& text) {
  if (body.kind == "hashedrekord" && body.version == "0.0.1") {
    return write_hashedrekord_v001(*body.artifact, body.signatures[0]);
  }
  if (body.kind == "hashedrekord") {
    return write_hashedrekord_v002(*body.artifact, body.signatures[0], key_details(text));
  }
  if (body.kind == "dsse") return write_dsse_v001(*body.envelope, *body.payload, body.signatures);
  return text;  // intoto: the one there is still has its payload
}

TEST(BodyVectors, RealEntriesAreReadAndWrittenByteForByte) {
  const auto vectors = fakes::vectors_folder();
  if (!vectors) GTEST_SKIP() << "SIGSTORE_VECTORS is not set";
  int tried = 0;
  std::set<std::string> refused;
  for (const auto& folder : std::filesystem::directory_iterator(*vectors + "/sigstore-bundles")) {
    if (!folder.is_directory()) continue;
    const auto text = fakes::read_testdata((folder.path() / "bundle.sigstore.json").string());
    const auto bundle = json::parse(text, "bundle");
    if (!bundle) continue;
    for (const auto& entry : *bundle->get("verificationMaterial")->get("tlogEntries")->array()) {
      const auto stored = to_text(*codec::base64::decode(*entry.get("canonicalizedBody")->string()));
      const auto body = read_body(stored);
      if (!body) {
        refused.insert(folder.path().filename().string());
        continue;
      }
      EXPECT_EQ(written(*body, stored), stored) << folder;
      EXPECT_EQ(body->kind, *entry.get("kindVersion")->get("kind")->string());
      ++tried;
    }
  }
  EXPECT_GE(tried, 27);
  // Nothing in it; a certificate whose base64 is broken.
  EXPECT_EQ(refused, (std::set<std::string>{"bundle-empty-certificate-chain_fail",
                                            "bundle-invalid-base64-signature_fail"}));
}

}  // namespace
}  // namespace sigstore::tlog
