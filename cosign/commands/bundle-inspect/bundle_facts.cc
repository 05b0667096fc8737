#include "cosign/commands/bundle-inspect/bundle_facts.h"

#include "sigstore/bundle/bundle.h"
#include "sigstore/bundle/certificate.h"
#include "sigstore/bundle/old_bundle.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/json_scan.h"
#include "sigstore/codec/rfc3339.h"

namespace cosign::bundle_inspect {
namespace {

namespace bundle = sigstore::bundle;
namespace json = sigstore::codec::json;
namespace payload = sigstore::payload;
using sigstore::Bytes;
using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

std::string sha256(sigstore::BytesView bytes) {
  return sigstore::oci::Digest::sha256(sigstore::as_text(bytes)).text();
}

std::string time_of(std::int64_t seconds) {
  constexpr std::int64_t most = 9'000'000'000;  // far beyond any log, and Time holds it
  if (seconds <= 0 || seconds > most) return {};
  return sigstore::codec::rfc3339::seconds(sigstore::Time(std::chrono::seconds(seconds)));
}

void add(json::Object& out, std::string key, std::string text) {
  if (!text.empty()) out.append(std::move(key), std::move(text));
}

json::Array certificates_of(const std::vector<Bytes>& certificates) {
  json::Array out;
  for (const Bytes& certificate : certificates) {
    json::Object one;
    if (const auto claim = bundle::read_certificate(certificate)) {
      add(one, "identity", claim->identity);
      add(one, "issuer", claim->issuer);
    } else {
      one.append("unreadable", claim.error().text());
    }
    one.append("sha256", sha256(certificate));
    one.append("bytes", std::uint64_t{certificate.size()});
    out.emplace_back(std::move(one));
  }
  return out;
}

json::Object log_entry(const sigstore::tlog::Entry& entry) {
  json::Object out;
  out.append("logIndex", std::to_string(entry.log_index));
  add(out, "logId", sigstore::codec::hex::encode(entry.log_id));
  add(out, "kind", entry.kind);
  add(out, "version", entry.version);
  add(out, "integratedTime", time_of(entry.integrated_time));
  out.append("inclusionPromise", !entry.signed_entry_timestamp.empty());
  out.append("inclusionProof", entry.proof.has_value());
  if (entry.proof) out.append("treeSize", std::to_string(entry.proof->tree_size));
  return out;
}

json::Array timestamps_of(const std::vector<Bytes>& timestamps) {
  json::Array out;
  for (const Bytes& timestamp : timestamps) {
    json::Object one;
    one.append("sha256", sha256(timestamp));
    one.append("bytes", std::uint64_t{timestamp.size()});
    out.emplace_back(std::move(one));
  }
  return out;
}

json::Array subjects_of(const payload::Statement& statement) {
  json::Array out;
  for (const auto& subject : statement.subjects) {
    json::Object one;
    add(one, "name", subject.name);
    json::Object digests;
    for (const auto& [algorithm, hex] : subject.digests) digests.append(algorithm, hex);
    one.append("digest", std::move(digests));
    if (!subject.annotations.empty()) {
      json::Object annotations;
      for (const auto& [key, value] : subject.annotations) annotations.append(key, value);
      one.append("annotations", std::move(annotations));
    }
    out.emplace_back(std::move(one));
  }
  return out;
}

void add_statement(json::Object& out, const std::string& text) {
  const auto statement = payload::Statement::parse(text);
  if (!statement) {
    out.append("unreadableStatement", statement.error().text());
    return;
  }
  out.append("statementType", statement->type);
  out.append("predicateType", statement->predicate_type);
  out.append("subjects", subjects_of(*statement));
}

json::Object envelope_content(const std::string& type, const std::string& text) {
  json::Object out{
      {"type", "DSSE envelope"}, {"payloadType", type}, {"payloadBytes", std::uint64_t{text.size()}}};
  if (type == payload::in_toto_payload_type) add_statement(out, text);
  return out;
}

json::Object content_of(const bundle::Bundle& read) {
  json::Object out;
  if (const auto* envelope = std::get_if<bundle::EnvelopeContent>(&read.content)) {
    out = envelope_content(envelope->payload_type, envelope->payload);
  } else if (const auto* message = std::get_if<bundle::MessageContent>(&read.content)) {
    out.append("type", "message signature");
    if (!message->digest.empty())
      out.append("digest", std::string(sigstore::crypto::name(message->algorithm)) + ":" +
                               sigstore::codec::hex::encode(message->digest));
  }
  out.append("signatureBytes", std::uint64_t{read.signature.size()});
  return out;
}

json::Object material_of(const bundle::Bundle& read) {
  json::Object out;
  if (read.key.certificates.empty()) {
    out.append("type", "public key");
    if (!read.key.hint.empty()) out.append("hint", bundle::hint_as_fingerprint(read.key.hint));
  } else {
    out.append("type", read.key.certificates.size() == 1 ? "certificate" : "certificate chain");
    out.append("certificates", certificates_of(read.key.certificates));
  }
  json::Array entries;
  for (const auto& entry : read.evidence.tlog_entries) entries.emplace_back(log_entry(entry));
  if (!entries.empty()) out.append("logEntries", std::move(entries));
  if (!read.evidence.timestamps.empty()) out.append("timestamps", timestamps_of(read.evidence.timestamps));
  return out;
}

json::Object head(std::string form) {
  return json::Object{{"version", 1}, {"verified", false}, {"form", std::move(form)}};
}

Result<json::Object> inspect_old(const std::string& text) {
  auto old = bundle::parse_old_bundle(text);
  if (!old && old.error().code == Code::not_mine)
    return fail(Code::malformed, "it is no bundle", "it has neither the mediaType of one nor a base64Signature");
  if (!old) return fail(old.error());
  json::Object material;
  if (!old->certificates.empty()) {
    material.append("type", "certificate");
    material.append("certificates", certificates_of(old->certificates));
  } else {
    material.append("type", old->public_key.empty() ? "none" : "public key");
  }
  if (old->log_entry) material.append("logEntries", json::Array{log_entry(*old->log_entry)});
  json::Object content{{"type", "message signature"}};
  if (auto envelope = payload::Envelope::parse(sigstore::to_text(old->signature)))
    content = envelope_content(envelope->payload_type, envelope->payload);
  content.append("signatureBytes", std::uint64_t{old->signature.size()});
  auto out = head("bundle of cosign 1 or 2");
  out.append("verificationMaterial", std::move(material));
  out.append("content", std::move(content));
  return out;
}

}  // namespace

Result<json::Object> inspect(const std::string& text) {
  auto read = bundle::parse(text);
  if (!read && read.error().code == Code::not_mine) return inspect_old(text);
  if (!read) return fail(read.error());
  TRY(const auto scanned,
      json::scan(text, "the bundle", {"mediaType"}, {.max_bytes = sigstore::limits::bundle_bytes}));
  auto out = head("sigstore bundle");
  if (const auto* type = scanned.find("mediaType"); type != nullptr)
    out.append("mediaType", json::unquoted(type->in(text)));
  out.append("verificationMaterial", material_of(*read));
  out.append("content", content_of(*read));
  return out;
}

}  // namespace cosign::bundle_inspect
