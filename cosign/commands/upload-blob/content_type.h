// What a file is, told by its first bytes: the media type that real cosign gives it.
#pragma once

#include <string>
#include <string_view>

namespace cosign::upload_blob {

// By the rules that browsers and Go's net/http share (WHATWG, MIME Sniffing), without parameters:
// "text/plain", "application/x-gzip". "application/octet-stream" for what is not known. At most the first 512
// bytes count.
std::string content_type(std::string_view head);

}  // namespace cosign::upload_blob
