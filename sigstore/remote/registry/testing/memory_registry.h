// A registry in memory, for tests of whatever stands on remote::Registry. It keeps the rules of a real one
// (digests are checked, a manifest needs its blobs) and its vices: no referrers API, ignored preconditions,
// hidden tags, faults, slow answers, and writers that come in between. Thread-safe; hooks run without the
// lock.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/remote/registry/registry.h"

namespace sigstore::remote::testing {

enum class Call {
  resolve,
  manifest,
  blob,
  push_blob,
  push_manifest,
  referrers,
  tags,
  ping,
  has_blob,
  download,
  upload,
  delete_manifest,
  delete_blob
};

struct Request {
  Call call = Call::ping;
  std::string repository;          // "host/path"
  std::string target;              // tag or digest
  Precondition precondition = {};  // of push_manifest
};

struct MemoryOptions {
  bool referrers_api = true;         // false: 404, as docker-registry
  bool referrers_listed = true;      // false: the API answers 200 with an empty list, whatever is there
  bool subject_acknowledged = true;  // OCI-Subject in the answer, where there is an API
  bool preconditions = true;         // false: If-Match and If-None-Match are ignored
  bool known_to_honour = false;      // honours_preconditions() before the first 412 (our own registry)
  bool etags = true;
  bool needs_blobs = true;            // a manifest whose blobs are missing is refused
  bool mounts = true;                 // false: blobs are not handed over from one repository to another
  bool deletes = true;                // false: whoever deletes is told that this is not supported
  bool immutable_tags = false;        // a tag that exists cannot be moved (HTTP 409)
  Code absent_tag = Code::not_found;  // forbidden or unauthorized: a registry that hides absent tags
};

class MemoryRegistry final : public Registry {
 public:
  explicit MemoryRegistry(MemoryOptions options = {});

  // --- what a test arranges. An error returned by a hook is the answer of the call. `before`: nothing has
  // happened yet; `after`: it has, and the answer is lost on the way.
  using Hook = std::function<Result<void>(const Request&)>;
  void before(Call call, Hook hook);
  void after(Call call, Hook hook);
  // Every call takes this long on `clock`.
  void set_delay(Clock& clock, Duration delay);
  oci::Descriptor add_blob(const oci::Repository& repository, std::string_view content);
  // Content under a digest that is not its own, for readers that must notice.
  void add_lying_blob(const oci::Repository& repository, const oci::Digest& digest, std::string content);
  // The next so many downloads break off after so many bytes (Code::unavailable).
  void break_downloads(int times, std::size_t after);
  // `tag` may be empty. Nothing is checked.
  oci::Descriptor add_manifest(const oci::Repository& repository, const std::string& tag,
                               std::string_view media_type, std::string_view content);
  void remove_tag(const oci::Repository& repository, const std::string& tag);
  void remove_manifest(const oci::Repository& repository, const oci::Digest& digest);
  // An OCI image layout with its tags, from a folder.
  void load_layout(const std::string& folder, const oci::Repository& repository);

  // --- what a test reads
  [[nodiscard]] int count(Call call) const;
  [[nodiscard]] std::vector<Request> log() const;
  void clear_log();

  Result<oci::Descriptor> resolve(const oci::Reference& reference) override;
  Result<ManifestContent> manifest(const oci::Repository& repository,
                                   const std::string& tag_or_digest) override;
  Result<std::string> blob(const oci::Repository& repository, const oci::Descriptor& descriptor,
                           std::size_t max) override;
  Result<void> push_blob(const oci::Repository& repository, const oci::Digest& digest,
                         std::string_view content) override;
  Result<PutResult> push_manifest(const oci::Repository& repository, const std::string& tag_or_digest,
                                  std::string_view media_type, std::string_view content,
                                  const Precondition& precondition = {}) override;
  Result<ReferrersAnswer> referrers(const oci::Repository& repository, const oci::Digest& digest) override;
  Result<std::vector<std::string>> tags(const oci::Repository& repository) override;
  bool honours_preconditions(const oci::Repository& repository) override;
  Result<bool> has_blob(const oci::Repository& repository, const oci::Digest& digest) override;
  Result<void> download(const oci::Repository& repository, const oci::Descriptor& descriptor,
                        const ByteSink& sink) override;
  Result<Arrival> upload(const oci::Repository& repository, const oci::Digest& digest,
                         const ByteSource& source, const std::optional<oci::Repository>& from = {}) override;
  // A tag alone, or a manifest with all of its tags.
  Result<void> delete_manifest(const oci::Repository& repository, const std::string& tag_or_digest) override;
  Result<void> delete_blob(const oci::Repository& repository, const oci::Digest& digest) override;
  // What add_manifest() put there, whatever it is.
  Result<ManifestContent> document(const oci::Repository& repository, const std::string& tag) override;
  Result<void> ping(const std::string& registry) override;

 private:
  struct Stored {
    std::string media_type;
    std::string bytes;
  };
  struct Content {
    std::map<std::string, std::string> blobs;  // by digest
    std::map<std::string, Stored> manifests;   // by digest
    std::map<std::string, std::string> tags;   // to digest
  };

  template <typename T>
  Result<T> answer(Request request, const std::function<Result<T>()>& work);
  std::optional<Arrival> arrived(const oci::Repository& repository, const oci::Digest& digest,
                                 const std::optional<oci::Repository>& from);
  Result<void> remove(const oci::Repository& repository, const std::string& tag_or_digest);
  std::size_t bytes_before_it_breaks();
  Result<ManifestContent> find(const oci::Repository& repository, const std::string& tag_or_digest) const;
  Result<void> check_blobs(const Content& content, std::string_view manifest) const;
  Result<void> check_condition(const Content& content, const std::string& tag, const Precondition& condition);
  Result<PutResult> write_manifest(const oci::Repository& repository, const std::string& tag_or_digest,
                                   std::string_view media_type, std::string_view bytes,
                                   const Precondition& precondition);

  MemoryOptions options_;
  mutable std::mutex mutex_;
  std::map<std::string, Content> content_;  // by repository
  std::map<Call, Hook> before_, after_;
  std::vector<Request> log_;
  Clock* clock_ = nullptr;
  Duration delay_{0};
  bool answered_412_ = false;
  int breaking_ = 0;  // downloads
  std::size_t breaks_after_ = 0;
};

}  // namespace sigstore::remote::testing
