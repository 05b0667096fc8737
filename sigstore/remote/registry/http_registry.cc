#include "sigstore/remote/registry/http_registry.h"

#include "sigstore/remote/registry/blobs.h"
#include "sigstore/remote/registry/client.h"
#include "sigstore/remote/registry/download.h"
#include "sigstore/remote/registry/listing.h"
#include "sigstore/remote/registry/manifests.h"
#include "sigstore/remote/registry/upload.h"

namespace sigstore::remote {
namespace {

class HttpRegistry final : public Registry {
 public:
  explicit HttpRegistry(Context context) : client_(std::move(context)) {}

  Result<oci::Descriptor> resolve(const oci::Reference& reference) override {
    return resolve_manifest(client_, reference);
  }
  Result<ManifestContent> manifest(const oci::Repository& repository,
                                   const std::string& tag_or_digest) override {
    return read_manifest(client_, repository, tag_or_digest);
  }
  Result<std::string> blob(const oci::Repository& repository, const oci::Descriptor& descriptor,
                           std::size_t max) override {
    return read_blob(client_, repository, descriptor, max);
  }
  Result<void> push_blob(const oci::Repository& repository, const oci::Digest& digest,
                         std::string_view content) override {
    return push_blob_text(client_, repository, digest, content);
  }
  Result<PutResult> push_manifest(const oci::Repository& repository, const std::string& tag_or_digest,
                                  std::string_view media_type, std::string_view content,
                                  const Precondition& precondition) override {
    return write_manifest(client_, repository, tag_or_digest, media_type, content, precondition);
  }
  Result<ReferrersAnswer> referrers(const oci::Repository& repository, const oci::Digest& digest) override {
    return list_referrers(client_, repository, digest);
  }
  Result<std::vector<std::string>> tags(const oci::Repository& repository) override {
    return list_tags(client_, repository);
  }
  bool honours_preconditions(const oci::Repository& repository) override {
    return client_.honours_preconditions(repository.registry);
  }
  Result<bool> has_blob(const oci::Repository& repository, const oci::Digest& digest) override {
    return find_blob(client_, repository, digest);
  }
  Result<void> download(const oci::Repository& repository, const oci::Descriptor& descriptor,
                        const ByteSink& sink) override {
    return download_blob(client_, repository, descriptor, sink);
  }
  Result<Arrival> upload(const oci::Repository& repository, const oci::Digest& digest,
                         const ByteSource& source, const std::optional<oci::Repository>& from) override {
    return upload_blob(client_, repository, digest, source, from);
  }
  Result<void> delete_manifest(const oci::Repository& repository, const std::string& tag_or_digest) override {
    return remove_manifest(client_, repository, tag_or_digest);
  }
  Result<void> delete_blob(const oci::Repository& repository, const oci::Digest& digest) override {
    return remove_blob(client_, repository, digest);
  }
  Result<ManifestContent> document(const oci::Repository& repository, const std::string& tag) override {
    return read_document(client_, repository, tag);
  }
  Result<void> ping(const std::string& registry) override { return client_.check_login(registry); }

 private:
  Client client_;
};

}  // namespace

std::unique_ptr<Registry> make_http_registry(const Env& env, net::Transport& transport,
                                             std::vector<CredentialSource*> sources,
                                             RegistryOptions options) {
  return std::make_unique<HttpRegistry>(Context{env, &transport, std::move(sources), std::move(options)});
}

}  // namespace sigstore::remote
