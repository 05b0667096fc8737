// The registry as a person sees it in a browser: its repositories, their tags, and what hangs on each image.
// Read-only, without scripts, and nothing is fetched from anywhere.
#pragma once

#include "server/host/message.h"
#include "server/registry/page/survey.h"

namespace server::registry::page {

// Thread-safe.
class Pages {
 public:
  // What the shelves and `env` point to outlives it. Signatures are judged with `keys`; there may be none.
  Pages(const Shelves& shelves, const sigstore::Env& env, sigstore::verify::TrustedMaterial keys)
      : surveys_(shelves, env, std::move(keys)) {}

  // GET and HEAD of "/" and "/r/NAME", "/r/NAME:TAG", "/r/NAME@DIGEST". The pages are HTML or, with
  // "Accept: application/json" or "?output=json", JSON. All else goes to `next`; a browser that finds nothing
  // there gets a page that says so. This object outlives the result.
  host::Role before(host::Role next);

 private:
  host::Response handle(const host::Request& request);

  Surveys surveys_;
};

}  // namespace server::registry::page
