// A file on its way into a repository as the one layer of an image: what `upload blob` and `upload wasm`
// share.
#pragma once

#include <memory>
#include <string>

#include "cosign/session/session.h"
#include "sigstore/base/stream.h"
#include "sigstore/oci/manifest.h"
#include "sigstore/store/tag/file_document.h"

namespace cosign {

struct Upload {
  sigstore::oci::Descriptor layer;  // digest and size; the caller gives it a media type
  std::string head;                 // the first bytes, at most upload_head
  sigstore::ByteSource content;     // the same bytes again
  // What could not be read again from where it came (stdin, a pipe) lies here meanwhile.
  std::shared_ptr<sigstore::AtomicFile> spool;
};
inline constexpr std::size_t upload_head = 512;

// Reads it once, in pieces, whatever its size. A file that changes later is refused by the registry.
sigstore::Result<Upload> read_upload(Session& session, const std::string& path);

// Pushes the file, the config and the manifest, under a tag or by digest; the file only when the registry
// does not have it. Returns the manifest's descriptor.
sigstore::Result<sigstore::oci::Descriptor> push_upload(sigstore::remote::Registry& registry,
                                                        const sigstore::oci::Repository& repository,
                                                        const Upload& upload,
                                                        const sigstore::store::FileDocument& document,
                                                        const std::optional<std::string>& tag);

// A place that is named by a tag; Code::invalid_argument for a digest, which nobody knows before, and for a
// tag that would hide signatures.
sigstore::Result<sigstore::oci::Reference> upload_place(const std::string& argument);

}  // namespace cosign
