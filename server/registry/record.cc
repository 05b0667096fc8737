#include "server/registry/record.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"
#include "sigstore/crypto/hash.h"

namespace server::registry {

using sigstore::Result;
using sigstore::oci::Descriptor;
using sigstore::oci::Digest;
namespace json = sigstore::codec::json;

namespace {

constexpr std::size_t longest_name = 200;

std::unexpected<sigstore::Error> damaged(const std::string& what) {
  return sigstore::fail(sigstore::Code::malformed, what + " is damaged");
}

json::Value to_json(const ManifestEntry& entry) {
  json::Object object{{"descriptor", entry.descriptor.to_json()}};
  if (entry.subject) object.set("subject", entry.subject->text());
  if (entry.referrer) object.set("referrer", entry.referrer->to_json());
  return object;
}

Result<ManifestEntry> manifest_entry(const json::Value& value, const std::string& what) {
  ManifestEntry entry;
  TRY(const json::Object* object, json::need_object(value, what));
  if (object->find("descriptor") == nullptr) return damaged(what);
  TRY(entry.descriptor, Descriptor::from_json(*object->find("descriptor"), what));
  if (object->find("subject") != nullptr) {
    TRY(const std::string subject, json::need_string(*object, "subject", what));
    TRY(entry.subject, Digest::parse(subject));
  }
  if (const json::Value* referrer = object->find("referrer")) {
    TRY(entry.referrer, Descriptor::from_json(*referrer, what));
  }
  return entry;
}

Result<std::string> need_text(const json::Value& value, const std::string& what) {
  if (value.string() == nullptr) return damaged(what);
  return *value.string();
}

}  // namespace

Result<std::string> write_record(const std::string& name, const RepositoryRecord& record) {
  json::Array blobs, manifests;
  json::Object tags;
  for (const std::string& blob : record.blobs) blobs.emplace_back(blob);
  for (const auto& [digest, entry] : record.manifests) manifests.push_back(to_json(entry));
  for (const auto& [tag, digest] : record.tags) tags.append(tag, digest);
  std::string text = json::write(json::Object{{"name", name},
                                              {"blobs", std::move(blobs)},
                                              {"manifests", std::move(manifests)},
                                              {"tags", std::move(tags)}});
  if (text.size() > sigstore::limits::json_bytes)
    return sigstore::fail(sigstore::Code::too_large, "the repository holds as much as it can", name);
  return text;
}

Result<NamedRecord> parse_record(std::string_view text, const std::string& path) {
  TRY(const auto document, json::parse(text, path));
  TRY(const json::Object* object, json::need_object(document, path));
  NamedRecord named;
  TRY(named.name, json::need_string(*object, "name", path));
  TRY(const json::Array* blobs, json::optional_array(*object, "blobs", path));
  TRY(const json::Array* manifests, json::optional_array(*object, "manifests", path));
  TRY(const json::Object* tags, json::optional_object(*object, "tags", path));
  if (blobs == nullptr || manifests == nullptr || tags == nullptr) return damaged(path);
  for (const json::Value& value : *blobs) {
    TRY(auto blob, need_text(value, path));
    named.record.blobs.insert(std::move(blob));
  }
  for (const json::Value& value : *manifests) {
    TRY(auto entry, manifest_entry(value, path));
    std::string digest = entry.descriptor.digest.text();
    named.record.manifests.emplace(std::move(digest), std::move(entry));
  }
  for (const auto& tag : tags->members()) {
    TRY(named.record.tags[tag.key], need_text(tag.value, path));
  }
  return named;
}

std::string record_file(const std::string& repository) {
  std::string name = repository;
  std::ranges::replace(name, '/', '%');
  if (name.size() > longest_name) {
    const auto hash = sigstore::codec::hex::encode(sigstore::crypto::sha256(sigstore::as_bytes(repository)));
    name = name.substr(0, longest_name - hash.size()) + hash;
  }
  return name + ".json";
}

}  // namespace server::registry
