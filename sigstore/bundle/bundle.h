// One signature with all that came with it. Whatever it was stored as (a `.sig` layer with annotations, a
// sigstore bundle v0.1-v0.3, an old cosign bundle file), this is the one form in memory; nothing downstream
// asks how it was stored.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/crypto/hash.h"
#include "sigstore/oci/manifest.h"
#include "sigstore/payload/statement.h"
#include "sigstore/tlog/entry.h"

namespace sigstore::bundle {

// What was signed.
struct SimpleSigningContent {
  std::string payload;  // the signed bytes
  friend bool operator==(const SimpleSigningContent&, const SimpleSigningContent&) = default;
};
// A blob that is not here; the digest is a claim until compared. Empty: none is claimed, as cosign 3 writes
// for Ed25519.
struct MessageContent {
  crypto::HashAlgorithm algorithm = crypto::HashAlgorithm::sha256;
  Bytes digest;
  friend bool operator==(const MessageContent&, const MessageContent&) = default;
};
struct EnvelopeContent {
  std::string payload_type;
  std::string payload;
  friend bool operator==(const EnvelopeContent&, const EnvelopeContent&) = default;
};
using Content = std::variant<SimpleSigningContent, MessageContent, EnvelopeContent>;

// Who claims to have signed: nothing here is believed.
struct KeyClaim {
  std::string hint;                 // base64(SHA-256(SPKI)) of a bare key, or empty
  std::vector<Bytes> certificates;  // DER, leaf first
  friend bool operator==(const KeyClaim&, const KeyClaim&) = default;
};

// Evidence of time and log, as stored; judged in later rooms.
struct Evidence {
  std::vector<tlog::Entry> tlog_entries;  // an old Rekor bundle (dev.sigstore.cosign/bundle) is one of them
  std::vector<Bytes> timestamps;          // DER TimeStampResp
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

struct Bundle {
  Content content;
  Bytes signature;
  KeyClaim key;
  Evidence evidence;
  friend bool operator==(const Bundle&, const Bundle&) = default;
};

// A key hint as a fingerprint ("sha256:<hex>"); when it is no SHA-256 its first 100 bytes, quoted.
std::string hint_as_fingerprint(std::string_view hint);

// The bytes that the signature covers, in two parts so that a large payload is not copied: of DSSE what
// stands before the payload, and the payload. `body` is of the content, which outlives it.
struct SignedBytes {
  std::string head;
  std::string_view body;
  [[nodiscard]] std::string joined() const { return head + std::string(body); }
};
// nullopt for MessageContent.
std::optional<SignedBytes> signed_bytes(const Content& content);

// Reads a sigstore bundle v0.1, v0.2 or v0.3 in both media type spellings. Strict protobuf-JSON: unknown and
// duplicate members are refused, int64 as string or number, base64 in either alphabet, snake_case names
// accepted. Of the rules of each version (protobuf-specs, sigstore_bundle.proto) those are kept that need no
// key and no clock: what must be there, what may not, nothing twice. One DSSE signature; its keyid is
// dropped. The payload of an envelope is decoded in the memory of `json`, and no tree is built of it.
// Code::not_mine when it is JSON without a bundle's mediaType; Code::unsupported for v0.4 and later and for
// digest algorithms that are not known here; Code::too_large beyond limits.h; Code::malformed for the rest.
Result<Bundle> parse(std::string json);

// Writes v0.3 (short media type), as real cosign 3.1 writes it. Code::unsupported for what v0.3 cannot hold:
// SimpleSigningContent, a certificate chain, a log entry without inclusion proof, checkpoint, kind or body.
Result<std::string> write(const Bundle& bundle);

// A `.sig` layer: its payload and the layer's annotations (dev.cosignproject.cosign/signature,
// dev.sigstore.cosign/certificate, /chain, /bundle, /rfc3161timestamp). Code::malformed without a signature,
// when something else than certificates stands where certificates belong, or a log entry that is none.
Result<Bundle> from_layer(std::string payload, const oci::Annotations& annotations);
// The annotations for a layer, the reverse of from_layer. A layer holds one timestamp (the first) and one log
// entry (the first with a promise, without its inclusion proof).
oci::Annotations layer_annotations(const Bundle& bundle);

// A layer of an `.att` tag: an envelope (limits::attachment_bytes), one bundle for each of its signatures.
// The annotations are those of from_layer(), but for the signature. Several signatures are several copies of
// the payload: Code::too_large when these have more than `most` bytes.
Result<std::vector<Bundle>> from_attestation_layer(std::string envelope, const oci::Annotations& annotations,
                                                   std::size_t most);
// The annotations for such a layer: as layer_annotations(), an empty signature, and the predicate type.
oci::Annotations attestation_annotations(const Bundle& bundle, std::string_view predicate_type);

}  // namespace sigstore::bundle
