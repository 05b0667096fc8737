// root.json (4.3), and keys and roles, which delegations have too.
#include <set>

#include "sigstore/codec/printable.h"
#include "sigstore/tuf/internal/reading.h"

namespace sigstore::tuf {
namespace internal {
namespace {

// A key of a type that is not known may look like anything: it counts as none when signatures are counted.
Result<Key> read_key(const json::Value& value, std::string_view what) {
  TRY(const auto* object, json::need_object(value, what));
  Key key;
  TRY(key.type, json::need_string(*object, "keytype", what));
  TRY(key.scheme, json::need_string(*object, "scheme", what));
  TRY(const auto* held, need_object(*object, "keyval", what));
  const auto* text = held->find("public");
  if (text != nullptr && text->string() != nullptr) key.value = *text->string();
  return key;
}

}  // namespace

Result<Keys> read_keys(const json::Object& holder, std::string_view what) {
  const std::string place = std::string(what) + ": keys";
  TRY(const auto* object, need_object(holder, "keys", what));
  TRY_OK(check_count(object->size(), limits::tuf_keys, place));
  Keys keys;
  for (const auto& [id, value] : object->members()) {
    TRY(auto key, read_key(value, place));
    keys.emplace(id, std::move(key));
  }
  return keys;
}

Result<Role> read_role(const json::Object& object, std::string_view what) {
  const std::string place = std::string(what) + ": keyids";
  Role role;
  TRY(role.threshold, need_positive(object, "threshold", what));
  TRY(const auto* ids, need_array(object, "keyids", what));
  TRY_OK(check_count(ids->size(), limits::tuf_keys, place));
  TRY(role.key_ids, read_strings(*ids, place));
  std::set<std::string_view> seen;
  for (const auto& id : role.key_ids) {
    if (!seen.insert(id).second)
      return fail(Code::malformed, place + " has one twice", codec::printable(id).substr(0, 128));
  }
  return role;
}

namespace {

Result<Role> read_role_of(const json::Object& roles, std::string_view name, std::string_view what) {
  const std::string place = std::string(what) + ": roles";
  TRY(const auto* role, need_object(roles, name, place));
  return read_role(*role, place + ": " + std::string(name));
}

// Other roles ("mirrors") are passed over.
Result<Root> read_root(const json::Object& body, std::string_view what) {
  Root root;
  TRY(static_cast<Common&>(root), read_common(body, what));
  root.consistent_snapshot = false;  // where it is not said: metadata of before there was the word
  if (body.find("consistent_snapshot") != nullptr) {
    TRY(root.consistent_snapshot, need_boolean(body, "consistent_snapshot", what));
  }
  TRY(root.keys, read_keys(body, what));
  TRY(const auto* roles, need_object(body, "roles", what));
  TRY(root.root, read_role_of(*roles, "root", what));
  TRY(root.timestamp, read_role_of(*roles, "timestamp", what));
  TRY(root.snapshot, read_role_of(*roles, "snapshot", what));
  TRY(root.targets, read_role_of(*roles, "targets", what));
  return root;
}

}  // namespace
}  // namespace internal

Result<Signed<Root>> parse_root(std::string_view text, std::string_view what) {
  return internal::read_signed<Root>(text, "root", what, internal::read_root);
}

}  // namespace sigstore::tuf
