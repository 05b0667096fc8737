#include "sigstore/tuf/testing/play.h"

#include <algorithm>

#include "sigstore/codec/hex.h"
#include "sigstore/tuf/key.h"

namespace sigstore::tuf::testing {
namespace {

std::string add_key(Keys& keys, const crypto::PrivateKey& key) {
  const Key described = *describe_key(key.public_key());
  const std::string id = key_id(described);
  keys[id] = described;
  return id;
}

Hashes hashes_of(std::string_view text) {
  return {{"sha256", codec::hex::encode(crypto::sha256(as_bytes(text)))},
          {"sha512", codec::hex::encode(crypto::hash(crypto::HashAlgorithm::sha512, as_bytes(text)))}};
}

}  // namespace

std::shared_ptr<crypto::PrivateKey> new_key(crypto::KeyType type) {
  return std::make_shared<crypto::PrivateKey>(*crypto::PrivateKey::generate(type));
}

Play::Play(Time expires, KeySource keys) : new_key_(std::move(keys)) {
  for (Common* common : std::initializer_list<Common*>{&root, &timestamp, &snapshot, &targets["targets"]})
    common->expires = expires;
  for (const char* role : {"root", "timestamp", "snapshot", "targets"}) rotate(role);
  snapshot.meta["targets.json"] = {};
}

void Play::rotate(const std::string& name, std::size_t count, std::uint64_t threshold) {
  Role& role = name == "root"        ? root.root
               : name == "timestamp" ? root.timestamp
               : name == "snapshot"  ? root.snapshot
                                     : root.targets;
  role = {{}, threshold};
  if (name != "root") signers[name].clear();
  for (std::size_t i = 0; i < count; ++i) {
    signers[name].push_back(new_key_());
    role.key_ids.push_back(add_key(root.keys, *signers[name].back()));
  }
}

Targets& Play::delegate(const std::string& delegator, Delegation delegation) {
  const std::string name = delegation.name;
  auto& delegations = targets.at(delegator).delegations;
  if (!delegations) delegations.emplace();
  signers[name].push_back(new_key_());
  delegation.role.key_ids.push_back(add_key(delegations->keys, *signers[name].back()));
  std::get<std::vector<Delegation>>(delegations->roles).push_back(std::move(delegation));
  if (!targets.contains(name)) targets[name].expires = targets["targets"].expires;
  return targets[name];
}

TargetFile& Play::add_target(const std::string& role, const std::string& path, std::string content) {
  TargetFile& target = targets.at(role).targets[path];
  target = {content.size(), hashes_of(content), ""};
  repository.files["targets/" + target_file(path, target, true)] = content;
  repository.files["targets/" + path] = std::move(content);
  return target;
}

void Play::publish_file(const std::string& role, std::uint64_t version, const std::string& text) {
  signed_texts.insert(text);
  std::vector<Signature> signatures;
  for (const auto& signer : signers[role]) {
    auto signature = *sign(*signer, text);
    const auto same = [&](const Signature& other) { return other.key_id == signature.key_id; };
    if (std::ranges::none_of(signatures, same)) signatures.push_back(std::move(signature));
  }
  const std::string file = metadata_file(role);
  repository.files[std::to_string(version) + "." + file] = repository.files[file] = write(text, signatures);
}

void Play::publish_root() {
  publish_file("root", root.version, to_sign(root));
}
void Play::publish_timestamp() {
  publish_file("timestamp", timestamp.version, to_sign(timestamp));
}
void Play::publish_snapshot() {
  publish_file("snapshot", snapshot.version, to_sign(snapshot));
}
void Play::publish_targets(const std::string& role) {
  publish_file(role, targets.at(role).version, to_sign(targets.at(role)));
}

void Play::take_over(const std::string& role, MetaFile& file, std::uint64_t version, bool hashed) {
  file = {version, std::nullopt, {}};
  if (!hashed) return;
  const std::string& text = repository.files[metadata_file(role)];
  file.length = text.size();
  file.hashes = hashes_of(text);
}

void Play::publish(bool hashed) {
  publish_root();
  for (const auto& [role, body] : targets) {
    publish_targets(role);
    take_over(role, snapshot.meta[role + ".json"], body.version, hashed);
  }
  publish_snapshot();
  take_over("snapshot", timestamp.snapshot, snapshot.version, hashed);
  publish_timestamp();
}

void Play::release(const std::string& role, bool hashed) {
  if (!role.empty()) ++targets.at(role).version;
  ++snapshot.version;
  ++timestamp.version;
  publish(hashed);
}

}  // namespace sigstore::tuf::testing
