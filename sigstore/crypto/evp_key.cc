#include "sigstore/crypto/internal/evp_key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <bit>
#include <deque>

#include "sigstore/crypto/internal/scheme.h"

namespace sigstore::crypto::internal {
namespace {

using GroupPtr = std::unique_ptr<EC_GROUP, Free<EC_GROUP_free>>;
using PointPtr = std::unique_ptr<EC_POINT, Free<EC_POINT_free>>;
using Pkcs8Ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Free<PKCS8_PRIV_KEY_INFO_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, Free<BN_clear_free>>;

constexpr unsigned generated_rsa_bits = 3072;

int curve_id(KeyType type) {
  switch (type) {
    case KeyType::ecdsa_p256:
      return NID_X9_62_prime256v1;
    case KeyType::ecdsa_p384:
      return NID_secp384r1;
    default:
      return NID_secp521r1;
  }
}

bool is_rsa(KeyType type) {
  return type == KeyType::rsa;
}

// The parameters of a key, in buffers that are wiped.
class Parameters {
 public:
  void text(const char* name, const char* value) {
    list_.push_back(OSSL_PARAM_construct_utf8_string(name, const_cast<char*>(value), 0));
  }
  void bytes(const char* name, BytesView value) {
    const auto room = keep(value);
    list_.push_back(OSSL_PARAM_construct_octet_string(name, room.data(), room.size()));
  }
  void number(const char* name, BytesView big_endian) {
    const auto room = keep(big_endian);
    if constexpr (std::endian::native == std::endian::little) std::ranges::reverse(room);
    list_.push_back(OSSL_PARAM_construct_BN(name, room.data(), room.size()));
  }
  OSSL_PARAM* get() {
    list_.push_back(OSSL_PARAM_construct_end());
    return list_.data();
  }

 private:
  std::span<std::uint8_t> keep(BytesView value) { return kept_.emplace_back(value).writable(); }

  std::deque<Secret> kept_;
  std::vector<OSSL_PARAM> list_;
};

Result<PKeyPtr> build(const char* algorithm, int selection, Parameters& parameters) {
  start_openssl();
  const PKeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr));
  EVP_PKEY* key = nullptr;
  const bool built = context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                     EVP_PKEY_fromdata(context.get(), &key, selection, parameters.get()) == 1;
  if (!built) return openssl_failed(Code::malformed, "not a valid key");
  return PKeyPtr(key);
}

// scalar * generator, uncompressed; fails for 0 and for what is not below the group's order.
Result<Bytes> public_point(KeyType type, BytesView scalar) {
  start_openssl();
  const GroupPtr group(EC_GROUP_new_by_curve_name(curve_id(type)));
  const NumberPtr number(BN_secure_new());
  if (group == nullptr || number == nullptr)
    return openssl_failed(Code::internal, "cannot use an elliptic curve");
  if (BN_bin2bn(scalar.data(), static_cast<int>(scalar.size()), number.get()) == nullptr)
    return openssl_failed(Code::internal, "cannot use an elliptic curve");
  BN_set_flags(number.get(), BN_FLG_CONSTTIME);
  if (BN_is_zero(number.get()) || BN_cmp(number.get(), EC_GROUP_get0_order(group.get())) >= 0)
    return fail(Code::malformed, "not a valid key", "the EC private key is outside its group");
  const PointPtr point(EC_POINT_new(group.get()));
  Bytes out(1 + 2 * field_size(type));
  const bool done = point != nullptr &&
                    EC_POINT_mul(group.get(), point.get(), number.get(), nullptr, nullptr, nullptr) == 1 &&
                    EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, out.data(),
                                       out.size(), nullptr) == out.size();
  if (!done) return openssl_failed(Code::internal, "cannot use an elliptic curve");
  return out;
}

Result<Bytes> number_of(const EVP_PKEY& key, const char* name) {
  BIGNUM* raw = nullptr;
  EVP_PKEY_get_bn_param(&key, name, &raw);
  const NumberPtr number(raw);
  if (number == nullptr) return openssl_failed(Code::internal, "cannot read a key");
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), bytes.data());
  return bytes;
}

// What RSA has to know of a scheme. A salt's length is only asked for when one is made: a signature says its
// own.
bool set_padding(EVP_PKEY_CTX* context, Scheme scheme, bool signs) {
  const bool pss = is_pss(scheme);
  if (EVP_PKEY_CTX_set_rsa_padding(context, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) != 1 ||
      EVP_PKEY_CTX_set_signature_md(context, digest_method(digest_of(scheme))) != 1)
    return false;
  return !pss || EVP_PKEY_CTX_set_rsa_pss_saltlen(context,
                                                  signs ? RSA_PSS_SALTLEN_DIGEST : RSA_PSS_SALTLEN_AUTO) == 1;
}

// The context of one operation, ready.
PKeyContextPtr make_context(const EVP_PKEY& key, int (*begin)(EVP_PKEY_CTX*), Scheme scheme) {
  PKeyContextPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, const_cast<EVP_PKEY*>(&key), nullptr));
  if (context == nullptr || begin(context.get()) != 1) return nullptr;
  if (EVP_PKEY_is_a(&key, "RSA") != 1) return context;
  return set_padding(context.get(), scheme, begin == EVP_PKEY_sign_init) ? std::move(context) : nullptr;
}

}  // namespace

Result<PKeyPtr> make_public(const RsaPublic& key) {
  Parameters parameters;
  parameters.number(OSSL_PKEY_PARAM_RSA_N, key.n);
  parameters.number(OSSL_PKEY_PARAM_RSA_E, key.e);
  return build("RSA", EVP_PKEY_PUBLIC_KEY, parameters);
}

Result<PKeyPtr> make_private(const EcPrivate& key) {
  TRY(const Bytes point, public_point(key.type, key.scalar));
  if (!key.point.empty() && !std::ranges::equal(point, key.point))
    return fail(Code::malformed, "not a valid key", "its public half belongs to another key");
  Parameters parameters;
  parameters.text(OSSL_PKEY_PARAM_GROUP_NAME, OBJ_nid2sn(curve_id(key.type)));
  parameters.bytes(OSSL_PKEY_PARAM_PUB_KEY, point);
  parameters.number(OSSL_PKEY_PARAM_PRIV_KEY, key.scalar);
  return build("EC", EVP_PKEY_KEYPAIR, parameters);
}

Result<PKeyPtr> make_private(const RsaPrivate& key) {
  Parameters parameters;
  parameters.number(OSSL_PKEY_PARAM_RSA_N, key.pub.n);
  parameters.number(OSSL_PKEY_PARAM_RSA_E, key.pub.e);
  parameters.number(OSSL_PKEY_PARAM_RSA_D, key.d);
  parameters.number(OSSL_PKEY_PARAM_RSA_FACTOR1, key.p);
  parameters.number(OSSL_PKEY_PARAM_RSA_FACTOR2, key.q);
  parameters.number(OSSL_PKEY_PARAM_RSA_EXPONENT1, key.dp);
  parameters.number(OSSL_PKEY_PARAM_RSA_EXPONENT2, key.dq);
  parameters.number(OSSL_PKEY_PARAM_RSA_COEFFICIENT1, key.qinv);
  return build("RSA", EVP_PKEY_KEYPAIR, parameters);
}

Result<PKeyPtr> generate_evp(KeyType type) {
  start_openssl();
  PKeyPtr key(is_rsa(type) ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{generated_rsa_bits})
                           : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", OBJ_nid2sn(curve_id(type))));
  if (key == nullptr) return openssl_failed(Code::internal, "cannot make a key");
  return key;
}

Result<Bytes> spki_of(const EVP_PKEY& key, KeyType type) {
  if (is_rsa(type)) {
    TRY(const Bytes n, number_of(key, OSSL_PKEY_PARAM_RSA_N));
    TRY(const Bytes e, number_of(key, OSSL_PKEY_PARAM_RSA_E));
    return encode_spki(RsaPublic{n, e});
  }
  Bytes point(1 + 2 * field_size(type));
  std::size_t size = 0;
  if (EVP_PKEY_get_octet_string_param(&key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size) !=
          1 ||
      size != point.size())
    return openssl_failed(Code::internal, "cannot read a key");
  return encode_spki(EcPublic{type, point});
}

Result<Secret> pkcs8_of(const EVP_PKEY& key) {
  const Pkcs8Ptr info(EVP_PKEY2PKCS8(&key));
  unsigned char* bytes = nullptr;
  const int size = info == nullptr ? -1 : i2d_PKCS8_PRIV_KEY_INFO(info.get(), &bytes);
  if (size < 0) return openssl_failed(Code::internal, "cannot encode a key");
  Secret secret{BytesView(bytes, static_cast<std::size_t>(size))};
  OPENSSL_clear_free(bytes, static_cast<std::size_t>(size));
  return secret;
}

bool evp_verify(const EVP_PKEY& key, Scheme scheme, BytesView digest, BytesView signature) {
  const auto context = make_context(key, EVP_PKEY_verify_init, scheme);
  const bool good = context != nullptr && EVP_PKEY_verify(context.get(), signature.data(), signature.size(),
                                                          digest.data(), digest.size()) == 1;
  openssl_reason();  // a bad signature leaves entries in the error queue
  return good;
}

Result<Bytes> evp_sign(const EVP_PKEY& key, Scheme scheme, BytesView digest) {
  const auto context = make_context(key, EVP_PKEY_sign_init, scheme);
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(&key));
  Bytes signature(size);
  if (context == nullptr ||
      EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest.size()) != 1)
    return openssl_failed(Code::internal, "cannot sign");
  signature.resize(size);
  return signature;
}

}  // namespace sigstore::crypto::internal
