// A key set as it lies in a file: the document alone, or in a DSSE envelope with the signatures of its roots;
// and whether it is to be trusted. Pure: no clock, no files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/keyset/key_set.h"
#include "sigstore/payload/statement.h"

namespace sigstore::keyset {

inline constexpr std::string_view payload_type = "application/vnd.cosign-cpp.key-set+json";

struct SignedSet {
  KeySet set;
  std::string document;  // the bytes that are signed
  // The keyid of each is the id of its key, as a hint: whose it is only signers() says.
  std::vector<payload::Envelope::Signature> signatures;

  // Either form. The errors of KeySet::parse and of payload::Envelope::parse; Code::unsupported for an
  // envelope of something else; Code::too_large above limits::key_set_bytes.
  static Result<SignedSet> parse(std::string text, std::string_view what);
  // Not signed yet.
  static SignedSet of(KeySet set);
  // As it lies in a file: an envelope where there is a signature, else the document byte for byte.
  [[nodiscard]] std::string write() const;
  // "sha256:…" of the document.
  [[nodiscard]] std::string digest() const;

  // Adds the signature of this key, or replaces an older one. Code::conflict when limits::envelope_signatures
  // are there already; Code::bad_signature when what the signer gave is not its own.
  Result<void> sign(crypto::Signer& signer, crypto::Scheme scheme);
};

// Those of `keys` that signed it. Each once, however often it stands in `keys` or among the signatures.
std::vector<crypto::PublicKey> signers(const SignedSet& set, const std::vector<crypto::PublicKey>& keys);

// The roots of the set that signed it.
std::vector<crypto::PublicKey> signing_roots(const SignedSet& set);

// What was seen of a set before: a small file that the user names.
struct Seen {
  std::uint64_t version = 0;
  std::string digest;  // of its document
  static Result<Seen> parse(std::string_view json, std::string_view what);
  [[nodiscard]] std::string write() const;
  friend bool operator==(const Seen&, const Seen&) = default;
};

// What the user demands besides what the set says of itself.
struct Demands {
  std::vector<crypto::PublicKey> roots;  // pinned; empty: the file is trusted where it lies
  std::size_t threshold = 0;             // how many of them must have signed; 0: all of them
  std::uint64_t min_version = 0;
  std::optional<Seen> seen;
};

// Whether the set may be used at `now`. Code::bad_signature when too few signed it, whether of its own roots
// or of the pinned; Code::mismatch when it has expired, is older than what was seen, or is another document
// of the same version; Code::invalid_argument for a threshold that cannot be reached. `what` names the set.
Result<void> judge(const SignedSet& set, const Demands& demands, Time now, std::string_view what);

}  // namespace sigstore::keyset
