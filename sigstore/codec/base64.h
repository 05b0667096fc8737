// RFC 4648 base64.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"

namespace sigstore::codec::base64 {

std::string encode(BytesView bytes);      // standard alphabet, padded
std::string encode_url(BytesView bytes);  // URL-safe alphabet, not padded (RFC 7515 section 2)

// Standard alphabet, padding required, no white space, no stray bits. Code::malformed otherwise.
Result<Bytes> decode(std::string_view text);

// As proto3 JSON readers do: standard or URL-safe alphabet, padding optional.
Result<Bytes> decode_any(std::string_view text);

// As decode_any, into `out`, which has room for as many bytes as `text` has characters and may be the same
// memory, or begin before it. Returns how many bytes there are.
Result<std::size_t> decode_any_into(std::string_view text, std::uint8_t* out);

// As `decode`, but line breaks and surrounding white space are skipped (signature files, PEM bodies).
Result<Bytes> decode_lines(std::string_view text);

}  // namespace sigstore::codec::base64
