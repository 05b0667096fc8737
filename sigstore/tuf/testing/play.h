// A repository that plays along: roles as values that a test changes at will, signed and published when it
// says so. Nothing here keeps to the rules: what a publisher may not do is what tests are about.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sigstore/crypto/key.h"
#include "sigstore/tuf/testing/memory.h"

namespace sigstore::tuf::testing {

using SignerList = std::vector<std::shared_ptr<crypto::PrivateKey>>;

std::shared_ptr<crypto::PrivateKey> new_key(crypto::KeyType type = crypto::KeyType::ed25519);

class Play {
 public:
  using KeySource = std::function<std::shared_ptr<crypto::PrivateKey>()>;
  // One key for each role of the top level; all at version 1, good until `expires`; nothing published.
  explicit Play(Time expires, KeySource keys = [] { return new_key(); });

  // New keys for a role of the top level, in `root` and `signers`: the root's old ones go on signing.
  void rotate(const std::string& role, std::size_t count = 1, std::uint64_t threshold = 1);
  // Adds a delegation from `delegator` to `delegation.name`, with a new key, and the metadata when there is
  // none.
  Targets& delegate(const std::string& delegator, Delegation delegation);
  // `content` as a target of `role`, and as a file under the names that clients may ask for.
  TargetFile& add_target(const std::string& role, const std::string& path, std::string content);

  // Each signs and publishes one role as it is now, under "VERSION.ROLE.json" and "ROLE.json".
  void publish_root();
  void publish_timestamp();
  void publish_snapshot();
  void publish_targets(const std::string& role);
  // All roles: versions are taken over to snapshot and timestamp, with hashes and lengths when `hashed`.
  void publish(bool hashed = false);
  // The next versions of snapshot and timestamp, after `role` has got its next one where it is not empty.
  void release(const std::string& role = "", bool hashed = false);

  [[nodiscard]] const std::string& file(const std::string& name) { return repository.files[name]; }

  Root root;
  Timestamp timestamp;
  Snapshot snapshot;
  std::map<std::string, Targets> targets;  // by role
  std::map<std::string, SignerList> signers;
  MemoryRepository repository;
  std::set<std::string> signed_texts;  // all that was ever signed

 private:
  KeySource new_key_;
  void publish_file(const std::string& role, std::uint64_t version, const std::string& to_sign);
  void take_over(const std::string& role, MetaFile& file, std::uint64_t version, bool hashed);
};

}  // namespace sigstore::tuf::testing
