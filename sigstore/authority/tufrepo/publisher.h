// The side of a TUF repository that publishes: roles with k of n keys, versions that go up, files as a web
// server or folder has them. Pure: keys are signers that are handed in, files a map.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/crypto/key.h"
#include "sigstore/tuf/metadata.h"

namespace sigstore::authority {

using Signers = std::vector<std::shared_ptr<crypto::Signer>>;
using TufFiles = std::map<std::string, std::string>;  // "1.root.json", "targets/HEX.trusted_root.json"

struct TufRole {
  Signers signers;
  std::uint64_t threshold = 1;
  Duration lifetime{};
};

class TufPublisher {
 public:
  struct Options {
    TufRole root, timestamp, snapshot, targets;
    bool consistent_snapshot = true;
  };
  static Result<TufPublisher> create(Options options, Time now);

  Result<void> set_target(const std::string& path, std::string content);  // taken up by publish()
  void remove_target(const std::string& path);
  // A new root, signed by the old and the new keys (5.3.4, 5.3.5).
  Result<void> rotate(Options options, Time now);
  // New versions of targets, snapshot and timestamp where something changed, or expires before `until`.
  Result<void> publish(Time now, Time until);
  [[nodiscard]] const TufFiles& files() const;    // all that was ever published
  [[nodiscard]] const std::string& root() const;  // the newest root.json: what clients start from
};

}  // namespace sigstore::authority
