#include "sigstore/keys/pkcs11/internal/refusal.h"

#include <algorithm>
#include <array>

#include "sigstore/codec/hex.h"
#include "sigstore/codec/printable.h"

namespace sigstore::keys::internal {
namespace {

// One return value of PKCS#11 in words; TOKEN stands for the token, KEY for the key.
struct Saying {
  std::uint64_t code;
  Code kind;
  const char* message;
  const char* hint;
};

constexpr const char* ask_again =
    "plug it in, and try again; cosign pkcs11-tool list-tokens shows what is there";
constexpr std::array sayings = {
    Saying{0x3, Code::not_found, "there is no TOKEN",
           "give --slot-id (in a key's URI: slot-id=); cosign pkcs11-tool list-tokens shows them"},
    Saying{0xe0, Code::not_found, "there is no token in TOKEN", ask_again},
    Saying{0xe1, Code::not_found, "TOKEN is not recognized",
           "initialize it with the token's own tool, or name the module that came with it"},
    Saying{0x30, Code::io, "TOKEN reports a fault", ask_again},
    Saying{0x32, Code::io, "TOKEN went away", ask_again},
    Saying{0xb0, Code::io, "TOKEN went away", ask_again},
    Saying{0xb3, Code::io, "TOKEN went away", ask_again},
    Saying{0x50, Code::declined, "it was declined at TOKEN", ""},
    Saying{0x200, Code::declined, "it was declined at TOKEN", ""},
    Saying{0xa0, Code::wrong_password, "the PIN is not that of TOKEN", ""},
    Saying{0xa1, Code::wrong_password,
           "the PIN is not that of TOKEN: it has characters that no PIN there has", ""},
    Saying{0xa2, Code::wrong_password, "the PIN is not that of TOKEN: it is too short or too long", ""},
    Saying{0xa3, Code::forbidden, "the PIN of TOKEN has expired", "change it with the token's own tool"},
    Saying{0xa4, Code::forbidden, "the PIN of TOKEN is locked",
           "unlock it with the security officer's PIN (SO PIN, PUK) and the token's own tool"},
    Saying{0x102, Code::forbidden, "TOKEN has no PIN yet", "set one with the token's own tool"},
    Saying{0x101, Code::unauthorized, "TOKEN wants its PIN for that", "set COSIGN_PKCS11_PIN"},
    Saying{0x60, Code::not_found, "KEY went away from TOKEN", ""},
    Saying{0x82, Code::not_found, "KEY went away from TOKEN", ""},
    Saying{0x63, Code::unsupported, "KEY of TOKEN is not of a kind that signs so",
           "use an ECDSA key (P-256, P-384, P-521) or an RSA key"},
    Saying{0x68, Code::forbidden, "KEY of TOKEN may not be used to sign", "use a key with CKA_SIGN"},
    Saying{0x70, Code::unsupported, "TOKEN cannot do that with such a key", ""},
    Saying{0x140, Code::unsupported, "TOKEN does not know that curve", ""},
    Saying{0xe2, Code::forbidden, "TOKEN is write-protected", ""},
    Saying{0xb5, Code::forbidden, "TOKEN is write-protected", ""},
    Saying{0x31, Code::disk_full, "there is no room left in TOKEN", ""},
};

std::string with(std::string text, std::string_view word, const std::string& value) {
  const auto at = text.find(word);
  return at == std::string::npos ? text : text.replace(at, word.size(), value);
}

std::string call_text(const Refusal& refusal) {
  const std::string name = refusal.name.empty() ? "" : " " + refusal.name;
  return refusal.function + " returned" + name + " (0x" +
         [](std::uint64_t code) {
           std::string digits;
           do digits.insert(digits.begin(), "0123456789abcdef"[code & 15U]);
           while ((code >>= 4U) != 0);
           return digits;
         }(refusal.code) +
         ")";
}

std::string tries_left(std::uint64_t flags) {
  if ((flags & pin_locked) != 0) return "it is locked now";
  if ((flags & pin_final_try) != 0) return "one try is left before it is locked";
  if ((flags & pin_count_low) != 0) return "after some more wrong ones it is locked";
  return "";
}

// Where the PIN came from, and how many more there may be.
Error about_pin(Error error, const Refusal& refusal, const std::string& from) {
  std::string cause = from.empty() ? "" : "it was taken from " + from;
  const std::string left = tries_left(refusal.flags);
  if (!left.empty()) cause += (cause.empty() ? "" : "; ") + left;
  if (!cause.empty()) error.cause = cause;
  if (error.hint.empty())
    error.hint = from.empty() ? "try again, or set COSIGN_PKCS11_PIN"
                              : "correct " + from + ", or leave it out to be asked";
  return error;
}

Error explain_call(const Refusal& refusal, const TokenUri& uri, const std::string& pin_from) {
  const auto found = std::ranges::find(sayings, refusal.code, &Saying::code);
  if (found == sayings.end())
    return {Code::io, "the PKCS#11 module " + uri.module_path + " refused", call_text(refusal), {}};
  Error error{found->kind, with(with(found->message, "TOKEN", token_text(uri)), "KEY", key_text(uri)),
              call_text(refusal), found->hint};
  if (error.code == Code::wrong_password || refusal.code == 0xa4)
    return about_pin(std::move(error), refusal, pin_from);
  return error;
}

// The token but for its slot.
std::string named_token(const TokenUri& uri) {
  if (!uri.token.empty()) return "token \"" + codec::printable(uri.token) + "\"";
  if (!uri.serial.empty()) return "token with serial number \"" + codec::printable(uri.serial) + "\"";
  return "token that the URI names";
}

std::string list_tokens(const TokenUri& uri) {
  return "cosign pkcs11-tool list-tokens --module-path " + uri.module_path + " shows what is there";
}

std::string list_keys(const TokenUri& uri) {
  return "cosign pkcs11-tool list-keys-uris --module-path " + uri.module_path + " --slot-id " +
         (uri.slot ? std::to_string(*uri.slot) : "N") + " shows what is there";
}

// For who wrote the bytes of an id as digits: "id=%02" where "02" was meant, else nothing.
std::string percent_hint(const std::string& id) {
  constexpr std::string_view digits = "0123456789abcdefABCDEF";
  if (id.empty() || id.find_first_not_of(digits) != std::string::npos) return "";
  const std::string pairs = id.size() % 2 == 0 ? id : "0" + id;
  std::string text = "an id in hex is written id=";
  for (std::size_t at = 0; at < pairs.size(); at += 2) text += "%" + pairs.substr(at, 2);
  return text + "; ";
}

}  // namespace

std::string token_text(const TokenUri& uri) {
  if (uri.slot) return "slot " + std::to_string(*uri.slot);
  return named_token(uri);
}

std::string key_text(const TokenUri& uri) {
  if (!uri.id.empty()) return "key with id " + codec::hex::encode(as_bytes(uri.id));
  return "key \"" + codec::printable(uri.object) + "\"";
}

Error explain(const Refusal& refusal, const TokenUri& uri, const std::string& pin_from) {
  const std::string& kind = refusal.kind;
  const std::string count = std::to_string(refusal.count);
  if (kind == "call") return explain_call(refusal, uri, pin_from);
  if (kind == "module")
    return {Code::io, "cannot open the PKCS#11 module " + uri.module_path, refusal.detail, {}};
  if (kind == "no_token")
    return {Code::not_found, "there is no " + token_text(uri), "the PKCS#11 module is " + uri.module_path,
            list_tokens(uri)};
  if (kind == "other_token")
    return {Code::mismatch, token_text(uri) + " does not hold the " + named_token(uri),
            "the one there is called \"" + refusal.detail + "\", or differs in what else the URI says",
            "leave slot-id out, or correct it; " + list_tokens(uri)};
  if (kind == "several_tokens")
    return {Code::invalid_argument,
            count +
                (uri.token.empty() ? " tokens have the serial number \"" + codec::printable(uri.serial)
                                   : " tokens are called \"" + codec::printable(uri.token)) +
                "\"",
            {},
            "add serial=, or name it by slot-id=; " + list_tokens(uri)};
  if (kind == "no_key")
    return {Code::not_found,
            "there is no " + key_text(uri) + " in " + token_text(uri),
            {},
            percent_hint(uri.id) + list_keys(uri)};
  if (kind == "several_keys")
    return {Code::invalid_argument,
            count + " keys in " + token_text(uri) + " are meant by " + key_text(uri),
            {},
            (uri.id.empty() ? "name it by its id=; " : "give them different ids; ") + list_keys(uri)};
  if (kind == "no_public_key")
    return {
        Code::unsupported, token_text(uri) + " has no public half of " + key_text(uri),
        "there is neither a public key nor a certificate of its id or name, and the private key does not say",
        "store the public key or a certificate beside it"};
  if (kind == "key_exists")
    return {Code::conflict,
            "there is a key of that " + refusal.detail + " in " + token_text(uri) + " already",
            "keys in tokens are never replaced", "choose another id and object"};
  if (kind == "garbage")
    return {
        Code::malformed, "the PKCS#11 module " + uri.module_path + " answers nonsense", refusal.detail, {}};
  return {Code::internal, "the program cosign-pkcs11 refused (" + kind + ")", refusal.detail,
          "cosign and cosign-pkcs11 must be of the same release"};
}

}  // namespace sigstore::keys::internal
