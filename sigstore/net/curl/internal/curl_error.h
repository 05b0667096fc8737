// What libcurl says, as a sentence and a code.
#pragma once

#include <curl/curl.h>

#include <string>

#include "sigstore/net/curl/internal/tls_settings.h"
#include "sigstore/net/transport.h"

namespace sigstore::net {

// What is known about a transfer that failed.
struct Failure {
  const Url& url;               // as the caller asked for it
  TlsSettings* tls = nullptr;   // null: no TLS
  const TlsObserver& seen;      // of TLS
  std::string proxy = {};       // "host:port", empty for none
  bool proxy_tls = false;       // what was seen of TLS is the proxy's
  bool begun = false;           // the request has begun to leave
  bool answered = false;        // a status line came
  bool new_connection = false;  // made for this request
  CURLcode code = CURLE_OK;
  std::string detail = {};  // libcurl's own words
  long os_error = 0;        // an errno
  long proxy_status = 0;    // HTTP status of the proxy's answer to CONNECT
};

Error curl_error(const Failure& failure);

}  // namespace sigstore::net
