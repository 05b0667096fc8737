#include "sigstore/store/referrers/lost_referrers.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "sigstore/base/parallel.h"
#include "sigstore/store/artifact_store.h"
#include "sigstore/store/fetch.h"
#include "sigstore/store/own_tags.h"
#include "sigstore/store/referrers/fallback_index.h"

namespace sigstore::store {
namespace {

using Content = Result<remote::ManifestContent>;
using Lookup = ReferrerLookup::State;

constexpr std::size_t hex_digits = 64;

// "sha256-<hex>" and whatever follows: tags of this or another image that hold no image.
bool is_beside_an_image(std::string_view tag) {
  return tag.starts_with("sha256-") && tag.size() >= 7 + hex_digits &&
         tag.substr(7, hex_digits).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

class Search {
 public:
  Search(remote::Registry& registry, const oci::Repository& repository, const oci::Digest& subject,
         ReferrerLookups& lookups)
      : registry_(registry), repository_(repository), subject_(subject), lookups_(lookups) {}

  void in_document(const IndexReading& reading, const std::optional<remote::ManifestContent>& content);
  void in_tags();
  Result<void> in_also(const std::vector<oci::Digest>& also);
  void in_api();
  FoundReferrers result();

 private:
  std::vector<std::string> bounded(std::vector<std::string> tags, std::string_view kind);
  void read_tags(std::span<const std::string> tags);
  // Whether it is a referrer, or a list that has one.
  bool take(const remote::ManifestContent& content, const std::string& where);
  void add(const oci::Digest& digest, const std::string& where);

  remote::Registry& registry_;
  const oci::Repository& repository_;
  const oci::Digest& subject_;
  ReferrerLookups& lookups_;
  FoundReferrers all_;
  std::vector<FoundReferrer> candidates_;  // in the order of their discovery, each once
  std::set<oci::Digest> seen_;
};

void Search::add(const oci::Digest& digest, const std::string& where) {
  if (candidates_.size() < limits::referrers && seen_.insert(digest).second)
    candidates_.push_back({digest, where});
}

bool Search::take(const remote::ManifestContent& content, const std::string& where) {
  if (lookups_.judge(content).state == Lookup::referrer) {
    add(content.descriptor.digest, where);
    return true;
  }
  if (!oci::is_index(content.descriptor.media_type)) return false;
  const auto reading = read_damaged_index(content.bytes, content.descriptor.media_type);
  for (const ListedEntry& entry : reading.entries) add(entry.digest, where);
  return true;
}

void Search::in_document(const IndexReading& reading, const std::optional<remote::ManifestContent>& content) {
  for (const oci::Digest& digest : reading.mentioned) add(digest, "mentioned in what stands under the tag");
  if (content && !oci::is_index(content->descriptor.media_type) &&
      lookups_.judge(*content).state == Lookup::referrer)
    add(content->descriptor.digest, "what stands under the tag itself");
}

std::vector<std::string> Search::bounded(std::vector<std::string> tags, std::string_view kind) {
  if (tags.size() <= limits::own_tags) return tags;
  all_.notes.push_back("of " + std::to_string(tags.size()) + " " + std::string(kind) + " the last " +
                       std::to_string(limits::own_tags) + " were looked through");
  tags.erase(tags.begin(), tags.end() - static_cast<std::ptrdiff_t>(limits::own_tags));
  return tags;
}

void Search::read_tags(std::span<const std::string> tags) {
  std::vector<std::optional<Content>> contents(tags.size());
  parallel(tags.size(), fetched_at_once,
           [&](std::size_t i) { contents[i] = registry_.manifest(repository_, tags[i]); });
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const Content& content = *contents[i];
    const std::string where = "the tag " + tags[i];
    const bool own = is_beside_an_image(tags[i]);
    if (!content && is_lookup_failure(content.error().code))
      all_.failures.push_back(content.error().wrap("cannot read " + where + " of " + repository_.text()));
    else if (content && (own || lookups_.judge(*content).state == Lookup::referrer))
      take(*content, where);
  }
}

// Signers' own tags are lists with one entry; any other tag may be a referrer that somebody gave a name.
void Search::in_tags() {
  const auto tags = registry_.tags(repository_);
  if (!tags) {
    if (tags.error().code != Code::not_found)
      all_.failures.push_back(tags.error().wrap("cannot list the tags of " + repository_.text()));
    return;
  }
  std::vector<std::string> own, others;
  for (const std::string& tag : *tags) {
    if (is_own_tag(tag, fallback_tag(subject_)))
      own.push_back(tag);
    else if (!is_beside_an_image(tag))
      others.push_back(tag);
  }
  read_tags(bounded(std::move(own), "tags of signers' own"));
  read_tags(bounded(std::move(others), "other tags"));
}

Result<void> Search::in_also(const std::vector<oci::Digest>& also) {
  for (const oci::Digest& digest : also) {
    const auto content = registry_.manifest(repository_, digest.text());
    if (!content) return fail(content.error());
    if (!take(*content, "the command line"))
      return fail(Code::invalid_argument,
                  oci::digest_reference(repository_, digest) + " is no referrer of " + subject_.text(),
                  "and no list of them");
  }
  return {};
}

void Search::in_api() {
  const auto answer = registry_.referrers(repository_, subject_);
  if (!answer) {
    all_.failures.push_back(answer.error().wrap("cannot list the referrers in " + repository_.text()));
    return;
  }
  for (const oci::Descriptor& descriptor : answer->descriptors) all_.listed.push_back(descriptor.digest);
  all_.api = !all_.listed.empty();
}

FoundReferrers Search::result() {
  std::vector<oci::Digest> digests;
  for (const FoundReferrer& candidate : candidates_) digests.push_back(candidate.digest);
  lookups_.look_up(digests);
  for (FoundReferrer& candidate : candidates_) {
    const ReferrerLookup& lookup = lookups_.at(candidate.digest);
    if (lookup.state == Lookup::referrer)
      all_.found.push_back(std::move(candidate));
    else if (lookup.state == Lookup::unknown && is_lookup_failure(lookup.error.code))
      all_.failures.push_back(
          lookup.error.wrap("cannot read " + oci::digest_reference(repository_, candidate.digest)));
  }
  return std::move(all_);
}

}  // namespace

Result<FoundReferrers> find_referrers(remote::Registry& registry, const oci::Repository& repository,
                                      const oci::Digest& subject, const IndexReading& reading,
                                      const std::optional<remote::ManifestContent>& content,
                                      const std::vector<oci::Digest>& also, ReferrerLookups& lookups) {
  Search search(registry, repository, subject, lookups);
  search.in_api();
  TRY_OK(search.in_also(also));
  search.in_document(reading, content);
  search.in_tags();
  return search.result();
}

}  // namespace sigstore::store
