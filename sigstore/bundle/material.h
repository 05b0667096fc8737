// Signatures and certificates as people have them in files: what other tools and older releases write.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/limits.h"
#include "sigstore/base/result.h"

namespace sigstore::bundle {

// What somebody typed or a tool printed, rather than bytes.
bool is_text(std::string_view content);

// A signature: base64 with any line breaks, or the bytes themselves. `what` names the file in messages.
// Code::malformed when it is empty, or a text that is not base64; too_large beyond limits::key_file_bytes.
Result<Bytes> read_signature(std::string_view content, std::string_view what);

// Certificates, DER: from PEM, from base64 of PEM (as `sign-blob --output-certificate` writes it), or one in
// DER. Each is one DER sequence; nothing else is looked at. Code::malformed when there is none, or when
// something else stands there; too_large beyond `most` or limits::pem_bytes.
Result<std::vector<Bytes>> read_certificates(std::string_view content, std::string_view what,
                                             std::size_t most = limits::certificates);

// A TimeStampResp (RFC 3161) in DER, or the JSON in which cosign 1 and 2 kept one
// ({"SignedRFC3161Timestamp":"…"}). Its form alone is looked at.
Result<Bytes> read_timestamp(std::string_view content, std::string_view what);

}  // namespace sigstore::bundle
