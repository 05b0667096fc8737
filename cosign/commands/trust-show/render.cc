#include "cosign/commands/trust-show/render.h"

#include <vector>

#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/json_members.h"
#include "sigstore/codec/printable.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/oci/digest.h"

namespace cosign::trust_show {
namespace {

namespace json = sigstore::codec::json;
using sigstore::Time;
using sigstore::codec::printable;
using sigstore::codec::rfc3339::seconds;
using sigstore::trust::CertificateAuthority;
using sigstore::trust::Log;
using sigstore::trust::TimeRange;

constexpr int version = 1;

// One party, as both forms show it.
struct Party {
  std::string name, address, id, operated_by;
  TimeRange valid;
};

Party party(const CertificateAuthority& authority) {
  std::string name = authority.organization;
  if (!authority.common_name.empty()) name += (name.empty() ? "" : " / ") + authority.common_name;
  return {std::move(name), authority.uri,
          authority.chain.empty()
              ? ""
              : sigstore::oci::Digest::sha256(sigstore::as_text(authority.chain.back().der())).text(),
          authority.operator_name, authority.valid};
}

Party party(const Log& log) {
  return {"", log.base_url, sigstore::codec::hex::encode(log.log_id), log.operator_name, log.valid};
}

template <class Each>
std::vector<Party> parties(const std::vector<Each>& all) {
  std::vector<Party> out;
  for (const Each& each : all) out.push_back(party(each));
  return out;
}

struct Group {
  const char* title;   // for people
  const char* member;  // for programs
  std::vector<Party> parties;
};

std::vector<Group> groups(const sigstore::trust::TrustedRoot& root) {
  return {
      {"who issues certificates to signers", "certificateAuthorities", parties(root.certificate_authorities)},
      {"logs of certificates", "ctLogs", parties(root.ctlogs)},
      {"logs of signatures", "transparencyLogs", parties(root.tlogs)},
      {"who signs the time", "timestampAuthorities", parties(root.timestamp_authorities)}};
}

std::string state(const TimeRange& valid, Time now) {
  if (valid.start && now < *valid.start) return " (not yet)";
  return valid.end && *valid.end < now ? " (for what was made till then)" : "";
}

std::string line(const Party& one, Time now) {
  std::string title = one.name;
  if (!one.address.empty()) title += (title.empty() ? "" : "  ") + one.address;
  if (title.empty()) title = one.operated_by;
  std::string text =
      "  " + printable(title.empty() ? "without a name" : title) + "\n    " + one.id + "\n    ";
  text += one.valid.start ? "since " + seconds(*one.valid.start) : "at any time";
  if (one.valid.end) text += " until " + seconds(*one.valid.end);
  return text + state(one.valid, now) + "\n";
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(text.size() < width ? width - text.size() : 0, ' ');
}

std::string source(const Shown& shown) {
  if (shown.mirror.empty()) return "from " + printable(shown.file) + "\n";
  std::string text = "from " + printable(shown.mirror) + "\n";
  if (!shown.folder.empty()) text += "kept in " + printable(shown.folder) + "\n";
  if (shown.asked) text += "asked last at " + seconds(*shown.asked) + "\n";
  return text;
}

std::string metadata(const Shown& shown, Time now) {
  if (shown.metadata.empty()) return "";
  std::string text = "\nmetadata\n";
  for (const auto& [role, file] : shown.metadata)
    text += "  " + padded(printable(role), 9) + "  version " + std::to_string(file.version) +
            (file.expires <= now ? ", expired " : ", until ") + seconds(file.expires) + "\n";
  return text;
}

json::Object render(const Party& one, Time now) {
  json::Object object;
  json::set_text(object, "name", one.name);
  json::set_text(object, "url", one.address);
  json::set_text(object, "id", one.id);
  json::set_text(object, "operator", one.operated_by);
  json::set_time(object, "since", one.valid.start);
  json::set_time(object, "until", one.valid.end);
  object.set("now", one.valid.contains(now));
  return object;
}

json::Object render_source(const Shown& shown) {
  json::Object object;
  json::set_text(object, "file", shown.file);
  json::set_text(object, "mirror", shown.mirror);
  json::set_text(object, "folder", shown.folder);
  json::set_time(object, "asked", shown.asked);
  return object;
}

}  // namespace

std::string as_text(const Shown& shown, Time now) {
  std::string text = source(shown) + metadata(shown, now);
  for (const Group& group : groups(shown.root)) {
    text += "\n" + std::string(group.title) + "\n";
    for (const Party& one : group.parties) text += line(one, now);
    if (group.parties.empty()) text += "  nobody\n";
  }
  return text;
}

std::string as_json(const Shown& shown, Time now) {
  json::Object roles;
  for (const auto& [role, file] : shown.metadata)
    roles.append(role, json::Object{{"version", file.version},
                                    {"expires", seconds(file.expires)},
                                    {"expired", file.expires <= now}});
  json::Object object{{"version", version}, {"source", render_source(shown)}};
  if (!roles.empty()) object.set("metadata", std::move(roles));
  for (const Group& group : groups(shown.root)) {
    json::Array list;
    for (const Party& one : group.parties) list.emplace_back(render(one, now));
    object.set(group.member, std::move(list));
  }
  return json::write_indented(object, 2);
}

}  // namespace cosign::trust_show
