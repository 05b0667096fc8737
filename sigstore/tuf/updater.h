// The client's walk (The Update Framework specification 1.0.34, section 5): which metadata is asked for, in
// which order, and what of it is trusted. No network, no files, no clock: where metadata comes from and where
// it is kept are handed in.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/base/stream.h"
#include "sigstore/tuf/metadata.h"

namespace sigstore::tuf {

// What is asked for. File names are those of the repository, percent-encoded where a role's name needs it:
// "5.root.json", "timestamp.json", "3.snapshot.json", "1.role%2Fa.json". As hostile as the network.
class Repository {
 public:
  virtual ~Repository() = default;
  // Code::not_found when there is none (HTTP 403 and 404); too_large above `max`.
  virtual Result<std::string> metadata(const std::string& file, std::size_t max) = 0;
  // `path` below the targets: "HEX.trusted_root.json", "dir/HEX.name".
  virtual Result<std::string> target(const std::string& path, std::uint64_t max) = 0;
};

// What was trusted before: "root.json", "timestamp.json", "snapshot.json", "targets.json", "role%2Fa.json".
// What is read is believed no more than what comes from a repository, but for root.json, which is where trust
// starts.
class Store {
 public:
  virtual ~Store() = default;
  virtual Result<std::string> read(const std::string& file, std::size_t max) = 0;  // Code::not_found
  virtual Result<void> write(const std::string& file, std::string_view text) = 0;
  virtual Result<void> remove(const std::string& file) = 0;  // ok when there is none
};

struct TrustedFile {
  std::uint64_t version = 0;
  Time expires;
};

class Updater {
 public:
  // Both outlive it. `now` is the time that all of one refresh is judged at (5.1).
  Updater(Repository& repository, Store& store, Time now);
  ~Updater();

  // Root, timestamp, snapshot and top-level targets, each written to the store as soon as it is trusted
  // (5.3 to 5.6). Code::bad_signature, mismatch (hash, length, version: rollback), malformed, timeout for
  // what has expired (freeze), too_large, not_found, and those of repository and store.
  Result<void> refresh();
  // The same by what is in the store alone: true when it is whole and nothing of it has expired, so that
  // nobody need be asked. With `expired_counts` what has expired is taken too.
  Result<bool> load(bool expired_counts = false);

  // After either: the target of this path, found over delegations in the order of 5.6.7; nullopt when nobody
  // vouches for one. Asks for delegated metadata where it is needed (never after load()).
  Result<std::optional<TargetFile>> find(const std::string& path);
  // Its content, as long as it says and with all of its hashes. After find().
  Result<std::string> download(const std::string& path, const TargetFile& target);

  // What is trusted now, by role name: "root", "timestamp", …
  [[nodiscard]] const std::map<std::string, TrustedFile>& trusted() const;
  [[nodiscard]] const Root& root() const;        // after refresh() or load()
  [[nodiscard]] const Targets& targets() const;  // the top-level ones; after the same

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Whether `content` is as long as `target` says and has all of its hashes, of which there must be one.
// Code::mismatch; unsupported for a hash that is not known here.
Result<void> check_target(const TargetFile& target, std::string_view content, std::string_view what);
// The same of metadata, by what names it: length and hashes where they are known.
Result<void> check_file(const MetaFile& file, std::string_view text, std::string_view what);
// A hash bin (TAP 15; `bit_length` is 1 to 32): which one a target belongs to, by the first bits of the
// SHA-256 of its path, and the name of the role, with as many digits as the last bin has.
std::uint32_t bin_of(std::uint32_t bit_length, std::string_view path);
std::string bin_name(const std::string& name_prefix, std::uint32_t bit_length, std::uint32_t number);
// The name of a role as a file name: percent-encoded, ".json" at its end. Never a path.
std::string metadata_file(std::string_view role);
// Where a target stands below the targets: with a hash before its last part where snapshots are consistent.
std::string target_file(const std::string& path, const TargetFile& target, bool consistent_snapshot);

}  // namespace sigstore::tuf
