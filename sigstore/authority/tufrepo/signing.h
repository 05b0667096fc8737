// How keys sign TUF metadata.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "sigstore/base/result.h"
#include "sigstore/crypto/key.h"
#include "sigstore/tuf/metadata.h"

namespace sigstore::authority {

using Signers = std::vector<std::shared_ptr<crypto::Signer>>;

// A document with one signature of each key, in the order of the signers. Code::unsupported for keys without
// a TUF scheme; else the signers' errors.
Result<std::string> tuf_document(std::string_view to_sign, const Signers& signers);
// What a document says of another: its version, length and SHA-256.
tuf::MetaFile tuf_meta_file(std::uint64_t version, std::string_view document);
tuf::TargetFile tuf_target_file(std::string_view content);

}  // namespace sigstore::authority
