#include "sigstore/crypto/internal/key_encoding.h"

#include <algorithm>
#include <array>
#include <optional>

#include "sigstore/codec/der.h"

namespace sigstore::crypto::internal {
namespace {

namespace der = codec::der;

constexpr std::string_view oid_ec = "1.2.840.10045.2.1";
constexpr std::string_view oid_rsa = "1.2.840.113549.1.1.1";
constexpr std::string_view oid_ed25519 = "1.3.101.112";

constexpr std::size_t least_rsa_bits = 2048;
constexpr std::size_t most_rsa_bits = 16384;
constexpr std::size_t ed25519_size = 32;
constexpr std::uint8_t uncompressed = 0x04;
constexpr std::uint8_t context_0 = 0xA0, context_1 = 0xA1, context_1_primitive = 0x81;

struct Curve {
  KeyType type;
  std::string_view oid;
  std::size_t field;
};
constexpr std::array<Curve, 3> curves = {{{KeyType::ecdsa_p256, "1.2.840.10045.3.1.7", 32},
                                          {KeyType::ecdsa_p384, "1.3.132.0.34", 48},
                                          {KeyType::ecdsa_p521, "1.3.132.0.35", 66}}};

// What is met most often among what is not supported.
struct Known {
  std::string_view oid, name;
};
constexpr std::array<Known, 7> known_others = {{{"1.2.840.113549.1.1.10", "RSASSA-PSS"},
                                                {"1.2.840.10040.4.1", "DSA"},
                                                {"1.3.101.113", "Ed448"},
                                                {"1.3.101.110", "X25519"},
                                                {"1.3.132.0.10", "secp256k1"},
                                                {"1.2.840.10045.3.1.1", "P-192"},
                                                {"1.3.132.0.33", "P-224"}}};

std::string name_of(const std::string& oid) {
  const auto found = std::ranges::find(known_others, oid, &Known::oid);
  return found == known_others.end() ? oid : std::string(found->name);
}

constexpr std::string_view not_valid = "not a valid key";

std::unexpected<Error> malformed(std::string cause) {
  return fail(Code::malformed, std::string(not_valid), std::move(cause));
}
std::unexpected<Error> unsupported(std::string cause) {
  return fail(Code::unsupported, "this kind of key is not supported", std::move(cause),
              "ECDSA P-256, P-384 and P-521, RSA of 2048 to 16384 bits and Ed25519 are");
}

// Names the document in the DER reader's own error.
template <typename T>
Result<T> as_key(Result<T> result) {
  if (result || result.error().code != Code::malformed || result.error().message == not_valid) return result;
  return malformed(result.error().text());
}

// AlgorithmIdentifier, with its parameters kept as they are.
struct Algorithm {
  std::string oid;
  std::optional<der::Element> parameters;
};

Result<Algorithm> read_algorithm(der::Reader& outer) {
  TRY(auto reader, outer.enter(der::sequence));
  TRY(const auto id, reader.expect(der::oid));
  Algorithm algorithm;
  TRY(algorithm.oid, der::read_oid(id.content));
  if (!reader.empty()) {
    TRY(algorithm.parameters, reader.next());
  }
  TRY_OK(reader.finish());
  return algorithm;
}

Result<const Curve*> curve_of(const der::Element& named) {
  if (named.tag != der::oid) return unsupported("the curve is not given by its name");
  TRY(const auto id, der::read_oid(named.content));
  for (const auto& curve : curves) {
    if (curve.oid == id) return &curve;
  }
  return unsupported("elliptic curve " + name_of(id));
}

Result<const Curve*> curve_of(const Algorithm& algorithm) {
  if (!algorithm.parameters) return malformed("the curve is missing");
  return curve_of(*algorithm.parameters);
}

Result<void> check_rsa_parameters(const Algorithm& algorithm) {
  const auto& parameters = algorithm.parameters;
  if (!parameters || parameters->tag != der::null || !parameters->content.empty())
    return malformed("the parameters of an RSA key are not NULL");
  return {};
}

Result<void> check_ed25519_parameters(const Algorithm& algorithm) {
  if (algorithm.parameters) return malformed("an Ed25519 key has parameters");
  return {};
}

Result<void> check_point(BytesView point, const Curve& curve) {
  if (point.size() != 1 + 2 * curve.field || point[0] != uncompressed)
    return malformed("the public point is not in uncompressed form");
  return {};
}

std::unexpected<Error> unknown_algorithm(const Algorithm& algorithm) {
  return unsupported("algorithm " + name_of(algorithm.oid));
}

// The exponent's bound is Go's (and OpenSSL's for large keys): it keeps verification cheap.
Result<void> check_rsa(const RsaPublic& key) {
  const std::size_t bits = bits_of(key.n);
  if (bits < least_rsa_bits || bits > most_rsa_bits)
    return unsupported("RSA of " + std::to_string(bits) + " bits");
  if ((key.n.back() & 1) == 0) return malformed("the RSA modulus is even");
  if ((key.e.back() & 1) == 0 || (key.e.size() == 1 && key.e[0] < 3))
    return malformed("the RSA exponent is not odd or below 3");
  if (key.e.size() > 4 || (key.e.size() == 4 && key.e[0] >= 0x80))
    return unsupported("an RSA exponent above 2^31");
  return {};
}

Result<BytesView> read_number(der::Reader& reader) {
  TRY(const auto element, reader.expect(der::integer));
  return der::read_unsigned(element.content);
}

Result<RsaPublic> read_rsa_numbers(der::Reader& reader) {
  RsaPublic key;
  TRY(key.n, read_number(reader));
  TRY(key.e, read_number(reader));
  TRY_OK(check_rsa(key));
  return key;
}

Result<RsaPublic> read_rsa_public(BytesView bytes) {
  der::Reader outer(bytes);
  TRY(auto reader, outer.enter(der::sequence));
  TRY_OK(outer.finish());
  TRY(const auto key, read_rsa_numbers(reader));
  TRY_OK(reader.finish());
  return key;
}

Result<PublicParts> read_public(const Algorithm& algorithm, BytesView key) {
  if (algorithm.oid == oid_ec) {
    TRY(const auto* curve, curve_of(algorithm));
    TRY_OK(check_point(key, *curve));
    return EcPublic{curve->type, key};
  }
  if (algorithm.oid == oid_rsa) {
    TRY_OK(check_rsa_parameters(algorithm));
    return read_rsa_public(key);
  }
  if (algorithm.oid == oid_ed25519) {
    TRY_OK(check_ed25519_parameters(algorithm));
    if (key.size() != ed25519_size) return malformed("an Ed25519 key is not 32 bytes long");
    return Ed25519Public{key};
  }
  return unknown_algorithm(algorithm);
}

Result<PublicParts> read_spki(BytesView bytes) {
  der::Reader outer(bytes);
  TRY(auto reader, outer.enter(der::sequence));
  TRY_OK(outer.finish());
  TRY(const auto algorithm, read_algorithm(reader));
  TRY(const auto bits, reader.expect(der::bit_string));
  TRY_OK(reader.finish());
  TRY(const auto key, der::read_bit_string(bits.content));
  return read_public(algorithm, key);
}

// [0]: the curve, which must be `outer` where that is known already.
Result<const Curve*> read_named_curve(der::Reader& reader, const Curve* outer) {
  TRY(auto inner, reader.enter(context_0));
  TRY(const auto named, inner.next());
  TRY_OK(inner.finish());
  TRY(const auto* curve, curve_of(named));
  if (outer != nullptr && curve != outer) return malformed("two different curves are named");
  return curve;
}

// Some writers leave the zeros at the start out, others add one.
Result<BytesView> read_scalar(BytesView octets, const Curve& curve) {
  while (octets.size() > curve.field && octets[0] == 0) octets = octets.subspan(1);
  if (octets.empty() || octets.size() > curve.field)
    return malformed("the EC private key has the wrong length");
  return octets;
}

// RFC 5915 ECPrivateKey: { 1, OCTET STRING, [0] curve OPTIONAL, [1] BIT STRING OPTIONAL }. `curve` is null
// when what stands around it does not say which it is.
Result<EcPrivate> read_ec_private(BytesView bytes, const Curve* curve) {
  der::Reader outer(bytes);
  TRY(auto reader, outer.enter(der::sequence));
  TRY_OK(outer.finish());
  TRY(const auto version, read_number(reader));
  if (version.size() != 1 || version[0] != 1) return malformed("the version of the EC private key is not 1");
  TRY(const auto scalar, reader.expect(der::octet_string));
  if (reader.peek() == context_0) {
    TRY(curve, read_named_curve(reader, curve));
  }
  if (curve == nullptr) return malformed("the curve is missing");
  EcPrivate key{curve->type, {}, {}};
  TRY(key.scalar, read_scalar(scalar.content, *curve));
  if (reader.peek() == context_1) {
    TRY(auto inner, reader.enter(context_1));
    TRY(const auto bits, inner.expect(der::bit_string));
    TRY_OK(inner.finish());
    TRY(key.point, der::read_bit_string(bits.content));
    TRY_OK(check_point(key.point, *curve));
  }
  TRY_OK(reader.finish());
  return key;
}

// RFC 8017 A.1.2 RSAPrivateKey with two primes.
Result<RsaPrivate> read_rsa_private(BytesView bytes) {
  der::Reader outer(bytes);
  TRY(auto reader, outer.enter(der::sequence));
  TRY_OK(outer.finish());
  TRY(const auto version, read_number(reader));
  if (version.size() != 1 || version[0] != 0) return unsupported("RSA with more than two primes");
  RsaPrivate key;
  TRY(key.pub, read_rsa_numbers(reader));
  for (auto* number : {&key.d, &key.p, &key.q, &key.dp, &key.dq, &key.qinv}) {
    TRY(*number, read_number(reader));
    if (number->size() > key.pub.n.size()) return malformed("an RSA number is larger than the modulus");
  }
  TRY_OK(reader.finish());
  return key;
}

Result<Ed25519Private> read_ed25519_private(BytesView bytes) {
  der::Reader outer(bytes);
  TRY(const auto seed, outer.expect(der::octet_string));
  TRY_OK(outer.finish());
  if (seed.content.size() != ed25519_size) return malformed("an Ed25519 private key is not 32 bytes long");
  return Ed25519Private{seed.content};
}

Result<PrivateParts> read_private(const Algorithm& algorithm, BytesView key) {
  if (algorithm.oid == oid_ec) {
    TRY(const auto* curve, curve_of(algorithm));
    return read_ec_private(key, curve);
  }
  if (algorithm.oid == oid_rsa) {
    TRY_OK(check_rsa_parameters(algorithm));
    return read_rsa_private(key);
  }
  if (algorithm.oid == oid_ed25519) {
    TRY_OK(check_ed25519_parameters(algorithm));
    return read_ed25519_private(key);
  }
  return unknown_algorithm(algorithm);
}

// RFC 5958: version 0, or 1 with a public key; attributes are passed over.
Result<PrivateParts> read_pkcs8(BytesView bytes) {
  der::Reader outer(bytes);
  TRY(auto reader, outer.enter(der::sequence));
  TRY_OK(outer.finish());
  TRY(const auto version, read_number(reader));
  if (version.size() != 1 || version[0] > 1) return unsupported("a PKCS#8 version above 1");
  TRY(const auto algorithm, read_algorithm(reader));
  TRY(const auto key, reader.expect(der::octet_string));
  for (const auto tag : {context_0, context_1_primitive}) {
    if (reader.peek() == tag) TRY_OK(reader.next());
  }
  TRY_OK(reader.finish());
  return read_private(algorithm, key.content);
}

Result<PrivateParts> read_sec1(BytesView key, BytesView parameters) {
  if (parameters.empty()) return read_ec_private(key, nullptr);
  der::Reader reader(parameters);
  TRY(const auto named, reader.next());
  TRY_OK(reader.finish());
  TRY(const auto* curve, curve_of(named));
  return read_ec_private(key, curve);
}

Bytes encode_algorithm(std::string_view oid, const Bytes& parameters) {
  return der::encode(der::sequence, {der::encode_oid(oid), parameters});
}

struct SpkiWriter {
  Bytes operator()(const EcPublic& key) const {
    for (const auto& curve : curves) {
      if (curve.type == key.type)
        return write(encode_algorithm(oid_ec, der::encode_oid(curve.oid)), key.point);
    }
    return {};
  }
  Bytes operator()(const RsaPublic& key) const {
    const Bytes numbers =
        der::encode(der::sequence, {der::encode_unsigned(key.n), der::encode_unsigned(key.e)});
    return write(encode_algorithm(oid_rsa, der::encode(der::null, BytesView())), numbers);
  }
  Bytes operator()(const Ed25519Public& key) const {
    return write(encode_algorithm(oid_ed25519, {}), key.point);
  }

  static Bytes write(const Bytes& algorithm, BytesView key) {
    return der::encode(der::sequence, {algorithm, der::encode_bit_string(key)});
  }
};

}  // namespace

Result<PublicParts> parse_spki(BytesView der) {
  return as_key(read_spki(der));
}
Result<PrivateParts> parse_pkcs8(BytesView der) {
  return as_key(read_pkcs8(der));
}

Result<PrivateParts> parse_sec1(BytesView der, BytesView parameters) {
  return as_key(read_sec1(der, parameters));
}
Result<PrivateParts> parse_pkcs1(BytesView der) {
  auto key = as_key(read_rsa_private(der));
  if (!key) return fail(std::move(key).error());
  return PrivateParts(*key);
}

Result<Bytes> spki_of_pkcs1(BytesView der) {
  TRY(const auto key, as_key(read_rsa_public(der)));
  return encode_spki(key);
}

Bytes encode_spki(const PublicParts& parts) {
  return std::visit(SpkiWriter{}, parts);
}

// The frame is written around zeros and the seed put in last, so that it is never in memory that is not
// wiped.
Secret encode_pkcs8(const Ed25519Private& parts) {
  const Bytes inner = der::encode(der::octet_string, BytesView(Bytes(ed25519_size)));
  const std::uint8_t zero = 0;
  const Bytes frame = der::encode(
      der::sequence, {der::encode_unsigned(BytesView(&zero, 1)), encode_algorithm(oid_ed25519, {}),
                      der::encode(der::octet_string, BytesView(inner))});
  Secret secret{BytesView(frame)};
  std::ranges::copy(parts.seed, secret.writable().last(ed25519_size).begin());
  return secret;
}

std::size_t bits_of(BytesView magnitude) {
  std::size_t bits = magnitude.size() * 8;
  for (unsigned top = magnitude[0]; top < 0x80 && bits > 0; top = top << 1 | 1) --bits;
  return bits;
}

std::size_t field_size(KeyType curve) {
  for (const auto& known : curves) {
    if (known.type == curve) return known.field;
  }
  return 0;
}

}  // namespace sigstore::crypto::internal
