// Requests to registries: one ping per registry, authorization, redirects, refusals. Thread-safe.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "sigstore/remote/registry/authorizer.h"
#include "sigstore/remote/registry/context.h"
#include "sigstore/remote/registry/failure.h"
#include "sigstore/remote/registry/once.h"

namespace sigstore::remote {

// One request below /v2/NAME/.
struct Call {
  std::string method = "GET";
  oci::Repository repository;
  std::string path;             // "manifests/latest", with its query
  std::optional<net::Url> url;  // instead of `path`: what the registry named itself (Location)
  net::Headers headers;
  std::string body;
  std::optional<ByteSource> source;  // instead of `body`
  const ByteSink* sink = nullptr;    // where the body of a 2xx goes; may be null
  net::HeadWatcher on_head;          // of that body; may be empty
  std::size_t max_body = limits::manifest_bytes;
  Access access = Access::pull;
  std::string also_pull;  // the path of another repository of the same registry that is read
  net::Repeat repeat = net::Repeat::idempotent;
  std::string subject;  // for messages: "tag v1 of REGISTRY/REPO"
};

struct Reply {
  net::Response response;
  net::Url url;                 // where it came from in the end
  Authorization authorization;  // what was sent
  bool own = false;             // from the registry itself, not from where it sent us
};

class Client {
 public:
  explicit Client(Context context) : context_(std::move(context)) {}

  // Any status is a success; a challenge is answered, at most limits::auth_rounds times. Authorization goes
  // to the registry's own scheme, host and port alone.
  Result<Reply> send(const Call& call);

  // What a status that was not wanted means.
  [[nodiscard]] static Error failure(const Call& call, const Reply& reply);

  // The registry's /v2/, after its ping.
  Result<net::Url> base(const std::string& registry);
  // Authenticates for no repository in particular: Code::unauthorized when the credentials are not accepted.
  Result<void> check_login(const std::string& registry);

  void saw_precondition_honoured(const std::string& registry) { host(registry).honours_preconditions = true; }
  [[nodiscard]] bool honours_preconditions(const std::string& registry) {
    return host(registry).honours_preconditions;
  }

  [[nodiscard]] const Context& context() const { return context_; }

 private:
  struct Host {
    Once<std::shared_ptr<Authorizer>> authorizer;
    std::atomic<bool> honours_preconditions{false};
  };

  Host& host(const std::string& registry);
  Result<std::shared_ptr<Authorizer>> authorizer(const std::string& registry);
  Result<Reply> exchange(const Call& call, const net::Url& url, Authorization authorization);

  const Context context_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Host>> hosts_;
};

}  // namespace sigstore::remote
