// The side of a TUF repository that publishes: roles with k of n keys, versions that go up, files as a web
// server or folder has them. Pure: keys are signers that are handed in, files a map.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sigstore/authority/tufrepo/signing.h"
#include "sigstore/base/env.h"
#include "sigstore/base/result.h"
#include "sigstore/tuf/metadata.h"

namespace sigstore::authority {

// "1.root.json", "3.snapshot.json", "timestamp.json", "targets/HEX.trusted_root.json"; without consistent
// snapshots "snapshot.json" and "targets/trusted_root.json".
using TufFiles = std::map<std::string, std::string>;

struct TufRole {
  Signers signers;
  std::uint64_t threshold = 1;
  Duration lifetime{};                    // whole seconds of it count
  std::vector<crypto::PublicKey> others;  // who may sign too, but not here
};

// Exactly one of paths and path_hash_prefixes (tuf/metadata.h).
struct TufDelegation {
  std::string name;
  TufRole role;
  bool terminating = false;
  std::optional<std::vector<std::string>> paths, path_hash_prefixes;
};

// Not for use from two threads at once.
class TufPublisher {
 public:
  struct Options {
    TufRole root, timestamp, snapshot, targets;
    bool consistent_snapshot = true;
  };
  // With its first root, and nothing else yet. Code::invalid_argument for a role without a lifetime, or whose
  // threshold its signers do not reach; unsupported for keys without a TUF scheme; else the signers' errors.
  static Result<TufPublisher> create(Options options, Time now);
  TufPublisher(TufPublisher&&) noexcept;
  TufPublisher& operator=(TufPublisher&&) noexcept;
  ~TufPublisher();

  // All below is taken up by publish(). `role` is who vouches: "targets", or one that was delegated to; one
  // that delegates to hash bins hands on to its bin. Code::not_found when there is none of that name.
  // Code::invalid_argument for a path that is none, and too_large for what no client would keep.
  Result<void> set_target(const std::string& path, std::string content, const std::string& role = "targets");
  // Ok when there is none.
  Result<void> remove_target(const std::string& path, const std::string& role = "targets");
  // `by` delegates to this role from now on, after those that it delegates to already. The same role may be
  // reached from several, with other keys: all its signers sign it. Code::conflict for a name that stands for
  // another kind of role, for a second delegation of the same name, and beside hash bins.
  Result<void> delegate(const std::string& by, TufDelegation delegation);
  // 2^bit_length roles, "PREFIX-HEX" (TAP 15), at most 2^12 of them here.
  Result<void> delegate_bins(const std::string& by, const std::string& name_prefix, std::uint32_t bit_length,
                             const TufRole& role);

  // A new root, signed by the old and the new keys (5.3.4, 5.3.5). Who has other keys than before signs anew
  // at the next publish(). Errors as create(); nothing has changed then.
  Result<void> rotate(Options options, Time now);
  // New versions of targets, snapshot and timestamp where something changed, or expires before `until`.
  // Code::timeout when the root has expired: rotate() first. After an error of a signer nothing has changed.
  Result<void> publish(Time now, Time until);

  [[nodiscard]] const TufFiles& files() const;    // all that was ever published
  [[nodiscard]] const std::string& root() const;  // the newest root.json: what clients start from

 private:
  struct State;
  explicit TufPublisher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The hash bin of a target's path: "PREFIX-HEX".
std::string tuf_bin(const std::string& name_prefix, std::uint32_t bit_length, std::string_view path);

}  // namespace sigstore::authority
