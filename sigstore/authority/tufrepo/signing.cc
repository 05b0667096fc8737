#include "sigstore/authority/tufrepo/signing.h"

#include <set>

#include "sigstore/codec/hex.h"
#include "sigstore/crypto/hash.h"
#include "sigstore/tuf/key.h"

namespace sigstore::authority {
namespace {

std::string sha256_hex(std::string_view text) {
  return codec::hex::encode(crypto::sha256(as_bytes(text)));
}

}  // namespace

Result<std::string> tuf_document(std::string_view to_sign, const Signers& signers) {
  std::vector<tuf::Signature> signatures;
  std::set<Bytes> seen;
  for (const auto& signer : signers) {
    if (!seen.insert(signer->public_key().spki()).second) continue;
    TRY(signatures.emplace_back(), tuf::sign(*signer, to_sign));
  }
  return tuf::write(to_sign, signatures);
}

tuf::MetaFile tuf_meta_file(std::uint64_t version, std::string_view document) {
  return {version, document.size(), {{"sha256", sha256_hex(document)}}};
}

tuf::TargetFile tuf_target_file(std::string_view content) {
  return {content.size(), {{"sha256", sha256_hex(content)}}, {}};
}

}  // namespace sigstore::authority
