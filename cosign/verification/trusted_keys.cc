#include "cosign/verification/trusted_keys.h"

#include <algorithm>

#include "cosign/keysets/key_set_file.h"
#include "cosign/verification/look.h"
#include "sigstore/base/limits.h"
#include "sigstore/keys/provider.h"
#include "sigstore/keys/shown.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::crypto::PublicKey;
using sigstore::keyset::Key;
using sigstore::keyset::SignedSet;
using sigstore::verify::TrustedKey;
using sigstore::verify::TrustedMaterial;

// The text of a file that holds a key or a key set. It is read once: it may be a pipe. Empty for whatever
// cannot be read, or is too large to be either: opening it as a key says why.
std::string read_either(Session& session, const std::string& reference) {
  if (reference.empty() || sigstore::keys::is_kept_elsewhere(reference)) return {};
  auto text = session.env().files->read(reference, sigstore::limits::key_set_bytes);
  if (!text) return {};
  const bool set = looks_like_key_set(*text);
  return set || text->size() <= sigstore::limits::key_file_bytes ? std::move(*text) : std::string();
}

Result<PublicKey> read_key(Session& session, const std::string& reference, const std::string& text) {
  return text.empty() ? sigstore::keys::open_public(session.keys(), reference)
                      : PublicKey::from_pem(text, reference);
}

// What is given with another flag.
Result<void> may_be_key(Look look, const std::string& reference) {
  const auto refuse = [&](const char* what, const char* hint) {
    return fail(Code::mismatch, reference + " is " + what + ", and --key takes a key or a key set", {}, hint);
  };
  if (look == Look::trusted_root)
    return refuse("a trusted root",
                  "pass it with --trusted-root, and say who must have signed: --certificate-identity NAME "
                  "--certificate-oidc-issuer URL");
  if (look == Look::bundle)
    return refuse("a bundle",
                  "a bundle is what is verified; `cosign bundle inspect FILE` says what it is verified with");
  return {};
}

class Gathering {
 public:
  Gathering(Session& session, const KeySetFlags& flags) : session_(session), flags_(flags) {
    material_.at = session.env().clock->now();
  }

  Result<void> add(const std::string& reference) {
    std::string text = read_either(session_, reference);
    TRY_OK(may_be_key(look_of(text), reference));
    if (looks_like_key_set(text)) return add_set(reference, std::move(text));
    TRY(auto key, read_key(session_, reference, text));
    put({std::move(key), sigstore::keys::shown(reference)});
    return {};
  }

  Result<TrustedMaterial> take() {
    if (set_.empty() && flags_.given())
      return fail(Code::invalid_argument, "what a key set must be is given, and no --key is a key set", {},
                  "name the set: --key keyset.json");
    if (material_.keys.empty())
      return fail(Code::invalid_argument, "there is no key in " + set_, {}, "cosign keyset add puts one in");
    return std::move(material_);
  }

 private:
  Result<void> add_set(const std::string& path, std::string text) {
    if (!set_.empty())
      return fail(Code::invalid_argument, "only one key set can be given", set_ + " and " + path + " are");
    TRY(const auto set, SignedSet::parse(std::move(text), path));
    TRY_OK(flags_.judge(session_, set, path));
    set_ = path;
    for (const Key& key : set.set.keys) put({key.key, key.name.empty() ? path : path + ": " + key.name, key});
    return {};
  }

  // Each key once; what a set says of it holds, wherever else it was given.
  void put(TrustedKey key) {
    const auto same = std::ranges::find(material_.keys, key.key, &TrustedKey::key);
    if (same == material_.keys.end())
      material_.keys.push_back(std::move(key));
    else if (key.listed)
      *same = std::move(key);
  }

  Session& session_;
  const KeySetFlags& flags_;
  TrustedMaterial material_;
  std::string set_;
};

// Somewhere, now.
bool may_verify(const TrustedKey& trusted, sigstore::Time at) {
  if (!trusted.listed) return true;
  Key key = *trusted.listed;
  key.scope.clear();
  return !sigstore::keyset::refusal(key, sigstore::keyset::Use::verify, at, nullptr);
}

}  // namespace

Result<TrustedMaterial> open_trusted_keys(Session& session, const std::vector<std::string>& references,
                                          const KeySetFlags& flags) {
  Gathering gathering(session, flags);
  for (const std::string& reference : references) TRY_OK(gathering.add(reference));
  return gathering.take();
}

Result<void> check_reach(const TrustedMaterial& material, std::size_t threshold) {
  if (threshold <= 1) return {};
  const auto usable = std::ranges::count_if(
      material.keys, [&](const TrustedKey& key) { return may_verify(key, material.at); });
  if (static_cast<std::size_t>(usable) >= threshold) return {};
  return fail(Code::invalid_argument,
              "--threshold " + std::to_string(threshold) + " cannot be reached: " + std::to_string(usable) +
                  (usable == 1 ? " key may verify" : " keys may verify"),
              {}, "name more keys with --key, or lower it");
}

}  // namespace cosign
