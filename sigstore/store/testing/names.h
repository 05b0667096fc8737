// A tag's content as plain as can be, for tests of whatever writes shared tags: a list of names.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "sigstore/remote/registry/testing/memory_registry.h"
#include "sigstore/store/shared_tag.h"

namespace sigstore::store::testing {

inline const oci::Repository repository{"registry.test", "team/app"};
inline const std::string tag = "sha256-abc.sig";

// {"schemaVersion":2,"manifests":["a","b"]}
class Names final : public TagDocument {
 public:
  Result<std::vector<TagEntry>> entries(const remote::ManifestContent& current) const override {
    TRY(const auto document, codec::json::parse(current.bytes, "names"));
    const codec::json::Value* names = document.get("manifests");
    if (names == nullptr || names->array() == nullptr) return fail(Code::malformed, "no list of names");
    std::vector<TagEntry> entries;
    for (const auto& name : *names->array()) entries.push_back({*name.string(), name});
    return entries;
  }

  Result<Draft> append(const remote::ManifestContent* current, const std::vector<TagEntry>& added) override {
    codec::json::Value document(
        codec::json::Object{{"schemaVersion", 2}, {"manifests", codec::json::Array{}}});
    if (current != nullptr) {
      TRY(document, codec::json::parse(current->bytes, "names"));
    }
    for (const TagEntry& entry : added) document.object()->find("manifests")->array()->push_back(entry.json);
    return Draft{std::string(oci::media_type::oci_index), codec::json::write(document)};
  }
};

inline TagEntry entry(const std::string& name) {
  return {name, codec::json::Value(name)};
}

// Sorted, with a space between; an error's text when there is no list.
inline std::string names_on(remote::Registry& registry, const std::string& where = tag) {
  const auto content = registry.manifest(repository, where);
  if (!content) return content.error().text();
  auto names = Names().entries(*content).value();
  std::ranges::sort(names, {}, &TagEntry::key);
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : " ") + name.key;
  return text;
}

// What a careless writer does: replaces whatever there is.
inline void put_names(remote::testing::MemoryRegistry& registry, const std::vector<std::string>& names,
                      const std::string& where = tag) {
  std::vector<TagEntry> entries;
  for (const auto& name : names) entries.push_back(entry(name));
  const Draft draft = Names().append(nullptr, entries).value();
  registry.add_manifest(repository, where, draft.media_type, draft.bytes);
}

}  // namespace sigstore::store::testing
