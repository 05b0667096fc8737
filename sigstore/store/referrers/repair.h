// A fallback index that lost entries, lists what is gone, or is no index at all, is written anew from what is
// in the repository.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/remote/registry/registry.h"

namespace sigstore::store {

struct RepairEntry {
  enum class State {
    good,       // listed as it is
    corrected,  // listed with another size or type
    restored,   // about the image and not listed; `detail` says where it was found
    gone,       // listed, and not there any more: dropped
    foreign,    // listed, and about something else: dropped
    doubled,    // listed twice: dropped the second time
    kept        // could not be asked or read: stays as it is; `detail` says why
  };
  State state = State::good;
  oci::Digest digest;
  std::string detail;
};
std::string_view name(RepairEntry::State state);

struct RepairPlan {
  bool exists = false;              // the tag is there
  bool api = false;                 // the registry lists referrers itself
  std::vector<std::string> damage;  // of the document as a whole
  std::vector<RepairEntry> entries;
  std::vector<std::string> notes;
  std::vector<Error> failures;  // what could not be asked: there may be more to restore
  [[nodiscard]] bool needed() const;
};

struct RepairOptions {
  std::vector<oci::Digest> also;  // referrers, or earlier lists of them, that are known from elsewhere
};

// What is to be done; nothing is changed. Looked through are the tag itself, the tags of each signer's own
// beside it, every other tag of the repository (limits::own_tags of each), and `also`. What the referrers API
// lists needs no entry. Errors: those of reading the tag (what cannot be read is never overwritten);
// invalid_argument for an `also` that is neither.
Result<RepairPlan> plan_repair(remote::Registry& registry, const Env& env, const oci::Repository& repository,
                               const oci::Digest& subject, const RepairOptions& options = {});

struct RepairReport {
  int writes = 0;       // 0: somebody else has repaired it meanwhile
  bool proven = false;  // a precondition held: nobody was overwritten
  std::vector<std::string> notes;
};

// Does it, as add_to_tag() does: what others write meanwhile stays. Errors are those of add_to_tag().
Result<RepairReport> repair(remote::Registry& registry, const Env& env, const oci::Repository& repository,
                            const oci::Digest& subject, const RepairPlan& plan);

}  // namespace sigstore::store
