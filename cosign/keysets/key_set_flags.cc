#include "cosign/keysets/key_set_flags.h"

#include <utility>

#include "cosign/keysets/key_set_file.h"
#include "sigstore/base/limits.h"
#include "sigstore/keys/provider.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::keyset::Seen;
using sigstore::keyset::SignedSet;

constexpr unsigned state_mode = 0644;

// nullopt before the first time.
Result<std::optional<Seen>> read_seen(sigstore::Files& files, const std::string& path) {
  if (path.empty()) return std::nullopt;
  const auto text = files.read(path, sigstore::limits::mib);
  if (!text && text.error().code == Code::not_found) return std::nullopt;
  if (!text) return fail(text.error());
  auto seen = Seen::parse(*text, path);
  if (seen) return *seen;
  return fail(seen.error().wrap(path + " is not what --keyset-state wrote"));
}

Result<void> remember(sigstore::Files& files, const std::string& path, const std::optional<Seen>& before,
                      const SignedSet& set) {
  const Seen now{set.set.version, set.digest()};
  if (path.empty() || before == now) return {};
  auto written = files.write_atomic(path, now.write(), state_mode);
  if (written) return {};
  return fail(written.error().wrap("the version of the key set cannot be remembered in " + path));
}

}  // namespace

Flag& declare_one_key(FlagSet& flags, std::string* target, std::string help) {
  Flag& flag = flags.text("key", target, "KEY", std::move(help));
  flag.set = [target, first = true](const std::string& value) mutable -> Result<void> {
    if (!std::exchange(first, false))
      return fail(Code::invalid_argument, "may be given only once: this command takes one key at a time");
    *target = value;
    return {};
  };
  return flag;
}

void KeySetFlags::declare(FlagSet& flags) {
  flags.list(
      "keyset-root", &roots, "KEY",
      "public key that must have signed the key set (repeatable); without it the file is trusted where it "
      "lies");
  flags.number("keyset-threshold", &threshold, "how many of these must have signed it; 0: all");
  flags.number("keyset-min-version", &min_version, "refuse an older version of the key set");
  flags.text(
      "keyset-state", &state, "FILE",
      "remember the newest version of the key set that was seen in this file, and refuse an older one");
}

bool KeySetFlags::given() const {
  return !roots.empty() || threshold != 0 || min_version != 0 || !state.empty();
}

Result<void> KeySetFlags::judge(Session& session, const SignedSet& set, const std::string& path) const {
  if (threshold < 0 || min_version < 0)
    return fail(Code::invalid_argument, "--keyset-threshold and --keyset-min-version are not negative");
  if (roots.size() > sigstore::limits::key_set_roots)
    return fail(Code::too_large,
                "more than " + std::to_string(sigstore::limits::key_set_roots) + " --keyset-root");
  sigstore::keyset::Demands demands;
  for (const std::string& root : roots) {
    TRY(auto key, sigstore::keys::open_public(session.keys(), root));
    demands.roots.push_back(std::move(key));
  }
  demands.threshold = static_cast<std::size_t>(threshold);
  demands.min_version = static_cast<std::uint64_t>(min_version);
  auto& files = *session.env().files;
  std::unique_ptr<sigstore::FileLock> lock;  // what two see at once is in some order
  if (!state.empty()) {
    TRY(lock, lock_folder_of(session, state));
  }
  TRY(demands.seen, read_seen(files, state));
  TRY_OK(sigstore::keyset::judge(set, demands, session.env().clock->now(), path));
  return remember(files, state, demands.seen, set);
}

Result<void> SigningSet::may_sign(const sigstore::crypto::PublicKey& key,
                                  const sigstore::oci::Repository* where) const {
  const auto* found = set_.find(key);
  if (found == nullptr)
    return fail(Code::mismatch, "the key to sign with is not in " + path_, "it is " + key.fingerprint(),
                "sign with a key of the set, or add it with cosign keyset add");
  const auto why = sigstore::keyset::refusal(*found, sigstore::keyset::Use::sign, at_, where);
  if (!why) return {};
  return fail(Code::mismatch, *why, path_ + " says so, version " + std::to_string(set_.version),
              "sign with another key of the set");
}

void SigningSetFlags::declare(FlagSet& flags) {
  flags.text("keyset", &file, "FILE", "sign only with a key that this key set lets sign here").takes =
      Takes::file;
  trust.declare(flags);
}

Result<std::optional<SigningSet>> SigningSetFlags::open(Session& session) const {
  if (file.empty() && trust.given())
    return fail(Code::invalid_argument, "what a key set must be is given, and no key set", {},
                "add --keyset FILE");
  if (file.empty()) return std::nullopt;
  TRY(auto set, read_key_set(session, file));
  TRY_OK(trust.judge(session, set, file));
  return SigningSet(std::move(set.set), file, session.env().clock->now());
}

}  // namespace cosign
