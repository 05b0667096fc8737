#include "sigstore/store/referrers/repair.h"

#include <algorithm>
#include <set>

#include "sigstore/store/referrers/fallback_index.h"
#include "sigstore/store/referrers/lost_referrers.h"
#include "sigstore/store/referrers/repaired_index.h"
#include "sigstore/store/tag_reader.h"

namespace sigstore::store {
namespace {

using State = RepairEntry::State;

constexpr const char* immutable_hint =
    "let tags that begin with sha256- change; until then, list the referrers that are missing with copies in "
    "another repository: cosign copy";

// The list as it stands, and what the referrers API does not show and was found elsewhere.
void restore(const FoundReferrers& found, RepairPlan& plan) {
  std::set<oci::Digest> known(found.listed.begin(), found.listed.end());
  for (const RepairEntry& entry : plan.entries) known.insert(entry.digest);
  for (const FoundReferrer& referrer : found.found)
    if (known.insert(referrer.digest).second)
      plan.entries.push_back({State::restored, referrer.digest, referrer.where});
}

}  // namespace

std::string_view name(State state) {
  switch (state) {
    case State::good:
      return "good";
    case State::corrected:
      return "corrected";
    case State::restored:
      return "restored";
    case State::gone:
      return "gone";
    case State::foreign:
      return "foreign";
    case State::doubled:
      return "doubled";
    case State::kept:
      return "kept";
  }
  return "kept";
}

bool RepairPlan::needed() const {
  return !damage.empty() || std::ranges::any_of(entries, [](const RepairEntry& entry) {
    return entry.state != State::good && entry.state != State::kept;
  });
}

Result<RepairPlan> plan_repair(remote::Registry& registry, const Env& env, const oci::Repository& repository,
                               const oci::Digest& subject, const RepairOptions& options) {
  const std::string tag = fallback_tag(subject);
  TagReader reader(registry, env, repository, tag, true);
  TRY(const auto standing, reader.read());
  RepairPlan plan;
  plan.notes = reader.notes();
  plan.exists = standing.content.has_value();
  IndexReading reading;
  if (plan.exists)
    reading = read_damaged_index(standing.content->bytes, standing.content->descriptor.media_type);
  ReferrerLookups lookups(registry, repository, subject);
  TRY(auto mended, mend(reading, lookups));
  plan.damage = std::move(reading.damage);
  plan.entries = std::move(mended.entries);
  TRY(auto found,
      find_referrers(registry, repository, subject, reading, standing.content, options.also, lookups));
  plan.api = found.api;
  restore(found, plan);
  std::ranges::move(found.notes, std::back_inserter(plan.notes));
  std::ranges::move(found.failures, std::back_inserter(plan.failures));
  return plan;
}

Result<RepairReport> repair(remote::Registry& registry, const Env& env, const oci::Repository& repository,
                            const oci::Digest& subject, const RepairPlan& plan) {
  ReferrerLookups lookups(registry, repository, subject);
  std::vector<oci::Digest> wanted;
  for (const RepairEntry& entry : plan.entries)
    if (entry.state == State::restored) wanted.push_back(entry.digest);
  lookups.look_up(wanted);
  std::vector<TagEntry> ours;
  for (const oci::Digest& digest : wanted)
    if (lookups.at(digest).state == ReferrerLookup::State::referrer)
      ours.push_back(RepairedIndex::entry_for(lookups.at(digest).descriptor));
  ours.push_back(RepairedIndex::sound());
  RepairedIndex document(lookups);
  const std::string tag = fallback_tag(subject);
  TRY(auto report, add_to_tag(registry, env, repository, tag, document, ours,
                              {.immutable_hint = immutable_hint,
                               .refused_form = "an index under the tag " + tag,
                               .any_document = true}));
  return RepairReport{report.writes, report.proven, std::move(report.notes)};
}

}  // namespace sigstore::store
