// Signing, the walk forward: digest -> payload -> signature -> bundle -> stored (docs/design/design.md).
//
// It is split where the key is needed: prepare() asks the registry what is there while the key is still being
// opened, sign_image() does the rest. Formats are stores: one signature per store, none stops the others.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sigstore/crypto/key.h"
#include "sigstore/oci/reference.h"
#include "sigstore/remote/registry/registry.h"
#include "sigstore/sign/attestation.h"
#include "sigstore/store/artifact_store.h"

namespace sigstore::sign {

using Stores = std::vector<store::ArtifactStore*>;

struct Options {
  oci::Annotations annotations;
  std::string docker_reference;            // identity in the .sig payload; empty: the image's repository
  std::optional<std::string> payload;      // .sig only: sign these bytes; they must name the image's digest
  std::optional<Attestation> attestation;  // say this instead of signing; never in Format::simple_signing
  bool force = false;                      // sign anew although an equal signature stands
  // With Attestation::replace: stores besides those that are written to. Where the key said something of the
  // type in one of them, this takes its place there as well; else nothing is put into it.
  Stores elsewhere = {};
};

// An image and what is already stored for it.
struct Prepared {
  oci::Repository image;
  oci::Repository target;  // where signatures are kept: COSIGN_REPOSITORY, or `image`
  oci::Descriptor subject;
  std::map<const store::ArtifactStore*, Result<store::Listing>> existing;
};

// Asks every store for the newest limits::resign_candidates entries (not with options.force, unless what is
// there is to be replaced).
Prepared prepare(const Stores& stores, const oci::Repository& image, const oci::Repository& target,
                 const oci::Descriptor& subject, const Options& options);

// One signature of one format over one digest.
struct Made {
  store::Format format = store::Format::simple_signing;
  oci::Repository image;
  oci::Digest subject;
  bundle::Bundle bundle;
  bool already_there = false;      // an equal one verified; nothing was added
  std::string location;            // where it is stored
  oci::Digest stored_digest;       // of the layer (.sig) or the referrer manifest (bundle)
  std::vector<std::string> notes;  // of the look-up before it and of the store
  // With Attestation::replace, the predicate types of what made room and of what stayed.
  std::vector<std::string> replaced, kept;
};

struct Failure {
  store::Format format = store::Format::simple_signing;
  oci::Repository image;
  oci::Digest subject;
  Error error;
};

struct Outcome {
  std::vector<Made> made;
  std::vector<Failure> failures;
  void append(Outcome other);
};

Outcome sign_image(crypto::Signer& signer, const Stores& stores, const Prepared& prepared,
                   const Options& options);

// Several images at once, at most `workers` at a time; the order of `prepared` is kept, and what is in it
// twice is signed once. The signer must be thread-safe when `workers` is more than one.
Outcome sign_images(crypto::Signer& signer, const Stores& stores, const std::vector<Prepared>& prepared,
                    const Options& options, int workers);

// Signed, but not stored.
Result<bundle::Bundle> make_bundle(store::Format format, crypto::Signer& signer, const oci::Repository& image,
                                   const oci::Digest& subject, const Options& options);

// The scheme for a type of key, in both formats: the one that every verifier takes with no flag. Real
// cosign 3.1.2 and 2.6.5 verify SHA-256 with any curve and RSA, and pure Ed25519, in `.sig` and in bundles
// alike; the curve's own digest they verify in neither (docs/parity.md).
crypto::Scheme scheme_for(crypto::KeyType type);

// The stored entry of this format that makes signing again needless: it verifies under `key` over `subject`,
// with exactly these annotations and, in `.sig`, this identity. Of the listing the newest
// limits::resign_candidates are looked at. nullptr when there is none.
const store::Stored* equal_signature(const store::Listing& listing, store::Format format,
                                     const crypto::PublicKey& key, const oci::Repository& image,
                                     const oci::Digest& subject, const Options& options);

// The image itself and, with `recursive`, every manifest below it: an index's children at any depth, each
// once.
Result<std::vector<oci::Descriptor>> subjects(remote::Registry& registry, const oci::Repository& repository,
                                              const oci::Descriptor& root, bool recursive);

}  // namespace sigstore::sign
