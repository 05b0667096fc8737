// The fields of trusted roots and signing configurations (protobuf-specs: sigstore_trustroot,
// sigstore_common). Private to this room.
#pragma once

#include <span>
#include <string_view>

#include "sigstore/codec/proto_json.h"

namespace sigstore::trust {

inline constexpr std::string_view trusted_root_media_type =
    "application/vnd.dev.sigstore.trustedroot+json;version=0.1";
inline constexpr std::string_view signing_config_media_type =
    "application/vnd.dev.sigstore.signingconfig.v0.2+json";

extern const codec::proto_json::Message trusted_root_message;
extern const codec::proto_json::Message signing_config_message;

extern const std::span<const std::string_view> selectors;  // in the order of ServiceConfiguration::Selector

}  // namespace sigstore::trust
