#include <algorithm>
#include <array>

#include "sigstore/clean/clean.h"
#include "sigstore/payload/statement.h"
#include "sigstore/store/own_tags.h"
#include "sigstore/store/tag_access.h"

namespace sigstore::clean {
namespace {

using store::Attachment;

struct TagOf {
  Kind kind;
  const char* suffix;
};
constexpr std::array<TagOf, 3> tags_of = {
    {{Kind::signatures, ".sig"}, {Kind::attestations, ".att"}, {Kind::sboms, ".sbom"}}};

constexpr std::string_view in_toto = payload::in_toto_payload_type;  // as an artifact type

std::string annotation(const Attachment& one, const char* key) {
  const auto found = one.descriptor.annotations.find(key);
  return found == one.descriptor.annotations.end() ? std::string() : found->second;
}

bool is_bundle(const Attachment& one) {
  return one.layers.size() == 1 && one.layers.front().media_type.starts_with(oci::media_type::bundle_prefix);
}

enum class What { signature, attestation, sbom, some_bundle, other };

// A bundle's type is the predicate's, when its manifest names that.
What what_is(const Attachment& one) {
  if (is_bundle(one)) {
    const std::string predicate = annotation(one, "dev.sigstore.bundle.predicateType");
    const std::string content = annotation(one, "dev.sigstore.bundle.content");
    if (predicate == payload::cosign_sign_predicate || content == "message-signature") return What::signature;
    return predicate.empty() ? What::some_bundle : What::attestation;
  }
  if (one.type == oci::media_type::signature_artifact) return What::signature;
  if (one.type == oci::media_type::sbom_artifact) return What::sbom;
  return one.type == in_toto ? What::attestation : What::other;
}

bool is_wanted(const Attachment& one, const Kinds& kinds) {
  if (is_bundle(one) && kinds.contains(Kind::bundles)) return true;
  switch (what_is(one)) {
    case What::signature:
      return kinds.contains(Kind::signatures);
    case What::attestation:
      return kinds.contains(Kind::attestations);
    case What::sbom:
      return kinds.contains(Kind::sboms);
    case What::some_bundle:
    case What::other:
      break;
  }
  return false;
}

class Looker {
 public:
  Looker(remote::Registry& registry, const Place& place, const Kinds& kinds)
      : registry_(registry), place_(place), kinds_(kinds) {}

  Plan look();

 private:
  void own_tags(const std::vector<std::string>& shared);
  void tag(const std::string& name, std::vector<Plan::Tag>& found);
  void referrers();

  remote::Registry& registry_;
  const Place& place_;
  const Kinds& kinds_;
  Plan plan_;
};

void Looker::tag(const std::string& name, std::vector<Plan::Tag>& found) {
  const auto names = store::tag_names(registry_, place_.repository, name);
  if (!names)
    plan_.failures.push_back(names.error().wrap("cannot look up " + place_.repository.text() + ":" + name));
  else if (*names)
    found.push_back({name, **names});
}

// They are found by the list of tags alone.
void Looker::own_tags(const std::vector<std::string>& shared) {
  const auto tags = registry_.tags(place_.repository);
  if (!tags && tags.error().code == Code::not_found) return;
  if (!tags) {
    plan_.notes.push_back("tags that --own-tags made were not looked for: " + tags.error().text());
    return;
  }
  const std::string listing = oci::attachment_tag(place_.subject, "");
  for (const std::string& name : *tags) {
    if (std::ranges::any_of(shared, [&](const std::string& one) { return store::is_own_tag(name, one); }))
      tag(name, plan_.tags);
    if (store::is_own_tag(name, listing)) tag(name, plan_.listing_tags);
  }
}

void Looker::referrers() {
  auto all = store::list_attachments(registry_, place_.repository, place_.subject, place_.tag_prefix,
                                     {.attestations = false, .signatures = false, .sboms = false});
  std::ranges::move(all.notes, std::back_inserter(plan_.notes));
  std::ranges::move(all.failures, std::back_inserter(plan_.failures));
  std::size_t unsaid = 0;
  for (const Attachment& one : all.found) {
    if (is_wanted(one, kinds_)) plan_.referrers.push_back(one.descriptor.digest);
    if (what_is(one) == What::some_bundle && !kinds_.contains(Kind::bundles)) ++unsaid;
  }
  if (unsaid != 0)
    plan_.notes.push_back(std::to_string(unsaid) +
                          " bundles do not say what they are and stay; --type referrer takes them, too");
  if (all.truncated)
    plan_.failures.push_back({Code::too_large, "there are more referrers than are looked at at a time",
                              std::to_string(limits::referrers) + " were", "run it again"});
}

Plan Looker::look() {
  std::vector<std::string> shared;
  for (const auto& [kind, suffix] : tags_of)
    if (kinds_.contains(kind))
      shared.push_back(oci::attachment_tag(place_.subject, suffix, place_.tag_prefix));
  own_tags(shared);
  for (const std::string& name : shared) tag(name, plan_.tags);
  referrers();
  return std::move(plan_);
}

}  // namespace

Plan look(remote::Registry& registry, const Place& place, const Kinds& kinds) {
  return Looker(registry, place, kinds).look();
}

}  // namespace sigstore::clean
