#include "cosign/attaching/attaching.h"

#include <algorithm>
#include <map>

#include "cosign/session/image.h"

namespace cosign {

namespace bundle = sigstore::bundle;
using sigstore::fail;
using sigstore::Result;
using sigstore::store::ArtifactStore;
using sigstore::store::Format;
using sigstore::store::Listing;

namespace {

// Whether all that was given is there, and perhaps more besides (a certificate, a log entry).
bool holds(const bundle::Bundle& there, const bundle::Bundle& given) {
  const auto same = [](const auto& one, const auto& other) { return other.empty() || one == other; };
  return there.content == given.content && there.signature == given.signature &&
         same(there.key.certificates, given.key.certificates) &&
         same(there.evidence.tlog_entries, given.evidence.tlog_entries) &&
         same(there.evidence.timestamps, given.evidence.timestamps);
}

bool is_there(const Listing& listing, const Given& given) {
  return std::ranges::all_of(given.bundles, [&](const bundle::Bundle& one) {
    return std::ranges::any_of(listing.entries, [&](const sigstore::store::Stored& entry) {
      return entry.bundle && holds(*entry.bundle, one);
    });
  });
}

ArtifactStore& store_for(Session& session, Format format) {
  switch (format) {
    case Format::simple_signing:
      return session.tag_store();
    case Format::envelope:
      return session.attestation_store();
    case Format::bundle:
      break;
  }
  return session.referrers_store();
}

}  // namespace

void AttachFlags::declare(FlagSet& flags) {
  flags.boolean("own-tags", &registry.own_tags,
                "keep what is attached under a tag of its own as well, for many writers on a registry that "
                "ignores If-Match");
  registry.declare(flags);
}

Result<AttachTarget> find_target(Session& session, const AttachFlags& flags, const std::string& argument) {
  TRY(auto reference, sigstore::oci::Reference::parse(argument));
  TRY(auto moved, session.signature_repository());
  TRY(auto image, find_image(session, flags.registry, reference));
  if (!reference.digest)
    session.note("Attaching to " + sigstore::oci::digest_reference(reference.repository, image.digest) +
                 ", which " + reference.typed + " names now");
  auto repository = moved.value_or(reference.repository);
  return AttachTarget{std::move(reference), std::move(image), std::move(repository)};
}

Result<void> attach(Session& session, const AttachTarget& target, const std::vector<Given>& given,
                    const std::string& what) {
  std::map<Format, Listing> there;
  const auto look = [&](Format format) -> Result<void> {
    TRY(there[format],
        store_for(session, format)
            .list(target.repository, target.image.digest, {.newest = sigstore::limits::resign_candidates}));
    return {};
  };
  for (const Given& one : given) {
    if (!there.contains(one.format)) TRY_OK(look(one.format));
    if (is_there(there[one.format], one)) {
      session.note("Already attached, nothing added: " + what);
      continue;
    }
    auto stored = store_for(session, one.format)
                      .put(target.repository, target.image, one.bundles.front(), {.envelope = one.envelope});
    if (!stored) return fail(session.explain(stored.error(), target.reference));
    session.remarks(stored->notes);
    session.note("Attached " + what + " to: " + stored->location);
    for (const bundle::Bundle& put : one.bundles)
      there[one.format].entries.push_back({one.format, stored->digest, stored->location, put, {}});
  }
  return {};
}

}  // namespace cosign
