// An OCI registry (distribution-spec 1.1) as a function from request to response. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "server/host/message.h"
#include "server/registry/catalogue.h"
#include "server/registry/condition.h"
#include "server/registry/route.h"
#include "sigstore/content/store.h"

namespace server::registry {

struct Options {
  bool referrers = true;  // false: no referrers API and no OCI-Subject, as docker-registry 2.8
};

class Registry {
 public:
  // All outlive the registry.
  Registry(sigstore::content::Store& content, Catalogue& catalogue, sigstore::Random& random, Options options)
      : content_(content), catalogue_(catalogue), random_(random), options_(options) {}

  host::Response handle(const host::Request& request);

  // Every tag of an OCI layout, with all that belongs to it, as pushes to `repository`.
  sigstore::Result<void> load(sigstore::Files& files, const std::string& layout,
                              const std::string& repository);

 private:
  struct Upload {
    std::mutex mutex;
    std::string repository;
    std::unique_ptr<sigstore::content::Writer> writer;
  };

  Answer dispatch(const host::Request& request);
  Answer get_manifest(const host::Request& request, const Route& route);
  Answer put_manifest(const host::Request& request, const Route& route);
  Answer delete_manifest(const Route& route);
  Answer get_blob(const host::Request& request, const Route& route);
  Answer delete_blob(const Route& route);
  Answer start_upload(const host::Request& request, const Route& route);
  Answer upload(const host::Request& request, const Route& route);
  Answer list_tags(const Route& route);
  Answer list_referrers(const Route& route);

  Answer mount(const std::string& repository, const std::string& digest, const std::string* from);
  Answer append(const host::Request& request, const Route& route, Upload& upload);
  Answer finish(const host::Request& request, const Route& route, Upload& upload);
  std::shared_ptr<Upload> find_upload(const Route& route);
  void forget_upload(const std::string& id);
  std::string new_id();
  // Every blob and child that it names is there.
  Or<void> check_content(const std::string& repository, const std::string& media_type,
                         const std::string& bytes) const;

  sigstore::content::Store& content_;
  Catalogue& catalogue_;
  sigstore::Random& random_;
  const Options options_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Upload>> uploads_;
};

}  // namespace server::registry
