#include "sigstore/authority/log/transparency_log.h"

#include "sigstore/tlog/verify_entry.h"

namespace sigstore::authority::log {
namespace {

using crypto::KeyType;
using crypto::Scheme;

}  // namespace

Bytes log_id(Shape shape, std::string_view host, const crypto::PublicKey& key) {
  return shape == Shape::rekor_v1 ? crypto::sha256(key.spki()) : tlog::note_key_id(host, key);
}

Scheme log_scheme(Shape shape, const crypto::PublicKey& key) {
  const auto usual = key.schemes().front();
  const bool ecdsa = key.type() != KeyType::rsa && key.type() != KeyType::ed25519;
  return ecdsa && shape == Shape::rekor_v1 ? Scheme::ecdsa_sha256 : usual;
}

TransparencyLog::TransparencyLog(LogOptions options, crypto::Signer& signer)
    : options_(std::move(options)), signer_(&signer) {}

std::string TransparencyLog::origin() const {
  if (options_.shape == Shape::rekor_v2) return options_.host;
  return options_.host + " - " + std::to_string(options_.tree_id);
}

Result<Bytes> TransparencyLog::sign(std::string_view text) {
  return signer_->sign(log_scheme(options_.shape, signer_->public_key()), as_bytes(text));
}

Result<std::string> TransparencyLog::checkpoint(std::uint64_t size) {
  const tlog::Checkpoint checkpoint{origin(), size, tree_.root(size), {}};
  tlog::Note note{checkpoint.text(), {}};
  TRY(Bytes signature, sign(note.text));
  note.signatures.push_back(
      {options_.host, tlog::note_key_hash(options_.host, signer_->public_key()), std::move(signature)});
  return note.write();
}

Result<tlog::Entry> TransparencyLog::append(const Leaf& leaf, Time at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
  entries_.push_back({leaf, options_.shape == Shape::rekor_v1 ? seconds : 0});
  const auto index = tree_.append(tlog::leaf_hash(as_bytes(leaf.body)));
  return entry(index, size());
}

Result<tlog::Entry> TransparencyLog::entry(std::uint64_t tree_index, std::uint64_t size) {
  if (size > tree_.size() || tree_index >= size)
    return fail(Code::not_found, "no entry " + std::to_string(tree_index) + " in the first " +
                                     std::to_string(size) + " of " + std::to_string(tree_.size()));
  const Listed& listed = entries_[tree_index];
  tlog::Entry entry;
  entry.log_index = options_.first_index + tree_index;
  entry.log_id = log_id(options_.shape, options_.host, signer_->public_key());
  entry.kind = listed.leaf.kind;
  entry.version = listed.leaf.version;
  entry.integrated_time = listed.integrated_time;
  entry.body = listed.leaf.body;
  if (options_.shape == Shape::rekor_v1) {
    TRY(entry.signed_entry_timestamp, sign(tlog::promise_text(entry)));
  }
  auto& proof = entry.proof.emplace();
  proof.log_index = tree_index;
  proof.tree_size = size;
  proof.root_hash = tree_.root(size);
  proof.hashes = tree_.inclusion_proof(tree_index, size);
  TRY(proof.checkpoint, checkpoint(size));
  return entry;
}

Result<trust::Log> TransparencyLog::describe(const trust::TimeRange& valid) const {
  const auto& key = signer_->public_key();
  TRY(auto log, trust::list_log(key, "https://" + options_.host, valid));
  log.log_id = log_id(options_.shape, options_.host, key);
  log.operator_name = options_.operator_name;
  return log;
}

}  // namespace sigstore::authority::log
