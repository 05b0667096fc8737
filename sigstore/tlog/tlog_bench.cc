// What the proofs of one entry cost, in microseconds each.
//
//   tlog_tlog_bench
#include <chrono>
#include <cstdio>

#include "sigstore/tlog/body.h"
#include "sigstore/tlog/merkle.h"
#include "sigstore/tlog/verify_entry.h"

using namespace sigstore;
using namespace sigstore::tlog;

namespace {

template <typename Work>
void measure(const char* what, int times, const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < times; ++i) {
    if (!work()) std::puts("fails");
  }
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
  std::printf("%s: %.2f us\n", what, took.count() / times);
}

// An entry in the middle of a log of 2^30: its proof has thirty hashes, of which any will do.
Entry large_log(crypto::Signer& signer, const std::string& host) {
  constexpr std::uint64_t size = std::uint64_t{1} << 30, index = 0x2AAAAAAA;
  Entry entry{.log_index = index, .kind = "hashedrekord", .version = "0.0.1"};
  entry.log_id = crypto::sha256(signer.public_key().spki());
  const LoggedSignature signature{Bytes(71, 1), {}, signer.public_key().spki()};
  entry.body = write_hashedrekord_v001({crypto::HashAlgorithm::sha256, Bytes(32, 1)}, signature);
  InclusionProof proof{.log_index = index, .tree_size = size};
  Bytes hash = leaf_hash(as_bytes(entry.body));
  for (int level = 0; level < 30; ++level) {
    proof.hashes.push_back(leaf_hash(Bytes{static_cast<std::uint8_t>(level)}));
    const bool left = (index >> level & 1) != 0;
    hash = left ? node_hash(proof.hashes.back(), hash) : node_hash(hash, proof.hashes.back());
  }
  proof.root_hash = hash;
  Note note{.text = Checkpoint{host, size, hash, {}}.text(), .signatures = {}};
  if (!sign_note(note, host, signer)) std::puts("cannot be signed");
  proof.checkpoint = note.write();
  entry.proof = std::move(proof);
  entry.integrated_time = 1'700'000'000;
  if (auto set = signer.sign(signer.public_key().schemes().front(), as_bytes(promise_text(entry)))) {
    entry.signed_entry_timestamp = *set;
  }
  return entry;
}

}  // namespace

int main() {
  const std::string host = "log.example";
  for (const auto type : {crypto::KeyType::ecdsa_p256, crypto::KeyType::ed25519}) {
    auto key = crypto::PrivateKey::generate(type);
    if (!key) return 1;
    const auto entry = large_log(*key, host);
    const auto& proof = *entry.proof;
    const auto& log = key->public_key();
    const Bytes leaf = leaf_hash(as_bytes(entry.body));
    const Bytes signature = Note::parse(proof.checkpoint)->signatures[0].signature;
    const std::string text = Note::parse(proof.checkpoint)->text;
    std::printf("--- %s\n", std::string(crypto::name(type)).c_str());
    measure("one signature alone", 2000,
            [&] { return log.verify(log.schemes().front(), as_bytes(text), signature).has_value(); });
    measure("inclusion in a tree of 2^30", 20000, [&] {
      return verify_inclusion(proof.log_index, proof.tree_size, leaf, proof.hashes, proof.root_hash)
          .has_value();
    });
    measure("note and checkpoint read", 20000, [&] {
      const auto note = Note::parse(proof.checkpoint);
      return note && Checkpoint::parse(note->text).has_value();
    });
    measure("body read", 20000, [&] { return read_body(entry.body).has_value(); });
    measure("inclusion and checkpoint verified", 2000,
            [&] { return verify_inclusion(entry, host, log).has_value(); });
    measure("promise verified", 2000, [&] { return verify_promise(entry, log).has_value(); });
  }
}
