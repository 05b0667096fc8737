// Signing, the walk forward: digest -> payload -> signature -> bundle -> stored. See the table in
// docs/design/design.md. One call signs one image in the formats asked for.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sigstore/crypto/key.h"
#include "sigstore/oci/reference.h"
#include "sigstore/remote/registry/registry.h"
#include "sigstore/store/artifact_store.h"

namespace sigstore::sign {

struct Options {
  oci::Annotations annotations;
  std::string docker_reference;        // empty: the repository signed
  bool force = false;                  // sign anew although an equal signature stands
  bool upload = true;
};

// One signature of one format over one digest.
struct Made {
  store::Format format = store::Format::simple_signing;
  oci::Repository repository;
  oci::Digest subject;
  bundle::Bundle bundle;
  bool already_there = false;          // an equal one stood; nothing was added
  std::string location;                // empty when not uploaded
  oci::Digest stored_digest;
};

struct Failure {
  store::Format format = store::Format::simple_signing;
  oci::Digest subject;
  Error error;
};

struct Outcome {
  std::vector<Made> made;
  std::vector<Failure> failures;
};

// `target` is where signatures are kept (COSIGN_REPOSITORY, or the image's repository). Every store is tried; one
// failure does not stop the others.
Outcome sign_image(crypto::Signer& signer, const std::vector<store::ArtifactStore*>& stores,
                   const oci::Repository& image, const oci::Repository& target, const oci::Descriptor& subject,
                   const Options& options);

// The bundle of a format, signed but not stored.
Result<bundle::Bundle> make_bundle(store::Format format, crypto::Signer& signer, const oci::Repository& image,
                                   const oci::Digest& subject, const Options& options);

// The scheme that a format uses for a key type, so that the widest set of verifiers accepts it.
crypto::Scheme scheme_for(store::Format format, crypto::KeyType type);

// The image and, with `recursive`, every manifest below it (an index's children, at any depth, each once).
Result<std::vector<oci::Descriptor>> subjects(remote::Registry& registry, const oci::Repository& repository,
                                              const oci::Descriptor& root, bool recursive);

}  // namespace sigstore::sign
