#include "sigstore/net/curl/internal/handle.h"

#include <mutex>

namespace sigstore::net {
namespace {

// Once per process, at the first request: other commands do not pay for it. The configuration file of the
// machine's OpenSSL is not for this program.
CURLcode initialize() {
  static std::once_flag once;
  static CURLcode code = CURLE_OK;
  std::call_once(once, [] {
    OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
    code = curl_global_init(CURL_GLOBAL_DEFAULT);
  });
  return code;
}

std::unexpected<Error> broken(const char* why) {
  return fail(Code::internal, "the HTTP library failed", why);
}

}  // namespace

Result<std::unique_ptr<Handle>> Handle::make() {
  if (const CURLcode code = initialize(); code != CURLE_OK) return broken(curl_easy_strerror(code));
  std::unique_ptr<Handle> handle(new Handle);
  handle->multi_.reset(curl_multi_init());
  handle->easy_.reset(curl_easy_init());
  if (!handle->multi_ || !handle->easy_) return broken("no memory");
  curl_multi_setopt(handle->multi_.get(), CURLMOPT_MAXCONNECTS, 1L);
  return handle;
}

void Handle::reset() {
  curl_easy_reset(easy_.get());
  observer = TlsObserver();
  error_text[0] = '\0';
}

Result<CURLcode> Handle::perform(int wake, const std::function<Stop()>& stop) {
  CURLM* multi = multi_.get();
  if (const CURLMcode code = curl_multi_add_handle(multi, easy_.get()); code != CURLM_OK)
    return broken(curl_multi_strerror(code));
  // Taking out a transfer that is not done closes its connection.
  const auto remove = [multi](CURL* easy) { curl_multi_remove_handle(multi, easy); };
  const std::unique_ptr<CURL, decltype(remove)> removal(easy_.get(), remove);
  while (true) {
    int running = 0;
    CURLMcode code = curl_multi_perform(multi, &running);
    if (code != CURLM_OK) return broken(curl_multi_strerror(code));
    if (running == 0) return result();
    const Stop verdict = stop();
    if (verdict.reason) return fail(*verdict.reason);
    curl_waitfd extra{wake, CURL_WAIT_POLLIN, 0};
    const auto pause = static_cast<int>(verdict.ask_again.count());
    code = curl_multi_poll(multi, &extra, wake < 0 ? 0 : 1, pause, nullptr);
    if (code != CURLM_OK) return broken(curl_multi_strerror(code));
  }
}

Result<CURLcode> Handle::result() {
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
  if (message == nullptr) return broken("a transfer ended without a result");
  return message->data.result;
}

}  // namespace sigstore::net
