#include <algorithm>
#include <optional>

#include "cosign/commands/keyset-export/exports.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json.h"

namespace cosign::keyset_export {
namespace {

namespace json = sigstore::codec::json;
using sigstore::keyset::Key;

// A scope of containers-policy.json(5), which counts for all below it.
struct Scope {
  std::string text;
  bool exact = false;  // meant is this repository alone
};

// "r.example/team/**" is the scope r.example/team, "*.example.com/**" is
// *.example.com, "**" is "".
std::optional<Scope> scope_of(std::string glob) {
  constexpr std::string_view all = "/**", hub = "index.docker.io";
  if (glob == "**") return Scope{};
  if (glob.starts_with(hub)) glob = glob.substr(std::string_view("index.").size());
  Scope scope{glob, true};
  if (glob.ends_with(all)) scope = {glob.substr(0, glob.size() - all.size()), false};
  const bool below_a_domain =
      !scope.exact && scope.text.starts_with("*.") && !scope.text.contains('/') && !scope.text.contains(':');
  const std::size_t begin = below_a_domain ? 1 : 0;
  if (scope.text.find('*', begin) != std::string::npos) return std::nullopt;
  return scope;
}

// Any one of the keys is enough. cosign signs a repository without a tag, which
// `matchRepository` compares.
json::Value requirement(const Rule& rule, const Scope& scope) {
  json::Object object{{"type", "sigstoreSigned"}};
  json::Array data;
  for (const Key* key : rule.keys)
    data.emplace_back(sigstore::codec::base64::encode(sigstore::as_bytes(key->key.pem())));
  if (data.size() == 1)
    object.set("keyData", std::move(data[0]));
  else
    object.set("keyDatas", std::move(data));
  json::Object identity{{"type", "matchRepository"}};
  if (scope.exact) identity = json::Object{{"type", "exactRepository"}, {"dockerRepository", scope.text}};
  object.set("signedIdentity", std::move(identity));
  return object;
}

}  // namespace

Export as_containers_policy(const Selection& selection) {
  Export out;
  json::Object scopes;
  bool several = false;
  for (const Rule& rule : selection.rules) {
    const auto scope = scope_of(rule.glob);
    if (!scope) {
      out.notes.push_back(rule.glob +
                          " is left out: a scope of policy.json is "
                          "a repository, or all below a "
                          "name; its keys do not count there");
      continue;
    }
    // "r/a" and "r/a/**" are one scope; the wider one stands.
    if (scope->exact &&
        std::ranges::find(selection.rules, rule.glob + "/**", &Rule::glob) != selection.rules.end()) {
      out.notes.push_back(rule.glob + " and " + rule.glob +
                          "/** are one scope here; keys of the latter count");
      continue;
    }
    if (scope->exact)
      out.notes.push_back("the scope " + scope->text +
                          " counts for repositories below it, too, with the keys "
                          "and the name of this one");
    else if (!scope->text.empty() && scope->text.contains('/'))
      out.notes.push_back("the scope " + scope->text + " counts for a repository of just this name, too");
    several = several || rule.keys.size() > 1;
    scopes.set(scope->text, json::Array{requirement(rule, *scope)});
  }
  const json::Array reject{json::Object{{"type", "reject"}}};
  json::Object document{{"default", reject}};
  json::Object transports;
  if (!scopes.empty()) transports.set("docker", std::move(scopes));
  document.set("transports", std::move(transports));
  out.text = json::write_indented(document, 2) + "\n";
  out.notes.emplace_back(
      "images that no scope names are rejected, local ones "
      "as well: change \"default\" where that is not meant");
  out.notes.emplace_back(
      "it is read from .sig tags alone, and only with "
      "use-sigstore-attachments: true in registries.d");
  if (several)
    out.notes.emplace_back(
        "keyDatas, several keys for a scope, is newer than "
        "keyData: skopeo 1.9 refuses it");
  return out;
}

}  // namespace cosign::keyset_export
