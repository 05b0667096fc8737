#include "cosign/keysets/key_set_file.h"

#include <chrono>

#include "cosign/keysets/key_set_flags.h"
#include "sigstore/base/limits.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/keys/provider.h"
#include "sigstore/keys/shown.h"
#include "sigstore/keyset/change.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::keyset::Key;
using sigstore::keyset::KeySet;
using sigstore::keyset::SignedSet;
using sigstore::keyset::State;

constexpr unsigned public_mode = 0644;

std::string state_of(const SignedSet& set) {
  std::string text = "version " + std::to_string(set.set.version);
  if (set.set.roots.empty()) return text;
  return text + ", signed by " + std::to_string(signing_roots(set).size()) + " of its " +
         std::to_string(set.set.roots.size()) + " roots; " + std::to_string(set.set.threshold) +
         " must sign it";
}

// A key that is named in words of the set, or by a reference that opens it.
Result<Key> key_of(Session& session, const KeySet& set, const std::string& text, const std::string& path) {
  auto named = sigstore::keyset::named(set, text, path);
  const bool may_open = sigstore::keys::is_kept_elsewhere(text) || session.env().files->exists(text);
  if (named || named.error().code != Code::not_found || !may_open) return named;
  TRY(const auto key, sigstore::keys::open_public_half(session.keys(), text));
  if (const Key* found = set.find(key)) return *found;
  return fail(Code::not_found, "the key " + sigstore::keys::shown(text) + " is not in " + path,
              "it is " + key.fingerprint());
}

}  // namespace

bool looks_like_key_set(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

Result<SignedSet> read_key_set(Session& session, const std::string& path) {
  auto text = session.read_file(path, sigstore::limits::key_set_bytes);
  if (!text && text.error().code == Code::not_found)
    return fail(Code::not_found, "the key set " + path + " is not there", {},
                "cosign keyset create makes one");
  if (!text) return fail(text.error());
  if (text->starts_with("-----BEGIN "))
    return fail(Code::mismatch, path + " is a key, and a key set is needed here", {},
                "cosign keyset add --key " + path + " KEYSET puts it into one");
  return SignedSet::parse(std::move(*text), path);
}

Result<std::unique_ptr<sigstore::FileLock>> lock_folder_of(Session& session, const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  for (int tries = 0; tries < sigstore::limits::login_lock_tries; ++tries) {
    auto lock = session.env().files->lock(folder);
    if (lock) return lock;
    if (lock.error().code != Code::conflict) return nullptr;
    TRY_OK(session.env().clock->sleep(sigstore::limits::login_lock_pause));
  }
  return fail(Code::conflict, "somebody else is changing " + path, {}, "try again when they are done");
}

Result<ChangingSet> read_to_change(Session& session, const std::string& path) {
  if (path == "-")
    return fail(Code::invalid_argument, "a key set that is changed is a file", "standard input is none");
  ChangingSet changing;
  TRY(changing.lock, lock_folder_of(session, path));
  TRY(changing.set, read_key_set(session, path));
  return changing;
}

Result<void> write_key_set(Session& session, const std::string& path, const SignedSet& set) {
  const std::string text = set.write();
  if (text.size() > sigstore::limits::key_set_bytes)
    return fail(Code::too_large, path + " would be larger than a key set may be");
  TRY_OK(session.env().files->write_atomic(path, text, public_mode));
  session.note("Wrote " + path + ": " + state_of(set));
  return {};
}

Result<void> write_change(Session& session, const std::string& path, KeySet changed) {
  return write_key_set(session, path, SignedSet::of(std::move(changed)));
}

void StateChange::declare(FlagSet& flags) {
  declare_one_key(flags, &key, "its id, the beginning of that, its name in the set, or its file").takes =
      Takes::public_key;
  flags.text("reason", &reason, "TEXT", "why, for whoever is refused");
}

Result<void> StateChange::make(Session& session, const std::string& path, State state) const {
  if (key.empty())
    return fail(Code::invalid_argument, "no key was given", {},
                "add --key ID, or the name or file of a key in the set");
  TRY(const auto file, read_to_change(session, path));
  const KeySet& set = file.set.set;
  TRY(const Key meant, key_of(session, set, key, path));
  TRY(auto changed, sigstore::keyset::with_state(set, meant.key, state, session.env().clock->now(), reason));
  TRY_OK(write_change(session, path, std::move(changed)));
  session.note("Key " + meant.title() + " is " + std::string(name(state)) + " now");
  return {};
}

Result<std::optional<sigstore::Time>> read_time(const std::string& flag, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto time = sigstore::codec::rfc3339::parse(text);
  if (time) return std::chrono::floor<std::chrono::seconds>(*time);
  return fail(Code::invalid_argument, "--" + flag + " is no time", time.error().message,
              "write it as 2027-01-31T00:00:00Z");
}

void remark_if_past(Session& session, const std::string& what, const std::optional<sigstore::Time>& end) {
  if (end && session.env().clock->now() > *end)
    session.remarks({what + " " + sigstore::codec::rfc3339::seconds(*end) + " is in the past"});
}

std::string name_of_key(const std::string& reference) {
  if (sigstore::keys::is_kept_elsewhere(reference)) return sigstore::keys::shown(reference);
  std::string name = reference.substr(reference.find_last_of('/') + 1);
  for (const char* ending : {".pub", ".key", ".pem"})
    if (name.ends_with(ending)) name.resize(name.size() - std::string_view(ending).size());
  return name;
}

}  // namespace cosign
