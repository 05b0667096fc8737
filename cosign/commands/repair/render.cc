#include "cosign/commands/repair/render.h"

#include "sigstore/codec/error_json.h"
#include "sigstore/codec/printable.h"
#include "sigstore/store/referrers/fallback_index.h"

namespace cosign::repair {
namespace {

namespace json = sigstore::codec::json;
using sigstore::store::RepairEntry;
using State = RepairEntry::State;

std::string_view means(State state) {
  switch (state) {
    case State::good:
      return "is good";
    case State::corrected:
      return "is described wrongly";
    case State::restored:
      return "is a referrer that is not listed";
    case State::gone:
      return "is listed, and not there any more";
    case State::foreign:
      return "is listed, and no referrer of this image";
    case State::doubled:
      return "is listed twice";
    case State::kept:
      return "cannot be read, and stays";
  }
  return "";
}

std::string mark(State state) {
  switch (state) {
    case State::good:
    case State::kept:
      return "  ";
    case State::restored:
      return "+ ";
    case State::corrected:
      return "~ ";
    default:
      return "- ";
  }
}

std::string line(const RepairEntry& entry) {
  const std::string detail = sigstore::codec::printable(entry.detail);
  return "  " + mark(entry.state) + entry.digest.text() + " " + std::string(means(entry.state)) +
         (detail.empty() ? "" : ": " + detail) + "\n";
}

std::string place(const Report& report) {
  return report.repository.text() + ":" + sigstore::store::fallback_tag(report.digest);
}

std::string last_line(const Report& report) {
  if (!report.plan.needed() && !report.plan.failures.empty())
    return "what is listed is good; whether all is listed is not known\n";
  if (!report.plan.needed()) {
    if (report.plan.exists) return "all is well\n";
    return report.plan.api
               ? "the registry lists the referrers itself, and there is no such tag: all is well\n"
               : "there is no such tag, and nothing that it should list: all is well\n";
  }
  if (!report.done) return "to be repaired: nothing is changed without --write\n";
  return report.done->writes == 0 ? "somebody else has repaired it meanwhile\n" : "repaired\n";
}

json::Array texts(const std::vector<std::string>& list) {
  json::Array array;
  for (const std::string& one : list) array.emplace_back(one);
  return array;
}

json::Object render(const RepairEntry& entry) {
  json::Object object{{"digest", entry.digest.text()}, {"state", name(entry.state)}};
  if (!entry.detail.empty()) object.set("detail", entry.detail);
  return object;
}

}  // namespace

std::string as_text(const Report& report) {
  std::string text = place(report) + ":\n";
  for (const std::string& damage : report.plan.damage)
    text += "  ! " + sigstore::codec::printable(damage) + "\n";
  for (const RepairEntry& entry : report.plan.entries) text += line(entry);
  return text + last_line(report);
}

std::string as_json(const Report& report) {
  json::Array entries, errors;
  for (const RepairEntry& entry : report.plan.entries) entries.emplace_back(render(entry));
  for (const sigstore::Error& failure : report.plan.failures)
    errors.emplace_back(sigstore::codec::error_json(failure));
  json::Object document{{"version", 1},
                        {"digest", report.digest.text()},
                        {"tag", place(report)},
                        {"exists", report.plan.exists},
                        {"referrersApi", report.plan.api},
                        {"needed", report.plan.needed()},
                        {"written", report.done && report.done->writes != 0},
                        {"complete", report.plan.failures.empty()},
                        {"damage", texts(report.plan.damage)},
                        {"entries", std::move(entries)}};
  if (!report.plan.notes.empty()) document.set("notes", texts(report.plan.notes));
  if (!errors.empty()) document.set("errors", std::move(errors));
  return json::write_indented(document, 2);
}

}  // namespace cosign::repair
