// What a manifest or index is: by its header, by its own words, and by its members.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/result.h"

namespace sigstore::remote {

// "application/vnd.oci.image.index.v1+json; charset=utf-8" without its parameters, in lower case.
std::string media_type_of(std::string_view content_type);

// The media type of a document that was sent as `content_type`. The document's own mediaType wins over a
// header that says nothing (none, JSON, text, octet-stream) or names the same kind. `subject` names it in
// errors. Code::mismatch where header, mediaType and members disagree whether it is an index; malformed for
// what is both or neither; unsupported for Docker's schema 1.
Result<std::string> document_media_type(std::string_view content_type, std::string_view bytes,
                                        const std::string& subject);

}  // namespace sigstore::remote
