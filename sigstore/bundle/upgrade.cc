#include "sigstore/bundle/upgrade.h"

#include "sigstore/tlog/merkle.h"

namespace sigstore::bundle {
namespace {

bool is_same(const tlog::Entry& entry, const tlog::Entry& answered) {
  return entry.log_id == answered.log_id && entry.log_index == answered.log_index &&
         entry.body == answered.body && entry.integrated_time == answered.integrated_time;
}

}  // namespace

bool lacks_proof(const tlog::Entry& entry) {
  return !entry.proof || entry.proof->checkpoint.empty();
}

Result<void> take_proof(tlog::Entry& entry, tlog::Entry answered) {
  if (!is_same(entry, answered))
    return fail(Code::mismatch, "the log has another entry at the place " + std::to_string(entry.log_index));
  if (lacks_proof(answered))
    return fail(Code::not_found, "the log gave no inclusion proof with a checkpoint");
  const auto& proof = *answered.proof;
  const auto leaf = tlog::leaf_hash(as_bytes(entry.body));
  const auto proven =
      tlog::verify_inclusion(proof.log_index, proof.tree_size, leaf, proof.hashes, proof.root_hash);
  if (!proven) return fail(proven.error().wrap("the inclusion proof that the log gave proves nothing"));
  entry.proof = std::move(answered.proof);
  if (entry.kind.empty()) entry.kind = std::move(answered.kind);
  if (entry.version.empty()) entry.version = std::move(answered.version);
  return {};
}

}  // namespace sigstore::bundle
