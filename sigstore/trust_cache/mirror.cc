#include "sigstore/trust_cache/mirror.h"

#include <deque>
#include <set>
#include <utility>

#include "sigstore/base/limits.h"
#include "sigstore/codec/printable.h"
#include "sigstore/trust_cache/internal/overlay.h"
#include "sigstore/tuf/key.h"
#include "sigstore/tuf/metadata.h"

namespace sigstore::trust_cache {
namespace {

using tuf::Delegation;
using tuf::Delegations;
using tuf::Role;
using tuf::Targets;

// Keeps what was there of what was asked for. Whoever asks believes nothing of it before it is verified, and
// an error of theirs is the end of all.
class Recorder final : public tuf::Repository {
 public:
  Recorder(tuf::Repository& from, std::map<std::string, std::string>& files) : from_(from), files_(files) {}

  Result<std::string> metadata(const std::string& file, std::size_t max) override {
    return keep(file, from_.metadata(file, max));
  }
  Result<std::string> target(const std::string& path, std::uint64_t max) override {
    return keep("targets/" + path, from_.target(path, max));
  }
  // Kept under another name than it is asked for by.
  Result<std::string> target_as(const std::string& path, const std::string& name, std::uint64_t max) {
    return keep("targets/" + name, from_.target(path, max));
  }

 private:
  Result<std::string> keep(const std::string& name, Result<std::string> content) {
    if (!content) return content;
    auto& kept = files_[name];
    bytes_ += content->size() - kept.size();
    if (bytes_ > limits::tuf_mirror_bytes)
      return fail(Code::too_large, "the repository is too large for a mirror of it",
                  "more than " + std::to_string(limits::tuf_mirror_bytes) + " bytes");
    kept = *content;
    return content;
  }

  tuf::Repository& from_;
  std::map<std::string, std::string>& files_;
  std::size_t bytes_ = 0;
};

std::string versioned(std::uint64_t version, const std::string& file, bool consistent) {
  return consistent ? std::to_string(version) + "." + file : file;
}

Result<std::vector<std::string>> bins(const tuf::SuccinctRoles& roles) {
  const std::uint64_t count = std::uint64_t{1} << roles.bit_length;
  if (count > limits::tuf_files)
    return fail(Code::too_large, "the repository has too many roles for a mirror of it",
                std::to_string(count) + " hash bins " + codec::printable(roles.name_prefix));
  std::vector<std::string> names;
  for (std::uint64_t bin = 0; bin < count; ++bin)
    names.push_back(tuf::bin_name(roles.name_prefix, roles.bit_length, static_cast<std::uint32_t>(bin)));
  return names;
}

class Copy {
 public:
  Copy(tuf::Repository& from, const std::string& root, Time now)
      : root_(root), now_(now), recorder_(from, mirror_.files), updater_(recorder_, store_, now) {}

  Result<Mirror> take() {
    TRY_OK(history());
    TRY_OK(store_.write("root.json", root_));
    TRY_OK(updater_.refresh());
    mirror_.trusted = updater_.trusted();
    consistent_ = updater_.root().consistent_snapshot;
    TRY_OK(read_snapshot());
    TRY_OK(add_targets(updater_.targets()));
    while (!waiting_.empty()) {
      const Waiting next = std::move(waiting_.front());
      waiting_.pop_front();
      TRY_OK(add_role(next));
    }
    return std::move(mirror_);
  }

 private:
  struct Waiting {
    std::string name;
    Role role;
    std::shared_ptr<const tuf::Keys> keys;
  };

  Result<void> history();
  Result<void> read_snapshot();
  Result<void> add_targets(const Targets& body);
  Result<void> add_target(const std::string& path, const tuf::TargetFile& target, const std::string& file);
  Result<void> add_role(const Waiting& one);
  Result<void> wait_for(const Delegations& delegations);
  Result<void> wait_for(const std::string& name, const Role& role,
                        const std::shared_ptr<const tuf::Keys>& keys);

  const std::string& root_;
  const Time now_;
  Mirror mirror_;
  Recorder recorder_;
  Overlay store_{nullptr};  // nothing is kept: all of it is new
  tuf::Updater updater_;
  bool consistent_ = true;
  tuf::Snapshot snapshot_;
  std::deque<Waiting> waiting_;
  std::set<std::string> seen_;
};

// Whoever begins with an older root walks over those in between: each must be signed by the one before, and
// by itself. The first is the updater's to verify.
Result<void> Copy::history() {
  const std::string first = "the root to begin with";
  TRY(auto newer, tuf::parse_root(root_, first));
  mirror_.files[std::to_string(newer.body.version) + ".root.json"] = root_;
  while (newer.body.version > 1) {
    const std::string file = std::to_string(newer.body.version - 1) + ".root.json";
    auto text = recorder_.metadata(file, limits::tuf_root_bytes);
    if (!text && text.error().code == Code::not_found) return {};
    if (!text) return fail(std::move(text.error()));
    TRY(auto older, tuf::parse_root(*text, file));
    if (older.body.version + 1 != newer.body.version)
      return fail(Code::mismatch, file + " is not the version that its name says",
                  "it is version " + std::to_string(older.body.version));
    TRY_OK(
        tuf::verify_threshold(older.body.root, older.body.keys, older.signed_bytes, older.signatures, file));
    if (const auto led = tuf::verify_threshold(older.body.root, older.body.keys, newer.signed_bytes,
                                               newer.signatures, "the root after " + file);
        !led)
      return fail(led.error().wrap(file + " does not lead to the root that is trusted"));
    newer = std::move(older);
  }
  return {};
}

Result<void> Copy::read_snapshot() {
  const auto version = mirror_.trusted.find("snapshot");
  if (version == mirror_.trusted.end()) return fail(Code::internal, "no snapshot is trusted after a refresh");
  const auto file = mirror_.files.find(versioned(version->second.version, "snapshot.json", consistent_));
  if (file == mirror_.files.end()) return fail(Code::internal, "the snapshot was not fetched");
  TRY(auto parsed, tuf::parse_snapshot(file->second, file->first));
  snapshot_ = std::move(parsed.body);
  return {};
}

// Where snapshots are consistent, a target stands under its hashes, or under one of them.
Result<void> Copy::add_target(const std::string& path, const tuf::TargetFile& target,
                              const std::string& file) {
  std::vector<std::string> others;
  for (const auto& hash : target.hashes) {
    auto name = tuf::target_file(path, {target.length, {hash}, ""}, consistent_);
    if (name != file) others.push_back(std::move(name));
  }
  auto content = recorder_.target(file, target.length);
  for (const auto& name : others)
    if (!content && content.error().code == Code::not_found)
      content = recorder_.target_as(name, file, target.length);
  if (!content) return fail(std::move(content.error()));
  for (const auto& name : others) mirror_.also["targets/" + name] = "targets/" + file;
  return tuf::check_target(target, *content, "targets/" + file);
}

Result<void> Copy::add_targets(const Targets& body) {
  for (const auto& [path, target] : body.targets) {
    const std::string file = tuf::target_file(path, target, consistent_);
    if (mirror_.files.contains("targets/" + file)) continue;
    TRY_OK(add_target(path, target, file));
    ++mirror_.targets;
  }
  if (body.delegations) return wait_for(*body.delegations);
  return {};
}

Result<void> Copy::wait_for(const std::string& name, const Role& role,
                            const std::shared_ptr<const tuf::Keys>& keys) {
  if (!seen_.insert(name).second) return {};  // by another delegator: the same file
  if (seen_.size() > limits::tuf_files)
    return fail(Code::too_large, "the repository has too many roles for a mirror of it");
  waiting_.push_back({name, role, keys});
  return {};
}

Result<void> Copy::wait_for(const Delegations& delegations) {
  const auto keys = std::make_shared<const tuf::Keys>(delegations.keys);
  if (const auto* listed = std::get_if<std::vector<Delegation>>(&delegations.roles)) {
    for (const Delegation& one : *listed) TRY_OK(wait_for(one.name, one.role, keys));
    return {};
  }
  const auto& succinct = std::get<tuf::SuccinctRoles>(delegations.roles);
  TRY(const auto names, bins(succinct));
  for (const std::string& name : names) TRY_OK(wait_for(name, succinct.role, keys));
  return {};
}

Result<void> Copy::add_role(const Waiting& one) {
  const auto listed = snapshot_.meta.find(one.name + ".json");
  if (listed == snapshot_.meta.end())
    return fail(Code::not_found, "the snapshot knows no role " + codec::printable(one.name),
                "targets.json, or a role of it, delegates to it");
  const std::string file = versioned(listed->second.version, tuf::metadata_file(one.name), consistent_);
  TRY(const auto text, recorder_.metadata(file, listed->second.length.value_or(limits::tuf_targets_bytes)));
  TRY_OK(tuf::check_file(listed->second, text, file));
  TRY(const auto parsed, tuf::parse_targets(text, file));
  TRY_OK(tuf::verify_threshold(one.role, *one.keys, parsed.signed_bytes, parsed.signatures, file));
  if (parsed.body.version != listed->second.version)
    return fail(Code::mismatch, file + " is not the version that the snapshot names",
                "it is version " + std::to_string(parsed.body.version));
  if (parsed.body.expires <= now_) return fail(Code::timeout, file + " has expired");
  mirror_.trusted[one.name] = {parsed.body.version, parsed.body.expires};
  return add_targets(parsed.body);
}

}  // namespace

Result<Mirror> copy_repository(tuf::Repository& from, const std::string& root, Time now) {
  return Copy(from, root, now).take();
}

}  // namespace sigstore::trust_cache
