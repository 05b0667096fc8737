#include "sigstore/bundle/log_entry.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/bundle/members.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/hex.h"

namespace sigstore::bundle {
namespace {

namespace json = codec::json;

constexpr std::string_view what = "the log entry";
constexpr std::size_t log_id_digits = 64;

std::unexpected<Error> malformed(std::string_view why) {
  return fail(Code::malformed, std::string(what) + ": " + std::string(why));
}

bool is_hash(std::string_view text) {
  return text.size() == log_id_digits &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Result<Bytes> read_hash(const std::string& text, std::string_view key) {
  if (!is_hash(text)) return malformed(std::string(key) + " is no SHA-256 in hex");
  return codec::hex::decode(text);
}

Result<Bytes> need_hash(const json::Object& object, std::string_view key) {
  TRY(const auto text, json::need_string(object, key, what));
  return read_hash(text, key);
}

// Kind and version as the body names them; they stay empty where it names none.
void read_kind(tlog::Entry& entry) {
  const auto body = json::parse(entry.body, "the body of the log entry", {.max_bytes = limits::entry_bytes});
  if (!body) return;
  const auto text = [&](std::string_view key) {
    const auto* value = body->get(key);
    return value != nullptr && value->string() != nullptr ? *value->string() : std::string();
  };
  entry.kind = text("kind");
  entry.version = text("apiVersion");
}

// `holder` has the promise under the name `promise`; `payload` the other four members.
Result<tlog::Entry> read(const json::Object& holder, std::string_view promise, const json::Object& payload) {
  tlog::Entry out;
  TRY(out.signed_entry_timestamp, need_base64(holder, promise, what));
  TRY(const auto body, need_base64(payload, "body", what));
  if (body.size() > limits::entry_bytes)
    return fail(Code::too_large, std::string(what) + ": its body is too large",
                std::to_string(body.size()) + " bytes");
  TRY(const auto time, json::need_uint64(payload, "integratedTime", what));
  if (!std::in_range<std::int64_t>(time)) return malformed("integratedTime is no time");
  TRY(out.log_index, json::need_uint64(payload, "logIndex", what));
  if (!std::in_range<std::int64_t>(out.log_index)) return malformed("logIndex is too large");
  TRY(out.log_id, need_hash(payload, "logID"));
  out.integrated_time = static_cast<std::int64_t>(time);
  out.body = to_text(body);
  read_kind(out);
  return out;
}

Result<std::uint64_t> need_count(const json::Object& object, std::string_view key) {
  TRY(const auto number, json::need_uint64(object, key, what));
  if (!std::in_range<std::int64_t>(number)) return malformed(std::string(key) + " is too large");
  return number;
}

Result<tlog::InclusionProof> read_proof(const json::Object& object) {
  tlog::InclusionProof out;
  TRY(out.log_index, need_count(object, "logIndex"));
  TRY(out.tree_size, need_count(object, "treeSize"));
  TRY(out.root_hash, need_hash(object, "rootHash"));
  TRY(out.checkpoint, json::optional_string(object, "checkpoint", what));
  if (out.checkpoint.size() > limits::note_bytes)
    return fail(Code::too_large, std::string(what) + ": its checkpoint is too large");
  TRY(const auto* hashes, json::optional_array(object, "hashes", what));
  if (hashes == nullptr) return out;
  if (hashes->size() > limits::proof_hashes)
    return fail(Code::too_large, std::string(what) + ": its proof has too many hashes");
  for (const auto& hash : *hashes) {
    if (hash.string() == nullptr) return malformed("a hash is no text");
    TRY(auto bytes, read_hash(*hash.string(), "a hash"));
    out.hashes.push_back(std::move(bytes));
  }
  return out;
}

Result<tlog::Entry> from_map(const json::Object& entries) {
  if (entries.size() != 1)
    return fail(Code::malformed, "not one log entry",
                "neither a Rekor bundle nor the answer of Rekor's API: it has " +
                    std::to_string(entries.size()) + " members");
  TRY(const auto* entry, json::need_object(entries.members().front().value, what));
  return from_rekor_answer(*entry);
}

}  // namespace

Result<tlog::Entry> from_old_rekor_bundle(const json::Object& object) {
  TRY(const auto* payload, json::optional_object(object, "Payload", what));
  if (payload == nullptr) return fail(Code::malformed, std::string(what) + " has no Payload");
  return read(object, "SignedEntryTimestamp", *payload);
}

json::Object old_rekor_bundle(const tlog::Entry& entry) {
  return json::Object{{"SignedEntryTimestamp", codec::base64::encode(entry.signed_entry_timestamp)},
                      {"Payload", json::Object{{"body", codec::base64::encode(as_bytes(entry.body))},
                                               {"integratedTime", entry.integrated_time},
                                               {"logIndex", entry.log_index},
                                               {"logID", codec::hex::encode(entry.log_id)}}}};
}

const tlog::Entry* with_promise(const std::vector<tlog::Entry>& entries) {
  const auto promised = [](const tlog::Entry& entry) { return !entry.signed_entry_timestamp.empty(); };
  const auto at = std::ranges::find_if(entries, promised);
  return at == entries.end() ? nullptr : &*at;
}

Result<tlog::Entry> from_rekor_answer(const json::Object& object) {
  TRY(const auto* verification, json::optional_object(object, "verification", what));
  if (verification == nullptr) return fail(Code::malformed, std::string(what) + " has no verification");
  TRY(auto out, read(*verification, "signedEntryTimestamp", object));
  TRY(const auto* proof, json::optional_object(*verification, "inclusionProof", what));
  if (proof != nullptr && !proof->empty()) {
    TRY(out.proof, read_proof(*proof));
  }
  return out;
}

Result<tlog::Entry> read_log_entry(std::string_view text) {
  TRY(const auto document, json::parse(text, what));
  TRY(const auto* object, json::need_object(document, what));
  if (object->find("base64Signature") != nullptr) {
    TRY(const auto* held, json::optional_object(*object, "rekorBundle", "the old bundle"));
    if (held == nullptr) return fail(Code::malformed, "the old bundle holds no log entry");
    return from_old_rekor_bundle(*held);
  }
  if (object->find("SignedEntryTimestamp") != nullptr) return from_old_rekor_bundle(*object);
  return from_map(*object);
}

Result<Bytes> signature_in_log_entry(const tlog::Entry& entry) {
  TRY(const auto body,
      json::parse(entry.body, "the body of the log entry", {.max_bytes = limits::entry_bytes}));
  const json::Value* value = &body;
  for (const char* key : {"spec", "signature", "content"})
    value = value != nullptr ? value->get(key) : nullptr;
  if (value == nullptr || value->string() == nullptr) return Bytes();
  return codec::base64::decode(*value->string());
}

}  // namespace sigstore::bundle
