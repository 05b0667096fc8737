// Every entry of a registry, compared with its content. For check.cc.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "server/registry/check_content.h"
#include "server/registry/index.h"

namespace server::registry {

class EntryCheck {
 public:
  // All outlive this object. `gaps`: the index may lack what was acknowledged, because lines of the journal
  // are lost. Then a blob that a manifest of its repository names, and that is there, belongs to it again.
  EntryCheck(Index& index, sigstore::content::Store& content, const CheckedContent& checked, bool gaps,
             CheckReport& report)
      : index_(index), content_(content), checked_(checked), gaps_(gaps), report_(report) {}

  sigstore::Result<void> run();
  // What makes the entries agree with the content.
  [[nodiscard]] const std::vector<Change>& changes() const { return changes_; }

 private:
  using Digest = sigstore::oci::Digest;
  sigstore::Result<void> repository(const std::string& name);
  sigstore::Result<void> blob(const std::string& name, const BlobRow& row);
  sigstore::Result<void> manifest(const std::string& name, const ManifestRow& row);
  sigstore::Result<void> tag(const std::string& name, const TagRow& row);
  sigstore::Result<void> needs_blob(const std::string& name, const ManifestRow& row, const Digest& blob);
  sigstore::Result<void> needs_child(const std::string& name, const ManifestRow& row, const Digest& child);
  void lacks(const std::string& name, const ManifestRow& row, const Digest& needed);
  void find(Finding::Kind kind, std::string where, std::string what, bool lost);

  Index& index_;
  sigstore::content::Store& content_;
  const CheckedContent& checked_;
  const bool gaps_;
  CheckReport& report_;
  std::vector<Change> changes_;
  std::set<Digest> given_back_;      // blobs, to the repository at hand
  std::set<Digest> lost_manifests_;  // of the repository at hand
};

}  // namespace server::registry
