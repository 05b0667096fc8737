#include "cosign/commands/rotate/render.h"

#include <algorithm>

#include "sigstore/codec/error_json.h"
#include "sigstore/codec/printable.h"
#include "sigstore/codec/words.h"

namespace cosign::rotation {
namespace {

namespace json = sigstore::codec::json;
using sigstore::codec::counted;
using sigstore::codec::error_json;
using sigstore::rotate::Entry;
using sigstore::rotate::Failure;
using sigstore::rotate::Outcome;
using State = Outcome::State;

// How people find it again: by tags where it has some.
std::string names(const Outcome& outcome) {
  constexpr std::size_t most = 3;
  std::string text;
  const auto& all = outcome.found.names;
  for (std::size_t i = 0; i < std::min(all.size(), most); ++i) text += (i == 0 ? "" : ", ") + all[i];
  if (all.size() > most) text += ", ...";
  return text;
}

// "2 signatures (sig, bundle), 1 attestation (att)" of the entries in this state.
std::string things(const Outcome& outcome, bool (*wanted)(Entry::State)) {
  std::string text;
  for (const bool attestation : {false, true}) {
    std::size_t count = 0;
    std::vector<std::string_view> formats;
    for (const Entry& entry : outcome.entries) {
      if (entry.attestation != attestation || !wanted(entry.state)) continue;
      ++count;
      const auto format = sigstore::store::name(entry.format);
      if (std::ranges::find(formats, format) == formats.end()) formats.push_back(format);
    }
    if (count == 0) continue;
    text += (text.empty() ? "" : ", ") + counted(count, attestation ? "attestation" : "signature") + " (";
    for (std::size_t i = 0; i < formats.size(); ++i) text += (i == 0 ? "" : ", ") + std::string(formats[i]);
    text += ")";
  }
  return text;
}

std::string what_became(const Outcome& outcome) {
  switch (outcome.state) {
    case State::rotated:
      return things(outcome, [](Entry::State state) { return state == Entry::State::made; });
    case State::pending:
      return things(outcome, [](Entry::State state) { return state == Entry::State::pending; });
    case State::already:
      return things(outcome, [](Entry::State) { return true; });
    default:
      return outcome.error ? outcome.error->text() : "";
  }
}

std::string_view word(State state) {
  switch (state) {
    case State::rotated:
      return "signed   ";
    case State::already:
      return "already  ";
    case State::pending:
      return "would    ";
    case State::gone:
      return "gone     ";
    case State::not_reached:
      return "not yet  ";
    default:
      return "failed   ";
  }
}

// What the old key has nothing to do with is only counted.
bool is_told(const Outcome& outcome) {
  return outcome.state != State::new_alone && outcome.state != State::others && outcome.state != State::bare;
}

std::string line(const Outcome& outcome) {
  std::string text = std::string(word(outcome.state)) + outcome.found.digest.text() + "  " + names(outcome);
  const std::string became = what_became(outcome);
  return sigstore::codec::printable(became.empty() ? text : text + ": " + became) + "\n";
}

void add(std::string& text, std::size_t count, const std::string& what) {
  if (count != 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + what;
}

std::string summary(const Told& told) {
  const auto& report = told.report;
  std::string rest;
  add(rest, report.count(State::pending), "to be signed");
  add(rest, report.count(State::failed), "failed");
  add(rest, report.count(State::not_reached), "not reached");
  std::string text = counted(report.outcomes.size(), "digest") + " found, " +
                     std::to_string(report.by_old()) + " signed by the old key; of these " +
                     std::to_string(report.covered()) + " by the new key as well";
  if (const auto made = report.count(State::rotated); made != 0)
    text += " (" + std::to_string(made) + " since this run)";
  if (!rest.empty()) text += "; " + rest;
  std::string others;
  add(others, report.count(State::new_alone), "by the new key alone");
  add(others, report.count(State::others), "by other keys");
  add(others, report.count(State::bare), "not signed");
  add(others, report.count(State::gone), "not there any more");
  return text + (others.empty() ? "" : "; besides " + others) + "\n";
}

json::Value render(const Entry& entry) {
  json::Object object{{"state", name(entry.state)},
                      {"kind", entry.attestation ? "attestation" : "signature"},
                      {"format", sigstore::store::name(entry.format)}};
  if (!entry.type.empty()) object.set("type", entry.type);
  object.set("old", entry.old_location);
  if (!entry.new_location.empty()) object.set("new", entry.new_location);
  if (entry.logged) object.set("logged", true);
  if (entry.error) object.set("error", error_json(*entry.error));
  return object;
}

json::Array texts(const std::vector<std::string>& list) {
  json::Array array;
  for (const std::string& one : list) array.emplace_back(one);
  return array;
}

json::Value render(const Outcome& outcome) {
  json::Array entries;
  for (const Entry& entry : outcome.entries) entries.push_back(render(entry));
  json::Object object{{"digest", outcome.found.digest.text()},
                      {"names", texts(outcome.found.names)},
                      {"state", name(outcome.state)},
                      {"entries", std::move(entries)},
                      {"byNewKey", outcome.by_new},
                      {"byOthers", outcome.by_others}};
  if (outcome.error) object.set("error", error_json(*outcome.error));
  if (!outcome.notes.empty()) object.set("notes", texts(outcome.notes));
  return object;
}

json::Object coverage(const sigstore::rotate::Report& report) {
  json::Object object{{"digests", report.outcomes.size()},
                      {"signedByOldKey", report.by_old()},
                      {"covered", report.covered()}};
  for (const State state : {State::rotated, State::already, State::pending, State::failed, State::new_alone,
                            State::others, State::bare, State::gone, State::not_reached})
    object.set(std::string(name(state)), report.count(state));
  return object;
}

}  // namespace

std::string as_text(const Told& told) {
  std::string text;
  for (const Outcome& outcome : told.report.outcomes)
    if (is_told(outcome)) text += line(outcome);
  return text + summary(told);
}

std::string as_json(const Told& told) {
  const auto& report = told.report;
  json::Array digests, errors;
  for (const Outcome& outcome : report.outcomes) digests.push_back(render(outcome));
  for (const Failure& failure : report.failures)
    errors.emplace_back(json::Object{{"what", failure.what}, {"error", error_json(failure.error)}});
  json::Object document{{"version", 1},
                        {"repository", told.place.images.text()},
                        {"signatures", told.place.signatures.text()},
                        {"oldKey", told.old_key},
                        {"newKey", told.new_key},
                        {"dryRun", told.dry_run},
                        {"complete", report.complete && report.failures.empty()},
                        {"coverage", coverage(report)},
                        {"digests", std::move(digests)}};
  if (!errors.empty()) document.set("errors", std::move(errors));
  if (!report.notes.empty()) document.set("notes", texts(report.notes));
  return json::write_indented(document, 2);
}

}  // namespace cosign::rotation
