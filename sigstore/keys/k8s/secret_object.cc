#include "sigstore/keys/k8s/internal/secret_object.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"

namespace sigstore::keys::k8s {
namespace json = codec::json;
namespace {

constexpr std::string_view scheme = "k8s://";
constexpr const char* key_name = "cosign.key";
constexpr const char* public_name = "cosign.pub";
constexpr const char* password_name = "cosign.password";
constexpr std::size_t longest_space = 63, longest_name = 253;  // RFC 1123 label and subdomain

bool is_name(std::string_view text, std::size_t longest, bool dots) {
  const auto alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto fits = [&](char c) { return alphanumeric(c) || c == '-' || (dots && c == '.'); };
  if (text.empty() || text.size() > longest || !std::ranges::all_of(text, fits)) return false;
  return alphanumeric(text.front()) && alphanumeric(text.back()) && text.find("..") == std::string_view::npos;
}

std::string what_of(const SecretName& name) {
  return "the secret " + name.text();
}

std::unexpected<Error> no_secret(const SecretName& name, std::string why) {
  return fail(Code::malformed, "what the server gave is not " + what_of(name), std::move(why),
              "is this the address of a Kubernetes API server?");
}

bool has(const json::Value* object, std::string_view key, std::string_view text) {
  const auto* value = object == nullptr ? nullptr : object->get(key);
  return value != nullptr && value->string() != nullptr && *value->string() == text;
}

// An entry of its data; nothing when it is not there. The bytes are wiped with it.
Result<std::optional<Secret>> entry(const json::Object& data, const char* key, const SecretName& name) {
  const auto* value = data.find(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  auto bytes = value->string() == nullptr ? Result<Bytes>(fail(Code::malformed, "no string"))
                                          : codec::base64::decode_lines(*value->string());
  if (!bytes) return fail(Code::malformed, std::string(key) + " in " + what_of(name) + " is no base64");
  if (bytes->size() > limits::key_file_bytes)
    return fail(Code::too_large, std::string(key) + " in " + what_of(name) + " is too large to be one");
  Secret found{BytesView(*bytes)};
  wipe(bytes->data(), bytes->size());
  return found;
}

Result<std::optional<std::string>> text_entry(const json::Object& data, const char* key,
                                              const SecretName& name) {
  TRY(const auto found, entry(data, key, name));
  if (!found) return std::nullopt;
  return std::string(found->reveal());
}

json::Object metadata_for(const SecretName& name, const KeySecret* there) {
  const auto* known = there == nullptr ? nullptr : there->object.get("metadata");
  if (known == nullptr || known->object() == nullptr) return {{"name", name.name}, {"namespace", name.space}};
  json::Object metadata = *known->object();
  metadata.erase("managedFields");  // the server's own
  return metadata;
}

}  // namespace

Result<SecretName> SecretName::parse(const std::string& reference) {
  if (!reference.starts_with(scheme)) return fail(Code::not_mine, "no Kubernetes secret");
  const std::string rest = reference.substr(scheme.size());
  const auto slash = rest.find('/');
  SecretName name{rest.substr(0, slash), slash == std::string::npos ? "" : rest.substr(slash + 1)};
  if (is_name(name.space, longest_space, false) && is_name(name.name, longest_name, true)) return name;
  return fail(Code::invalid_argument, "a Kubernetes secret is named as k8s://NAMESPACE/NAME",
              "names there are of a-z, 0-9 and '-', a secret's also of '.'",
              "for example k8s://default/cosign");
}

Result<KeySecret> parse_secret(json::Value answer, const SecretName& name) {
  if (answer.object() == nullptr || !has(&answer, "kind", "Secret"))
    return no_secret(name, "it is no object of the kind Secret");
  const auto* metadata = answer.get("metadata");
  if (!has(metadata, "name", name.name) || !has(metadata, "namespace", name.space))
    return no_secret(name, "it has another name");
  KeySecret secret;
  TRY(const auto* data, json::optional_object(*answer.object(), "data", what_of(name)));
  if (data != nullptr) {
    TRY(secret.private_pem, text_entry(*data, key_name, name));
    TRY(secret.public_pem, text_entry(*data, public_name, name));
    TRY(secret.password, entry(*data, password_name, name));
  }
  const auto* immutable = answer.get("immutable");
  secret.immutable = immutable != nullptr && immutable->boolean() != nullptr && *immutable->boolean();
  secret.object = std::move(answer);
  return secret;
}

json::Value write_secret(const SecretName& name, const KeySecret* there, const std::string& private_pem,
                         const std::string& public_pem, const Secret* password) {
  const auto* known = there == nullptr ? nullptr : there->object.get("data");
  json::Object data = known != nullptr && known->object() != nullptr ? *known->object() : json::Object{};
  data.set(key_name, codec::base64::encode(as_bytes(private_pem)));
  data.set(public_name, codec::base64::encode(as_bytes(public_pem)));
  data.erase(password_name);
  if (password != nullptr) data.set(password_name, codec::base64::encode(password->reveal_bytes()));
  json::Object secret = there == nullptr ? json::Object{} : *there->object.object();
  secret.set("apiVersion", "v1");
  secret.set("kind", "Secret");
  secret.set("metadata", metadata_for(name, there));
  secret.set("data", data.sorted());
  secret.set("immutable", true);
  return secret;
}

}  // namespace sigstore::keys::k8s
