// The one writer of tags that many write: `.sig`, `.att` and the fallback index of referrers. A registry
// keeps one manifest per tag and most of them ignore preconditions, so adding to a tag is a read, a merge and
// a write between which another signer may write too. Nobody's entry is lost: see
// docs/design/decisions/0002-shared-tags.md.
//
//   read       5xx or no answer means ask again, never absent; a 404 counts when a second read agrees
//   merge      what stands stays as it is; ours is appended, and each entry that this run has seen and that
//              has vanished since: another writer's lost update, whose owner may be gone
//   write      once, with If-Match or If-None-Match; whatever fails returns to the read
//   read back  at once where the registry was seen to answer 412 (or is ours): the condition held. Else after
//              0.2 s or 5 x the time from read to write, and for 2 quiet seconds once an entry was missing
//              or one appeared that was not known
//
// Its parts: tag_reader.h reads, tag_history.h compares, settling.h waits; own_tags.h cures what remains.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/codec/json.h"
#include "sigstore/oci/manifest.h"
#include "sigstore/remote/registry/registry.h"
#include "sigstore/store/fetch.h"

namespace sigstore::store {

// One thing that a tag holds: a layer of a signature manifest, a manifest of an index.
struct TagEntry {
  std::string key;          // equal keys: the same entry
  codec::json::Value json;  // the descriptor, as it stands in the document
};

struct Draft {
  std::string media_type;
  std::string bytes;
};

// The form of a tag's content. Not thread-safe; one per add_to_tag().
class TagDocument {
 public:
  virtual ~TagDocument() = default;
  // Code::malformed when the tag holds something else: it is not overwritten.
  virtual Result<std::vector<TagEntry>> entries(const remote::ManifestContent& current) const = 0;
  // The document with `added` at its end and everything else untouched. `current` is nullptr when the tag
  // does not exist. Whatever the draft refers to has been uploaded when this returns.
  virtual Result<Draft> append(const remote::ManifestContent* current,
                               const std::vector<TagEntry>& added) = 0;
  // Whether it holds what append() leaves out, so that take_off_tag() has something to write.
  virtual Result<bool> holds_what_goes(const remote::ManifestContent& current) const;
};

struct SharedTagOptions {
  std::string immutable_hint;          // what to try when the registry does not let tags change
  std::string refused_form = "a tag";  // what is said when no such thing is taken
  std::string refused_hint;            // and what to try then
  // Each entry is also kept under a tag of its own, TAG-<16 hex digits>, and looks gather from these: no
  // entry is lost even on a registry that ignores preconditions and to a writer that was stopped for long.
  // Costs a tag per entry and a tags/list per look.
  bool own_tags = false;
  int own_tags_at_once = fetched_at_once;  // requests for them at a time
  bool any_document = false;  // TagDocument::entries() is also asked about what is no manifest at all
};

struct SharedTagReport {
  std::vector<std::string> notes;
  int writes = 0;       // 0: the entries stood there already
  bool proven = false;  // the registry vouches for it: a precondition held
};

// Adds `ours` to the tag, all of them in one write, and returns once they stand there for good. Errors:
// forbidden or unauthorized names the missing permission; forbidden with `immutable_hint` for a tag that may
// not change; conflict when other writers kept overwriting it until limits::shared_tag_patience was over.
Result<SharedTagReport> add_to_tag(remote::Registry& registry, const Env& env,
                                   const oci::Repository& repository, const std::string& tag,
                                   TagDocument& document, const std::vector<TagEntry>& ours,
                                   const SharedTagOptions& options);
inline Result<SharedTagReport> add_to_tag(remote::Registry& registry, const Env& env,
                                          const oci::Repository& repository, const std::string& tag,
                                          TagDocument& document, const TagEntry& ours,
                                          const SharedTagOptions& options) {
  return add_to_tag(registry, env, repository, tag, document, std::vector{ours}, options);
}

// Takes off the tag what the document does not keep, and returns once it is gone for good; entries of others
// stay, also those that come in meanwhile. A tag that does not exist, or that holds nothing of the kind, is
// not written. Errors as above. SharedTagOptions::own_tags is not looked at: the caller has deleted those.
Result<SharedTagReport> take_off_tag(remote::Registry& registry, const Env& env,
                                     const oci::Repository& repository, const std::string& tag,
                                     TagDocument& document, const SharedTagOptions& options);

}  // namespace sigstore::store
