// One libcurl handle with the connection that it keeps. Used by one thread at a time.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "sigstore/base/result.h"
#include "sigstore/net/curl/internal/tls_observer.h"

namespace sigstore::net {

class Handle {
 public:
  // Code::internal when libcurl has no memory or threads.
  static Result<std::unique_ptr<Handle>> make();
  ~Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  [[nodiscard]] CURL* easy() const { return easy_.get(); }
  void reset();  // options and what was observed; the connection stays

  // Transfers until it is done, or until `stop` gives a reason. `stop` is asked when `wake` (a descriptor, or
  // -1) becomes readable, when something happens, and after `ask_again` at the latest.
  struct Stop {
    std::optional<Error> reason;
    std::chrono::milliseconds ask_again = std::chrono::seconds(1);
  };
  Result<CURLcode> perform(int wake, const std::function<Stop()>& stop);

  TlsObserver observer;  // before the connections, which use it until they are closed
  char error_text[CURL_ERROR_SIZE] = "";

 private:
  struct EasyDelete {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct MultiDelete {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };
  Handle() = default;
  Result<CURLcode> result();

  std::unique_ptr<CURLM, MultiDelete> multi_;
  std::unique_ptr<CURL, EasyDelete> easy_;
};

}  // namespace sigstore::net
