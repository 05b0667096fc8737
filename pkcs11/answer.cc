#include "pkcs11/answer.h"

#include "pkcs11/internal/keys.h"
#include "sigstore/base/result.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/printable.h"

namespace pkcs11 {
namespace json = sigstore::codec::json;
namespace {

json::Value hex(sigstore::BytesView bytes) {
  return sigstore::codec::hex::encode(bytes);
}
json::Value hex(const std::string& text) {
  return hex(sigstore::as_bytes(text));
}
json::Value number(std::uint64_t value) {
  return value;
}

json::Object written(const Token& token) {
  return {{"slotId", number(token.slot)},
          {"label", hex(token.label)},
          {"manufacturer", hex(token.manufacturer)},
          {"model", hex(token.model)},
          {"serial", hex(token.serial)},
          {"flags", number(token.flags)}};
}

json::Object written(const PublicMaterial& material) {
  return {{"from", material.from},
          {"type", material.type},
          {"info", hex(material.info)},
          {"ecParameters", hex(material.ec_parameters)},
          {"ecPoint", hex(material.ec_point)},
          {"modulus", hex(material.modulus)},
          {"exponent", hex(material.exponent)},
          {"certificate", hex(material.certificate)}};
}

json::Object written(const Failure& failure) {
  return {{"kind", failure.kind},          {"detail", sigstore::codec::printable(failure.detail)},
          {"function", failure.function},  {"code", number(failure.code)},
          {"name", name_of(failure.code)}, {"flags", number(failure.flags)},
          {"count", number(failure.count)}};
}

Attempt<json::Object> tokens(const Module& module) {
  TRY(const auto all, list_tokens(module));
  json::Array list;
  for (const Token& token : all) list.emplace_back(written(token));
  return json::Object{{"tokens", std::move(list)}};
}

Attempt<json::Object> keys(const Session& session) {
  TRY(const auto all, list_keys(session));
  json::Array list;
  for (const Key& key : all) list.emplace_back(json::Object{{"id", hex(key.id)}, {"label", hex(key.label)}});
  return json::Object{{"keys", std::move(list)}};
}

Attempt<json::Object> in_session(Session& session, const Request& request) {
  if (request.method == "listKeys") return keys(session);
  if (request.method == "publicKey") {
    TRY(const auto material, public_material(session, request.key, request.private_key));
    return json::Object{{"publicKey", written(material)}};
  }
  if (request.method == "createKey") {
    TRY(const auto material, create_key(session, request));
    return json::Object{{"publicKey", written(material)}};
  }
  TRY(const auto signature, sign(session, request));
  return json::Object{{"signature", hex(signature)}};
}

bool known(const std::string& method) {
  return method == "listKeys" || method == "publicKey" || method == "createKey" || method == "sign";
}

Attempt<json::Object> with_token(const Module& module, const Request& request) {
  TRY(const Token token, find_token(module, request.token));
  json::Object said{{"token", written(token)}};
  if (request.method == "token") return said;
  if (!known(request.method)) return std::unexpected(Failure{.kind = "request", .detail = "no such method"});
  TRY(Session session, Session::open(module, token, request.method == "createKey"));
  if (request.login) TRY_OK(session.login(request.pin));
  auto done = in_session(session, request);
  if (!done) {
    if (done.error().flags == 0) done.error().flags = token.flags;
    return std::unexpected(std::move(done).error());
  }
  for (const auto& member : done->members()) said.append(member.key, member.value);
  return said;
}

Attempt<json::Object> perform(sigstore::BytesView input) {
  TRY(const Request request, parse_request(input));
  TRY(const auto module, Module::open(request.module));
  if (request.method == "listTokens") return tokens(*module);
  return with_token(*module, request);
}

}  // namespace

std::string answer(sigstore::BytesView input) {
  const auto done = perform(input);
  if (done) return json::write(*done);
  return json::write(json::Object{{"error", written(done.error())}});
}

}  // namespace pkcs11
