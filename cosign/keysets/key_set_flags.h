// How far a key set is trusted: the flags of every command that goes by one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cosign/session/session.h"
#include "sigstore/keyset/signed_set.h"

namespace cosign {

// --key of a command that changes a set by one key: given twice it is an error, not the last that counts.
Flag& declare_one_key(FlagSet& flags, std::string* target, std::string help);

struct KeySetFlags {
  std::vector<std::string> roots;
  int threshold = 0;
  int min_version = 0;
  std::string state;

  void declare(FlagSet& flags);
  // Whether any was given: that no set is there to which they apply is an error of the caller's.
  [[nodiscard]] bool given() const;
  // Whether the set that `path` names may be used now; the errors of keyset::judge(). What is seen is
  // remembered in the file of --keyset-state.
  [[nodiscard]] sigstore::Result<void> judge(Session& session, const sigstore::keyset::SignedSet& set,
                                             const std::string& path) const;
};

// A set that says who may sign: --keyset.
class SigningSet {
 public:
  SigningSet(sigstore::keyset::KeySet set, std::string path, sigstore::Time at)
      : set_(std::move(set)), path_(std::move(path)), at_(at) {}
  // Code::mismatch for a key that is not in the set, is retired or revoked, is out of its window, or is not
  // for `where` (nullptr: a file).
  [[nodiscard]] sigstore::Result<void> may_sign(const sigstore::crypto::PublicKey& key,
                                                const sigstore::oci::Repository* where) const;

 private:
  sigstore::keyset::KeySet set_;
  std::string path_;
  sigstore::Time at_;
};

struct SigningSetFlags {
  std::string file;
  KeySetFlags trust;

  void declare(FlagSet& flags);
  // Empty where none was given.
  [[nodiscard]] sigstore::Result<std::optional<SigningSet>> open(Session& session) const;
};

}  // namespace cosign
