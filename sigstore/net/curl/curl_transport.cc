#include "sigstore/net/curl/curl_transport.h"

#include <curl/curl.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <span>

#include "sigstore/base/cancel.h"
#include "sigstore/net/curl/curl_error.h"
#include "sigstore/net/curl/trust.h"
#include "sigstore/net/proxy.h"

namespace sigstore::net {
namespace {

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, FreeHandle>;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

void append(List& list, const std::string& text) {
  list.reset(curl_slist_append(list.release(), text.c_str()));
}

void start_curl() {
  static const bool started = [] {
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  }();
  static_cast<void>(started);
}

// Connections are kept apart where TLS settings may differ.
std::string origin_key(const Request& request) {
  std::string key = request.url.scheme + "://" + request.url.authority();
  if (request.tls_of) key += " as " + request.tls_of->authority();
  return key;
}

// How one origin is spoken to; settled at its first request.
struct Origin {
  TlsOptions tls;
  Trust trust;
};

// One request under way: what the callbacks fill in.
class Transfer {
 public:
  Transfer(const Request& request, const BodySink* sink, const TransportOptions& options, const Clock& clock)
      : request_(request), sink_(sink), options_(options), clock_(clock) {}

  Result<Response> run(CURL* handle, const Origin& origin, const std::string& proxy);

 private:
  void set_request(CURL* handle);
  void set_single_body(CURL* handle);
  void set_limits(CURL* handle);
  void set_tls(CURL* handle, const Origin& origin);
  Result<void> add_headers();
  Result<Response> finish(CURL* handle, CURLcode code);

  std::size_t on_header(std::string_view line);
  std::size_t on_body(BytesView chunk);
  std::size_t next_of_body(std::span<char> out);
  bool keep_going();

  static std::size_t header_callback(char* data, std::size_t size, std::size_t count, void* self) {
    return static_cast<Transfer*>(self)->on_header({data, size * count});
  }
  static std::size_t body_callback(char* data, std::size_t size, std::size_t count, void* self) {
    return static_cast<Transfer*>(self)->on_body(as_bytes({data, size * count}));
  }
  static std::size_t send_callback(char* out, std::size_t size, std::size_t count, void* self) {
    return static_cast<Transfer*>(self)->next_of_body({out, size * count});
  }
  static int no_seek_callback(void*, curl_off_t, int) { return CURL_SEEKFUNC_FAIL; }
  static int progress_callback(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Transfer*>(self)->keep_going() ? 0 : 1;
  }

  const Request& request_;
  const BodySink* sink_;
  const TransportOptions& options_;
  const Clock& clock_;
  List headers_, connect_to_;
  std::string url_;
  char detail_[CURL_ERROR_SIZE] = {};
  Response response_;
  std::size_t header_bytes_ = 0, body_bytes_ = 0, sent_ = 0;
  bool cut_ = false;  // enough of an error's body was read
  std::optional<Error> stopped_;
};

std::size_t Transfer::on_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > limits::header_bytes) {
    stopped_ =
        Error{Code::too_large, "the headers of " + request_.url.authority() + " are too large", {}, {}};
    return 0;
  }
  const std::size_t size = line.size();
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    response_.headers = {};
    const std::size_t space = line.find(' ');
    response_.status =
        space == std::string_view::npos ? 0 : std::atoi(std::string(line.substr(space + 1)).c_str());
  } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
    response_.headers.add(std::string(line.substr(0, colon)), std::string(value));
  }
  return size;
}

std::size_t Transfer::on_body(BytesView chunk) {
  body_bytes_ += chunk.size();
  const bool good = response_.status >= 200 && response_.status < 300;
  if (!good && body_bytes_ > limits::error_body_bytes) {
    cut_ = true;
    return 0;
  }
  if (body_bytes_ > request_.max_body) {
    stopped_ = Error{Code::too_large,
                     "the answer of " + request_.url.authority() + " is too large",
                     "more than " + std::to_string(request_.max_body) + " bytes",
                     {}};
    return 0;
  }
  if (good && sink_ != nullptr) {
    if (auto taken = (*sink_)(chunk); !taken) {
      stopped_ = std::move(taken).error();
      return 0;
    }
  } else {
    response_.body.append(as_text(chunk));
  }
  return chunk.size();
}

std::size_t Transfer::next_of_body(std::span<char> out) {
  const std::size_t size = request_.body.copy(out.data(), out.size(), sent_);
  sent_ += size;
  return size;
}

bool Transfer::keep_going() {
  if (options_.cancel != nullptr && options_.cancel->is_set())
    stopped_ = Error{Code::cancelled, "interrupted", {}, {}};
  else if (options_.deadline && clock_.steady() >= *options_.deadline)
    stopped_ = Error{Code::timeout, "the time for this run is over",
                     "waiting for " + request_.url.authority(), "give it more with --timeout"};
  return !stopped_;
}

Result<void> Transfer::add_headers() {
  bool typed = false;
  for (const auto& [name, value] : request_.headers.list()) {
    if ((name + value).find_first_of("\r\n") != std::string::npos)
      return fail(Code::invalid_argument, "a line break in the header " + name);
    typed = typed || (name.size() == 12 && Headers({{name, value}}).get("Content-Type"));
    append(headers_, value.empty() ? name + ";" : name + ": " + value);
  }
  append(headers_, "Expect:");
  if (!typed) append(headers_, "Content-Type:");
  return {};
}

void Transfer::set_request(CURL* handle) {
  curl_easy_setopt(handle, CURLOPT_URL, url_.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(handle, CURLOPT_USERAGENT, options_.user_agent.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers_.get());
  if (request_.method == "HEAD") {
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
  } else if (request_.method != "GET" || !request_.body.empty()) {
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    if (request_.once) {
      set_single_body(handle);
    } else if (request_.method != "GET" && request_.method != "DELETE") {
      curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
      curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request_.body.data());
    }
  }
}

// libcurl repeats a request on a kept connection that was closed without an answer. It cannot repeat a body
// that it can read only once.
void Transfer::set_single_body(CURL* handle) {
  curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  curl_easy_setopt(handle, CURLOPT_READFUNCTION, send_callback);
  curl_easy_setopt(handle, CURLOPT_READDATA, this);
  curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, no_seek_callback);
}

void Transfer::set_limits(CURL* handle) {
  const auto milliseconds = [](Duration d) {
    return static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(d).count());
  };
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, std::max(1L, milliseconds(options_.connect_timeout)));
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, std::max(1L, milliseconds(options_.idle_timeout) / 1000));
  if (options_.deadline) {
    const long left = milliseconds(*options_.deadline - clock_.steady());
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, std::max(1L, left));
  }
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail_);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, header_callback);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, body_callback);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, progress_callback);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, this);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
}

void Transfer::set_tls(CURL* handle, const Origin& origin) {
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, origin.tls.verify ? 1L : 0L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, origin.tls.verify ? 2L : 0L);
  const Trust& trust = origin.trust;
  curl_easy_setopt(handle, CURLOPT_CAINFO, trust.file.empty() ? nullptr : trust.file.c_str());
  curl_easy_setopt(handle, CURLOPT_CAPATH, trust.folder.empty() ? nullptr : trust.folder.c_str());
  if (trust.text != nullptr) {
    curl_blob blob{const_cast<char*>(trust.text->data()), trust.text->size(), CURL_BLOB_NOCOPY};
    curl_easy_setopt(handle, CURLOPT_CAINFO_BLOB, &blob);
  }
  if (!origin.tls.client_cert_file.empty()) {
    curl_easy_setopt(handle, CURLOPT_SSLCERT, origin.tls.client_cert_file.c_str());
    curl_easy_setopt(handle, CURLOPT_SSLKEY, origin.tls.client_key_file.c_str());
  }
}

Result<Response> Transfer::finish(CURL* handle, CURLcode code) {
  if (stopped_) return fail(std::move(*stopped_));
  if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && cut_)) return std::move(response_);
  long os_error = 0;
  curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &os_error);
  return fail(curl_error(code, detail_[0] != 0 ? detail_ : curl_easy_strerror(code), os_error, request_.url));
}

Result<Response> Transfer::run(CURL* handle, const Origin& origin, const std::string& proxy) {
  if (!keep_going()) return fail(std::move(*stopped_));
  TRY_OK(add_headers());
  Url url = request_.url;
  if (url.scheme == "https" && !origin.tls.server_name.empty()) {
    // The certificate is asked for and checked under another name; the connection and Host stay.
    append(headers_, "Host: " + url.authority());
    const std::string port = std::to_string(url.port);
    const std::string host = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
    append(connect_to_, origin.tls.server_name + ":" + port + ":" + host + ":" + port);
    url.host = origin.tls.server_name;
  }
  url_ = url.text();
  set_request(handle);
  set_limits(handle);
  if (url.scheme == "https") set_tls(handle, origin);
  curl_easy_setopt(handle, CURLOPT_CONNECT_TO, connect_to_.get());
  curl_easy_setopt(handle, CURLOPT_PROXY, proxy.c_str());  // "" is none, whatever the environment says
  curl_easy_setopt(handle, CURLOPT_NOPROXY, "");
  return finish(handle, curl_easy_perform(handle));
}

class CurlTransport final : public Transport {
 public:
  CurlTransport(const Env& env, TransportOptions options)
      : env_(env), options_(std::move(options)), proxies_(ProxyRules::from(*env.variables)) {}

  Result<Response> send(const Request& request, const BodySink* sink) override;
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline() const override {
    return options_.deadline;
  }

 private:
  Result<const Origin*> origin(const Request& request);
  Handle take(const std::string& origin);
  void give_back(const std::string& origin, Handle handle);
  void trace(const Request& request, const Result<Response>& response) const;

  const Env env_;
  const TransportOptions options_;
  const ProxyRules proxies_;
  std::mutex mutex_;
  std::map<std::string, Origin> origins_;
  std::multimap<std::string, Handle> idle_;  // with their kept connections, by origin
};

Result<const Origin*> CurlTransport::origin(const Request& request) {
  const std::lock_guard lock(mutex_);
  const Url& url = request.url;
  const std::string key = origin_key(request);
  if (const auto known = origins_.find(key); known != origins_.end()) return &known->second;
  Origin made;
  if (url.scheme == "https") {
    if (options_.tls) {
      TRY(made.tls, options_.tls(request.tls_of.value_or(url)));
    }
    TRY(made.trust, trust_for(env_, made.tls));
  }
  return &origins_.emplace(key, std::move(made)).first->second;
}

Handle CurlTransport::take(const std::string& origin) {
  const std::lock_guard lock(mutex_);
  const auto found = idle_.find(origin);
  if (found == idle_.end()) return Handle(curl_easy_init());
  Handle handle = std::move(found->second);
  idle_.erase(found);
  return handle;
}

void CurlTransport::give_back(const std::string& origin, Handle handle) {
  curl_easy_reset(handle.get());  // options go, connections stay
  const std::lock_guard lock(mutex_);
  idle_.emplace(origin, std::move(handle));
}

void CurlTransport::trace(const Request& request, const Result<Response>& response) const {
  if (!options_.trace) return;
  const std::string line = request.method + " " + request.url.text();
  options_.trace(response ? line + " -> " + std::to_string(response->status)
                          : line + " -> " + response.error().text());
}

Result<Response> CurlTransport::send(const Request& request, const BodySink* sink) {
  start_curl();
  TRY(const Origin* origin_settings, origin(request));
  const std::string key = origin_key(request);
  Handle handle = take(key);
  if (handle == nullptr) return fail(Code::internal, "no memory for a connection");
  auto response = Transfer(request, sink, options_, *env_.clock)
                      .run(handle.get(), *origin_settings, proxies_.proxy_for(request.url));
  give_back(key, std::move(handle));
  trace(request, response);
  return response;
}

}  // namespace

std::unique_ptr<Transport> make_curl_transport(const Env& env, TransportOptions options) {
  return std::make_unique<CurlTransport>(env, std::move(options));
}

}  // namespace sigstore::net
