// targets.json and the metadata of delegated roles (4.5; TAP 15 for hash bins that are not listed).
#include <algorithm>
#include <array>
#include <set>

#include "sigstore/codec/printable.h"
#include "sigstore/tuf/internal/reading.h"

namespace sigstore::tuf {
namespace internal {
namespace {

constexpr std::array<std::string_view, 4> top_level = {"root", "timestamp", "snapshot", "targets"};

Result<std::optional<std::vector<std::string>>> optional_strings(const json::Object& object,
                                                                 std::string_view key,
                                                                 std::string_view what) {
  if (object.find(key) == nullptr) return std::nullopt;
  TRY(const auto* array, need_array(object, key, what));
  const std::string place = std::string(what) + ": " + std::string(key);
  TRY_OK(check_count(array->size(), limits::tuf_files, place));
  return read_strings(*array, place);
}

Result<Delegation> read_delegation(const json::Value& value, const std::string& list) {
  TRY(const auto* object, json::need_object(value, list));
  Delegation delegation;
  TRY(delegation.name, json::need_string(*object, "name", list));
  const std::string what = list + ": " + codec::printable(delegation.name).substr(0, 256);
  if (delegation.name.empty() || std::ranges::find(top_level, delegation.name) != top_level.end())
    return fail(Code::malformed, what + " is no name for a delegated role");
  TRY(delegation.role, read_role(*object, what));
  TRY(delegation.terminating, need_boolean(*object, "terminating", what));
  TRY(delegation.paths, optional_strings(*object, "paths", what));
  TRY(delegation.path_hash_prefixes, optional_strings(*object, "path_hash_prefixes", what));
  if (delegation.paths.has_value() == delegation.path_hash_prefixes.has_value())
    return fail(Code::malformed, what + " has not exactly one of paths and path_hash_prefixes");
  return delegation;
}

Result<std::vector<Delegation>> read_listed(const json::Object& holder, std::string_view what) {
  const std::string place = std::string(what) + ": roles";
  TRY(const auto* array, need_array(holder, "roles", what));
  TRY_OK(check_count(array->size(), limits::tuf_files, place));
  std::vector<Delegation> roles;
  std::set<std::string> names;
  for (const auto& value : *array) {
    TRY(auto delegation, read_delegation(value, place));
    if (!names.insert(delegation.name).second)
      return fail(Code::malformed,
                  place + " has " + codec::printable(delegation.name).substr(0, 256) + " twice");
    roles.push_back(std::move(delegation));
  }
  return roles;
}

Result<SuccinctRoles> read_succinct(const json::Object& holder, std::string_view what) {
  const std::string place = std::string(what) + ": succinct_roles";
  TRY(const auto* object, need_object(holder, "succinct_roles", what));
  SuccinctRoles roles;
  TRY(roles.role, read_role(*object, place));
  TRY(const auto bits, need_positive(*object, "bit_length", place));
  if (bits > 32) return fail(Code::malformed, place + ": bit_length is above 32");
  roles.bit_length = static_cast<std::uint32_t>(bits);
  TRY(roles.name_prefix, json::need_string(*object, "name_prefix", place));
  return roles;
}

Result<TargetFile> read_target(const json::Value& value, std::string_view what) {
  TRY(const auto* object, json::need_object(value, what));
  TargetFile target;
  TRY(target.length, json::need_uint64(*object, "length", what));
  TRY(const auto* hashes, need_object(*object, "hashes", what));
  TRY(target.hashes, read_hashes(*hashes, std::string(what) + ": hashes"));
  if (target.hashes.empty()) return fail(Code::malformed, std::string(what) + ": hashes has none");
  if (const auto* custom = object->find("custom")) target.custom = json::write_plain(*custom);
  return target;
}

Result<Targets> read_targets(const json::Object& body, std::string_view what) {
  Targets targets;
  TRY(static_cast<Common&>(targets), read_common(body, what));
  TRY(const auto* files, need_object(body, "targets", what));
  const std::string place = std::string(what) + ": targets";
  TRY_OK(check_count(files->size(), limits::tuf_files, place));
  for (const auto& [path, value] : files->members()) {
    TRY(auto target, read_target(value, place + ": " + codec::printable(path).substr(0, 256)));
    targets.targets.emplace(path, std::move(target));
  }
  if (body.find("delegations") != nullptr) {
    TRY(const auto* delegations, need_object(body, "delegations", what));
    TRY(targets.delegations, read_delegations(*delegations, std::string(what) + ": delegations"));
  }
  return targets;
}

}  // namespace

Result<Delegations> read_delegations(const json::Object& object, std::string_view what) {
  Delegations delegations;
  TRY(delegations.keys, read_keys(object, what));
  const bool listed = object.find("roles") != nullptr;
  if (listed == (object.find("succinct_roles") != nullptr))
    return fail(Code::malformed, std::string(what) + " has not exactly one of roles and succinct_roles");
  if (listed) {
    TRY(delegations.roles, read_listed(object, what));
  } else {
    TRY(delegations.roles, read_succinct(object, what));
  }
  return delegations;
}

}  // namespace internal

Result<Signed<Targets>> parse_targets(std::string_view text, std::string_view what) {
  return internal::read_signed<Targets>(text, "targets", what, internal::read_targets);
}

}  // namespace sigstore::tuf
