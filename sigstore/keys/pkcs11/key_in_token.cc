#include "sigstore/keys/pkcs11/internal/key_in_token.h"

#include "sigstore/codec/hex.h"
#include "sigstore/codec/printable.h"
#include "sigstore/keys/pkcs11/internal/material.h"
#include "sigstore/keys/pkcs11/internal/refusal.h"

namespace sigstore::keys::internal {
namespace json = codec::json;
namespace {

// The answer, or the sentence for what was refused.
Result<json::Object> expect(Result<std::variant<json::Object, Refusal>> said, const TokenUri& uri,
                            const std::string& pin_from) {
  if (!said) return fail(std::move(said).error());
  if (const auto* refusal = std::get_if<Refusal>(&*said)) return fail(explain(*refusal, uri, pin_from));
  return std::get<json::Object>(std::move(*said));
}

std::string label_in(const json::Object& answer) {
  const json::Value* token = answer.find("token");
  const json::Value* label = token == nullptr ? nullptr : token->get("label");
  const auto bytes =
      codec::hex::decode(label == nullptr || label->string() == nullptr ? "" : *label->string());
  return bytes ? to_text(*bytes) : "";
}

std::uint64_t flags_in(const json::Object& answer) {
  const json::Value* token = answer.find("token");
  const json::Value* flags = token == nullptr ? nullptr : token->get("flags");
  return flags == nullptr ? 0 : flags->to_uint64().value_or(0);
}

// May be seen after a login only.
bool hidden_perhaps(const Refusal& refusal) {
  return (refusal.flags & login_required) != 0 &&
         (refusal.kind == "no_key" || (refusal.kind == "call" && refusal.code == rv_user_not_logged_in));
}

Result<void> check_login(const json::Object& token, const TokenUri& uri) {
  if ((flags_in(token) & pin_locked) == 0) return {};
  constexpr std::uint64_t rv_pin_locked = 0xa4;
  return fail(explain({.kind = "call", .code = rv_pin_locked}, uri, ""));
}

}  // namespace

Result<Login> prepare_login(const Env& env, const Helper& helper, const TokenUri& uri,
                            std::optional<Pin> given,
                            const std::function<std::string(const std::string& token)>& prompt) {
  if (given) return Login{true, std::move(given)};
  TRY(const auto token, expect(helper.ask({.method = "token"}), uri, ""));
  if ((flags_in(token) & login_required) == 0) return Login{};
  TRY_OK(check_login(token, uri));
  if ((flags_in(token) & keypad) != 0) return Login{true, std::nullopt};
  TRY(auto typed, ask_pin(env, prompt(label_in(token))));
  return Login{true, std::move(typed)};
}

Result<void> KeyInToken::log_in(const Env& env) {
  const std::string key = uri_.object.empty() ? codec::hex::encode(as_bytes(uri_.id)) : uri_.object;
  TRY(auto given, given_pin(env, uri_));
  TRY(auto login, prepare_login(env, helper_, uri_, std::move(given), [&](const std::string& token) {
        return "Enter PIN for key '" + key + "' in PKCS11 token '" + token + "': ";
      }));
  login_ = login.wanted;
  pin_ = std::move(login.pin);
  return {};
}

Result<json::Object> KeyInToken::ask(const std::string& method, json::Object rest) const {
  return expect(helper_.ask({method, std::move(rest), login_, pin_ ? &pin_->text : nullptr}), uri_,
                pin_ ? pin_->from : "");
}

Result<std::unique_ptr<KeyInToken>> KeyInToken::open(const Context& context, TokenUri uri) {
  const Helper helper(context, uri);
  std::unique_ptr<KeyInToken> key(new KeyInToken(std::move(uri), helper));
  TRY_OK(key->log_in(context.env));
  TRY(const auto answer, key->ask("publicKey", {{"privateKey", true}}));
  TRY(key->public_, public_key_of(answer));
  return key;
}

Result<crypto::PublicKey> KeyInToken::open_public(const Context& context, TokenUri uri) {
  const Helper helper(context, uri);
  auto said = helper.ask({.method = "publicKey"});
  const auto* refusal = said ? std::get_if<Refusal>(&*said) : nullptr;
  if (refusal == nullptr || !hidden_perhaps(*refusal)) {
    TRY(const auto answer, expect(std::move(said), uri, ""));
    return public_key_of(answer);
  }
  KeyInToken key(std::move(uri), helper);
  TRY_OK(key.log_in(context.env));
  TRY(const auto answer, key.ask("publicKey"));
  return public_key_of(answer);
}

Result<crypto::PublicKey> KeyInToken::create(const Context& context, TokenUri uri,
                                             const std::string& algorithm) {
  const Helper helper(context, uri);
  KeyInToken key(std::move(uri), helper);
  TRY_OK(key.log_in(context.env));
  TRY(const auto answer, key.ask("createKey", {{"algorithm", algorithm}}));
  TRY(key.public_, public_key_of(answer));
  TRY_OK(key.sign(key.public_->schemes().front(), as_bytes("does the new key sign?")));
  return *key.public_;
}

Result<Bytes> KeyInToken::sign(crypto::Scheme scheme, BytesView message) {
  return sign_digest(scheme, crypto::hash(crypto::digest_of(scheme), message));
}

Result<Bytes> KeyInToken::sign_digest(crypto::Scheme scheme, BytesView digest) {
  TRY(const auto wanted, to_sign(public_->type(), scheme, digest));
  json::Object request{{"mechanism", wanted.mechanism}, {"data", codec::hex::encode(wanted.data)}};
  TRY(const auto answer, [&] {
    const std::lock_guard one_at_a_time(signing_);
    return ask("sign", std::move(request));
  }());
  TRY(const auto text, json::need_string(answer, "signature", "cosign-pkcs11"));
  TRY(const auto raw, codec::hex::decode(text));
  TRY(auto signature, signature_of(public_->type(), raw));
  if (!public_->verify_digest(scheme, digest, signature))
    return fail(Code::bad_signature, token_text(uri_) + " signed with another key than the one it gave out",
                "its signature does not verify with " + public_->fingerprint());
  return signature;
}

}  // namespace sigstore::keys::internal
