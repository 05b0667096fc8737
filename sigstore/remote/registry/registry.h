// A registry as the stores see it (OCI distribution-spec 1.1). Values in, values out; every digest and size
// is checked before anything is returned. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/result.h"
#include "sigstore/base/stream.h"
#include "sigstore/oci/manifest.h"
#include "sigstore/oci/reference.h"

namespace sigstore::remote {

struct ManifestContent {
  oci::Descriptor descriptor;  // media type, digest and size of `bytes`, recomputed
  std::string bytes;
  std::string etag;  // as sent; empty when the registry sends none
};

// What must hold for a write (RFC 9110 section 13). Many registries ignore it: a 2xx proves nothing.
struct Precondition {
  enum class Kind { none, absent, unchanged } kind = Kind::none;
  std::string etag;  // for unchanged
};

struct PutResult {
  oci::Digest digest;
  bool subject_acknowledged = false;  // OCI-Subject was in the answer
};

struct ReferrersAnswer {
  bool api = false;        // the registry has the referrers API (200 with an OCI index)
  bool truncated = false;  // more than limits::referrers: the rest was not looked at
  std::vector<oci::Descriptor> descriptors;
};

// How a blob got to where it was wanted.
enum class Arrival { there_already, mounted, uploaded };

class Registry {
 public:
  virtual ~Registry() = default;

  // Errors of all: not_found (404), unauthorized (401), forbidden (403), conflict (412), unavailable (429,
  // 5xx), unreachable, timeout, tls, mismatch (a digest or size lies), too_large, malformed.

  // HEAD, and GET only where a registry cannot answer HEAD properly.
  virtual Result<oci::Descriptor> resolve(const oci::Reference& reference) = 0;
  virtual Result<ManifestContent> manifest(const oci::Repository& repository,
                                           const std::string& tag_or_digest) = 0;
  virtual Result<std::string> blob(const oci::Repository& repository, const oci::Descriptor& descriptor,
                                   std::size_t max) = 0;
  // Uploads unless it is there already.
  virtual Result<void> push_blob(const oci::Repository& repository, const oci::Digest& digest,
                                 std::string_view content) = 0;
  // By digest: repeated on failure. By tag: sent once, never repeated; conditions as given.
  virtual Result<PutResult> push_manifest(const oci::Repository& repository, const std::string& tag_or_digest,
                                          std::string_view media_type, std::string_view content,
                                          const Precondition& precondition = {}) = 0;
  // The referrers API alone; `api` is false on 404, 400, 406 or another content type. The fallback tag is
  // store/referrers' business.
  virtual Result<ReferrersAnswer> referrers(const oci::Repository& repository, const oci::Digest& digest) = 0;
  virtual Result<std::vector<std::string>> tags(const oci::Repository& repository) = 0;
  // Whether this host was seen to answer 412 to a condition that did not hold, so that a 2xx proves it did.
  virtual bool honours_preconditions(const oci::Repository& repository) = 0;

  // --- content of any size, in flat memory. Registries that only answer questions need none of these: they
  // are Code::unsupported by default.

  virtual Result<bool> has_blob(const oci::Repository& repository, const oci::Digest& digest);
  // Its content, while it arrives. It goes on where a connection broke. The last piece is withheld
  // (Code::mismatch) when size or digest are others.
  virtual Result<void> download(const oci::Repository& repository, const oci::Descriptor& descriptor,
                                const ByteSink& sink);
  // Sends a blob unless it is there, or in `from`, a repository of the same registry, which can hand it over
  // without a copy. The registry checks the digest. The source is opened once for each try.
  virtual Result<Arrival> upload(const oci::Repository& repository, const oci::Digest& digest,
                                 const ByteSource& source, const std::optional<oci::Repository>& from = {});
  // Code::unsupported where this registry deletes nothing, or nothing by tag. Whether a tag alone goes, or
  // the manifest with all of its tags, differs from registry to registry.
  virtual Result<void> delete_manifest(const oci::Repository& repository, const std::string& tag_or_digest);
  // Code::unsupported where this registry leaves blobs to its garbage collection. What manifests still name
  // goes as well: only for blobs that nobody else can have pushed.
  virtual Result<void> delete_blob(const oci::Repository& repository, const oci::Digest& digest);
  // As manifest(), for whoever repairs: it need not be a manifest at all. `descriptor.media_type` is what the
  // registry calls it, and may be empty; digest and size are those of the bytes. By default manifest().
  virtual Result<ManifestContent> document(const oci::Repository& repository, const std::string& tag);

  // Tries credentials: GET /v2/ with authentication. Used by login.
  virtual Result<void> ping(const std::string& registry) = 0;
};

}  // namespace sigstore::remote
