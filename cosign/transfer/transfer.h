// What `copy`, `save` and `load` share: flags, the walk and the move with progress, and the words for it.
#pragma once

#include <string>

#include "cosign/options/registry.h"
#include "cosign/session/session.h"
#include "sigstore/carry/carry.h"
#include "sigstore/carry/walk.h"

namespace cosign {

struct TransferFlags {
  RegistryFlags registry;
  int workers = sigstore::limits::blobs_at_once;

  void declare(FlagSet& flags);
};

// Moves what `cargo` lists, with progress on a terminal (`verb`: "copying"), and says what was done:
// "VERB: …". Its notes are said before.
sigstore::Result<void> move(Session& session, sigstore::carry::Source& source,
                            sigstore::carry::Target& target, const sigstore::carry::Cargo& cargo,
                            const TransferFlags& flags, const std::string& verb);

// Of a registry: the image's own repository, and COSIGN_REPOSITORY for what hangs on it.
sigstore::Result<std::unique_ptr<sigstore::carry::Source>> registry_source(
    Session& session, const TransferFlags& flags, const sigstore::oci::Repository& repository);

// The image that a reference names; with a platform, the child of the index that is for it. Errors are
// explained.
sigstore::Result<sigstore::oci::Descriptor> find_image(Session& session, const TransferFlags& flags,
                                                       const sigstore::oci::Reference& reference);

// Code::invalid_argument for a tag that would hide signatures (is_attachment_tag).
sigstore::Result<void> check_target(const sigstore::oci::Reference& reference);

// "12.3 MB"
std::string bytes_text(std::uint64_t bytes);

}  // namespace cosign
