#include "sigstore/bundle/schema.h"

#include "sigstore/codec/proto_fields.h"
#include "sigstore/crypto/protobuf_name.h"

namespace sigstore::bundle {
namespace {

using codec::proto_json::Field;
using codec::proto_json::Kind;
using codec::proto_json::many;
using codec::proto_json::Message;
using codec::proto_json::one;
constexpr auto text = codec::proto_json::text_field;
constexpr auto bytes = codec::proto_json::bytes_field;
constexpr auto int64 = codec::proto_json::int64_field;

// --- sigstore_common.proto
constexpr Field hash_output_fields[] = {
    codec::proto_json::enum_field(crypto::protobuf_hash_names, "algorithm", "algorithm"),
    bytes("digest", "digest")};
constexpr Message hash_output{hash_output_fields};
constexpr Field message_signature_fields[] = {one(hash_output, "messageDigest", "message_digest"),
                                              bytes("signature", "signature")};
constexpr Message message_signature{message_signature_fields};
constexpr Field log_id_fields[] = {bytes("keyId", "key_id")};
constexpr Message log_id{log_id_fields};
constexpr Field public_key_fields[] = {text("hint", "hint")};
constexpr Message public_key{public_key_fields};
constexpr Field certificate_fields[] = {bytes("rawBytes", "raw_bytes")};
constexpr Message certificate{certificate_fields};
constexpr Field chain_fields[] = {many(certificate, "certificates", "certificates")};
constexpr Message chain{chain_fields};
constexpr Field timestamp_fields[] = {bytes("signedTimestamp", "signed_timestamp")};
constexpr Message timestamp{timestamp_fields};

// --- sigstore_rekor.proto
constexpr Field kind_version_fields[] = {text("kind", "kind"), text("version", "version")};
constexpr Message kind_version{kind_version_fields};
constexpr Field promise_fields[] = {bytes("signedEntryTimestamp", "signed_entry_timestamp")};
constexpr Message promise{promise_fields};
constexpr Field checkpoint_fields[] = {text("envelope", "envelope")};
constexpr Message checkpoint{checkpoint_fields};
constexpr Field proof_fields[] = {int64("logIndex", "log_index"),
                                  bytes("rootHash", "root_hash"),
                                  int64("treeSize", "tree_size"),
                                  {"hashes", "hashes", Kind::bytes, true},
                                  one(checkpoint, "checkpoint", "checkpoint")};
constexpr Message proof{proof_fields};
constexpr Field entry_fields[] = {int64("logIndex", "log_index"),
                                  one(log_id, "logId", "log_id"),
                                  one(kind_version, "kindVersion", "kind_version"),
                                  int64("integratedTime", "integrated_time"),
                                  one(promise, "inclusionPromise", "inclusion_promise"),
                                  one(proof, "inclusionProof", "inclusion_proof"),
                                  bytes("canonicalizedBody", "canonicalized_body")};
constexpr Message entry{entry_fields};

// --- envelope.proto
constexpr Field signature_fields[] = {bytes("sig", "sig"), text("keyid", "keyid")};
constexpr Message signature{signature_fields};
constexpr Field envelope_fields[] = {bytes("payload", "payload"), text("payloadType", "payloadType"),
                                     many(signature, "signatures", "signatures")};
constexpr Message envelope{envelope_fields};

// --- sigstore_bundle.proto
constexpr Field timestamps_fields[] = {many(timestamp, "rfc3161Timestamps", "rfc3161_timestamps")};
constexpr Message timestamps{timestamps_fields};
constexpr Field material_fields[] = {
    one(public_key, "publicKey", "public_key", 1),
    one(chain, "x509CertificateChain", "x509_certificate_chain", 1),
    one(certificate, "certificate", "certificate", 1), many(entry, "tlogEntries", "tlog_entries"),
    one(timestamps, "timestampVerificationData", "timestamp_verification_data")};
constexpr Message material{material_fields};
constexpr Field bundle_fields[] = {text("mediaType", "media_type"),
                                   one(material, "verificationMaterial", "verification_material"),
                                   one(message_signature, "messageSignature", "message_signature", 1),
                                   one(envelope, "dsseEnvelope", "dsse_envelope", 1)};

}  // namespace

constinit const Message bundle_message{bundle_fields};

}  // namespace sigstore::bundle
