#include "sigstore/bundle/bundle.h"
#include "sigstore/codec/base64.h"
#include "sigstore/crypto/protobuf_name.h"

namespace sigstore::bundle {

namespace json = codec::json;
using codec::base64::encode;

namespace {

std::unexpected<Error> cannot_hold(std::string_view thing) {
  return fail(Code::unsupported, "a sigstore bundle v0.3 cannot hold " + std::string(thing));
}

// Appends a field unless it has its default, as protojson does.
void append_text(json::Object& out, std::string name, std::string text) {
  if (!text.empty()) out.append(std::move(name), std::move(text));
}
void append_list(json::Object& out, std::string name, json::Array list) {
  if (!list.empty()) out.append(std::move(name), std::move(list));
}

Result<void> append_key(json::Object& out, const KeyClaim& key) {
  if (key.certificates.size() > 1) return cannot_hold("a certificate chain");
  json::Object field;
  if (key.certificates.empty()) {
    append_text(field, "hint", key.hint);
    out.append("publicKey", std::move(field));
  } else {
    append_text(field, "rawBytes", encode(key.certificates[0]));
    out.append("certificate", std::move(field));
  }
  return {};
}

void append_bytes(json::Object& out, std::string name, BytesView bytes) {
  append_text(out, std::move(name), encode(bytes));
}
template <typename Number>
void append_number(json::Object& out, std::string name, Number number) {
  if (number != 0) out.append(std::move(name), std::to_string(number));
}

json::Object write_proof(const tlog::InclusionProof& proof) {
  json::Object out;
  append_number(out, "logIndex", proof.log_index);
  append_bytes(out, "rootHash", proof.root_hash);
  append_number(out, "treeSize", proof.tree_size);
  json::Array hashes;
  for (const auto& hash : proof.hashes) hashes.emplace_back(encode(hash));
  append_list(out, "hashes", std::move(hashes));
  out.append("checkpoint", json::Object{{"envelope", proof.checkpoint}});
  return out;
}

json::Object write_entry(const tlog::Entry& entry) {
  json::Object out;
  append_number(out, "logIndex", entry.log_index);
  out.append("logId", json::Object{{"keyId", encode(entry.log_id)}});
  out.append("kindVersion", json::Object{{"kind", entry.kind}, {"version", entry.version}});
  append_number(out, "integratedTime", entry.integrated_time);
  if (!entry.signed_entry_timestamp.empty())
    out.append("inclusionPromise",
               json::Object{{"signedEntryTimestamp", encode(entry.signed_entry_timestamp)}});
  out.append("inclusionProof", write_proof(*entry.proof));
  append_bytes(out, "canonicalizedBody", as_bytes(entry.body));
  return out;
}

Result<void> append_evidence(json::Object& out, const Evidence& evidence) {
  json::Array entries;
  for (const auto& entry : evidence.tlog_entries) {
    if (!entry.proof) return cannot_hold("a log entry without an inclusion proof");
    if (entry.proof->checkpoint.empty()) return cannot_hold("an inclusion proof without a checkpoint");
    if (entry.kind.empty() || entry.version.empty()) return cannot_hold("a log entry of no kind");
    if (entry.log_id.empty() || entry.body.empty()) return cannot_hold("a log entry without its log or body");
    entries.emplace_back(write_entry(entry));
  }
  append_list(out, "tlogEntries", std::move(entries));
  json::Array timestamps;
  for (const auto& timestamp : evidence.timestamps) {
    timestamps.emplace_back(json::Object{{"signedTimestamp", encode(timestamp)}});
  }
  if (!timestamps.empty()) {
    out.append("timestampVerificationData", json::Object{{"rfc3161Timestamps", std::move(timestamps)}});
  }
  return {};
}

void append_message(json::Object& out, const MessageContent& content, const Bytes& signature) {
  json::Object digest;
  if (!content.digest.empty()) {
    digest.append("algorithm", crypto::protobuf_name(content.algorithm));
    digest.append("digest", encode(content.digest));
  }
  out.append("messageSignature",
             json::Object{{"messageDigest", std::move(digest)}, {"signature", encode(signature)}});
}

void append_envelope(json::Object& out, const EnvelopeContent& content, const Bytes& signature) {
  json::Object envelope;
  append_text(envelope, "payload", encode(as_bytes(content.payload)));
  append_text(envelope, "payloadType", content.payload_type);
  envelope.append("signatures", json::Array{json::Object{{"sig", encode(signature)}}});
  out.append("dsseEnvelope", std::move(envelope));
}

}  // namespace

Result<std::string> write(const Bundle& bundle) {
  json::Object material;
  TRY_OK(append_key(material, bundle.key));
  TRY_OK(append_evidence(material, bundle.evidence));
  json::Object out{{"mediaType", oci::media_type::bundle_v03}, {"verificationMaterial", std::move(material)}};
  if (const auto* message = std::get_if<MessageContent>(&bundle.content)) {
    append_message(out, *message, bundle.signature);
  } else if (const auto* envelope = std::get_if<EnvelopeContent>(&bundle.content)) {
    append_envelope(out, *envelope, bundle.signature);
  } else {
    return cannot_hold("a simple signing payload");
  }
  return json::write_plain(out);
}

std::optional<SignedBytes> signed_bytes(const Content& content) {
  if (const auto* simple = std::get_if<SimpleSigningContent>(&content))
    return SignedBytes{{}, simple->payload};
  if (const auto* envelope = std::get_if<EnvelopeContent>(&content))
    return SignedBytes{payload::pre_authentication_head(envelope->payload_type, envelope->payload.size()),
                       envelope->payload};
  return std::nullopt;
}

}  // namespace sigstore::bundle
