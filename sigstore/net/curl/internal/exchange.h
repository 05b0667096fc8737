// One request and its response over a handle: how to get there, and what to say when that fails.
#pragma once

#include <string>

#include "sigstore/net/curl/internal/handle.h"
#include "sigstore/net/curl/internal/tls_settings.h"
#include "sigstore/net/curl/internal/transfer.h"
#include "sigstore/net/transport.h"

namespace sigstore::net {

// All that it is given outlives it. Used once.
class Exchange {
 public:
  // `tls` is null where neither the origin nor its proxy speaks TLS; `proxy` is a URL, or empty.
  Exchange(Handle& handle, const TransportOptions& options, const Clock& clock, TlsSettings* tls,
           const std::string& proxy);
  Result<Response> run(const Request& request, const BodySink* sink);

 private:
  void set_common();
  void set_destination(const Url& url);
  void set_proxy();
  void set_tls();
  Error explain(const Request& request, const Transfer& transfer, CURLcode code);
  static CURLcode on_tls_context(CURL* easy, void* context, void* self);

  template <typename T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(handle_.easy(), option, value);
  }

  struct ListDelete {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  Handle& handle_;
  const TransportOptions& options_;
  const Clock& clock_;
  TlsSettings* tls_;
  const std::string& proxy_;

  std::string host_header_;  // where it is not that of the URL
  std::unique_ptr<curl_slist, ListDelete> connect_to_;
  std::optional<Error> tls_failure_;
};

}  // namespace sigstore::net
