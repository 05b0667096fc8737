#include "sigstore/rotate/again.h"

#include <algorithm>
#include <map>

#include "sigstore/check/ask.h"
#include "sigstore/payload/statement.h"
#include "sigstore/sign/pipeline.h"

namespace sigstore::rotate {
namespace {

using check::Candidate;
using store::Format;
using verify::Wanted;

const bundle::EnvelopeContent* envelope_of(const store::Stored& stored) {
  return stored.bundle ? std::get_if<bundle::EnvelopeContent>(&stored.bundle->content) : nullptr;
}

// A signature, or something that is said. Unreadable is neither, and is judged as what it is not.
bool is_attestation(const store::Stored& stored) {
  const auto* envelope = envelope_of(stored);
  if (envelope == nullptr) return false;
  const auto statement = payload::Statement::parse(envelope->payload);
  return statement && statement->predicate_type != payload::cosign_sign_predicate;
}

std::string_view signed_text(const bundle::Bundle& bundle) {
  if (const auto* simple = std::get_if<bundle::SimpleSigningContent>(&bundle.content)) return simple->payload;
  if (const auto* envelope = std::get_if<bundle::EnvelopeContent>(&bundle.content)) return envelope->payload;
  return {};
}

// Two entries of one kind that sign the same bytes are the same.
using Key = std::pair<Format, oci::Digest>;
Key key_of(const Candidate& candidate) {
  return {candidate.stored.format, oci::Digest::sha256(signed_text(*candidate.stored.bundle))};
}

class Digest {
 public:
  Digest(const Hands& hands, const Place& place, const Found& found)
      : hands_(hands), place_(place), old_(hands.old_key.key.fingerprint()) {
    outcome_.found = found;
  }

  Outcome run();

 private:
  void look();
  void judge(std::vector<store::Stored> entries, Wanted wanted);
  void count(const Candidate& candidate);
  void sign_all();
  Entry entry_of(const Candidate& candidate) const;
  void sign(Entry& entry, const Candidate& candidate);
  Result<const oci::Descriptor*> subject();
  Result<sign::Options> options_for(const Candidate& candidate) const;
  [[nodiscard]] store::ArtifactStore* store_of(Format format) const;
  void failed(const Error& error);
  void settle();

  const Hands& hands_;
  const Place& place_;
  const std::string old_;  // fingerprint
  Outcome outcome_;
  std::vector<Candidate> by_old_;
  std::map<Key, std::string> by_new_;  // where it stands
  std::optional<oci::Descriptor> subject_;
  bool gone_ = false;
};

void Digest::failed(const Error& error) {
  if (!outcome_.error) outcome_.error = error;
}

void Digest::look() {
  std::vector<store::Stored> signatures, attestations;
  for (store::ArtifactStore* store : hands_.stores) {
    auto listing = store->list(place_.signatures, outcome_.found.digest);
    if (!listing) {
      failed(listing.error());
      continue;
    }
    std::ranges::move(listing->notes, std::back_inserter(outcome_.notes));
    if (listing->truncated) failed({Code::too_large, "there are more entries than are looked at", {}, {}});
    for (store::Stored& stored : listing->entries)
      (is_attestation(stored) ? attestations : signatures).push_back(std::move(stored));
  }
  judge(std::move(signatures), Wanted::signature);
  judge(std::move(attestations), Wanted::attestation);
}

void Digest::judge(std::vector<store::Stored> entries, Wanted wanted) {
  check::Options options;
  options.material.keys = {hands_.old_key, hands_.new_key};
  options.requirements.subject = outcome_.found.digest;
  options.requirements.wanted = wanted;
  if (wanted == Wanted::attestation) options.requirements.predicate_types.clear();
  options.requirements.log_entries = 0;
  for (Candidate& candidate : check::judge_all(std::move(entries), options, options.requirements)) {
    count(candidate);
    if (candidate.verdict.accepted() && candidate.verdict.key_fingerprint == old_)
      by_old_.push_back(std::move(candidate));
  }
}

void Digest::count(const Candidate& candidate) {
  const store::Stored& stored = candidate.stored;
  const verify::Verdict& verdict = candidate.verdict;
  if (!stored.bundle) {
    outcome_.notes.push_back("an entry in " + stored.location +
                             " cannot be read: " + stored.bundle.error().text());
  } else if (!verdict.key_fingerprint) {
    ++outcome_.by_others;
  } else if (!verdict.accepted()) {
    outcome_.notes.push_back("what " + verdict.key_name + " signed in " + stored.location +
                             " does not count: " + verdict.first_failure()->detail);
  } else if (verdict.key_fingerprint != old_) {
    ++outcome_.by_new;
    by_new_.emplace(key_of(candidate), stored.location);
  }
}

store::ArtifactStore* Digest::store_of(Format format) const {
  const auto found = std::ranges::find(hands_.stores, format, &store::ArtifactStore::format);
  return found == hands_.stores.end() ? nullptr : *found;
}

Entry Digest::entry_of(const Candidate& candidate) const {
  Entry entry;
  entry.format = candidate.stored.format;
  entry.attestation = is_attestation(candidate.stored);
  entry.logged = verify::has_log_evidence(candidate.stored.bundle->evidence);
  if (entry.attestation) entry.type = candidate.verdict.claims.type;
  entry.old_location = candidate.stored.location;
  return entry;
}

// The image itself, hashed here: nothing is signed that is not there.
Result<const oci::Descriptor*> Digest::subject() {
  if (!subject_) {
    TRY(auto content, hands_.registry.manifest(outcome_.found.home, outcome_.found.digest.text()));
    subject_ = std::move(content.descriptor);
  }
  return &*subject_;
}

Result<sign::Options> Digest::options_for(const Candidate& candidate) const {
  sign::Options options;
  if (const auto* envelope = envelope_of(candidate.stored)) {
    TRY(options.attestation, sign::Attestation::whole(envelope->payload));
  } else {
    options.payload = std::string(signed_text(*candidate.stored.bundle));
  }
  return options;
}

void Digest::sign(Entry& entry, const Candidate& candidate) {
  const auto fail_with = [&](const Error& error) {
    entry.state = Entry::State::failed;
    entry.error = error;
    failed(error);
  };
  const auto image = subject();
  if (!image) {
    gone_ = image.error().code == Code::not_found;
    return fail_with(image.error());
  }
  const auto options = options_for(candidate);
  if (!options) return fail_with(options.error());
  store::ArtifactStore* store = store_of(entry.format);
  if (store == nullptr) return fail_with({Code::internal, "no place for this format", {}, {}});
  const sign::Prepared prepared{outcome_.found.home, place_.signatures, **image, {}};
  auto signed_now = sign::sign_image(*hands_.signer, {store}, prepared, *options);
  if (!signed_now.failures.empty()) return fail_with(signed_now.failures.front().error);
  sign::Made& made = signed_now.made.front();
  std::ranges::move(made.notes, std::back_inserter(outcome_.notes));
  entry.state = Entry::State::made;
  entry.new_location = std::move(made.location);
  ++outcome_.by_new;
}

void Digest::sign_all() {
  std::map<Key, std::size_t> seen;  // to its entry
  for (const Candidate& candidate : by_old_) {
    const Key key = key_of(candidate);
    const auto [known, fresh] = seen.emplace(key, outcome_.entries.size());
    Entry entry = entry_of(candidate);
    if (!fresh) {
      Entry& first = outcome_.entries[known->second];
      first.logged = first.logged || entry.logged;
      continue;
    }
    const auto stands = by_new_.find(key);
    if (stands != by_new_.end()) {
      entry.state = Entry::State::already;
      entry.new_location = stands->second;
    } else if (hands_.signer != nullptr) {
      sign(entry, candidate);
    }
    outcome_.entries.push_back(std::move(entry));
    if (gone_) return;
  }
}

void Digest::settle() {
  const auto any = [&](Entry::State state) {
    return std::ranges::any_of(outcome_.entries, [&](const Entry& entry) { return entry.state == state; });
  };
  using enum Outcome::State;
  if (gone_) {
    outcome_.error.reset();
    outcome_.state = gone;
  } else if (outcome_.error && outcome_.error->code == Code::cancelled) {
    outcome_.state = not_reached;
  } else if (outcome_.error) {
    outcome_.state = failed;
  } else if (outcome_.entries.empty()) {
    outcome_.state = outcome_.by_new != 0 ? new_alone : outcome_.by_others != 0 ? others : bare;
  } else {
    outcome_.state = any(Entry::State::pending) ? pending : any(Entry::State::made) ? rotated : already;
  }
}

Outcome Digest::run() {
  look();
  sign_all();
  settle();
  return std::move(outcome_);
}

}  // namespace

std::string_view name(Entry::State state) {
  switch (state) {
    case Entry::State::already:
      return "already";
    case Entry::State::made:
      return "made";
    case Entry::State::pending:
      return "pending";
    case Entry::State::failed:
      break;
  }
  return "failed";
}

std::string_view name(Outcome::State state) {
  switch (state) {
    case Outcome::State::rotated:
      return "rotated";
    case Outcome::State::already:
      return "already";
    case Outcome::State::pending:
      return "pending";
    case Outcome::State::failed:
      return "failed";
    case Outcome::State::new_alone:
      return "newAlone";
    case Outcome::State::others:
      return "others";
    case Outcome::State::bare:
      return "unsigned";
    case Outcome::State::gone:
      return "gone";
    case Outcome::State::not_reached:
      break;
  }
  return "notReached";
}

Outcome sign_again(const Hands& hands, const Place& place, const Found& found) {
  if (found.there) return Digest(hands, place, found).run();
  Outcome outcome;
  outcome.found = found;
  outcome.state = Outcome::State::gone;
  return outcome;
}

}  // namespace sigstore::rotate
