// HTTP as the rest of the library sees it: one request, one response, bounded. Thread-safe.
// The transport follows no redirects, adds no credentials and repeats nothing but a GET or HEAD whose kept
// connection was found closed; net/retry and remote/* do.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sigstore/base/cancel.h"
#include "sigstore/base/env.h"
#include "sigstore/base/limits.h"
#include "sigstore/base/result.h"
#include "sigstore/base/secret.h"
#include "sigstore/base/stream.h"
#include "sigstore/net/url.h"

namespace sigstore::net {

// Header names compare without case; the order stays.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> list) : list_(list) {}
  [[nodiscard]] std::optional<std::string> get(std::string_view name) const;  // the first
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
  void add(std::string name, std::string value) { list_.emplace_back(std::move(name), std::move(value)); }
  void set(std::string name, std::string value);  // replaces all of that name
  void remove(std::string_view name);
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& list() const { return list_; }

 private:
  std::vector<std::pair<std::string, std::string>> list_;
};

struct Response;

// Told the status and headers of an answer before the first byte of its body goes to a sink. An error ends
// the transfer with it.
using HeadWatcher = std::function<Result<void>(const Response& head)>;

struct Request {
  std::string method = "GET";
  Url url;
  Headers headers;
  std::string body;
  // The largest response body that is taken; more is Code::too_large.
  std::size_t max_body = limits::manifest_bytes;
  // Another host whose TLS settings count instead: a registry's, for the token server that it names.
  std::optional<Url> tls_of;
  // Instead of `body`: read while it is sent, opened anew each time that it is sent. Its errors are those of
  // the request.
  std::optional<ByteSource> source;
  HeadWatcher on_head;  // may be empty
};

struct Response {
  int status = 0;
  Headers headers;
  std::string body;
};

// Where a response body goes while it arrives. Returning an error ends the transfer with it.
using BodySink = ByteSink;

class Transport {
 public:
  virtual ~Transport() = default;
  // Any HTTP status is a success here. With a sink, Response::body stays empty for a 2xx; the body of a 4xx,
  // a 5xx, and with a sink that of a 3xx, is there and ends at limits::error_body_bytes without an error.
  // Errors: unreachable (no connection: nothing was sent), unavailable (the connection broke: the request may
  // have been carried out), timeout, tls (not to be trusted, or no common TLS), malformed (no HTTP; plain
  // HTTP on an https connection), too_large, cancelled, invalid_argument (a header with a line break).
  virtual Result<Response> send(const Request& request, const BodySink* sink = nullptr) = 0;
  // The end of the whole run: nobody waits beyond it.
  [[nodiscard]] virtual std::optional<std::chrono::steady_clock::time_point> deadline() const { return {}; }
};

// PEM that is at hand rather than in files: of a configuration that holds it. A part that is empty is not
// there.
struct TlsPem {
  struct Part {
    Secret text;
    std::string place;  // where it stands, for people: "user dev of /home/dev/.kube/config"
  };
  Part authorities;  // make up the pool, with TlsOptions::ca_files
  Part client_cert;  // instead of client_cert_file; the key stands behind it where there is none
  Part client_key;   // instead of client_key_file
};

// How a transport connects. One per set of TLS settings.
struct TlsOptions {
  bool verify = true;
  std::vector<std::string> ca_files;        // PEM bundles that make up the pool; empty: the system's pool
  std::vector<std::string> extra_ca_files;  // added to the pool (certs.d)
  std::string client_cert_file;             // PEM
  std::string client_key_file;              // PEM
  std::string server_name;                  // SNI and name check; empty: the host
  std::shared_ptr<const TlsPem> pem;        // may be null; two are equal when they are the same object
  friend bool operator==(const TlsOptions&, const TlsOptions&) = default;
};

struct TransportOptions {
  std::string user_agent;
  // For one host a different TLS set-up (certs.d, --registry-*); nullptr: the defaults. Bad files are an
  // error.
  std::function<Result<TlsOptions>(const Url&)> tls;
  std::optional<std::chrono::steady_clock::time_point> deadline;  // of the whole run (-t)
  const Cancel* cancel = nullptr;                                 // ends a transfer at once; may be null
  Duration connect_timeout = limits::connect_timeout;             // name, TCP, TLS, proxy
  Duration idle_timeout = limits::idle_timeout;                   // no byte in either direction
  // Each request and response, without secrets, as -d prints it; may be empty. Called by all that send.
  std::function<void(std::string_view line)> trace;
};

}  // namespace sigstore::net
