#include "sigstore/crypto/internal/key_encryption.h"

#include <algorithm>
#include <array>

#include "sigstore/codec/der.h"
#include "sigstore/codec/hex.h"

namespace sigstore::crypto::internal {
namespace {

namespace der = codec::der;

constexpr std::string_view oid_pbes2 = "1.2.840.113549.1.5.13";
constexpr std::string_view oid_pbkdf2 = "1.2.840.113549.1.5.12";
constexpr std::string_view oid_scrypt = "1.3.6.1.4.1.11591.4.11";

// What opening may cost: some seconds, and the memory of scrypt's own bound. Tools use up to a million
// iterations, and 16 MiB.
constexpr std::uint64_t most_iterations = 10'000'000;
constexpr std::uint64_t most_scrypt_work = std::uint64_t{1} << 23;  // N * r * p
constexpr std::size_t most_salt = 1024;

struct Cipher {
  std::string_view oid, header;
  BlockCipher cipher;
};
constexpr std::array<Cipher, 4> ciphers = {
    {{"2.16.840.1.101.3.4.1.2", "AES-128-CBC", {"AES-128-CBC", 16, 16}},
     {"2.16.840.1.101.3.4.1.22", "AES-192-CBC", {"AES-192-CBC", 24, 16}},
     {"2.16.840.1.101.3.4.1.42", "AES-256-CBC", {"AES-256-CBC", 32, 16}},
     {"1.2.840.113549.3.7", "DES-EDE3-CBC", {"DES-EDE3-CBC", 24, 8}}}};

struct Digest {
  std::string_view hmac_oid;
  const char* name;
};
constexpr std::array<Digest, 5> digests = {{{"1.2.840.113549.2.7", "SHA1"},
                                            {"1.2.840.113549.2.8", "SHA224"},
                                            {"1.2.840.113549.2.9", "SHA256"},
                                            {"1.2.840.113549.2.10", "SHA384"},
                                            {"1.2.840.113549.2.11", "SHA512"}}};

constexpr std::string_view not_valid = "not a valid encrypted key";

std::unexpected<Error> malformed(std::string cause) {
  return fail(Code::malformed, std::string(not_valid), std::move(cause));
}
std::unexpected<Error> unsupported(std::string cause) {
  return fail(Code::unsupported, "it is encrypted in a way that is not supported", std::move(cause),
              "openssl pkcs8 -topk8 -in FILE -out NEW encrypts it in a newer way");
}
std::unexpected<Error> too_costly(std::string cause) {
  return fail(Code::unsupported, "its password is made too costly to try", std::move(cause));
}

Result<std::uint64_t> read_count(der::Reader& reader) {
  TRY(const auto element, reader.expect(der::integer));
  TRY(const auto magnitude, der::read_unsigned(element.content));
  if (magnitude.size() > 8) return too_costly("a number of more than 64 bits");
  std::uint64_t value = 0;
  for (const auto octet : magnitude) value = value << 8 | octet;
  return value;
}

Result<Bytes> read_octets(der::Reader& reader, std::size_t most) {
  TRY(const auto element, reader.expect(der::octet_string));
  if (element.content.size() > most) return malformed("a salt or IV is too long");
  return Bytes(element.content.begin(), element.content.end());
}

Result<std::string> read_name(der::Reader& reader) {
  TRY(const auto id, reader.expect(der::oid));
  return der::read_oid(id.content);
}

// AlgorithmIdentifier of the HMAC; left out, it is SHA-1's.
Result<const char*> read_prf(der::Reader& parameters) {
  if (parameters.peek() != der::sequence) return digests[0].name;
  TRY(auto reader, parameters.enter(der::sequence));
  TRY(const auto id, read_name(reader));
  if (reader.peek() == der::null) TRY_OK(reader.next());
  TRY_OK(reader.finish());
  const auto found = std::ranges::find(digests, id, &Digest::hmac_oid);
  if (found == digests.end()) return unsupported("PBKDF2 with " + id);
  return found->name;
}

// RFC 8018 A.2: { salt, iterations, keyLength OPTIONAL, prf DEFAULT hmacWithSHA1 }.
Result<void> read_pbkdf2(der::Reader& outer, KeyEncryption& how) {
  TRY(auto reader, outer.enter(der::sequence));
  if (reader.peek() != der::octet_string) return unsupported("PBKDF2 whose salt comes from elsewhere");
  TRY(how.salt, read_octets(reader, most_salt));
  Pbkdf2 derivation;
  TRY(derivation.iterations, read_count(reader));
  if (derivation.iterations == 0) return malformed("PBKDF2 with no iteration");
  if (derivation.iterations > most_iterations)
    return too_costly(std::to_string(derivation.iterations) + " iterations of PBKDF2");
  if (reader.peek() == der::integer) TRY_OK(read_count(reader));
  TRY(derivation.digest, read_prf(reader));
  how.derivation = derivation;
  return reader.finish();
}

// RFC 7914, section 7: { salt, N, r, p, keyLength OPTIONAL }.
Result<void> read_scrypt(der::Reader& outer, KeyEncryption& how) {
  TRY(auto reader, outer.enter(der::sequence));
  TRY(how.salt, read_octets(reader, most_salt));
  TRY(const auto n, read_count(reader));
  TRY(const auto r, read_count(reader));
  TRY(const auto p, read_count(reader));
  if (reader.peek() == der::integer) TRY_OK(read_count(reader));
  if (n < 2 || (n & (n - 1)) != 0 || r == 0 || p == 0) return malformed("scrypt with impossible numbers");
  if (r > 64 || p > 64 || n > most_scrypt_work / (r * p))
    return too_costly("scrypt with N=" + std::to_string(n) + ", r=" + std::to_string(r) +
                      ", p=" + std::to_string(p));
  how.derivation = ScryptCost{n, static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(p)};
  return reader.finish();
}

Result<void> read_derivation(der::Reader& outer, KeyEncryption& how) {
  TRY(auto reader, outer.enter(der::sequence));
  TRY(const auto id, read_name(reader));
  if (id != oid_pbkdf2 && id != oid_scrypt) return unsupported("PBES2 with " + id);
  TRY_OK(id == oid_pbkdf2 ? read_pbkdf2(reader, how) : read_scrypt(reader, how));
  return reader.finish();
}

Result<void> read_cipher(der::Reader& outer, KeyEncryption& how) {
  TRY(auto reader, outer.enter(der::sequence));
  TRY(const auto id, read_name(reader));
  const auto found = std::ranges::find(ciphers, id, &Cipher::oid);
  if (found == ciphers.end()) return unsupported("cipher " + id);
  how.cipher = &found->cipher;
  TRY(how.iv, read_octets(reader, most_salt));
  if (how.iv.size() != how.cipher->block_size) return malformed("the IV has the wrong length");
  return reader.finish();
}

Result<KeyEncryption> read_scheme(der::Reader& outer) {
  TRY(auto reader, outer.enter(der::sequence));
  TRY(const auto id, read_name(reader));
  if (id != oid_pbes2) return unsupported("scheme " + id + ", where PBES2 is");
  TRY(auto parameters, reader.enter(der::sequence));
  TRY_OK(reader.finish());
  KeyEncryption how;
  TRY_OK(read_derivation(parameters, how));
  TRY_OK(read_cipher(parameters, how));
  TRY_OK(parameters.finish());
  return how;
}

Result<std::pair<KeyEncryption, BytesView>> read_encrypted(BytesView bytes) {
  der::Reader outer(bytes);
  TRY(auto reader, outer.enter(der::sequence));
  TRY_OK(outer.finish());
  TRY(auto how, read_scheme(reader));
  TRY(const auto data, reader.expect(der::octet_string));
  TRY_OK(reader.finish());
  return std::pair(std::move(how), data.content);
}

}  // namespace

Result<std::pair<KeyEncryption, BytesView>> parse_encrypted_pkcs8(BytesView der) {
  auto read = read_encrypted(der);
  if (read || read.error().code != Code::malformed || read.error().message == not_valid) return read;
  return malformed(read.error().text());
}

Result<KeyEncryption> parse_dek_info(std::string_view value) {
  const auto comma = value.find(',');
  const auto found = std::ranges::find(ciphers, value.substr(0, comma), &Cipher::header);
  if (found == ciphers.end()) return unsupported("cipher \"" + std::string(value.substr(0, comma)) + "\"");
  KeyEncryption how;
  how.derivation = Md5Chain{};
  how.cipher = &found->cipher;
  auto iv = codec::hex::decode(comma == std::string_view::npos ? "" : value.substr(comma + 1));
  if (!iv || iv->size() != how.cipher->block_size) return malformed("DEK-Info does not hold its IV");
  how.iv = std::move(*iv);
  how.salt.assign(how.iv.begin(), how.iv.begin() + 8);
  return how;
}

}  // namespace sigstore::crypto::internal
