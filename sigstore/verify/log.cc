#include <algorithm>
#include <set>

#include "sigstore/codec/hex.h"
#include "sigstore/codec/printable.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/tlog/verify_entry.h"
#include "sigstore/verify/entry_match.h"
#include "sigstore/verify/evidence.h"
#include "sigstore/verify/parties_state.h"

namespace sigstore::verify {
namespace {

Miss miss(EntryReached reached, Code code, std::string detail) {
  return {static_cast<int>(reached), code, std::move(detail)};
}
// Code::not_found is kept for logs that are not known: what an entry lacks does not match.
Miss miss(EntryReached reached, const Error& error, const std::string& what) {
  return miss(reached, error.code == Code::not_found ? Code::mismatch : error.code,
              what + ": " + error.text());
}

std::string origin_of(const tlog::Entry& entry) {
  return entry.proof->checkpoint.substr(0, entry.proof->checkpoint.find('\n'));
}

// Under which name the log must have signed; a Rekor v1 names its tree.
Result<std::string> expected_origin(const tlog::Entry& entry, const tlog::Body& body, const LogParty& party) {
  if (is_rekor_v2(body)) return party.log().origin();
  const std::string origin = origin_of(entry);
  if (entry.proof->checkpoint.empty() || tlog::is_rekor_v1_origin(origin)) return std::string();
  return fail(Code::mismatch, "the checkpoint of a Rekor v1 entry is not by a Rekor v1",
              codec::printable(origin));
}

std::optional<Miss> check_proof(const tlog::Entry& entry, const tlog::Body& body, const LogParty& party) {
  if (!entry.proof) return std::nullopt;
  const std::string what = "the log entry's inclusion in " + party.name() + " is not proven";
  const auto origin = expected_origin(entry, body, party);
  if (!origin) return miss(EntryReached::unproven, origin.error(), what);
  if (const auto verified = tlog::verify_inclusion(entry, *origin, *party.key()); !verified)
    return miss(EntryReached::unproven, verified.error(), what);
  return std::nullopt;
}

std::optional<Miss> check_promise(const tlog::Entry& entry, const tlog::Body& body, const LogParty& party) {
  if (entry.signed_entry_timestamp.empty()) {
    if (entry.proof) return std::nullopt;
    return miss(EntryReached::unproven, Code::mismatch,
                "the log entry has neither an inclusion proof nor a promise");
  }
  if (is_rekor_v2(body))
    return miss(EntryReached::unproven, Code::malformed, "an entry of Rekor v2 carries no promise");
  if (const auto verified = tlog::verify_promise(entry, *party.key()); !verified)
    return miss(EntryReached::unproven, verified.error(),
                "the promise (SET) of log " + party.name() + " is not good");
  return std::nullopt;
}

// The log's key counts at the time that it signed itself, else at a time that is proven of the signature.
std::optional<Miss> check_window(const LogParty& party, const std::vector<Time>& times) {
  const trust::TimeRange& range = party.log().valid;
  if (times.empty() || std::ranges::any_of(times, [&](Time at) { return range.contains(at); }))
    return std::nullopt;
  Miss out = miss(EntryReached::out_of_time, Code::mismatch,
                  "the log entry is not of the time in which log " + party.name() + " is trusted");
  out.expected = shown(range);
  out.found = codec::rfc3339::seconds(times.front());
  return out;
}

class Entries {
 public:
  Entries(const Case& judged, const std::vector<const TrustedKey*>& keys, const std::vector<Time>& times)
      : judged_(judged), keys_(keys), times_(times) {}

  // Each entry of a trusted log must hold; those of strangers prove nothing.
  void add(const tlog::Entry& entry) {
    Nearest misses;
    for (const LogParty& party : judged_.parties()->tlogs) {
      if (party.log().log_id != entry.log_id) continue;
      auto wrong = ask(entry, party);
      if (!wrong) return count(entry, party);
      misses.add(std::move(*wrong));
    }
    if (!misses.empty()) {
      broken_.add(misses.best());
      return;
    }
    Miss stranger =
        miss(EntryReached::of_a_stranger, Code::not_found, "the log entry is of a log that is not trusted");
    stranger.found = codec::hex::encode(entry.log_id);
    strangers_.add(std::move(stranger));
  }

  [[nodiscard]] Logged finish() const {
    Logged out{failed("log", clause_log, {}, {}, {}), times_of_log_, timeless_};
    const auto needed = static_cast<std::size_t>(judged_.requirements.log_entries);
    if (!broken_.empty()) {
      out.check = broken_.failure("log", clause_log, {});
      out.times.clear();
    } else if (logs_.size() >= needed) {
      out.check = passed("log", clause_log, shown_);
    } else {
      out.check = strangers_.failure("log", clause_log, {0, Code::mismatch, "it is in too few logs"});
      if (strangers_.empty()) out.check.found = counted(logs_.size(), "log", "logs");
      out.check.expected = needed == 1 ? "an entry of a trusted log" : counted(needed, "log", "logs");
    }
    return out;
  }

 private:
  // nullopt: it is proven.
  std::optional<Miss> ask(const tlog::Entry& entry, const LogParty& party) const {
    if (!party.key())
      return miss(EntryReached::unusable, party.key().error(), "log " + party.name() + " cannot be used");
    const auto body = tlog::read_body(entry.body);
    if (!body) return miss(EntryReached::unread, body.error(), "the log entry cannot be read");
    if (auto wrong = mismatch(entry, *body, judged_, keys_)) return wrong;
    if (is_rekor_v2(*body) && !entry.proof)
      return miss(EntryReached::unproven, Code::mismatch, "an entry of Rekor v2 needs an inclusion proof");
    if (auto wrong = check_promise(entry, *body, party)) return wrong;
    if (auto wrong = check_proof(entry, *body, party)) return wrong;
    if (entry.signed_entry_timestamp.empty()) return check_window(party, times_);
    const auto at = integrated_time(entry);
    if (!at) return miss(EntryReached::unread, Code::malformed, "the log entry has a promise and no time");
    return check_window(party, {*at});
  }
  void count(const tlog::Entry& entry, const LogParty& party) {
    logs_.insert(entry.log_id);
    if (!entry.signed_entry_timestamp.empty())
      times_of_log_.push_back(*integrated_time(entry));
    else
      timeless_ = true;
    shown_ += (shown_.empty() ? "" : ", ") + party.name() + " entry " + std::to_string(entry.log_index);
  }

  const Case& judged_;
  const std::vector<const TrustedKey*>& keys_;
  const std::vector<Time>& times_;
  std::set<Bytes> logs_;
  std::vector<Time> times_of_log_;
  bool timeless_ = false;
  std::string shown_;
  Nearest broken_, strangers_;
};

// Whoever lists an entry twice wants it counted twice.
bool twice(const std::vector<tlog::Entry>& entries) {
  std::set<std::pair<Bytes, std::uint64_t>> seen;
  return std::ranges::any_of(
      entries, [&](const tlog::Entry& entry) { return !seen.emplace(entry.log_id, entry.log_index).second; });
}

Check no_log(const Case& judged) {
  const int needed = judged.requirements.log_entries;
  const std::string wanted = counted(static_cast<std::size_t>(needed), "log entry", "log entries");
  Check check =
      failed("log", clause_log, wanted, "none", "the signature carries no proof of a transparency log");
  if (has_log_evidence(judged.bundle.evidence)) {
    check.found = "an entry that was not judged";
    check.detail = "no transparency log is trusted to judge its proof by";
  }
  check.code = Code::not_found;
  return check;
}

}  // namespace

std::optional<Time> integrated_time(const tlog::Entry& entry) {
  constexpr auto most =
      std::chrono::duration_cast<std::chrono::seconds>(Time::max().time_since_epoch()).count();
  if (entry.integrated_time <= 0 || entry.integrated_time > most) return std::nullopt;
  return Time(std::chrono::seconds(entry.integrated_time));
}

bool has_log_evidence(const bundle::Evidence& evidence) {
  return !evidence.tlog_entries.empty();
}

Logged judge_log(const Case& judged, const std::vector<const TrustedKey*>& keys,
                 const std::vector<Time>& times) {
  if (judged.requirements.log_entries <= 0)
    return {skipped("log", clause_log, "the transparency log is ignored, as asked"), {}, false};
  const bool nobody = judged.parties() == nullptr || judged.parties()->tlogs.empty();
  if (nobody || !has_log_evidence(judged.bundle.evidence)) return {no_log(judged), {}, false};
  if (twice(judged.bundle.evidence.tlog_entries))
    return {failed("log", clause_log, {}, {}, "the same log entry stands there twice"), {}, false};
  Entries entries(judged, keys, times);
  for (const tlog::Entry& entry : judged.bundle.evidence.tlog_entries) entries.add(entry);
  return entries.finish();
}

}  // namespace sigstore::verify
