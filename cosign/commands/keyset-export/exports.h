// A key set in the forms that other verifiers read. Pure. None of them knows windows, states or thresholds,
// and not all of them every scope: what gets lost is said, and where the form lets it nothing is accepted
// that the set would refuse (docs/formats/key-set.md, "In other forms").
#pragma once

#include <string>
#include <vector>

#include "sigstore/keyset/key_set.h"

namespace cosign::keyset_export {

// Keys that verify now, for one glob of repositories. "**" is every repository.
struct Rule {
  std::string glob;                                // of Docker Hub "index.docker.io/…"
  std::vector<const sigstore::keyset::Key*> keys;  // also those of globs that cover this one
  std::vector<std::string> below;                  // other rules' globs that this one covers
};

// What is exported: of the set, which outlives it.
struct Selection {
  std::vector<const sigstore::keyset::Key*> keys;  // active and retired, and in their window
  std::vector<Rule> rules;                         // by glob, "**" last; empty where there are no keys
  bool one_repository = false;                     // keys for one repository alone
  std::vector<std::string> notes;  // what no form holds: what was left out, and ends of windows
};

// `where`: keys for this repository alone, without their scopes; nullptr: all.
Selection select(const sigstore::keyset::KeySet& set, sigstore::Time now,
                 const sigstore::oci::Repository* where);

// Whether every repository that `inner` matches is matched by `outer`. False
// where that is not obvious.
bool covers(const std::string& outer, const std::string& inner);

struct Export {
  std::string text;
  std::vector<std::string> notes;  // what could not be said in this form
};

// Blocks of "PUBLIC KEY", each under lines that say whose it is, which readers
// of PEM pass over.
Export as_pem(const Selection& selection);
// trusted_root.json (protobuf-specs, sigstore_trustroot.proto), which has no
// place for keys of signers: one without logs and authorities, as cosign 2.6
// wants beside --key for a bundle.
Export as_trusted_root(const Selection& selection);
// containers-policy.json(5): `sigstoreSigned` for each scope; what no scope
// names is rejected.
Export as_containers_policy(const Selection& selection);
// kyverno.io/v1 ClusterPolicy with `verifyImages`.
Export as_kyverno(const Selection& selection, const std::string& name);
// policy.sigstore.dev/v1beta1 ClusterImagePolicy, one for each rule.
Export as_cluster_image_policies(const Selection& selection, const std::string& name);

// For a comment of one line.
std::string title(const sigstore::keyset::Key& key);

}  // namespace cosign::keyset_export
