#include "pkcs11/internal/keys.h"

#include "sigstore/base/limits.h"
#include "sigstore/base/result.h"

namespace pkcs11 {
namespace {

namespace limits = sigstore::limits;
using sigstore::Bytes;
using Objects = std::vector<CK_OBJECT_HANDLE>;

Attempt<Objects> find(const Session& session, const CK_OBJECT_CLASS& kind, const KeyWanted& wanted) {
  std::vector<CK_ATTRIBUTE> attributes = {attribute_of(CKA_CLASS, kind)};
  if (!wanted.id.empty())
    attributes.push_back(attribute_of(CKA_ID, sigstore::BytesView(wanted.id)));
  else
    attributes.push_back(attribute_of(CKA_LABEL, sigstore::BytesView(wanted.label)));
  return session.find(std::move(attributes));
}

Attempt<CK_OBJECT_HANDLE> only(const Objects& found) {
  if (found.empty()) return std::unexpected(Failure{.kind = "no_key"});
  if (found.size() > 1) return std::unexpected(Failure{.kind = "several_keys", .count = found.size()});
  return found.front();
}

Attempt<CK_OBJECT_HANDLE> find_private(const Session& session, const KeyWanted& wanted) {
  TRY(const auto found, find(session, CKO_PRIVATE_KEY, wanted));
  return only(found);
}

Attempt<Bytes> bytes(const Session& session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  TRY(auto value, session.attribute(object, type));
  return value ? std::move(*value) : Bytes{};
}

Attempt<std::string> type_of(const Session& session, CK_OBJECT_HANDLE object) {
  TRY(const auto type, session.number(object, CKA_KEY_TYPE));
  if (type == CKK_ECDSA) return "ecdsa";
  if (type == CKK_RSA) return "rsa";
  return "other";
}

Attempt<PublicMaterial> material_of_key(const Session& session, CK_OBJECT_HANDLE object, std::string from) {
  PublicMaterial material;
  material.from = std::move(from);
  TRY(material.type, type_of(session, object));
  if (material.type == "ecdsa") {
    TRY(material.ec_parameters, bytes(session, object, CKA_EC_PARAMS));
    TRY(material.ec_point, bytes(session, object, CKA_EC_POINT));
  } else if (material.type == "rsa") {
    TRY(material.modulus, bytes(session, object, CKA_MODULUS));
    TRY(material.exponent, bytes(session, object, CKA_PUBLIC_EXPONENT));
  }
  TRY(material.info, bytes(session, object, CKA_PUBLIC_KEY_INFO));
  return material;
}

bool says_enough(const PublicMaterial& material) {
  return !material.info.empty() || (!material.ec_parameters.empty() && !material.ec_point.empty()) ||
         (!material.modulus.empty() && !material.exponent.empty());
}

// The names under which the public half of a private key may stand: its id, then its label.
Attempt<std::vector<KeyWanted>> names_of(const Session& session, CK_OBJECT_HANDLE key) {
  std::vector<KeyWanted> names;
  TRY(auto id, bytes(session, key, CKA_ID));
  TRY(auto label, bytes(session, key, CKA_LABEL));
  if (!id.empty()) names.push_back({std::move(id), {}});
  if (!label.empty()) names.push_back({{}, std::move(label)});
  return names;
}

// The first public key of one of these names and of this type (any, where it is empty).
Attempt<PublicMaterial> from_public_key(const Session& session, const std::vector<KeyWanted>& names,
                                        const std::string& type) {
  for (const auto& name : names) {
    TRY(auto found, find(session, CKO_PUBLIC_KEY, name));
    if (type.empty() && found.size() > 1) TRY_OK(only(found));
    for (const auto object : found) {
      TRY(auto material, material_of_key(session, object, "public key"));
      if (says_enough(material) && (type.empty() || type == material.type)) return material;
    }
  }
  return PublicMaterial{};
}

Attempt<PublicMaterial> from_certificate(const Session& session, const std::vector<KeyWanted>& names) {
  for (const auto& name : names) {
    TRY(const auto found, find(session, CKO_CERTIFICATE, name));
    if (found.empty()) continue;
    PublicMaterial material{.from = "certificate"};
    TRY(material.certificate, bytes(session, found.front(), CKA_VALUE));
    if (!material.certificate.empty()) return material;
  }
  return PublicMaterial{};
}

Attempt<PublicMaterial> material_of_private(const Session& session, CK_OBJECT_HANDLE key) {
  TRY(auto own, material_of_key(session, key, "private key"));
  TRY(const auto names, names_of(session, key));
  TRY(auto material, from_public_key(session, names, own.type));
  if (!material.from.empty()) return material;
  if (says_enough(own)) return own;
  TRY(material, from_certificate(session, names));
  if (!material.from.empty()) return material;
  return std::unexpected(Failure{.kind = "no_public_key"});
}

}  // namespace

Attempt<std::vector<Key>> list_keys(const Session& session) {
  const CK_OBJECT_CLASS kind = CKO_PRIVATE_KEY;
  TRY(const auto found, session.find({attribute_of(CKA_CLASS, kind)}));
  std::vector<Key> keys;
  for (const auto object : found) {
    Key key;
    TRY(key.id, bytes(session, object, CKA_ID));
    TRY(key.label, bytes(session, object, CKA_LABEL));
    if (!key.id.empty() || !key.label.empty()) keys.push_back(std::move(key));
  }
  return keys;
}

Attempt<PublicMaterial> public_material(const Session& session, const KeyWanted& wanted, bool need_private) {
  auto key = find_private(session, wanted);
  if (key) return material_of_private(session, *key);
  if (need_private || key.error().kind != "no_key") return std::unexpected(key.error());
  TRY(auto material, from_public_key(session, {wanted}, ""));
  if (material.from.empty()) {
    TRY(material, from_certificate(session, {wanted}));
  }
  if (material.from.empty()) return std::unexpected(key.error());
  return material;
}

Attempt<Bytes> sign(Session& session, const Request& request) {
  CK_MECHANISM mechanism{};
  if (request.mechanism == "ecdsa")
    mechanism.mechanism = CKM_ECDSA;
  else if (request.mechanism == "rsa-pkcs1")
    mechanism.mechanism = CKM_RSA_PKCS;
  else
    return std::unexpected(Failure{.kind = "mechanism", .detail = request.mechanism});
  TRY(const auto key, find_private(session, request.key));
  TRY(const bool each_time, session.boolean(key, CKA_ALWAYS_AUTHENTICATE));
  const auto& call = session.functions();
  TRY_OK(check("C_SignInit", call.C_SignInit(session.handle(), &mechanism, key)));
  if (each_time) TRY_OK(session.login_again(request.pin));
  Bytes data = request.data;
  Bytes signature(limits::signature_bytes);
  CK_ULONG size = signature.size();
  TRY_OK(check("C_Sign", call.C_Sign(session.handle(), data.data(), data.size(), signature.data(), &size)));
  if (size > signature.size())
    return std::unexpected(
        Failure{.kind = "garbage", .detail = "a signature of " + std::to_string(size) + " bytes"});
  signature.resize(size);
  return signature;
}

}  // namespace pkcs11
