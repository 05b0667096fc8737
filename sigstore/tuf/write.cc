// Metadata as it is signed and published.
#include "sigstore/codec/hex.h"
#include "sigstore/codec/olpc_json.h"
#include "sigstore/codec/proto_fields.h"
#include "sigstore/tuf/metadata.h"

namespace sigstore::tuf {
namespace {

namespace json = codec::json;

json::Object write_common(const Common& common, std::string_view type) {
  // To the second: 4.2.3 knows no fractions.
  const Time expires = common.expires == Time::max() || common.expires == Time::min()
                           ? common.expires
                           : std::chrono::floor<std::chrono::seconds>(common.expires);
  return {{"_type", type},
          {"spec_version", common.spec_version},
          {"version", common.version},
          {"expires", codec::proto_json::timestamp(expires)}};
}

json::Array write_strings(const std::vector<std::string>& strings) {
  return {strings.begin(), strings.end()};
}

json::Object write_role(const Role& role) {
  return {{"keyids", write_strings(role.key_ids)}, {"threshold", role.threshold}};
}

json::Object write_keys(const Keys& keys) {
  json::Object out;
  for (const auto& [id, key] : keys) {
    out.append(id, json::Object{{"keytype", key.type},
                                {"scheme", key.scheme},
                                {"keyval", json::Object{{"public", key.value}}}});
  }
  return out;
}

json::Object write_hashes(const Hashes& hashes) {
  json::Object out;
  for (const auto& [algorithm, hash] : hashes) out.append(algorithm, hash);
  return out;
}

json::Object write_meta_file(const MetaFile& file) {
  json::Object out{{"version", file.version}};
  if (file.length) out.append("length", *file.length);
  if (!file.hashes.empty()) out.append("hashes", write_hashes(file.hashes));
  return out;
}

json::Object write_target(const TargetFile& target) {
  json::Object out{{"length", target.length}, {"hashes", write_hashes(target.hashes)}};
  if (target.custom.empty()) return out;
  auto custom = json::parse(target.custom, "custom");
  out.append("custom", custom ? std::move(*custom) : json::Value(json::Number{"?"}));  // has no form
  return out;
}

json::Object write_delegation(const Delegation& delegation) {
  json::Object out = write_role(delegation.role);
  out.append("name", delegation.name);
  out.append("terminating", delegation.terminating);
  if (delegation.paths) out.append("paths", write_strings(*delegation.paths));
  if (delegation.path_hash_prefixes)
    out.append("path_hash_prefixes", write_strings(*delegation.path_hash_prefixes));
  return out;
}

json::Object write_delegations(const Delegations& delegations) {
  json::Object out{{"keys", write_keys(delegations.keys)}};
  if (const auto* listed = std::get_if<std::vector<Delegation>>(&delegations.roles)) {
    json::Array roles;
    for (const auto& delegation : *listed) roles.emplace_back(write_delegation(delegation));
    out.append("roles", std::move(roles));
    return out;
  }
  const auto& succinct = std::get<SuccinctRoles>(delegations.roles);
  json::Object roles = write_role(succinct.role);
  roles.append("bit_length", std::uint64_t{succinct.bit_length});
  roles.append("name_prefix", succinct.name_prefix);
  out.append("succinct_roles", std::move(roles));
  return out;
}

std::string canonical(json::Object body) {
  return json::write_olpc(std::move(body)).value_or(std::string());
}

}  // namespace

std::string to_sign(const Root& root) {
  json::Object body = write_common(root, "root");
  body.append("consistent_snapshot", root.consistent_snapshot);
  body.append("keys", write_keys(root.keys));
  body.append("roles", json::Object{{"root", write_role(root.root)},
                                    {"timestamp", write_role(root.timestamp)},
                                    {"snapshot", write_role(root.snapshot)},
                                    {"targets", write_role(root.targets)}});
  return canonical(std::move(body));
}

std::string to_sign(const Timestamp& timestamp) {
  json::Object body = write_common(timestamp, "timestamp");
  body.append("meta", json::Object{{"snapshot.json", write_meta_file(timestamp.snapshot)}});
  return canonical(std::move(body));
}

std::string to_sign(const Snapshot& snapshot) {
  json::Object body = write_common(snapshot, "snapshot"), meta;
  for (const auto& [name, file] : snapshot.meta) meta.append(name, write_meta_file(file));
  body.append("meta", std::move(meta));
  return canonical(std::move(body));
}

std::string to_sign(const Targets& targets) {
  json::Object body = write_common(targets, "targets"), files;
  for (const auto& [path, target] : targets.targets) files.append(path, write_target(target));
  body.append("targets", std::move(files));
  if (targets.delegations) body.append("delegations", write_delegations(*targets.delegations));
  return canonical(std::move(body));
}

std::string write(std::string_view to_sign, const std::vector<Signature>& signatures) {
  json::Array list;
  for (const auto& signature : signatures) {
    list.emplace_back(
        json::Object{{"keyid", signature.key_id}, {"sig", codec::hex::encode(signature.signature)}});
  }
  return "{\"signatures\":" + json::write_plain(list) + ",\"signed\":" + json::olpc_as_json(to_sign) + "}";
}

}  // namespace sigstore::tuf
