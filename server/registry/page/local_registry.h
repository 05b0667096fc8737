// The registry's own content as remote::Registry, so that whatever reads a registry over HTTP reads this one
// from within: the tree of an image, and the checking of its signatures. It reads only, and not without end:
// each object is for one view and has a budget of bytes and time. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>

#include "server/registry/catalogue.h"
#include "sigstore/base/limits.h"
#include "sigstore/content/store.h"
#include "sigstore/remote/registry/registry.h"

namespace server::registry::page {

// What a registry has. All outlive whoever holds it.
struct Shelves {
  sigstore::content::Store& content;
  const Catalogue& catalogue;
  sigstore::Clock& clock;
  bool referrers = true;                                   // there is a referrers API
  std::function<void(const std::string& line)> trouble{};  // as Options::trouble
};

// What storage says, but for paths and reasons of this machine: Code::unavailable, and `trouble` knows why.
template <typename T>
sigstore::Result<T> told(const Shelves& shelves, sigstore::Result<T> result) {
  using sigstore::Code;
  if (result || result.error().code == Code::not_found || result.error().code == Code::too_large)
    return result;
  if (shelves.trouble) shelves.trouble(result.error().text());
  return sigstore::fail(Code::unavailable, "the registry has a problem of its own");
}

struct Budget {
  std::size_t bytes = sigstore::limits::page_read_bytes;
  sigstore::Duration time = sigstore::limits::page_time;
};

class LocalRegistry final : public sigstore::remote::Registry {
 public:
  explicit LocalRegistry(const Shelves& shelves, const Budget& budget = {});

  // The registry of a reference plays no part: there is only this one. Beyond the budget: Code::too_large,
  // timeout. unavailable: something is wrong with this machine, which only `trouble` is told. not_found says
  // that it is not there; all that writes is Code::unsupported.
  sigstore::Result<sigstore::oci::Descriptor> resolve(const sigstore::oci::Reference& reference) override;
  sigstore::Result<sigstore::remote::ManifestContent> manifest(const sigstore::oci::Repository& repository,
                                                               const std::string& tag_or_digest) override;
  sigstore::Result<std::string> blob(const sigstore::oci::Repository& repository,
                                     const sigstore::oci::Descriptor& descriptor, std::size_t max) override;
  sigstore::Result<sigstore::remote::ReferrersAnswer> referrers(const sigstore::oci::Repository& repository,
                                                                const sigstore::oci::Digest& digest) override;
  sigstore::Result<std::vector<std::string>> tags(const sigstore::oci::Repository& repository) override;

  sigstore::Result<void> push_blob(const sigstore::oci::Repository&, const sigstore::oci::Digest&,
                                   std::string_view) override;
  sigstore::Result<sigstore::remote::PutResult> push_manifest(const sigstore::oci::Repository&,
                                                              const std::string&, std::string_view,
                                                              std::string_view,
                                                              const sigstore::remote::Precondition&) override;
  bool honours_preconditions(const sigstore::oci::Repository&) override { return true; }
  sigstore::Result<void> ping(const std::string&) override { return {}; }

  [[nodiscard]] bool spent() const;  // the budget: what is asked now is refused

 private:
  sigstore::Result<std::shared_ptr<const std::string>> read(const sigstore::oci::Digest& digest,
                                                            std::uint64_t size, std::size_t max);
  sigstore::Result<void> take(std::uint64_t bytes);

  const Shelves shelves_;
  std::atomic<std::int64_t> left_;
  const std::chrono::steady_clock::time_point end_;
};

}  // namespace server::registry::page
