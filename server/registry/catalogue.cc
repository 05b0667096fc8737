#include "server/registry/catalogue.h"

#include <algorithm>
#include <mutex>

#include "sigstore/base/limits.h"

namespace server::registry {

using sigstore::Result;
using sigstore::oci::Descriptor;
using sigstore::oci::Digest;

namespace {

const ManifestEntry* entry_of(const RepositoryRecord& repository, const std::string& tag_or_digest) {
  const auto tag = repository.tags.find(tag_or_digest);
  const auto entry = repository.manifests.find(tag == repository.tags.end() ? tag_or_digest : tag->second);
  return entry == repository.manifests.end() ? nullptr : &entry->second;
}

}  // namespace

Result<std::unique_ptr<Catalogue>> Catalogue::open(sigstore::Files& files, std::string folder) {
  std::unique_ptr<Catalogue> catalogue(new Catalogue(files, std::move(folder)));
  if (catalogue->folder_.empty()) return catalogue;
  TRY_OK(files.make_directories(catalogue->folder_));
  TRY(const auto names, files.list(catalogue->folder_));
  for (const std::string& name : names) {
    if (name.starts_with('.')) {  // what a killed writer left
      TRY_OK(files.remove(catalogue->folder_ + "/" + name));
    } else if (name.ends_with(".json")) {
      TRY_OK(catalogue->read(name));
    }
  }
  return catalogue;
}

Result<void> Catalogue::read(const std::string& file) {
  const std::string path = folder_ + "/" + file;
  TRY(const std::string text, files_.read(path, sigstore::limits::json_bytes));
  TRY(auto named, parse_record(text, path));
  repositories_[named.name] = std::move(named.record);
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
    TRY(const std::string text, write_record(repository, changed));
    TRY_OK(files_.write_atomic(folder_ + "/" + record_file(repository), text, 0644));
  }
  repositories_[repository] = std::move(changed);
  return {};
}

Result<bool> Catalogue::has_repository(const std::string& repository) const {
  const std::shared_lock lock(mutex_);
  return find(repository) != nullptr;
}

Result<bool> Catalogue::has_blob(const std::string& repository, const Digest& digest) const {
  const std::shared_lock lock(mutex_);
  const Repository* found = find(repository);
  return found != nullptr && found->blobs.contains(digest.text());
}

Result<bool> Catalogue::has_blob(const Digest& digest) const {
  const std::shared_lock lock(mutex_);
  return std::ranges::any_of(repositories_,
                             [&](const auto& named) { return named.second.blobs.contains(digest.text()); });
}

Result<std::optional<ManifestEntry>> Catalogue::manifest(const std::string& repository,
                                                         const std::string& tag_or_digest) const {
  const std::shared_lock lock(mutex_);
  const Repository* found = find(repository);
  const ManifestEntry* entry = found == nullptr ? nullptr : entry_of(*found, tag_or_digest);
  return entry == nullptr ? std::nullopt : std::optional(*entry);
}

Result<std::vector<std::string>> Catalogue::repositories(const Page& page) const {
  const std::shared_lock lock(mutex_);
  std::vector<std::string> names;
  for (auto at = repositories_.upper_bound(page.last); at != repositories_.end(); ++at)
    if (names.size() < page.limit) names.push_back(at->first);
  return names;
}

Result<std::vector<std::string>> Catalogue::tags(const std::string& repository, const Page& page) const {
  const std::shared_lock lock(mutex_);
  std::vector<std::string> tags;
  if (const Repository* found = find(repository))
    for (auto at = found->tags.upper_bound(page.last); at != found->tags.end(); ++at)
      if (tags.size() < page.limit) tags.push_back(at->first);
  return tags;
}

Result<std::vector<Descriptor>> Catalogue::referrers(const std::string& repository, const Digest& subject,
                                                     const std::optional<std::string>& artifact_type,
                                                     const Page& page) const {
  const std::shared_lock lock(mutex_);
  std::vector<Descriptor> referrers;
  if (const Repository* found = find(repository))
    for (auto at = found->manifests.upper_bound(page.last); at != found->manifests.end(); ++at) {
      const ManifestEntry& entry = at->second;
      const bool wanted = entry.subject == subject && entry.referrer &&
                          (!artifact_type || entry.referrer->artifact_type == *artifact_type);
      if (wanted && referrers.size() < page.limit) referrers.push_back(*entry.referrer);
    }
  return referrers;
}

Result<void> Catalogue::add_blob(const std::string& repository, const Digest& digest) {
  const std::unique_lock lock(mutex_);
  Repository changed = copy(repository);
  if (!changed.blobs.insert(digest.text()).second) return {};
  return replace(repository, std::move(changed));
}

Result<bool> Catalogue::put_manifest(const std::string& repository, const ManifestEntry& entry,
                                     const std::string& target, const std::vector<std::string>& tags,
                                     const Allowed& allowed) {
  const std::unique_lock lock(mutex_);
  Repository changed = copy(repository);
  const ManifestEntry* current = entry_of(changed, target);
  if (!allowed(current == nullptr ? nullptr : &current->descriptor.digest)) return false;
  const std::string digest = entry.descriptor.digest.text();
  changed.manifests.insert_or_assign(digest, entry);
  for (const std::string& tag : tags) changed.tags[tag] = digest;
  TRY_OK(replace(repository, std::move(changed)));
  return true;
}

Result<bool> Catalogue::remove_manifest(const std::string& repository, const std::string& tag_or_digest,
                                        const Allowed& allowed) {
  const std::unique_lock lock(mutex_);
  Repository changed = copy(repository);
  const ManifestEntry* current = entry_of(changed, tag_or_digest);
  if (current == nullptr || !allowed(&current->descriptor.digest)) return false;
  if (changed.tags.erase(tag_or_digest) == 0) {
    changed.manifests.erase(tag_or_digest);
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
