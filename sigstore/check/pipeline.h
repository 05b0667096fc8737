// Checking, the walk back: reference -> digest -> candidates -> verdicts. Parallel images, the union of formats
// and early stop live here alone; every command and enforcement point that verifies calls this.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sigstore/oci/reference.h"
#include "sigstore/remote/registry/registry.h"
#include "sigstore/store/artifact_store.h"
#include "sigstore/verify/judge.h"

namespace sigstore::check {

struct Candidate {
  store::Stored stored;
  verify::Verdict verdict;  // empty when stored.bundle is an error
};

// Why an image did not pass. The command line maps these to exit codes.
enum class Reason { none, no_signature, image_not_found, no_match, lookup_failed, error };
const char* name(Reason reason);

struct ImageResult {
  std::string typed;                        // as the user gave it
  std::optional<oci::Reference> reference;
  std::optional<oci::Digest> digest;
  std::vector<Candidate> candidates;        // all that was looked at, .sig first
  std::vector<std::string> notes;
  std::optional<Error> error;               // set exactly when `reason` is not none
  Reason reason = Reason::none;
  std::vector<ImageResult> children;        // of an index, for the report; at most 32
  [[nodiscard]] bool accepted() const { return reason == Reason::none; }
};

struct Options {
  verify::TrustedMaterial material;
  verify::Requirements requirements;        // `subject` is filled in per image
  std::optional<oci::Repository> repository;// COSIGN_REPOSITORY
  int max_workers = limits::max_workers;
};

// One result per image, in the order given.
std::vector<ImageResult> check_images(remote::Registry& registry, const std::vector<store::ArtifactStore*>& stores,
                                      const std::vector<std::string>& images, const Options& options);

// The same against candidates that are at hand (a layout, --signature/--payload).
ImageResult check_candidates(const oci::Digest& digest, std::vector<store::Stored> candidates, const Options& options);

}  // namespace sigstore::check
