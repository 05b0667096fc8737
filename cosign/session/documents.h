// What commands that take documents out of a registry share: finding them, and a line for each.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cosign/options/registry.h"
#include "cosign/session/session.h"
#include "sigstore/oci/platform.h"
#include "sigstore/store/documents.h"

namespace cosign {

// What is stored for the image that `reference` names (with `platform`: for the one image of an index), where
// signatures are kept (COSIGN_REPOSITORY). Code::not_found when there is no such image.
sigstore::Result<sigstore::store::Documents> find_documents(
    Session& session, const RegistryFlags& flags, const sigstore::oci::Reference& reference,
    const std::optional<sigstore::oci::Platform>& platform, sigstore::store::Attachment::Kind kind);

struct Printed {
  bool nothing_there = true;  // none was wanted, and everything could be asked
  bool complete = true;       // nothing that was wanted is missing
};

// Prints a line for each document that is `wanted`; then, on stderr, what was passed over, could not be read
// or could not be asked.
Printed print_documents(
    Session& session, const sigstore::store::Documents& documents,
    const std::function<bool(const sigstore::store::Document&)>& wanted,
    const std::function<sigstore::Result<std::string>(const sigstore::store::Document&)>& render);

}  // namespace cosign
