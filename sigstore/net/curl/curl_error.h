// What libcurl says, as a sentence and a code.
#pragma once

#include <string>

#include "sigstore/net/transport.h"

namespace sigstore::net {

// `code` is a CURLcode, `detail` libcurl's own words, `os_error` an errno or 0.
Error curl_error(int code, const std::string& detail, long os_error, const Url& url);

}  // namespace sigstore::net
