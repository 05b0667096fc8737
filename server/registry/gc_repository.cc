#include "server/registry/gc_repository.h"

#include <algorithm>

#include "server/registry/signature_tag.h"

namespace server::registry {

using sigstore::Result;

// A tag sha256-HEX is a list of referrers only when it looks like one: anybody may name an image so.
bool GcRepository::is_signature_tag(const TagRow& row) const {
  const auto tag = parse_signature_tag(row.tag);
  if (!tag || !tag->fallback) return tag.has_value();
  const auto found = manifests_.find(row.digest);
  if (found == manifests_.end() || !sigstore::oci::is_index(found->second.entry.descriptor.media_type))
    return false;
  bool any = false;  // an index without its children says nothing about them
  for (const Digest& child : found->second.children) {
    const auto manifest = manifests_.find(child);
    if (manifest == manifests_.end()) continue;
    if (manifest->second.entry.subject != tag->subject) return false;
    any = true;
  }
  return any;
}

void GcRepository::find_tags() {
  for (const auto& [digest, manifest] : manifests_)
    if (manifest.entry.subject) {
      hanging_[*manifest.entry.subject].push_back(digest);
      subjects_[digest].push_back(*manifest.entry.subject);
    }
  for (const TagRow& row : tags_) {
    if (!is_signature_tag(row)) {
      ordinary_.insert(row.digest);
      continue;
    }
    const Digest subject = parse_signature_tag(row.tag)->subject;
    hanging_[subject].push_back(row.digest);
    subjects_[row.digest].push_back(subject);
  }
}

// A signature of what is not here.
bool GcRepository::is_detached(const Digest& digest) const {
  const auto found = subjects_.find(digest);
  return found != subjects_.end() && std::ranges::none_of(found->second, [&](const Digest& subject) {
           return manifests_.contains(subject);
         });
}

Result<bool> GcRepository::is_root(const Digest& digest, const Manifest& manifest, const GcOptions& options,
                                   const Elsewhere& elsewhere) const {
  if (manifest.young || ordinary_.contains(digest)) return true;
  if (!subjects_.contains(digest)) return !options.untagged;
  for (const Digest& subject : subjects_.at(digest)) {
    TRY(const bool there, elsewhere(subject));
    if (there) return true;
  }
  return options.keep_detached && is_detached(digest);
}

Result<void> GcRepository::mark(const GcOptions& options, const Elsewhere& elsewhere) {
  find_tags();
  for (const auto& [digest, manifest] : manifests_) {
    TRY(const bool root, is_root(digest, manifest, options, elsewhere));
    if (root) reach(digest);
  }
  return {};
}

// Everything that this manifest keeps. Not by recursion: an image may have a long chain of signatures.
void GcRepository::reach(const Digest& start) {
  std::vector<Digest> next = {start};
  while (!next.empty()) {
    const Digest digest = std::move(next.back());
    next.pop_back();
    const auto found = manifests_.find(digest);
    if (found == manifests_.end() || found->second.live) continue;
    found->second.live = true;
    const auto& children = found->second.children;
    next.insert(next.end(), children.begin(), children.end());
    if (const auto hanging = hanging_.find(digest); hanging != hanging_.end())
      next.insert(next.end(), hanging->second.begin(), hanging->second.end());
  }
}

// So that whoever is killed in between leaves no index without its children.
std::vector<GcRepository::Digest> GcRepository::dead_parents_first() const {
  std::map<Digest, int> parents;
  for (const auto& [digest, manifest] : manifests_) {
    if (manifest.live) continue;
    parents.try_emplace(digest, 0);
    for (const Digest& child : manifest.children) ++parents[child];
  }
  std::vector<Digest> order;
  for (const auto& [digest, manifest] : manifests_)
    if (!manifest.live && parents.at(digest) == 0) order.push_back(digest);
  for (std::size_t i = 0; i < order.size(); ++i)
    for (const Digest& child : manifests_.at(order[i]).children) {
      const auto found = manifests_.find(child);
      if (--parents.at(child) == 0 && found != manifests_.end() && !found->second.live)
        order.push_back(child);
    }
  return order;
}

void GcRepository::sweep(std::vector<Removal>& removals) const {
  const auto is_live = [&](const Digest& digest) {
    const auto found = manifests_.find(digest);
    return found != manifests_.end() && found->second.live;
  };
  const auto add = [&](Removal::Kind kind, std::string what, std::string why) {
    removals.push_back({kind, name_, std::move(what), std::move(why)});
  };
  for (const TagRow& row : tags_)
    if (!is_live(row.digest)) add(Removal::Kind::tag, row.tag, "its image is gone");
  std::set<Digest> needed;
  for (const auto& [digest, manifest] : manifests_) {
    if (!manifest.live) continue;
    needed.insert(manifest.blobs.begin(), manifest.blobs.end());
    needed.insert(manifest.children.begin(), manifest.children.end());  // some indexes name blobs
  }
  for (const Digest& digest : dead_parents_first())
    add(Removal::Kind::manifest, digest.text(),
        subjects_.contains(digest) ? "its image is gone" : "no tag, index or image holds it");
  for (const auto& [digest, young] : blobs_)
    if (!young && !needed.contains(digest)) add(Removal::Kind::blob, digest.text(), "no manifest names it");
}

}  // namespace server::registry
