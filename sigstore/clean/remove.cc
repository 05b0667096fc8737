#include <algorithm>

#include "sigstore/base/parallel.h"
#include "sigstore/clean/clean.h"
#include "sigstore/store/fetch.h"
#include "sigstore/store/referrers/publish.h"

namespace sigstore::clean {
namespace {

Error explained(Error error) {
  if (error.code != Code::unsupported || !error.hint.empty()) return error;
  return error.with_hint(
      "the registry has to allow it; docker-registry does with REGISTRY_STORAGE_DELETE_ENABLED=true");
}

class Remover {
 public:
  Remover(remote::Registry& registry, const Env& env, const Place& place)
      : registry_(registry), env_(env), place_(place) {}

  Report remove(const Plan& plan);

 private:
  Result<void> tag(const Plan::Tag& tag);
  Result<void> by_digest(const Plan::Tag& tag, const Error& refusal);
  Result<std::vector<std::string>> others_of(const Plan::Tag& tag);
  std::set<oci::Digest> referrers(const std::vector<oci::Digest>& digests);
  void listing_tag(const Plan::Tag& tag, const std::set<oci::Digest>& gone);
  void keep(const std::string& what, const Result<void>& done);

  remote::Registry& registry_;
  const Env& env_;
  const Place& place_;
  Report report_;
};

// What is gone already has been removed by somebody else.
void Remover::keep(const std::string& what, const Result<void>& done) {
  if (done)
    report_.removed.push_back(what);
  else if (done.error().code != Code::not_found)
    report_.failures.push_back(explained(done.error().wrap("could not delete " + what)));
}

// Tags of the same kind that name the same manifest: two images may have the same SBOM.
Result<std::vector<std::string>> Remover::others_of(const Plan::Tag& tag) {
  TRY(auto tags, registry_.tags(place_.repository));
  const auto suffix = tag.name.substr(tag.name.find_last_of('.'));
  std::erase_if(tags, [&](const std::string& name) { return name == tag.name || !name.ends_with(suffix); });
  std::vector<char> same(tags.size());
  parallel(tags.size(), store::fetched_at_once, [&](std::size_t i) {
    oci::Reference reference;
    reference.repository = place_.repository;
    reference.tag = tags[i];
    const auto named = registry_.resolve(reference);
    same[i] = named && named->digest == tag.digest ? 1 : 0;
  });
  std::vector<std::string> others;
  for (std::size_t i = 0; i < tags.size(); ++i)
    if (same[i] != 0) others.push_back(tags[i]);
  return others;
}

Result<void> Remover::by_digest(const Plan::Tag& tag, const Error& refusal) {
  if (tag.name.contains('.') && !tag.name.contains(".sig")) {  // a payload names its image
    const auto others = others_of(tag);
    if (!others)
      return fail(refusal.code, "the registry deletes only by digest, which could take other tags along",
                  refusal.text() + "; the list of tags: " + others.error().text());
    if (!others->empty())
      return fail(refusal.code,
                  "the registry deletes only by digest, and " + others->front() + " names the same",
                  refusal.text(), "it goes once it is not the same any more");
  }
  return registry_.delete_manifest(place_.repository, tag.digest.text());
}

Result<void> Remover::tag(const Plan::Tag& tag) {
  const auto done = registry_.delete_manifest(place_.repository, tag.name);
  if (done || done.error().code != Code::unsupported) return done;
  return by_digest(tag, done.error());
}

// Those that are there no more.
std::set<oci::Digest> Remover::referrers(const std::vector<oci::Digest>& digests) {
  std::set<oci::Digest> gone;
  for (const oci::Digest& digest : digests) {
    const auto done = registry_.delete_manifest(place_.repository, digest.text());
    keep(oci::digest_reference(place_.repository, digest), done);
    if (done || done.error().code == Code::not_found) gone.insert(digest);
  }
  return gone;
}

// One that lists something else as well stays.
void Remover::listing_tag(const Plan::Tag& one, const std::set<oci::Digest>& gone) {
  const auto content = registry_.manifest(place_.repository, one.name);
  const auto index = content ? oci::Index::parse(content->bytes) : fail(content.error());
  if (!index || !std::ranges::all_of(index->manifests, [&](const oci::Descriptor& listed) {
        return gone.contains(listed.digest);
      }))
    return;
  keep(place_.repository.text() + ":" + one.name, tag(one));
}

Report Remover::remove(const Plan& plan) {
  for (const Plan::Tag& one : plan.tags) keep(place_.repository.text() + ":" + one.name, tag(one));
  const auto gone = referrers(plan.referrers);
  const auto delisted = store::delist_referrers(registry_, env_, place_.repository, place_.subject, gone);
  if (!delisted) {
    report_.failures.push_back(delisted.error());
    return std::move(report_);
  }
  for (const Plan::Tag& one : plan.listing_tags) listing_tag(one, gone);
  return std::move(report_);
}

}  // namespace

Report remove(remote::Registry& registry, const Env& env, const Place& place, const Plan& plan) {
  return Remover(registry, env, place).remove(plan);
}

}  // namespace sigstore::clean
