#include "sigstore/tuf/internal/trusted_set.h"

#include <algorithm>
#include <set>

#include "sigstore/codec/printable.h"
#include "sigstore/codec/proto_fields.h"

namespace sigstore::tuf::internal {
namespace {

std::string show(std::string_view text) {
  return codec::printable(text).substr(0, 256);
}

std::unexpected<Error> rolled_back(std::string what, std::uint64_t found, std::uint64_t known) {
  return fail(Code::mismatch, std::move(what) + " is older than the one that was trusted before",
              "its version is " + std::to_string(found) + ", and " + std::to_string(known) + " was seen",
              "this may be an attack that rolls back to old metadata, or a mirror that lags behind");
}

std::unexpected<Error> wrong_version(std::string_view what, std::uint64_t found, std::uint64_t wanted) {
  return fail(Code::mismatch, std::string(what) + " is of another version than it has to be",
              "version " + std::to_string(found) + ", and " + std::to_string(wanted) + " is wanted");
}

// Who may sign for a role: keys by what they are, under whatever id.
std::set<std::tuple<std::string, std::string, std::string>> signers(const Role& role, const Keys& keys) {
  std::set<std::tuple<std::string, std::string, std::string>> set;
  for (const auto& id : role.key_ids) {
    const auto key = keys.find(id);
    if (key != keys.end()) set.emplace(key->second.type, key->second.scheme, key->second.value);
  }
  return set;
}

// Whether somebody may no longer sign: one who joins, or a threshold that changes, is no reason to forget.
bool has_lost_signer(const Role& before, const Keys& keys_before, const Role& after, const Keys& keys_after) {
  return !std::ranges::includes(signers(after, keys_after), signers(before, keys_before));
}

bool rotated(const Root& before, const Root& after) {
  return has_lost_signer(before.timestamp, before.keys, after.timestamp, after.keys) ||
         has_lost_signer(before.snapshot, before.keys, after.snapshot, after.keys);
}

}  // namespace

Result<void> TrustedSet::check_age(const Common& common, std::string_view what) const {
  if (expired_counts_ || now_ < common.expires) return {};
  return fail(
      Code::timeout, std::string(what) + " has expired",
      "it was good until " + codec::proto_json::timestamp(common.expires) + ", and it is " +
          codec::proto_json::timestamp(std::chrono::floor<std::chrono::seconds>(now_)),
      "the repository may be out of date, or somebody keeps newer metadata back; is the clock right?");
}

void TrustedSet::trust(std::string_view role, const Common& common) {
  trusted_[std::string(role)] = {common.version, common.expires};
}

// --- root

Result<void> TrustedSet::begin(std::string_view text) {
  TRY(auto document, parse_root(text, "root.json"));
  TRY_OK(verifier_->threshold(document.body.root, document.body.keys, document.signed_bytes,
                              document.signatures, "root.json"));
  root_ = std::move(document.body);
  trust("root", root_);
  return {};
}

Result<bool> TrustedSet::next_root(std::string_view text) {
  const std::uint64_t wanted = root_.version + 1;
  const std::string what = std::to_string(wanted) + ".root.json";
  TRY(auto next, parse_root(text, what));
  TRY_OK(verifier_->threshold(root_.root, root_.keys, next.signed_bytes, next.signatures, what));
  TRY_OK(verifier_->threshold(next.body.root, next.body.keys, next.signed_bytes, next.signatures, what));
  if (next.body.version != wanted) return wrong_version(what, next.body.version, wanted);
  const bool others = rotated(root_, next.body);
  root_ = std::move(next.body);
  trust("root", root_);
  return others;
}

Result<void> TrustedSet::check_root() const {
  return check_age(root_, "root.json");
}

// --- timestamp

Result<Signed<Timestamp>> TrustedSet::read_timestamp(std::string_view text) {
  TRY(auto document, parse_timestamp(text, "timestamp.json"));
  TRY_OK(verifier_->threshold(root_.timestamp, root_.keys, document.signed_bytes, document.signatures,
                              "timestamp.json"));
  return document;
}

void TrustedSet::recall_timestamp(std::string_view text) {
  auto document = read_timestamp(text);
  if (document) timestamp_ = std::move(document->body);
}

Result<void> TrustedSet::check_rollback(const Timestamp& timestamp) const {
  if (timestamp.version < timestamp_->version)
    return rolled_back("timestamp.json", timestamp.version, timestamp_->version);
  if (timestamp.version > timestamp_->version && timestamp.snapshot.version < timestamp_->snapshot.version)
    return rolled_back("snapshot.json of timestamp.json", timestamp.snapshot.version,
                       timestamp_->snapshot.version);
  return {};
}

Result<bool> TrustedSet::update_timestamp(std::string_view text) {
  TRY(auto document, read_timestamp(text));
  if (timestamp_) TRY_OK(check_rollback(document.body));
  const bool known = timestamp_ && document.body.version == timestamp_->version;
  const Timestamp& final = known ? *timestamp_ : document.body;
  TRY_OK(check_age(final, "timestamp.json"));
  if (!known) timestamp_ = std::move(document.body);
  trust("timestamp", *timestamp_);
  return !known;
}

// --- snapshot

Result<Signed<Snapshot>> TrustedSet::read_snapshot(std::string_view text) {
  TRY(auto document, parse_snapshot(text, "snapshot.json"));
  TRY_OK(verifier_->threshold(root_.snapshot, root_.keys, document.signed_bytes, document.signatures,
                              "snapshot.json"));
  return document;
}

bool TrustedSet::recall_snapshot(std::string_view text) {
  auto document = read_snapshot(text);
  if (!document) return false;
  snapshot_ = std::move(document->body);
  const bool final = snapshot_->version == snapshot_file().version && check_age(*snapshot_, "") &&
                     check_file(snapshot_file(), text, "");
  if (final) trust("snapshot", *snapshot_);
  return final;
}

Result<void> TrustedSet::check_rollback(const Snapshot& snapshot) const {
  for (const auto& [name, file] : snapshot_->meta) {
    const auto now = snapshot.meta.find(name);
    if (now == snapshot.meta.end())
      return fail(Code::mismatch, "snapshot.json no longer names " + show(name),
                  "the one that was trusted before does");
    if (now->second.version < file.version)
      return rolled_back(show(name) + " of snapshot.json", now->second.version, file.version);
  }
  return {};
}

Result<void> TrustedSet::update_snapshot(std::string_view text) {
  TRY_OK(check_file(snapshot_file(), text, "snapshot.json"));
  TRY(auto document, read_snapshot(text));
  if (document.body.version != snapshot_file().version)
    return wrong_version("snapshot.json", document.body.version, snapshot_file().version);
  if (snapshot_) TRY_OK(check_rollback(document.body));
  TRY_OK(check_age(document.body, "snapshot.json"));
  snapshot_ = std::move(document.body);
  trust("snapshot", *snapshot_);
  return {};
}

// --- targets

Result<const MetaFile*> TrustedSet::file_of(std::string_view role) const {
  const std::string name = std::string(role) + ".json";
  const auto found = snapshot_->meta.find(name);
  if (found != snapshot_->meta.end()) return &found->second;
  return fail(Code::mismatch, "snapshot.json does not name " + show(name));
}

Result<TargetsDocument> TrustedSet::read_targets(const Delegated& delegated, std::string_view text) {
  const std::string what = show(delegated.name + ".json");
  TRY(const auto* file, file_of(delegated.name));
  TRY_OK(check_file(*file, text, what));
  TRY(auto document, parse_targets(text, what));
  TRY_OK(check_again(delegated, document));
  if (document.body.version != file->version)
    return wrong_version(what, document.body.version, file->version);
  TRY_OK(check_age(document.body, what));
  trust(delegated.name, document.body);
  return std::make_shared<const Signed<Targets>>(std::move(document));
}

Result<void> TrustedSet::check_again(const Delegated& delegated, const Signed<Targets>& document) {
  return verifier_->threshold(*delegated.role, *delegated.keys, document.signed_bytes, document.signatures,
                              show(delegated.name + ".json"));
}

}  // namespace sigstore::tuf::internal
