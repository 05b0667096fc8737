// A service that is asked with JSON over HTTP and a token: how it is asked, how often, where its token goes,
// and what its answers mean. For key services (Vault, GitLab, GitHub, Kubernetes). Thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sigstore/base/env.h"
#include "sigstore/base/limits.h"
#include "sigstore/base/secret.h"
#include "sigstore/codec/json.h"
#include "sigstore/net/transport.h"
#include "sigstore/net/url.h"

namespace sigstore::remote {

// Which redirects are followed; all others are an error. The token goes along, so only where the service's
// own protocol has them.
enum class Redirects {
  none,
  same_origin,  // 301, 302, 307 and 308 of a GET, 307 and 308 of anything else; a few in a row
  standby,      // one 307: within the origin, to the same host, or from https to https
};

struct ServiceOptions {
  std::string name;      // what messages call it: "Vault at https://v.example"
  net::Url base;         // a path there stands before that of each request; no query
  net::Headers headers;  // of each request, without the token
  std::string token_header;
  std::string token_prefix;  // "Bearer "
  Secret token;              // empty: none is sent
  Redirects redirects = Redirects::none;
  std::string tls_hint;      // what to try where the connection is not to be trusted
  std::string address_hint;  // what to try where nobody answers, or what answers is no such server
  std::string plain_hint;    // what to try where an https server speaks plain HTTP; empty: address_hint
  std::size_t max_body = limits::service_body_bytes;
};

struct ServiceRequest {
  std::string method = "GET";
  std::string path;            // starts with '/', percent-encoded; a '?' starts the query
  std::string what;            // for messages: "read the key k"
  std::optional<Secret> body;  // JSON
};

class Service {
 public:
  Service(const Env& env, std::unique_ptr<net::Transport> transport, ServiceOptions options);

  // The JSON of a 2xx answer; null for one without a body. GET and HEAD are repeated, limits::service_tries
  // in all, anything else only after a 429. Errors: those of service_failure(); Code::malformed and too_large
  // of a body; those of the transport, seen from here. The token is in none of them, whatever was answered.
  Result<codec::json::Value> ask(const ServiceRequest& request);

  [[nodiscard]] const std::string& name() const { return options_.name; }

 private:
  Result<net::Response> send(net::Request request, const std::string& what);
  [[nodiscard]] Result<net::Request> build(const ServiceRequest& asked) const;

  Env env_;
  std::unique_ptr<net::Transport> transport_;
  ServiceOptions options_;
};

// Refuses to send a token in clear: http:// is for loopback addresses. `place` names where the address is
// from ("GITLAB_HOST"), and `service` whose it is ("GitLab"). Code::invalid_argument.
Result<void> refuse_plain_http(const net::Url& base, const std::string& place, const std::string& service);

// A token as a variable, a file or a program gives it: without white space around it, maybe empty.
// Code::malformed where some is inside. `text` is wiped; `place` names it in the message.
Result<Secret> read_token(std::string text, const std::string& place);

// A JSON document that is sent once, and wiped then.
Secret secret_json(codec::json::Value document);

}  // namespace sigstore::remote
