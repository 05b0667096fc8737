// The walk that `sign` and `attest` share: from the images of a command line to what stands beside them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cosign/keysets/key_set_flags.h"
#include "cosign/options/registry.h"
#include "cosign/session/session.h"
#include "sigstore/base/limits.h"
#include "sigstore/crypto/key.h"
#include "sigstore/sign/pipeline.h"

namespace cosign {

// How it is told.
struct SigningWords {
  std::string verb = "sign";  // whose other forms are regular
  std::string thing = "signature";
};

// What was signed, and what it was signed for: images that could not be prepared are not among `prepared`.
struct Signed {
  const std::vector<sigstore::sign::Made>& made;
  const std::vector<sigstore::sign::Prepared>& prepared;
};

struct SigningPlan {
  SigningWords words;
  std::string key;
  std::optional<SigningSet> key_set;  // who may sign
  RegistryFlags registry;
  std::vector<sigstore::store::Format> formats;
  sigstore::sign::Options options;
  std::vector<std::string> identities;  // docker-references, one signature each; empty: the image's own
  std::string attachment;               // "sbom": what is attached is signed
  bool recursive = false;
  bool upload = true;
  bool one_file = false;  // what `outputs` writes can hold one signature alone
  int max_workers = sigstore::limits::max_workers;
  // Files and results besides the registry; may sign for them. Called once, before anything is reported.
  std::function<sigstore::Result<void>(sigstore::crypto::Signer&, const Signed&,
                                       const sigstore::sign::Options&)>
      outputs;
};

// Signs `images` and tells what came of it: first what was written, then every failure. The exit code; an
// error is one where nothing could be signed, or an output that could not be written.
sigstore::Result<int> run_signing(Session& session, SigningPlan plan, const std::vector<std::string>& images);

// The bundle of `format` over `subject`: the one that was made, or a new one.
sigstore::Result<sigstore::bundle::Bundle> bundle_of(sigstore::store::Format format,
                                                     sigstore::crypto::Signer& signer, const Signed& all,
                                                     const sigstore::sign::Prepared& image,
                                                     const sigstore::sign::Options& options);

// --bundle: `image` as a sigstore bundle in a file.
sigstore::Result<void> write_bundle_file(Session& session, const std::string& path,
                                         sigstore::crypto::Signer& signer, const Signed& all,
                                         const sigstore::sign::Prepared& image,
                                         const sigstore::sign::Options& options);

}  // namespace cosign
