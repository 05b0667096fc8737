#include "server/registry/catalogue.h"

#include <mutex>

#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"

namespace server::registry {

using sigstore::Result;
using sigstore::oci::Descriptor;
using sigstore::oci::Digest;
namespace json = sigstore::codec::json;

namespace {

// A repository's file: its name, with "/" written as "%", which no name holds.
std::string file_name(std::string repository) {
  for (char& c : repository)
    if (c == '/') c = '%';
  return repository + ".json";
}

std::string repository_name(std::string file) {
  file.resize(file.size() - 5);
  for (char& c : file)
    if (c == '%') c = '/';
  return file;
}

json::Value to_json(const ManifestEntry& entry) {
  json::Object object{{"descriptor", entry.descriptor.to_json()}};
  if (entry.subject) object.set("subject", entry.subject->text());
  if (entry.referrer) object.set("referrer", entry.referrer->to_json());
  return object;
}

Result<ManifestEntry> manifest_entry(const json::Value& value, const std::string& what) {
  ManifestEntry entry;
  if (const json::Value* descriptor = value.get("descriptor")) {
    TRY(entry.descriptor, Descriptor::from_json(*descriptor, what));
  }
  if (const json::Value* subject = value.get("subject"); subject != nullptr && subject->string() != nullptr) {
    TRY(entry.subject, Digest::parse(*subject->string()));
  }
  if (const json::Value* referrer = value.get("referrer")) {
    TRY(entry.referrer, Descriptor::from_json(*referrer, what));
  }
  return entry;
}

}  // namespace

Result<std::unique_ptr<Catalogue>> Catalogue::open(sigstore::Files& files, std::string folder) {
  std::unique_ptr<Catalogue> catalogue(new Catalogue(files, std::move(folder)));
  if (catalogue->folder_.empty()) return catalogue;
  TRY_OK(files.make_directories(catalogue->folder_));
  TRY(const auto names, files.list(catalogue->folder_));
  for (const std::string& name : names)
    if (name.ends_with(".json")) TRY_OK(catalogue->read(name));
  return catalogue;
}

Result<void> Catalogue::read(const std::string& file) {
  const std::string path = folder_ + "/" + file;
  TRY(const std::string text, files_.read(path, sigstore::limits::json_bytes));
  TRY(const auto document, json::parse(text, path));
  TRY(const json::Object* object, json::need_object(document, path));
  Repository repository;
  TRY(const json::Array* blobs, json::optional_array(*object, "blobs", path));
  TRY(const json::Array* manifests, json::optional_array(*object, "manifests", path));
  TRY(const json::Object* tags, json::optional_object(*object, "tags", path));
  if (blobs != nullptr)
    for (const json::Value& blob : *blobs)
      if (blob.string() != nullptr) repository.blobs.insert(*blob.string());
  if (manifests != nullptr)
    for (const json::Value& value : *manifests) {
      TRY(auto entry, manifest_entry(value, path));
      const std::string key = entry.descriptor.digest.text();
      repository.manifests.emplace(key, std::move(entry));
    }
  if (tags != nullptr)
    for (const auto& tag : tags->members())
      if (tag.value.string() != nullptr) repository.tags[tag.key] = *tag.value.string();
  repositories_[repository_name(file)] = std::move(repository);
  return {};
}

const Catalogue::Repository* Catalogue::find(const std::string& repository) const {
  const auto found = repositories_.find(repository);
  return found == repositories_.end() ? nullptr : &found->second;
}

Catalogue::Repository Catalogue::copy(const std::string& repository) const {
  const Repository* found = find(repository);
  return found == nullptr ? Repository{} : *found;
}

Result<void> Catalogue::replace(const std::string& repository, Repository changed) {
  if (!folder_.empty()) {
    json::Array blobs, manifests;
    json::Object tags;
    for (const std::string& blob : changed.blobs) blobs.emplace_back(blob);
    for (const auto& [digest, entry] : changed.manifests) manifests.push_back(to_json(entry));
    for (const auto& [tag, digest] : changed.tags) tags.set(tag, digest);
    const json::Object document{
        {"blobs", std::move(blobs)}, {"manifests", std::move(manifests)}, {"tags", std::move(tags)}};
    TRY_OK(files_.write_atomic(folder_ + "/" + file_name(repository), json::write(document), 0644));
  }
  repositories_[repository] = std::move(changed);
  return {};
}

bool Catalogue::has_repository(const std::string& repository) const {
  const std::shared_lock lock(mutex_);
  return find(repository) != nullptr;
}

bool Catalogue::has_blob(const std::string& repository, const Digest& digest) const {
  const std::shared_lock lock(mutex_);
  const Repository* found = find(repository);
  return found != nullptr && found->blobs.contains(digest.text());
}

std::optional<ManifestEntry> Catalogue::manifest(const std::string& repository,
                                                 const std::string& tag_or_digest) const {
  const std::shared_lock lock(mutex_);
  const Repository* found = find(repository);
  if (found == nullptr) return std::nullopt;
  const auto tag = found->tags.find(tag_or_digest);
  const auto entry = found->manifests.find(tag == found->tags.end() ? tag_or_digest : tag->second);
  return entry == found->manifests.end() ? std::nullopt : std::optional(entry->second);
}

std::vector<std::string> Catalogue::tags(const std::string& repository) const {
  const std::shared_lock lock(mutex_);
  std::vector<std::string> tags;
  if (const Repository* found = find(repository))
    for (const auto& [tag, digest] : found->tags) tags.push_back(tag);
  return tags;
}

std::vector<Descriptor> Catalogue::referrers(const std::string& repository, const Digest& subject) const {
  const std::shared_lock lock(mutex_);
  std::vector<Descriptor> referrers;
  if (const Repository* found = find(repository))
    for (const auto& [digest, entry] : found->manifests)
      if (entry.subject == subject && entry.referrer) referrers.push_back(*entry.referrer);
  return referrers;
}

Result<void> Catalogue::add_blob(const std::string& repository, const Digest& digest) {
  const std::unique_lock lock(mutex_);
  Repository changed = copy(repository);
  if (!changed.blobs.insert(digest.text()).second) return {};
  return replace(repository, std::move(changed));
}

Result<bool> Catalogue::put_manifest(const std::string& repository, const ManifestEntry& entry,
                                     const std::optional<std::string>& tag, const Allowed& allowed) {
  const std::unique_lock lock(mutex_);
  Repository changed = copy(repository);
  const std::string digest = entry.descriptor.digest.text();
  const Digest* current = nullptr;
  const auto tagged = tag ? changed.tags.find(*tag) : changed.tags.end();
  const auto standing = changed.manifests.find(tagged != changed.tags.end() ? tagged->second
                                               : tag                        ? ""
                                                                            : digest);
  if (standing != changed.manifests.end()) current = &standing->second.descriptor.digest;
  if (!allowed(current)) return false;
  changed.manifests.insert_or_assign(digest, entry);
  if (tag) changed.tags[*tag] = digest;
  TRY_OK(replace(repository, std::move(changed)));
  return true;
}

Result<bool> Catalogue::remove_manifest(const std::string& repository, const std::string& tag_or_digest) {
  const std::unique_lock lock(mutex_);
  Repository changed = copy(repository);
  const bool was_tag = changed.tags.erase(tag_or_digest) != 0;
  if (!was_tag) {
    if (changed.manifests.erase(tag_or_digest) == 0) return false;
    std::erase_if(changed.tags, [&](const auto& tag) { return tag.second == tag_or_digest; });
  }
  TRY_OK(replace(repository, std::move(changed)));
  return true;
}

Result<bool> Catalogue::remove_blob(const std::string& repository, const Digest& digest) {
  const std::unique_lock lock(mutex_);
  Repository changed = copy(repository);
  if (changed.blobs.erase(digest.text()) == 0) return false;
  TRY_OK(replace(repository, std::move(changed)));
  return true;
}

}  // namespace server::registry
