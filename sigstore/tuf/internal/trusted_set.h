// What is trusted in the course of one update, and the rules by which it grows (5.3 to 5.6): no files, no
// network. Private to this room.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sigstore/tuf/internal/verifier.h"
#include "sigstore/tuf/updater.h"

namespace sigstore::tuf::internal {

using TargetsDocument = std::shared_ptr<const Signed<Targets>>;

// By whom a role's metadata must be signed: the role as its delegator describes it.
struct Delegated {
  std::string name;
  const Role* role = nullptr;
  const Keys* keys = nullptr;
};

class TrustedSet {
 public:
  // The verifier outlives it. With `expired_counts` nothing is too old.
  TrustedSet(Verifier& verifier, Time now, bool expired_counts)
      : verifier_(&verifier), now_(now), expired_counts_(expired_counts) {}

  // 5.2: the root to begin with, signed by itself.
  Result<void> begin(std::string_view text);
  // 5.3: the next one. True when a key of timestamp or snapshot no longer counts (5.3.11).
  Result<bool> next_root(std::string_view text);
  Result<void> check_root() const;  // 5.3.10

  // What was trusted in an earlier update: remembered for what may not be rolled back, whatever its age.
  // Nothing changes when it is not signed well now.
  void recall_timestamp(std::string_view text);
  // 5.4. False when it is the one that is trusted already: that one is kept (and checked for its age).
  Result<bool> update_timestamp(std::string_view text);

  // As recall_timestamp(). True when it is the one that the timestamp names, and none need be fetched.
  bool recall_snapshot(std::string_view text);
  void forget_snapshot() { snapshot_.reset(); }
  Result<void> update_snapshot(std::string_view text);  // 5.5

  // 5.6.2 to 5.6.5; of "targets" and of delegated roles.
  Result<TargetsDocument> read_targets(const Delegated& delegated, std::string_view text);
  // The same document under another delegator: what is left to ask is who has signed.
  Result<void> check_again(const Delegated& delegated, const Signed<Targets>& document);
  [[nodiscard]] Delegated top_level() const { return {"targets", &root_.targets, &root_.keys}; }

  [[nodiscard]] const Root& root() const { return root_; }
  [[nodiscard]] const MetaFile& snapshot_file() const { return timestamp_->snapshot; }  // after the timestamp
  // After the snapshot. Code::mismatch when it does not name the role.
  [[nodiscard]] Result<const MetaFile*> file_of(std::string_view role) const;
  [[nodiscard]] const std::map<std::string, TrustedFile>& trusted() const { return trusted_; }

 private:
  [[nodiscard]] Result<void> check_age(const Common& common, std::string_view what) const;
  Result<Signed<Timestamp>> read_timestamp(std::string_view text);
  Result<Signed<Snapshot>> read_snapshot(std::string_view text);
  [[nodiscard]] Result<void> check_rollback(const Timestamp& timestamp) const;
  [[nodiscard]] Result<void> check_rollback(const Snapshot& snapshot) const;
  void trust(std::string_view role, const Common& common);

  Verifier* verifier_;
  Time now_;
  bool expired_counts_;
  Root root_;
  std::optional<Timestamp> timestamp_;
  std::optional<Snapshot> snapshot_;
  std::map<std::string, TrustedFile> trusted_;
};

}  // namespace sigstore::tuf::internal
