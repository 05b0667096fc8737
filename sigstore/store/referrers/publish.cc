#include "sigstore/store/referrers/publish.h"

#include <algorithm>

#include "sigstore/store/referrers/fallback_index.h"
#include "sigstore/store/shared_tag.h"
#include "sigstore/store/tag_access.h"

namespace sigstore::store {
namespace {

// Of the fallback tag, which exists only where the registry has no referrers API.
constexpr const char* list_hint =
    "let tags that begin with sha256- change, or keep the signatures in another repository: "
    "COSIGN_REPOSITORY=REGISTRY/REPOSITORY";

// 400, 405, 415 and the like to a manifest that is well formed.
bool is_refused_form(const Error& error) {
  return error.code == Code::unsupported;
}

// Of `referrers` those that the API does not list.
Result<std::vector<TagEntry>> unlisted(remote::Registry& registry, const oci::Repository& repository,
                                       const oci::Digest& subject,
                                       const std::vector<oci::Descriptor>& referrers,
                                       const PublishOptions& options) {
  const auto answer = registry.referrers(repository, subject);
  if (!answer)
    return fail(answer.error().wrap(options.what +
                                    " is uploaded, but the registry does not say whether it is listed"));
  std::vector<TagEntry> missing;
  for (const oci::Descriptor& referrer : referrers)
    if (std::ranges::find(answer->descriptors, referrer.digest, &oci::Descriptor::digest) ==
        answer->descriptors.end())
      missing.push_back(FallbackIndex::entry_for(referrer));
  return missing;
}

}  // namespace

Result<std::vector<std::string>> list_referrers(remote::Registry& registry, const Env& env,
                                                const oci::Repository& repository, const oci::Digest& subject,
                                                const std::vector<oci::Descriptor>& referrers,
                                                const PublishOptions& options) {
  TRY(const auto missing, unlisted(registry, repository, subject, referrers, options));
  if (missing.empty()) return std::vector<std::string>{};
  FallbackIndex index(registry, repository, options.replaced);
  const std::string tag = fallback_tag(subject);
  auto report = add_to_tag(registry, env, repository, tag, index, missing,
                           {.immutable_hint = list_hint,
                            .refused_form = "an index under the tag " + tag,
                            .refused_hint = options.refused_hint,
                            .own_tags = options.own_tags});
  if (!report && report.error().code == Code::malformed)
    return fail(report.error()
                    .wrap("cannot list " + options.what + " in " + repository.text() + ":" + tag)
                    .with_hint("cosign repair " + oci::digest_reference(repository, subject)));
  if (!report) return fail(report.error());
  std::ranges::move(index.notes(), std::back_inserter(report->notes));
  return std::move(report->notes);
}

Result<Published> publish_referrer(remote::Registry& registry, const Env& env,
                                   const oci::Repository& repository, const oci::Manifest& manifest,
                                   const PublishOptions& options) {
  const std::string bytes = manifest.write();
  const oci::Digest digest = oci::Digest::sha256(bytes);
  if (auto pushed = registry.push_manifest(repository, digest.text(), manifest.media_type, bytes); !pushed)
    return fail(is_refused_form(pushed.error())
                    ? form_is_refused(repository, "a manifest with a subject and an artifact type (OCI 1.1)",
                                      pushed.error(), options.refused_hint)
                    : std::move(pushed).error());
  TRY(const auto descriptor, oci::referrer_descriptor(bytes, manifest.media_type));
  TRY(auto notes, list_referrers(registry, env, repository, manifest.subject->digest, {descriptor}, options));
  return Published{digest, oci::digest_reference(repository, digest), std::move(notes)};
}

Result<void> delist_referrers(remote::Registry& registry, const Env& env, const oci::Repository& repository,
                              const oci::Digest& subject, const std::set<oci::Digest>& deleted) {
  const std::string tag = fallback_tag(subject);
  FallbackIndex index(registry, repository, deleted);
  const auto report =
      take_off_tag(registry, env, repository, tag, index,
                   {.immutable_hint = list_hint, .refused_form = "an index under the tag " + tag});
  if (report || report.error().code == Code::malformed) return {};  // something else is under the tag
  return fail(
      report.error().wrap("cannot take what was deleted off the list in " + repository.text() + ":" + tag));
}

}  // namespace sigstore::store
