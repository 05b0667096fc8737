#include "cosign/commands/doctor-registry/render.h"

#include "sigstore/codec/error_json.h"
#include "sigstore/codec/printable.h"

namespace cosign::doctor_registry {
namespace {

namespace json = sigstore::codec::json;
using sigstore::doctor::Check;
using sigstore::doctor::Finding;
using sigstore::doctor::Form;

std::string_view answer(Finding finding) {
  switch (finding) {
    case Finding::works:
      return "yes";
    case Finding::untried:
      return "-  ";
    case Finding::failed:
      return "?  ";
    default:
      return "no ";
  }
}

// The registry's own words, where they are.
std::string said(const Check& check) {
  if (!check.error) return {};
  const auto& error = *check.error;
  return "\n         " + sigstore::codec::printable(error.cause.empty() ? error.message : error.cause);
}

std::string line(const Check& check) {
  const std::string what = check.finding == Finding::untried || check.finding == Finding::failed
                               ? std::string(check.id) + ": " + sentence(check)
                               : sentence(check);
  return "  " + std::string(answer(check.finding)) + "  " + what + said(check) + "\n";
}

std::string verdict(std::string_view what, const Form& form) {
  const std::string_view how = form.more ? " work: " : form.works ? " work once: " : " do not work: ";
  return std::string(what) + std::string(how) + form.why + "\n";
}

json::Object render(const Form& form) {
  return json::Object{
      {"works", form.works}, {"again", form.more}, {"place", name(form.place)}, {"why", form.why}};
}

json::Array texts(const std::vector<std::string>& list) {
  json::Array array;
  for (const std::string& one : list) array.emplace_back(one);
  return array;
}

json::Object render(const Check& check) {
  json::Object object{{"id", check.id}, {"finding", name(check.finding)}, {"says", sentence(check)}};
  if (check.error) object.set("error", sigstore::codec::error_json(*check.error));
  return object;
}

}  // namespace

std::string as_text(const Report& report) {
  std::string text = report.repository.text() + ":\n";
  for (const Check* check : report.examination.findings.all()) text += line(*check);
  text += verdict(".sig tags", report.conclusion.sig);
  text += verdict("bundles", report.conclusion.bundle);
  for (const std::string& advice : report.conclusion.advice) text += "=> " + advice + "\n";
  for (const std::string& left : report.examination.left) text += "still there: " + left + "\n";
  return text;
}

std::string as_json(const Report& report) {
  json::Array checks;
  for (const Check* check : report.examination.findings.all()) checks.emplace_back(render(*check));
  return json::write_indented(
      json::Object{{"version", 1},
                   {"repository", report.repository.text()},
                   {"complete", !report.examination.interrupted},
                   {"checks", std::move(checks)},
                   {"formats", json::Object{{"sig", render(report.conclusion.sig)},
                                            {"bundle", render(report.conclusion.bundle)}}},
                   {"advice", texts(report.conclusion.advice)},
                   {"left", texts(report.examination.left)}},
      2);
}

}  // namespace cosign::doctor_registry
