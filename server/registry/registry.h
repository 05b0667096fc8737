// An OCI registry (distribution-spec 1.1) as a function from request to response. Thread-safe.
// One file per kind of thing that is asked for: manifests.cc, blobs.cc, pushes.cc, lists.cc; load.cc
// fills it.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "server/host/message.h"
#include "server/registry/catalogue.h"
#include "server/registry/route.h"
#include "server/registry/uploads.h"
#include "sigstore/base/env.h"
#include "sigstore/base/limits.h"
#include "sigstore/content/store.h"

namespace server::registry {

struct Options {
  bool sparse = false;  // true: a manifest may come before its blobs
  // For how long a request waits for another one that writes to the same upload.
  std::chrono::milliseconds upload_wait = sigstore::limits::upload_wait;
  // Told what goes wrong on this machine, one line each; clients are not. Called from many threads.
  std::function<void(const std::string& line)> trouble = {};
};

class Registry {
 public:
  // All, and what `env` points to, outlive the registry.
  Registry(sigstore::content::Store& content, Catalogue& catalogue, const sigstore::Env& env, Options options)
      : content_(content),
        catalogue_(catalogue),
        options_(std::move(options)),
        uploads_(content, *env.clock, *env.random) {}

  host::Response handle(const host::Request& request);
  // Ends uploads that nobody goes on with. To be called now and then.
  void sweep() { uploads_.sweep(); }

  [[nodiscard]] std::size_t uploads_open() { return uploads_.size(); }

  // Every tag of an OCI layout, with all that belongs to it, as pushes to `repository`.
  sigstore::Result<void> load(sigstore::Files& files, const std::string& layout,
                              const std::string& repository);

 private:
  Answer dispatch(const host::Request& request, const Route& route);
  Answer manifest(const host::Request& request, const Route& route);
  Answer get_manifest(const host::Request& request, const Route& route);
  Answer put_manifest(const host::Request& request, const Route& route);
  Answer delete_manifest(const host::Request& request, const Route& route);
  // What the catalogue keeps about a manifest that may be stored: every blob that it names is there.
  [[nodiscard]] Or<ManifestEntry> accept(const host::Request& request, const Route& route,
                                         const std::string& bytes) const;
  [[nodiscard]] Or<void> check_blobs(const std::string& repository,
                                     const std::vector<sigstore::oci::Descriptor>& blobs) const;
  [[nodiscard]] Or<void> check_children(const std::string& repository,
                                        const std::vector<sigstore::oci::Descriptor>& children) const;

  Answer blob(const host::Request& request, const Route& route);
  Answer get_blob(const host::Request& request, const Route& route);
  Answer delete_blob(const host::Request& request, const Route& route);
  Answer start_upload(const host::Request& request, const Route& route);
  Answer mount(const std::string& repository, const std::string& digest, const std::string* from);
  Answer upload(const host::Request& request, const Route& route);
  Or<void> take_body(const host::Request& request, Upload& upload);
  Answer append(const host::Request& request, Upload& upload);
  Answer finish(const host::Request& request, const Route& route, Upload& upload);

  Answer list(const Route& route);
  Answer list_repositories(const Route& route);
  Answer list_tags(const Route& route);
  Answer list_referrers(const Route& route);

  sigstore::content::Store& content_;
  Catalogue& catalogue_;
  const Options options_;
  Uploads uploads_;
};

}  // namespace server::registry
