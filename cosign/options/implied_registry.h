// `nginx@sha256:…` means docker.io/library/nginx: the most common slip of people with a registry of their
// own. And `nginx` alone means its tag "latest".
#pragma once

#include <string>

#include "sigstore/base/result.h"
#include "sigstore/oci/reference.h"

namespace cosign {

// The error of a request about `reference`; when no registry was typed, it also says which one was meant and
// shows the reference as it probably should have been. `own_registry` is one the user is logged in to, or
// empty.
sigstore::Error explain_registry(sigstore::Error error, const sigstore::oci::Reference& reference,
                                 const std::string& own_registry = {});

// The error that a tag is not there, where nobody typed that tag: says that "latest" was taken.
sigstore::Error explain_tag(sigstore::Error error, const sigstore::oci::Reference& reference);

}  // namespace cosign
