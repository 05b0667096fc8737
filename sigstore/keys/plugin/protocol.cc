#include "sigstore/keys/plugin/protocol.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/printable.h"
#include "sigstore/codec/rfc3339.h"

namespace sigstore::keys::plugin {
namespace json = codec::json;
namespace {

constexpr std::size_t shown_bytes = 1000;     // of the plugin's words
constexpr std::size_t algorithm_bytes = 256;  // the name of one
constexpr std::size_t answer_values = 10000;  // JSON values of one answer
constexpr std::size_t answer_depth = 16;      // nested in one another

// --- what is told

// Go's crypto.Hash.
int number_of(crypto::HashAlgorithm hash) {
  switch (hash) {
    case crypto::HashAlgorithm::sha384:
      return 6;
    case crypto::HashAlgorithm::sha512:
      return 7;
    case crypto::HashAlgorithm::sha256:
      break;
  }
  return 5;
}

json::Object rpc_options() {
  return {{"keyVersion", ""}, {"remoteVerification", false}};
}

void append_deadline(json::Object& object, const Subject& subject) {
  if (subject.deadline) object.append("ctxDeadline", codec::rfc3339::milliseconds(*subject.deadline));
}

std::string call(const Subject& subject, const std::string& method, json::Object arguments) {
  json::Object options;
  append_deadline(options, subject);
  options.append("protocolVersion", protocol_version);
  options.append("keyResourceID", subject.key);
  options.append("hashFunc", number_of(subject.hash));
  options.append("rpcOptions", rpc_options());
  return json::write(json::Object{
      {"initOptions", std::move(options)}, {"methodName", method}, {method, std::move(arguments)}});
}

std::string sign_call(const Subject& subject, json::Object message_options) {
  return call(
      subject, "signMessage",
      {{"signOptions", json::Object{{"rpcOptions", rpc_options()}, {"messageOptions", message_options}}}});
}

// --- what it answers

std::unexpected<Error> unusable(const Expected& expected, std::string why) {
  return fail(Code::malformed, "the plugin " + expected.program + " gave no usable answer", std::move(why));
}

std::string shown(std::string_view words) {
  while (!words.empty() && (words.back() == '\n' || words.back() == '\r')) words.remove_suffix(1);
  return codec::printable(words.substr(0, shown_bytes)) + (words.size() > shown_bytes ? " …" : "");
}

// The whole answer, once it is known to be no error.
Result<json::Value> read_answer(std::string_view answer, const Expected& expected) {
  auto value = json::parse(
      answer, "the answer",
      {.max_depth = answer_depth, .max_bytes = limits::plugin_output_bytes, .max_values = answer_values});
  if (!value) return unusable(expected, value.error().text());
  if (value->object() == nullptr) return unusable(expected, "the answer is no JSON object");
  const auto* error = value->get("errorMessage");
  if (error == nullptr || error->is_null()) return value;
  if (error->string() == nullptr) return unusable(expected, "its errorMessage is no text");
  if (!error->string()->empty()) return fail(Code::io, expected.failed, shown(*error->string()));
  return value;
}

// The text `name` in the object `method`.
Result<std::string> read_text(std::string_view answer, std::string_view method, std::string_view name,
                              const Expected& expected) {
  TRY(const auto value, read_answer(answer, expected));
  const auto* result = value.get(method);
  const auto* text = result != nullptr ? result->get(name) : nullptr;
  if (text == nullptr || text->is_null())
    return unusable(expected, "the answer has no " + std::string(method) + "." + std::string(name));
  if (text->string() == nullptr)
    return unusable(expected, std::string(method) + "." + std::string(name) + " is no text");
  return *text->string();
}

Result<Bytes> read_bytes(std::string_view answer, std::string_view method, std::string_view name,
                         const Expected& expected) {
  TRY(const auto text, read_text(answer, method, name, expected));
  auto bytes = codec::base64::decode_lines(text);  // as Go: line breaks are skipped
  if (!bytes) return unusable(expected, std::string(method) + "." + std::string(name) + " is not base64");
  if (bytes->empty()) return unusable(expected, std::string(method) + "." + std::string(name) + " is empty");
  return bytes;
}

Result<crypto::PublicKey> read_key(std::string_view answer, std::string_view method,
                                   const Expected& expected) {
  TRY(const auto pem, read_bytes(answer, method, "publicKeyPEM", expected));
  auto key = crypto::PublicKey::from_pem(as_text(pem), "its public key");
  if (!key) {
    const Code code = key.error().code == Code::unsupported ? Code::unsupported : Code::malformed;
    return fail(code, "the plugin " + expected.program + " gave a public key that cannot be used",
                key.error().text());
  }
  return key;
}

}  // namespace

std::string default_algorithm_call(const Subject& subject) {
  return call(subject, "defaultAlgorithm", {});
}

std::string create_key_call(const Subject& subject, const std::string& algorithm) {
  json::Object arguments;
  append_deadline(arguments, subject);
  arguments.append("algorithm", algorithm);
  return call(subject, "createKey", std::move(arguments));
}

std::string public_key_call(const Subject& subject) {
  return call(subject, "publicKey", {{"publicKeyOptions", json::Object{{"rpcOptions", rpc_options()}}}});
}

std::string sign_message_call(const Subject& subject, const std::optional<Bytes>& digest) {
  return sign_call(subject,
                   {{"digest", digest ? json::Value(codec::base64::encode(*digest)) : json::Value(nullptr)}});
}

std::string sign_digest_call(const Subject& subject, const Bytes& digest) {
  return sign_call(subject,
                   {{"digest", codec::base64::encode(digest)}, {"hashFunc", number_of(subject.hash)}});
}

Result<std::string> read_default_algorithm(std::string_view answer, const Expected& expected) {
  TRY(auto algorithm, read_text(answer, "defaultAlgorithm", "defaultAlgorithm", expected));
  if (algorithm.empty() || algorithm.size() > algorithm_bytes)
    return unusable(expected,
                    "its default algorithm has a name of " + std::to_string(algorithm.size()) + " bytes");
  return algorithm;
}

Result<crypto::PublicKey> read_created_key(std::string_view answer, const Expected& expected) {
  return read_key(answer, "createKey", expected);
}

Result<crypto::PublicKey> read_public_key(std::string_view answer, const Expected& expected) {
  return read_key(answer, "publicKey", expected);
}

Result<Bytes> read_signature(std::string_view answer, const Expected& expected) {
  TRY(auto signature, read_bytes(answer, "signMessage", "signature", expected));
  if (signature.size() > limits::signature_bytes)
    return unusable(expected, "its signature has " + std::to_string(signature.size()) + " bytes");
  return signature;
}

}  // namespace sigstore::keys::plugin
