#include "cosign/commands/registry-check/render.h"

#include "sigstore/codec/json.h"

namespace cosign::check_registry {

namespace json = sigstore::codec::json;
using server::registry::CheckReport;
using server::registry::Finding;

namespace {

constexpr const char* name_of(Finding::Kind kind) {
  switch (kind) {
    case Finding::Kind::journal:
      return "journal";
    case Finding::Kind::database:
      return "database";
    case Finding::Kind::content:
      return "content";
    case Finding::Kind::entry:
      return "entry";
    case Finding::Kind::image:
      return "image";
  }
  return "";
}

std::string verdict(const CheckReport& report) {
  const std::string number = std::to_string(report.findings.size());
  std::string findings = number + (report.findings.size() == 1 ? " finding" : " findings");
  if (report.findings.empty())
    return report.repaired ? "all is well; the database was made anew" : "all is well";
  if (!report.repaired) return findings;
  return findings + (report.is_well() ? ", repaired; nothing is lost" : ", repaired; some of it is lost");
}

}  // namespace

std::string as_text(const CheckReport& report) {
  std::string text;
  for (const Finding& finding : report.findings)
    text += std::string(finding.lost ? "lost: " : "wrong: ") + finding.where + ": " + finding.what + "\n";
  return text + std::to_string(report.contents) + " contents of " + std::to_string(report.bytes) +
         " bytes; " + std::to_string(report.repositories) + " repositories with " +
         std::to_string(report.tags) + " tags, " + std::to_string(report.manifests) + " manifests, " +
         std::to_string(report.blobs) + " blobs: " + verdict(report) + "\n";
}

std::string as_json(const CheckReport& report) {
  json::Array findings;
  for (const Finding& finding : report.findings)
    findings.push_back(json::Object{{"kind", name_of(finding.kind)},
                                    {"where", finding.where},
                                    {"what", finding.what},
                                    {"lost", finding.lost}});
  return json::write_indented(json::Object{{"version", 1},
                                           {"well", report.is_well()},
                                           {"repaired", report.repaired},
                                           {"repositories", report.repositories},
                                           {"tags", report.tags},
                                           {"manifests", report.manifests},
                                           {"blobs", report.blobs},
                                           {"contents", report.contents},
                                           {"bytes", report.bytes},
                                           {"findings", std::move(findings)}},
                              2) +
         "\n";
}

}  // namespace cosign::check_registry
