#include <algorithm>
#include <array>

#include "sigstore/base/limits.h"
#include "sigstore/bundle/bundle.h"
#include "sigstore/bundle/message_digest.h"
#include "sigstore/bundle/schema.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json_scan.h"
#include "sigstore/codec/proto_fields.h"

namespace sigstore::bundle {

namespace json = codec::json;
using codec::proto_json::bytes_at;
using codec::proto_json::list_at;
using codec::proto_json::object_at;
using codec::proto_json::text_at;

namespace {

constexpr std::string_view what = "the bundle";

std::unexpected<Error> malformed(std::string why) {
  return fail(Code::malformed, "not a valid sigstore bundle", std::move(why));
}

std::unexpected<Error> too_many(std::string_view things, std::size_t count, std::size_t most) {
  return fail(Code::too_large, "the bundle has too many " + std::string(things),
              std::to_string(count) + " > " + std::to_string(most));
}

// --- the media type

enum class Version { v01, v02, v03 };

struct Spelling {
  std::string_view media_type;
  Version version;
};

constexpr std::array spellings{
    Spelling{"application/vnd.dev.sigstore.bundle+json;version=0.1", Version::v01},
    Spelling{"application/vnd.dev.sigstore.bundle+json;version=0.2", Version::v02},
    Spelling{"application/vnd.dev.sigstore.bundle+json;version=0.3", Version::v03},
    Spelling{"application/vnd.dev.sigstore.bundle.v0.1+json", Version::v01},
    Spelling{"application/vnd.dev.sigstore.bundle.v0.2+json", Version::v02},
    Spelling{oci::media_type::bundle_v03, Version::v03},
};

Result<Version> read_version(const json::Value& document) {
  const auto* media_type = document.get("mediaType");
  if (media_type == nullptr) media_type = document.get("media_type");
  const auto* text = media_type == nullptr ? nullptr : media_type->string();
  if (text == nullptr || !text->starts_with(oci::media_type::bundle_prefix)) {
    return fail(Code::not_mine, "not a sigstore bundle", "it has no mediaType of one");
  }
  const auto at = std::ranges::find(spellings, *text, &Spelling::media_type);
  if (at != spellings.end()) return at->version;
  return fail(Code::unsupported, "this version of sigstore bundles is not supported",
              json::quote(std::string_view(*text).substr(0, 100)));
}

// --- the key

Result<std::vector<Bytes>> read_certificates(std::span<const json::Value> list) {
  if (list.empty()) return malformed("the certificate chain is empty");
  if (list.size() > limits::certificates) return too_many("certificates", list.size(), limits::certificates);
  std::vector<Bytes> out;
  for (const auto& element : list) {
    out.push_back(bytes_at(*element.object(), "rawBytes"));
    if (out.back().empty()) return malformed("a certificate is empty");
  }
  return out;
}

Result<KeyClaim> read_key(const json::Object& material, Version version) {
  KeyClaim out;
  if (const auto* key = object_at(material, "publicKey")) {
    out.hint = text_at(*key, "hint");
    return out;
  }
  if (const auto* certificate = material.find("certificate")) {
    TRY(out.certificates, read_certificates(std::span(certificate, 1)));
    return out;
  }
  const auto* chain = object_at(material, "x509CertificateChain");
  if (chain == nullptr) return malformed("the verification material has neither key nor certificate");
  if (version == Version::v03) return malformed("a certificate chain is not allowed in a bundle v0.3");
  TRY(out.certificates, read_certificates(list_at(*chain, "certificates")));
  return out;
}

// --- the evidence

// A number of a log, which is never negative; 0 when it is left out.
Result<std::uint64_t> count_at(const json::Object& message, std::string_view name) {
  const auto text = text_at(message, name);
  if (text.empty()) return 0;
  const auto number = json::Value(json::Number{text}).to_uint64();
  if (!number) return malformed("a log entry has a negative number: " + std::string(name));
  return *number;
}

std::unexpected<Error> too_large(std::string_view thing, std::size_t size, std::size_t most) {
  return fail(Code::too_large, std::string(thing) + " of the bundle is too large",
              std::to_string(size) + " > " + std::to_string(most) + " bytes");
}

Result<tlog::InclusionProof> read_proof(const json::Object& proof) {
  tlog::InclusionProof out;
  TRY(out.log_index, count_at(proof, "logIndex"));
  TRY(out.tree_size, count_at(proof, "treeSize"));
  out.root_hash = bytes_at(proof, "rootHash");
  const auto hashes = list_at(proof, "hashes");
  if (hashes.size() > limits::proof_hashes)
    return too_many("hashes in a proof", hashes.size(), limits::proof_hashes);
  for (const auto& hash : hashes)
    out.hashes.push_back(codec::base64::decode(*hash.string()).value_or(Bytes()));
  if (const auto* checkpoint = object_at(proof, "checkpoint"))
    out.checkpoint = text_at(*checkpoint, "envelope");
  if (out.checkpoint.size() > limits::note_bytes)
    return too_large("a checkpoint", out.checkpoint.size(), limits::note_bytes);
  return out;
}

Result<void> check_proof(const std::optional<tlog::InclusionProof>& proof, Version version) {
  if (version == Version::v01) return {};
  if (!proof) return malformed("an inclusion proof is missing, which bundles from v0.2 on must have");
  if (proof->checkpoint.empty()) return malformed("an inclusion proof has no checkpoint");
  return {};
}

Result<Bytes> read_promise(const json::Object& entry, Version version) {
  const auto* promise = object_at(entry, "inclusionPromise");
  auto out = promise == nullptr ? Bytes() : bytes_at(*promise, "signedEntryTimestamp");
  if (out.empty() && version == Version::v01)
    return malformed("an inclusion promise is missing, which bundles v0.1 must have");
  if (promise != nullptr && text_at(entry, "integratedTime").empty())
    return malformed("a log entry promises inclusion at no time");
  return out;
}

Result<void> read_names(const json::Object& message, tlog::Entry& out) {
  if (const auto* id = object_at(message, "logId")) out.log_id = bytes_at(*id, "keyId");
  if (out.log_id.empty()) return malformed("a log entry does not name its log");
  if (const auto* kind = object_at(message, "kindVersion")) {
    out.kind = text_at(*kind, "kind");
    out.version = text_at(*kind, "version");
  }
  if (out.kind.empty() || out.version.empty())
    return malformed("a log entry does not name its kind and version");
  return {};
}

Result<tlog::Entry> read_entry(const json::Object& message, Version version) {
  tlog::Entry out;
  TRY_OK(read_names(message, out));
  const auto body = bytes_at(message, "canonicalizedBody");
  if (body.empty()) return malformed("a log entry has no body");
  if (body.size() > limits::entry_bytes) return too_large("a log entry", body.size(), limits::entry_bytes);
  out.body = to_text(body);
  TRY(out.log_index, count_at(message, "logIndex"));
  TRY(const auto time, count_at(message, "integratedTime"));
  out.integrated_time = static_cast<std::int64_t>(time);  // an int64 that is not negative
  TRY(out.signed_entry_timestamp, read_promise(message, version));
  if (const auto* proof = object_at(message, "inclusionProof")) {
    TRY(out.proof, read_proof(*proof));
  }
  TRY_OK(check_proof(out.proof, version));
  return out;
}

// Whether two entries stand at the same place of the same log: the second one adds no evidence.
bool is_same_entry(const tlog::Entry& a, const tlog::Entry& b) {
  return a.log_id == b.log_id && a.log_index == b.log_index;
}

Result<std::vector<tlog::Entry>> read_entries(const json::Object& material, Version version) {
  const auto list = list_at(material, "tlogEntries");
  if (list.size() > limits::tlog_entries) return too_many("log entries", list.size(), limits::tlog_entries);
  std::vector<tlog::Entry> out;
  for (const auto& message : list) {
    TRY(auto entry, read_entry(*message.object(), version));
    const auto same = [&](const tlog::Entry& other) { return is_same_entry(entry, other); };
    if (std::ranges::any_of(out, same)) return malformed("a log entry stands twice");
    out.push_back(std::move(entry));
  }
  return out;
}

Result<std::vector<Bytes>> read_timestamps(const json::Object& material) {
  const auto* data = object_at(material, "timestampVerificationData");
  std::vector<Bytes> out;
  if (data == nullptr) return out;
  const auto list = list_at(*data, "rfc3161Timestamps");
  if (list.size() > limits::timestamps) return too_many("timestamps", list.size(), limits::timestamps);
  for (const auto& element : list) {
    auto timestamp = bytes_at(*element.object(), "signedTimestamp");
    if (timestamp.empty()) return malformed("a timestamp is empty");
    if (std::ranges::find(out, timestamp) != out.end()) return malformed("a timestamp stands twice");
    out.push_back(std::move(timestamp));
  }
  return out;
}

// --- the content

Result<MessageContent> read_message_digest(const json::Object& digest) {
  MessageContent out;
  out.digest = bytes_at(digest, "digest");
  const auto* algorithm = digest.find("algorithm");
  if (algorithm == nullptr) {
    if (out.digest.empty()) return out;
    return malformed("a message digest without its algorithm");
  }
  TRY(out.algorithm, hash_algorithm_of(*algorithm));
  if (out.digest.size() == crypto::size_of(out.algorithm)) return out;
  return malformed("the message digest has the wrong length");
}

Result<void> read_message(const json::Object& message, Bundle& out) {
  MessageContent content;
  if (const auto* digest = object_at(message, "messageDigest")) {
    TRY(content, read_message_digest(*digest));
  }
  out.content = std::move(content);
  out.signature = bytes_at(message, "signature");
  return {};
}

Result<void> read_envelope(const json::Object& envelope, Bundle& out) {
  const auto signatures = list_at(envelope, "signatures");
  if (signatures.size() != 1) {
    return malformed("the envelope has " + std::to_string(signatures.size()) +
                     " signatures; it must have one");
  }
  EnvelopeContent content{text_at(envelope, "payloadType"), {}};  // the payload comes later
  if (content.payload_type.empty()) return malformed("the envelope has no payloadType");
  out.content = std::move(content);
  out.signature = bytes_at(*signatures[0].object(), "sig");
  return {};
}

Result<void> read_content(const json::Object& message, Bundle& out) {
  const auto* blob = object_at(message, "messageSignature");
  const auto* envelope = object_at(message, "dsseEnvelope");
  if (blob != nullptr) TRY_OK(read_message(*blob, out));
  if (envelope != nullptr) TRY_OK(read_envelope(*envelope, out));
  if (blob == nullptr && envelope == nullptr)
    return malformed("it has no content: no signature and no envelope");
  if (out.signature.empty()) return malformed("its signature is empty");
  return {};
}

// Where the payload of an envelope stands, by either name of the field that holds it.
Result<std::optional<json::Span>> find_payload(std::string_view text) {
  json::ParseOptions options;
  options.max_bytes = limits::bundle_bytes;
  TRY(const auto bundle, json::scan(text, what, {"dsseEnvelope", "dsse_envelope"}, options));
  for (const auto& [name, envelope] : bundle.members) {
    TRY(const auto members, json::scan(envelope.in(text), what, {"payload"}, options));
    if (const auto* payload = members.find("payload"))
      return json::Span{envelope.offset + payload->offset, payload->size, payload->kind};
  }
  return std::nullopt;
}

Result<Bundle> read(json::Value document) {
  TRY(const auto version, read_version(document));
  TRY(const auto message, codec::proto_json::normalize(std::move(document), bundle_message, what));
  const auto* material = object_at(*message.object(), "verificationMaterial");
  if (material == nullptr) return malformed("the verification material is missing");
  Bundle out;
  TRY(out.key, read_key(*material, version));
  TRY(out.evidence.tlog_entries, read_entries(*material, version));
  TRY(out.evidence.timestamps, read_timestamps(*material));
  TRY_OK(read_content(*message.object(), out));
  return out;
}

}  // namespace

// Everything but the payload is read from a text without it, which is small.
Result<Bundle> parse(std::string text) {
  TRY(const auto payload, find_payload(text));
  const bool large = payload && payload->kind == json::Kind::string;  // else it is refused with the rest
  json::ParseOptions options;
  options.max_bytes = limits::bundle_bytes;
  TRY(auto document, json::parse(large ? payload->cut(text, "\"\"") : text, what, options));
  TRY(Bundle out, read(std::move(document)));
  if (!large) return out;
  TRY_OK(payload::decode_member(text, *payload, std::string(what) + ": dsseEnvelope: payload"));
  std::get<EnvelopeContent>(out.content).payload = std::move(text);
  return out;
}

}  // namespace sigstore::bundle
