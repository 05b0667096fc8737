// Checking, the walk back: reference -> digest -> candidates -> verdicts (docs/design/design.md). Parallel
// images, early stop and the union of formats live here alone; every command and enforcement point that
// verifies calls it.
//
// Requests per image, authentication not counted: a tag costs one HEAD. All stores are asked their first
// question at once; as soon as an earlier store's candidates decide, the later ones fetch nothing more. The
// image's own manifest is asked for only when nothing was found, to tell "no signature" from "no such image".
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sigstore/oci/reference.h"
#include "sigstore/remote/registry/registry.h"
#include "sigstore/store/artifact_store.h"
#include "sigstore/tlog/body.h"
#include "sigstore/tlog/entry.h"
#include "sigstore/verify/judge.h"

namespace sigstore::check {

using Stores = std::vector<store::ArtifactStore*>;  // in the order of preference

struct Candidate {
  store::Stored stored;
  verify::Verdict verdict;  // without checks when stored.bundle is an error
  // It passed all but Options::policy, which could not be asked; its check "policy" says so too.
  std::optional<Error> policy_error = {};
  // Whom to trust could not be found out (Options::obtain): `verdict` is the one without.
  std::optional<Error> trust_error = {};
};

// The user's own rules about a statement (JSON text): the check that they come to. An error says nothing
// about the statement: the rules are broken, or take too long. Called from several threads at once.
using Policy = std::function<Result<verify::Check>(std::string_view statement)>;

// Asks a log for the entry of a signature, by who made it and, of a file, the file's SHA-256 (else empty).
// Called from several threads at once.
using LookUp = std::function<Result<tlog::Entry>(const bundle::Bundle& bundle,
                                                 const tlog::LoggedSignature& signer, BytesView file_sha256)>;

// Finds out whom to trust, where that takes more than reading what was named: the same each time that it is
// asked, and quick after the first. Called from several threads at once.
using Obtain = std::function<Result<std::shared_ptr<const verify::TrustedParties>>()>;

// Why an image did not pass. The command line maps these to exit codes; the names are part of the report.
enum class Reason {
  accepted,         // it passed
  no_signature,     // nothing of the required kind is stored for it
  image_not_found,  // the registry has no such image
  blob_not_found,   // there is no such file
  no_match,         // candidates are there, none passes
  lookup_failed,    // a store could not be asked: what is there is not known
  not_judged,       // nothing else passes, and a policy, or whom to trust, could not be asked
  invalid           // the reference cannot be read
};
const char* name(Reason reason);

struct ImageResult {
  std::string typed;  // as the user gave it
  std::optional<oci::Reference> reference;
  std::optional<oci::Digest> digest;
  Reason reason = Reason::accepted;
  std::optional<Error> error;         // set exactly when `reason` is not accepted
  std::vector<Candidate> candidates;  // all that was looked at, in the order of the stores
  std::vector<std::string> notes;
  std::vector<ImageResult> children;  // of an index that did not pass, with Options::children
  bool several_keys = false;          // which key verified is worth a word: more than one would have done
  std::size_t threshold = 1;          // Options::threshold
  [[nodiscard]] bool accepted() const { return reason == Reason::accepted; }
};

struct Options {
  verify::TrustedMaterial material;
  verify::Requirements requirements;  // `subject` is filled in per image
  Policy policy;                      // the last check of an attestation; empty: none
  // For signatures of the old formats that came without an entry, where one is required; empty: nobody is
  // asked.
  LookUp look_up = {};
  // In place of `material.parties`, once a candidate is there whose verdict hangs on them; empty: they are
  // all.
  Obtain obtain = {};
  std::optional<oci::Repository> repository;  // where signatures are kept: COSIGN_REPOSITORY
  int max_workers = limits::max_workers;
  bool all_candidates = false;  // no early stop: look at everything that is stored
  std::size_t threshold = 1;    // so many different keys must have signed, each in a candidate that passes
  bool children = false;        // of an index that did not pass, check the children too (at most 32)
};

// The signers of the candidates that passed, each once, in the order of the candidates: fingerprint and name
// of a key; who a certificate names.
std::vector<std::pair<std::string, std::string>> accepted_keys(const std::vector<Candidate>& candidates);

// One result per image, in the order given.
std::vector<ImageResult> check_images(remote::Registry& registry, const Stores& stores,
                                      const std::vector<std::string>& images, const Options& options);

// The reference read and resolved, nothing checked yet: accepted() with a digest, or why not.
ImageResult resolve_image(remote::Registry& registry, const std::string& image);

// Candidates that are at hand already (a layout, --signature and --payload): judged, and the result decided.
// `result` carries typed, reference and digest; Reason::no_signature when nothing fits.
ImageResult check_candidates(ImageResult result, std::vector<store::Stored> candidates,
                             const Options& options);

}  // namespace sigstore::check
