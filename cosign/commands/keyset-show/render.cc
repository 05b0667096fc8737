#include "cosign/commands/keyset-show/render.h"

#include <algorithm>

#include "sigstore/codec/error_json.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/json_members.h"
#include "sigstore/codec/printable.h"
#include "sigstore/codec/rfc3339.h"

namespace cosign::keyset_show {
namespace {

namespace json = sigstore::codec::json;
using sigstore::Time;
using sigstore::codec::printable;
using sigstore::codec::rfc3339::seconds;
using sigstore::crypto::PublicKey;
using sigstore::keyset::Key;
using sigstore::keyset::Root;
using sigstore::keyset::SignedSet;
using sigstore::keyset::State;
using sigstore::keyset::Use;

constexpr int version = 1;

bool is_among(const std::vector<PublicKey>& keys, const PublicKey& key) {
  return std::ranges::find(keys, key) != keys.end();
}

// Why not, somewhere at least; where it may be is its scope.
std::optional<std::string> refusal(Key key, Use use, Time now) {
  key.scope.clear();
  return sigstore::keyset::refusal(key, use, now, nullptr);
}

json::Object render(const Key& key, Time now) {
  json::Object object{{"id", key.key.fingerprint()}};
  json::set_text(object, "name", key.name);
  object.set("type", sigstore::crypto::name(key.key.type()));
  object.set("state", name(key.state));
  json::set_time(object, "since", key.since);
  json::set_text(object, "reason", key.reason);
  json::set_time(object, "notBefore", key.not_before);
  json::set_time(object, "notAfter", key.not_after);
  json::Array scope;
  for (const std::string& glob : key.scope) scope.emplace_back(glob);
  if (!scope.empty()) object.set("scope", std::move(scope));
  object.set("verifies", !refusal(key, Use::verify, now));
  object.set("signs", !refusal(key, Use::sign, now));
  object.set("publicKey", key.key.pem());
  return object;
}

json::Object render(const Root& root, const std::vector<PublicKey>& signed_by) {
  json::Object object{{"id", root.key.fingerprint()}};
  json::set_text(object, "name", root.name);
  object.set("signed", is_among(signed_by, root.key));
  object.set("publicKey", root.key.pem());
  return object;
}

std::string title(const std::string& name, const PublicKey& key) {
  return (name.empty() ? "" : printable(name) + " ") + key.fingerprint();
}

std::string line(const Key& key, Time now) {
  std::string text = "  " + std::string(name(key.state)) + "  " + title(key.name, key.key) + "\n";
  if (key.since)
    text +=
        "    since " + seconds(*key.since) + (key.reason.empty() ? "" : ": " + printable(key.reason)) + "\n";
  if (key.not_before) text += "    from " + seconds(*key.not_before) + "\n";
  if (key.not_after) text += "    until " + seconds(*key.not_after) + "\n";
  for (const std::string& glob : key.scope) text += "    for " + glob + "\n";
  const bool outside = key.state != State::revoked && refusal(key, Use::verify, now);
  return outside ? text + "    verifies nothing now\n" : text;
}

}  // namespace

std::string as_text(const SignedSet& file, const std::string& path, const sigstore::Result<void>& trusted,
                    Time now) {
  const auto& set = file.set;
  const auto signed_by = signing_roots(file);
  std::string text = printable(path) + ": key set, version " + std::to_string(set.version) + "\n";
  if (set.expires) text += (set.has_expired(now) ? "expired " : "expires ") + seconds(*set.expires) + "\n";
  text += trusted ? "would be trusted" : "would not be trusted: " + printable(trusted.error().text());
  text += "\n";
  if (!set.roots.empty())
    text += "signed by " + std::to_string(signed_by.size()) + " of " + std::to_string(set.roots.size()) +
            " roots, " + std::to_string(set.threshold) + " must sign\n";
  for (const Root& root : set.roots)
    text += (is_among(signed_by, root.key) ? "  signed      " : "  not signed  ") +
            title(root.name, root.key) + "\n";
  text += std::to_string(set.keys.size()) + (set.keys.size() == 1 ? " key\n" : " keys\n");
  for (const Key& key : set.keys) text += line(key, now);
  return text;
}

std::string as_json(const SignedSet& file, const std::string& path, const sigstore::Result<void>& trusted,
                    Time now) {
  const auto& set = file.set;
  const auto signed_by = signing_roots(file);
  json::Object object{{"version", version}, {"file", path}, {"trusted", trusted.has_value()}};
  if (!trusted) object.set("error", sigstore::codec::error_json(trusted.error()));
  object.set("setVersion", set.version);
  object.set("digest", file.digest());
  json::set_time(object, "expires", set.expires);
  object.set("threshold", static_cast<std::uint64_t>(set.threshold));
  json::Array roots, keys;
  for (const Root& root : set.roots) roots.emplace_back(render(root, signed_by));
  for (const Key& key : set.keys) keys.emplace_back(render(key, now));
  object.set("roots", std::move(roots));
  object.set("signatures", static_cast<std::uint64_t>(file.signatures.size()));
  object.set("keys", std::move(keys));
  return json::write_indented(object, 2);
}

}  // namespace cosign::keyset_show
