#include "sigstore/tlog/verify_entry.h"

#include <algorithm>

#include "sigstore/codec/base64.h"
#include "sigstore/codec/canonical_json.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/printable.h"
#include "sigstore/tlog/merkle.h"

namespace sigstore::tlog {
namespace {

// Who must have signed the checkpoint: the name of Rekor v2; any, of v1.
Result<std::string_view> signed_name(const Entry& entry, const Checkpoint& checkpoint,
                                     std::string_view origin) {
  if (is_rekor_v1_origin(checkpoint.origin)) return std::string_view();
  if (origin.empty()) {
    return fail(Code::mismatch, "the checkpoint is of a log whose host name is not known",
                "its origin is " + codec::printable(checkpoint.origin));
  }
  if (checkpoint.origin != origin) {
    return fail(Code::mismatch, "the checkpoint is of another log",
                "its origin is " + codec::printable(checkpoint.origin) + " and not " + std::string(origin));
  }
  if (entry.log_index != entry.proof->log_index) {
    return fail(Code::mismatch, "the inclusion proof is of another entry",
                "it is of number " + std::to_string(entry.proof->log_index) + " and not " +
                    std::to_string(entry.log_index));
  }
  return origin;
}

Result<void> compare_tree(const InclusionProof& proof, const Checkpoint& checkpoint) {
  if (proof.root_hash != checkpoint.root_hash) {
    return fail(Code::mismatch, "the checkpoint and the inclusion proof are not about one tree",
                "their root hashes differ");
  }
  if (proof.tree_size != checkpoint.tree_size) {
    return fail(Code::mismatch, "the checkpoint and the inclusion proof are not about one tree",
                "it has " + std::to_string(checkpoint.tree_size) + " entries in the one and " +
                    std::to_string(proof.tree_size) + " in the other");
  }
  return {};
}

}  // namespace

Result<Checkpoint> verify_inclusion(const Entry& entry, std::string_view origin,
                                    const crypto::PublicKey& key) {
  if (!entry.proof) return fail(Code::not_found, "the log entry has no inclusion proof");
  const auto& proof = *entry.proof;
  if (proof.checkpoint.empty()) return fail(Code::not_found, "the inclusion proof has no checkpoint");
  TRY(const auto note, Note::parse(proof.checkpoint));
  TRY(auto checkpoint, Checkpoint::parse(note.text));
  TRY(const auto name, signed_name(entry, checkpoint, origin));
  TRY_OK(verify_note(note, name, key));
  TRY_OK(compare_tree(proof, checkpoint));
  const Bytes leaf = leaf_hash(as_bytes(entry.body));
  TRY_OK(verify_inclusion(proof.log_index, proof.tree_size, leaf, proof.hashes, proof.root_hash));
  return checkpoint;
}

std::string promise_text(const Entry& entry) {
  const codec::json::Object promise{
      {"body", codec::base64::encode(as_bytes(entry.body))},
      {"integratedTime", entry.integrated_time},
      {"logID", codec::hex::encode(entry.log_id)},
      {"logIndex", entry.log_index},
  };
  return codec::json::write_canonical(promise).value_or(std::string());
}

Result<void> verify_promise(const Entry& entry, const crypto::PublicKey& key) {
  if (entry.signed_entry_timestamp.empty()) {
    return fail(Code::not_found, "the log entry has no inclusion promise");
  }
  const std::string text = promise_text(entry);
  const bool good = std::ranges::any_of(key.schemes(), [&](crypto::Scheme scheme) {
    return scheme != crypto::Scheme::ed25519ph &&
           key.verify(scheme, as_bytes(text), entry.signed_entry_timestamp).has_value();
  });
  if (good) return {};
  return fail(Code::bad_signature, "the inclusion promise (SET) is not signed by the log's key");
}

bool is_rekor_v1_origin(std::string_view origin) {
  constexpr std::string_view between = " - ";
  const auto at = origin.rfind(between);
  if (at == std::string_view::npos) return false;
  const auto number = origin.substr(at + between.size());
  return !number.empty() && std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace sigstore::tlog
