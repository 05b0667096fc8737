// SHA-1 (FIPS 180-4), for names that were given in it: ESSCertID of old timestamp authorities (RFC
// 2634, 5.4). Nothing is believed for its sake.
#pragma once

#include "sigstore/base/bytes.h"

namespace sigstore::crypto {

Bytes sha1(BytesView data);  // 20 bytes

}  // namespace sigstore::crypto
