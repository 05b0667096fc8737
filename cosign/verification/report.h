// `verify --output report`: every image, candidate and check as one versioned JSON document, for success and
// failure alike. The schema is docs/formats/verify-report.md.
#pragma once

#include <string>
#include <vector>

#include "sigstore/check/pipeline.h"

namespace cosign {

std::string as_report(const std::vector<sigstore::check::ImageResult>& results);
// Of a file: "blobs" in place of "images".
std::string as_blob_report(const sigstore::check::ImageResult& result);
// Of a run that came to no image or file: a key that cannot be read, flags that exclude each other.
std::string as_report(const sigstore::Error& error);
std::string as_blob_report(const sigstore::Error& error);

}  // namespace cosign
