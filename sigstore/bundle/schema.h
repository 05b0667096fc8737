// The fields of a sigstore bundle (protobuf-specs: sigstore_bundle, sigstore_rekor, sigstore_common, dsse).
// Private to this room.
#pragma once

#include "sigstore/codec/proto_json.h"

namespace sigstore::bundle {

extern const codec::proto_json::Message bundle_message;

}  // namespace sigstore::bundle
