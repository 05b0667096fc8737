#include <algorithm>
#include <map>

#include "cosign/commands/keyset-export/exports.h"
#include "sigstore/codec/printable.h"
#include "sigstore/codec/rfc3339.h"

namespace cosign::keyset_export {

using sigstore::keyset::Key;
using sigstore::keyset::State;
using sigstore::keyset::Use;

namespace {

constexpr const char* everywhere = "**";

std::optional<std::string> refusal(const Key& key, sigstore::Time now,
                                   const sigstore::oci::Repository* where) {
  if (where != nullptr) return sigstore::keyset::refusal(key, Use::verify, now, where);
  Key anywhere = key;
  anywhere.scope.clear();
  return sigstore::keyset::refusal(anywhere, Use::verify, now, nullptr);
}

// Docker Hub by the one name that a repository has here.
std::vector<std::string> globs_of(const Key& key, bool scoped) {
  if (!scoped || key.scope.empty()) return {everywhere};
  std::vector<std::string> globs = key.scope;
  for (std::string& glob : globs)
    if (glob.starts_with("docker.io/")) glob.insert(0, "index.");
  return globs;
}

std::vector<Rule> rules_of(const std::vector<const Key*>& keys, bool scoped) {
  std::map<std::string, std::vector<const Key*>> by_glob;
  for (const Key* key : keys)
    for (const std::string& glob : globs_of(*key, scoped)) by_glob[glob];
  std::vector<Rule> rules;
  for (const auto& [glob, none] : by_glob) {
    Rule rule{glob, {}, {}};
    for (const Key* key : keys) {
      const auto own = globs_of(*key, scoped);
      if (std::ranges::any_of(own, [&](const std::string& outer) { return covers(outer, rule.glob); }))
        rule.keys.push_back(key);
    }
    for (const auto& [other, ignored] : by_glob)
      if (other != rule.glob && covers(rule.glob, other)) rule.below.push_back(other);
    rules.push_back(std::move(rule));
  }
  std::ranges::stable_partition(rules, [](const Rule& rule) { return rule.glob != everywhere; });
  return rules;
}

}  // namespace

std::string title(const Key& key) {
  return sigstore::codec::printable(key.title());
}

// "r.example/team/**" covers all that begins so; a star in the middle covers
// what is written the same.
bool covers(const std::string& outer, const std::string& inner) {
  if (outer == everywhere || outer == inner) return true;
  if (!outer.ends_with("/**")) return false;
  const std::string prefix = outer.substr(0, outer.size() - 2);
  return !prefix.contains('*') && inner.starts_with(prefix);
}

Selection select(const sigstore::keyset::KeySet& set, sigstore::Time now,
                 const sigstore::oci::Repository* where) {
  using sigstore::codec::rfc3339::seconds;
  Selection selection;
  selection.one_repository = where != nullptr;
  for (const Key& key : set.keys) {
    if (const auto why = refusal(key, now, where)) {
      selection.notes.push_back("left out: " + *why);
      continue;
    }
    selection.keys.push_back(&key);
    if (key.not_after)
      selection.notes.push_back(title(key) + " verifies until " + seconds(*key.not_after) +
                                ", which this form cannot say: export again then");
  }
  if (set.expires)
    selection.notes.push_back("the set is good until " + seconds(*set.expires) +
                              ", which this form cannot say: export again before");
  selection.rules = rules_of(selection.keys, where == nullptr);
  return selection;
}

}  // namespace cosign::keyset_export
