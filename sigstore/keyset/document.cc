// The JSON of a key set, both ways.
#include <algorithm>
#include <chrono>
#include <limits>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/keyset/key_set.h"
#include "sigstore/keyset/scope.h"

namespace sigstore::keyset {
namespace {

namespace json = codec::json;

constexpr std::string_view format = "key-set/1";
constexpr std::size_t longest_name = 200, longest_reason = 1000;
constexpr auto most_versions = static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max());

// An object of the document, and what it is called in messages.
struct Part {
  const json::Object& object;
  std::string where;

  [[nodiscard]] std::unexpected<Error> refuse(const std::string& why, std::string cause = {}) const {
    return fail(Code::malformed, where + ": " + why, std::move(cause));
  }
  [[nodiscard]] Result<void> only(std::initializer_list<std::string_view> known) const {
    for (const auto& member : object.members())
      if (std::ranges::find(known, member.key) == known.end())
        return refuse("\"" + member.key.substr(0, longest_name) + "\" is not known",
                      "what is not understood may narrow what is trusted");
    return {};
  }
  [[nodiscard]] Result<std::string> text(std::string_view key, std::size_t most) const {
    TRY(auto value, json::optional_string(object, key, where));
    if (value.size() > most)
      return fail(Code::too_large,
                  where + ": " + std::string(key) + " is longer than " + std::to_string(most) + " bytes");
    return value;
  }
  [[nodiscard]] Result<std::optional<Time>> time(std::string_view key) const {
    if (object.find(key) == nullptr) return std::nullopt;
    TRY(const auto value, json::need_string(object, key, where));
    const auto parsed = codec::rfc3339::parse(value);
    if (!parsed) return refuse(std::string(key) + " is no time", parsed.error().message);
    if (*parsed < Time{}) return refuse(std::string(key) + " is before 1970");
    return std::chrono::floor<std::chrono::seconds>(*parsed);
  }
};

Result<crypto::PublicKey> read_public_key(const std::string& text, const std::string& where) {
  if (text.starts_with("-----")) return crypto::PublicKey::from_pem(text, where);
  const auto der = codec::base64::decode(text);
  if (!der)
    return fail(Code::malformed, where + ": publicKey is neither PEM nor base64", der.error().message);
  auto key = crypto::PublicKey::from_spki(*der);
  if (!key) return fail(key.error().wrap(where + ": publicKey cannot be used"));
  return key;
}

// "id" and "publicKey", which must belong together.
Result<crypto::PublicKey> read_identified(const Part& part) {
  TRY(const auto text, json::need_string(part.object, "publicKey", part.where));
  TRY(const auto id, json::need_string(part.object, "id", part.where));
  TRY(auto key, read_public_key(text, part.where));
  if (id == key.fingerprint()) return key;
  return fail(Code::mismatch, part.where + ": the id is not that of its key",
              "it is " + id.substr(0, longest_name) + ", and the key is " + key.fingerprint());
}

Result<void> read_state(const Part& part, Key& key) {
  TRY(const auto text, json::need_string(part.object, "state", part.where));
  const auto states = {State::active, State::retired, State::revoked};
  const auto found = std::ranges::find(states, text, [](State state) { return name(state); });
  if (found == states.end())
    return part.refuse("the state \"" + text.substr(0, longest_name) + "\" is not known",
                       "a key is active, retired or revoked");
  key.state = *found;
  TRY(key.since, part.time("since"));
  TRY(key.reason, part.text("reason", longest_reason));
  if (key.state != State::active && !key.since)
    return part.refuse("since when it is " + text + " is missing");
  if (key.state == State::active && (key.since || part.object.find("reason") != nullptr))
    return part.refuse("it is active, and has a since or a reason");
  return {};
}

Result<std::vector<std::string>> read_scope(const Part& part) {
  if (part.object.find("scope") == nullptr) return std::vector<std::string>{};
  TRY(const auto* array, json::optional_array(part.object, "scope", part.where));
  if (array == nullptr || array->empty())
    return part.refuse("its scope is empty", "without a scope it is for every repository");
  if (array->size() > limits::key_set_scopes)
    return fail(Code::too_large,
                part.where + ": more than " + std::to_string(limits::key_set_scopes) + " globs");
  std::vector<std::string> globs;
  for (const json::Value& value : *array) {
    if (value.string() == nullptr) return part.refuse("a glob of its scope is not a string");
    if (auto good = check_glob(*value.string()); !good)
      return part.refuse(good.error().message, good.error().cause);
    globs.push_back(*value.string());
  }
  return globs;
}

Result<Key> read_key(const Part& part) {
  TRY_OK(
      part.only({"id", "name", "publicKey", "state", "since", "reason", "notBefore", "notAfter", "scope"}));
  Key key;
  TRY(key.key, read_identified(part));
  TRY(key.name, part.text("name", longest_name));
  TRY_OK(read_state(part, key));
  TRY(key.not_before, part.time("notBefore"));
  TRY(key.not_after, part.time("notAfter"));
  if (key.not_before && key.not_after && *key.not_before > *key.not_after)
    return part.refuse("notBefore is after notAfter");
  TRY(key.scope, read_scope(part));
  return key;
}

Result<Root> read_root(const Part& part) {
  TRY_OK(part.only({"id", "name", "publicKey"}));
  Root root;
  TRY(root.key, read_identified(part));
  TRY(root.name, part.text("name", longest_name));
  return root;
}

// The elements of an array, each by `read`; no two of the same key or name.
template <typename Element>
Result<std::vector<Element>> read_list(const Part& document, std::string_view member, std::size_t most,
                                       Result<Element> (*read)(const Part&)) {
  TRY(const auto* array, json::optional_array(document.object, member, document.where));
  std::vector<Element> list;
  if (array == nullptr) return list;
  if (array->size() > most)
    return fail(Code::too_large,
                document.where + ": more than " + std::to_string(most) + " " + std::string(member));
  for (const json::Value& value : *array) {
    const std::string where =
        document.where + ": " + std::string(member) + "[" + std::to_string(list.size()) + "]";
    TRY(const auto* object, json::need_object(value, where));
    TRY(auto element, read(Part{*object, where}));
    for (const Element& other : list) {
      if (other.key == element.key)
        return fail(Code::malformed, where + ": " + element.key.fingerprint() + " is there twice");
      if (!other.name.empty() && other.name == element.name)
        return fail(Code::malformed, where + ": the name \"" + element.name + "\" is there twice");
    }
    list.push_back(std::move(element));
  }
  return list;
}

Result<void> read_threshold(const Part& document, KeySet& set) {
  if (document.object.find("threshold") != nullptr) {
    TRY(set.threshold, json::need_uint64(document.object, "threshold", document.where));
  }
  if (set.roots.empty() && set.threshold != 0) return document.refuse("it has a threshold and no roots");
  if (!set.roots.empty() && (set.threshold == 0 || set.threshold > set.roots.size()))
    return document.refuse("its threshold is " + std::to_string(set.threshold) + " of " +
                           std::to_string(set.roots.size()) + " roots");
  if (set.threshold > limits::envelope_signatures)
    return fail(Code::too_large, document.where + ": a set has at most " +
                                     std::to_string(limits::envelope_signatures) + " signatures");
  return {};
}

json::Object identified(const crypto::PublicKey& key, const std::string& name) {
  json::Object object{{"id", key.fingerprint()}};
  if (!name.empty()) object.set("name", name);
  object.set("publicKey", codec::base64::encode(key.spki()));
  return object;
}

void set_time(json::Object& object, const char* key, const std::optional<Time>& time) {
  if (time) object.set(key, codec::rfc3339::seconds(*time));
}

json::Object render(const Key& key) {
  json::Object object = identified(key.key, key.name);
  object.set("state", name(key.state));
  set_time(object, "since", key.since);
  if (!key.reason.empty()) object.set("reason", key.reason);
  set_time(object, "notBefore", key.not_before);
  set_time(object, "notAfter", key.not_after);
  json::Array scope;
  for (const std::string& glob : key.scope) scope.emplace_back(glob);
  if (!scope.empty()) object.set("scope", std::move(scope));
  return object;
}

}  // namespace

Result<KeySet> KeySet::parse(std::string_view text, std::string_view what) {
  json::ParseOptions options;
  options.max_bytes = limits::key_set_bytes;
  TRY(const auto value, json::parse(text, what, options));
  TRY(const auto* object, json::need_object(value, what));
  const Part document{*object, std::string(what)};
  TRY(const auto found, json::optional_string(*object, "format", what));
  if (found.empty()) return document.refuse("it is no key set", "it has no \"format\"");
  if (found != format)
    return fail(Code::unsupported, document.where + ": key sets of the format \"" +
                                       found.substr(0, longest_name) + "\" are not known");
  TRY_OK(document.only({"format", "version", "expires", "threshold", "roots", "keys"}));
  KeySet set;
  TRY(set.version, json::need_uint64(*object, "version", what));
  if (set.version == 0 || set.version > most_versions)
    return document.refuse("its version is not from 1 to " + std::to_string(most_versions));
  TRY(set.expires, document.time("expires"));
  TRY(set.roots, read_list<Root>(document, "roots", limits::key_set_roots, read_root));
  TRY_OK(read_threshold(document, set));
  TRY(set.keys, read_list<Key>(document, "keys", limits::key_set_keys, read_key));
  return set;
}

std::string KeySet::write() const {
  json::Object object{{"format", format}, {"version", version}};
  set_time(object, "expires", expires);
  json::Array root_list, key_list;
  for (const Root& root : roots) root_list.emplace_back(identified(root.key, root.name));
  for (const Key& key : keys) key_list.emplace_back(render(key));
  if (!roots.empty()) {
    object.set("threshold", static_cast<std::uint64_t>(threshold));
    object.set("roots", std::move(root_list));
  }
  object.set("keys", std::move(key_list));
  return json::write_indented(object, 2) + "\n";
}

}  // namespace sigstore::keyset
