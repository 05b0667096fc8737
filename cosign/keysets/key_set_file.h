// Key sets in files: read, written, and known from a key.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cosign/session/session.h"
#include "sigstore/keyset/signed_set.h"

namespace cosign {

// By its look: JSON, where a key is PEM.
bool looks_like_key_set(std::string_view text);

// A path, "-" for stdin. Its form alone is looked at, as SignedSet::parse does; Code::not_found says which
// file.
sigstore::Result<sigstore::keyset::SignedSet> read_key_set(Session& session, const std::string& path);

// Nobody else changes what lies in the folder of `path` while this lives; nullptr where a folder cannot be
// locked. Code::conflict when somebody holds it for long.
sigstore::Result<std::unique_ptr<sigstore::FileLock>> lock_folder_of(Session& session,
                                                                     const std::string& path);

// A set that is about to be changed: two at once do not undo each other. Code::invalid_argument for stdin.
struct ChangingSet {
  std::unique_ptr<sigstore::FileLock> lock;
  sigstore::keyset::SignedSet set;
};
sigstore::Result<ChangingSet> read_to_change(Session& session, const std::string& path);

// Replaces the file whole, and says which version it is, and how many roots must sign it.
sigstore::Result<void> write_key_set(Session& session, const std::string& path,
                                     const sigstore::keyset::SignedSet& set);

// Of a changed set, which is not signed yet.
sigstore::Result<void> write_change(Session& session, const std::string& path,
                                    sigstore::keyset::KeySet changed);

// A key of the set that becomes retired or revoked: its flags, and the change.
struct StateChange {
  std::string key;  // its id, the beginning of that, its name, or a reference to the key
  std::string reason;

  void declare(FlagSet& flags);
  // Writes the file, and says so.
  [[nodiscard]] sigstore::Result<void> make(Session& session, const std::string& path,
                                            sigstore::keyset::State state) const;
};

// An instant that was given to --`flag`, in RFC 3339; nullopt where it was not. Code::invalid_argument.
sigstore::Result<std::optional<sigstore::Time>> read_time(const std::string& flag, const std::string& text);

// A note when `end`, which `what` gave, is over: it may be meant, and is mostly a slip.
void remark_if_past(Session& session, const std::string& what, const std::optional<sigstore::Time>& end);

// What a key is called that was given as `reference`: the file's name without its folder and ending, else the
// reference, without a PIN.
std::string name_of_key(const std::string& reference);

}  // namespace cosign
