#include "sigstore/store/referrers/referrer_lookup.h"

#include <set>
#include <vector>

#include "sigstore/base/parallel.h"
#include "sigstore/store/fetch.h"

namespace sigstore::store {
namespace {

using State = ReferrerLookup::State;

Result<std::optional<oci::Descriptor>> subject_of(const remote::ManifestContent& content) {
  if (oci::is_index(content.descriptor.media_type)) {
    TRY(auto index, oci::Index::parse(content.bytes));
    return std::move(index.subject);
  }
  TRY(auto manifest, oci::Manifest::parse(content.bytes));
  return std::move(manifest.subject);
}

}  // namespace

ReferrerLookup ReferrerLookups::judge(const remote::ManifestContent& content) const {
  const auto subject = subject_of(content);
  if (!subject) return {State::unknown, {}, subject.error()};
  if (!*subject || (*subject)->digest != subject_) return {State::foreign, {}, {}};
  auto descriptor = oci::referrer_descriptor(content.bytes, content.descriptor.media_type);
  if (!descriptor) return {State::unknown, {}, descriptor.error()};
  return {State::referrer, std::move(*descriptor), {}};
}

// A manifest may be so new that not every node of the registry has it: two answers must agree.
ReferrerLookup ReferrerLookups::ask(const oci::Digest& digest) const {
  auto content = registry_.manifest(repository_, digest.text());
  if (!content && content.error().code == Code::not_found)
    content = registry_.manifest(repository_, digest.text());
  if (content) return judge(*content);
  if (content.error().code == Code::not_found) return {State::gone, {}, {}};
  return {State::unknown, {}, content.error()};
}

void ReferrerLookups::look_up(std::span<const oci::Digest> digests) {
  std::set<oci::Digest> fresh;
  for (const oci::Digest& digest : digests)
    if (!known_.contains(digest)) fresh.insert(digest);
  const std::vector<oci::Digest> asked(fresh.begin(), fresh.end());
  std::vector<ReferrerLookup> found(asked.size());
  parallel(asked.size(), fetched_at_once, [&](std::size_t i) { found[i] = ask(asked[i]); });
  for (std::size_t i = 0; i < asked.size(); ++i) known_.emplace(asked[i], std::move(found[i]));
}

}  // namespace sigstore::store
