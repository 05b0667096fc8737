// The registry as a person sees it in a browser: its repositories, their tags, and what hangs on each image.
// Read-only, without scripts, and nothing is fetched from anywhere.
#pragma once

#include <optional>
#include <semaphore>

#include "server/host/message.h"
#include "server/registry/page/survey.h"
#include "sigstore/net/url.h"

namespace server::registry::page {

struct PageOptions {
  sigstore::verify::TrustedMaterial keys{};  // signatures are judged with them; there may be none
  // Where clients see the registry, behind a proxy; without it references begin as a request's Host says.
  std::optional<sigstore::net::Url> external_url{};
};

// Thread-safe.
class Pages {
 public:
  // What the shelves and `env` point to outlives it.
  Pages(const Shelves& shelves, const sigstore::Env& env, PageOptions options)
      : surveys_(shelves, env, std::move(options.keys)), external_url_(std::move(options.external_url)) {}

  // GET and HEAD of "/" and "/r/NAME", "/r/NAME:TAG", "/r/NAME@DIGEST". The pages are HTML or, with
  // "Accept: application/json" or "?output=json", JSON. All else goes to `next`; a browser that finds nothing
  // there gets a page that says so. This object outlives the result.
  host::Role before(host::Role next);

 private:
  host::Response handle(const host::Request& request);

  Surveys surveys_;
  std::counting_semaphore<> viewing_{4};  // so many at once: the registry itself needs connections, too
  const std::optional<sigstore::net::Url> external_url_;
};

}  // namespace server::registry::page
