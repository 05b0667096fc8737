#include <array>

#include "pkcs11/internal/keys.h"
#include "sigstore/base/result.h"

namespace pkcs11 {
namespace {

using sigstore::Bytes;
using sigstore::BytesView;

// How a kind of key is made: an EC curve by its object identifier (DER), or RSA of so many bits.
struct Recipe {
  std::string_view name;
  CK_MECHANISM_TYPE mechanism;
  std::array<std::uint8_t, 10> curve;
  std::size_t curve_size;
  CK_ULONG bits;
};

constexpr std::array<std::uint8_t, 10> p256 = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
constexpr std::array<std::uint8_t, 10> p384 = {0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22};
constexpr std::array<std::uint8_t, 10> p521 = {0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23};
constexpr std::array recipes = {
    Recipe{"ecdsa-p256", CKM_EC_KEY_PAIR_GEN, p256, 10, 0},
    Recipe{"ecdsa-p384", CKM_EC_KEY_PAIR_GEN, p384, 7, 0},
    Recipe{"ecdsa-p521", CKM_EC_KEY_PAIR_GEN, p521, 7, 0},
    Recipe{"rsa-2048", CKM_RSA_PKCS_KEY_PAIR_GEN, {}, 0, 2048},
    Recipe{"rsa-3072", CKM_RSA_PKCS_KEY_PAIR_GEN, {}, 0, 3072},
    Recipe{"rsa-4096", CKM_RSA_PKCS_KEY_PAIR_GEN, {}, 0, 4096},
};
constexpr std::array<std::uint8_t, 3> exponent = {0x01, 0x00, 0x01};
constexpr CK_BBOOL yes = CK_TRUE, no = CK_FALSE;

Attempt<const Recipe*> recipe_of(const std::string& algorithm) {
  for (const Recipe& recipe : recipes)
    if (recipe.name == algorithm) return &recipe;
  return std::unexpected(Failure{.kind = "algorithm", .detail = algorithm});
}

// Nothing is ever replaced: a key that a token loses is lost.
Attempt<void> check_new(const Session& session, const KeyWanted& wanted) {
  for (const CK_OBJECT_CLASS& kind : {CKO_PRIVATE_KEY, CKO_PUBLIC_KEY}) {
    for (const auto& [type, name] : {std::pair(CKA_ID, &wanted.id), std::pair(CKA_LABEL, &wanted.label)}) {
      if (name->empty()) continue;
      TRY(const auto found,
          session.find({attribute_of(CKA_CLASS, kind), attribute_of(type, BytesView(*name))}));
      if (!found.empty())
        return std::unexpected(Failure{.kind = "key_exists", .detail = type == CKA_ID ? "id" : "object"});
    }
  }
  return {};
}

std::vector<CK_ATTRIBUTE> public_template(const Recipe& recipe) {
  std::vector<CK_ATTRIBUTE> wanted = {attribute_of(CKA_TOKEN, yes), attribute_of(CKA_PRIVATE, no),
                                      attribute_of(CKA_VERIFY, yes)};
  if (recipe.curve_size != 0) {
    wanted.push_back(attribute_of(CKA_EC_PARAMS, BytesView(recipe.curve).first(recipe.curve_size)));
  } else {
    wanted.push_back(attribute_of(CKA_MODULUS_BITS, recipe.bits));
    wanted.push_back(attribute_of(CKA_PUBLIC_EXPONENT, BytesView(exponent)));
  }
  return wanted;
}

std::vector<CK_ATTRIBUTE> private_template() {
  return {attribute_of(CKA_TOKEN, yes), attribute_of(CKA_PRIVATE, yes), attribute_of(CKA_SENSITIVE, yes),
          attribute_of(CKA_EXTRACTABLE, no), attribute_of(CKA_SIGN, yes)};
}

void name(std::vector<CK_ATTRIBUTE>& attributes, const KeyWanted& wanted) {
  if (!wanted.id.empty()) attributes.push_back(attribute_of(CKA_ID, BytesView(wanted.id)));
  if (!wanted.label.empty()) attributes.push_back(attribute_of(CKA_LABEL, BytesView(wanted.label)));
}

}  // namespace

Attempt<PublicMaterial> create_key(Session& session, const Request& request) {
  TRY(const Recipe* recipe, recipe_of(request.algorithm));
  TRY_OK(check_new(session, request.key));
  auto public_half = public_template(*recipe);
  auto private_half = private_template();
  name(public_half, request.key);
  name(private_half, request.key);
  CK_MECHANISM mechanism{recipe->mechanism, nullptr, 0};
  CK_OBJECT_HANDLE made_public = 0, made_private = 0;
  TRY_OK(check("C_GenerateKeyPair",
               session.functions().C_GenerateKeyPair(session.handle(), &mechanism, public_half.data(),
                                                     public_half.size(), private_half.data(),
                                                     private_half.size(), &made_public, &made_private)));
  return public_material(session, request.key, true);
}

}  // namespace pkcs11
