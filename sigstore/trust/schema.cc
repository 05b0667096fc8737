#include "sigstore/trust/schema.h"

#include "sigstore/codec/proto_fields.h"
#include "sigstore/crypto/protobuf_name.h"

namespace sigstore::trust {
namespace {

using codec::proto_json::enum_field;
using codec::proto_json::Field;
using codec::proto_json::many;
using codec::proto_json::Message;
using codec::proto_json::one;
constexpr auto text = codec::proto_json::text_field;
constexpr auto bytes = codec::proto_json::bytes_field;
constexpr auto time = codec::proto_json::time_field;
constexpr auto uint32 = codec::proto_json::uint32_field;

// --- sigstore_common.proto
constexpr std::string_view key_details[] = {"PUBLIC_KEY_DETAILS_UNSPECIFIED",
                                            "PKCS1_RSA_PKCS1V5",
                                            "PKCS1_RSA_PSS",
                                            "PKIX_RSA_PKCS1V5",
                                            "PKIX_RSA_PSS",
                                            "PKIX_ECDSA_P256_SHA_256",
                                            "PKIX_ECDSA_P256_HMAC_SHA_256",
                                            "PKIX_ED25519",
                                            "PKIX_ED25519_PH",
                                            "PKIX_RSA_PKCS1V15_2048_SHA256",
                                            "PKIX_RSA_PKCS1V15_3072_SHA256",
                                            "PKIX_RSA_PKCS1V15_4096_SHA256",
                                            "PKIX_ECDSA_P384_SHA_384",
                                            "PKIX_ECDSA_P521_SHA_512",
                                            "LMS_SHA256",
                                            "LMOTS_SHA256",
                                            "PKIX_RSA_PSS_2048_SHA256",
                                            "PKIX_RSA_PSS_3072_SHA256",
                                            "PKIX_RSA_PSS_4096_SHA256",
                                            "PKIX_ECDSA_P384_SHA_256",
                                            "PKIX_ECDSA_P521_SHA_256",
                                            "ML_DSA_65",
                                            "ML_DSA_87",
                                            "ML_DSA_44"};
constexpr Field range_fields[] = {time("start", "start"), time("end", "end")};
constexpr Message range{range_fields};
constexpr Field key_fields[] = {bytes("rawBytes", "raw_bytes"),
                                enum_field(key_details, "keyDetails", "key_details"),
                                one(range, "validFor", "valid_for")};
constexpr Message key{key_fields};
constexpr Field log_id_fields[] = {bytes("keyId", "key_id")};
constexpr Message log_id{log_id_fields};
constexpr Field name_fields[] = {text("organization", "organization"), text("commonName", "common_name")};
constexpr Message name{name_fields};
constexpr Field certificate_fields[] = {bytes("rawBytes", "raw_bytes")};
constexpr Message certificate{certificate_fields};
constexpr Field chain_fields[] = {many(certificate, "certificates", "certificates")};
constexpr Message chain{chain_fields};

// --- sigstore_trustroot.proto
constexpr Field log_fields[] = {text("baseUrl", "base_url"),
                                enum_field(crypto::protobuf_hash_names, "hashAlgorithm", "hash_algorithm"),
                                one(key, "publicKey", "public_key"),
                                one(log_id, "logId", "log_id"),
                                one(log_id, "checkpointKeyId", "checkpoint_key_id"),
                                text("operator", "operator")};
constexpr Message log{log_fields};
constexpr Field authority_fields[] = {one(name, "subject", "subject"), text("uri", "uri"),
                                      one(chain, "certChain", "cert_chain"),
                                      one(range, "validFor", "valid_for"), text("operator", "operator")};
constexpr Message authority{authority_fields};
constexpr Field root_fields[] = {text("mediaType", "media_type"), many(log, "tlogs", "tlogs"),
                                 many(authority, "certificateAuthorities", "certificate_authorities"),
                                 many(log, "ctlogs", "ctlogs"),
                                 many(authority, "timestampAuthorities", "timestamp_authorities")};

constexpr std::string_view selector_names[] = {"SERVICE_SELECTOR_UNDEFINED", "ALL", "ANY", "EXACT"};
constexpr Field service_fields[] = {text("url", "url"), uint32("majorApiVersion", "major_api_version"),
                                    one(range, "validFor", "valid_for"), text("operator", "operator")};
constexpr Message service{service_fields};
constexpr Field configuration_fields[] = {enum_field(selector_names, "selector", "selector"),
                                          uint32("count", "count")};
constexpr Message configuration{configuration_fields};
constexpr Field config_fields[] = {text("mediaType", "media_type"),
                                   many(service, "caUrls", "ca_urls"),
                                   many(service, "oidcUrls", "oidc_urls"),
                                   many(service, "rekorTlogUrls", "rekor_tlog_urls"),
                                   one(configuration, "rekorTlogConfig", "rekor_tlog_config"),
                                   many(service, "tsaUrls", "tsa_urls"),
                                   one(configuration, "tsaConfig", "tsa_config")};

}  // namespace

constinit const Message trusted_root_message{root_fields};
constinit const Message signing_config_message{config_fields};
constinit const std::span<const std::string_view> selectors{selector_names};

}  // namespace sigstore::trust
