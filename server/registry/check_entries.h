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
  // All outlive this object.
  EntryCheck(Index& index, sigstore::content::Store& content, const CheckedContent& checked,
             CheckReport& report)
      : index_(index), content_(content), checked_(checked), report_(report) {}

  sigstore::Result<void> run();
  // What makes the entries agree with the content.
  [[nodiscard]] const std::vector<Change>& changes() const { return changes_; }

 private:
  using Digest = sigstore::oci::Digest;
  sigstore::Result<void> repository(const std::string& name);
  sigstore::Result<void> blob(const std::string& name, const BlobRow& row);
  sigstore::Result<void> manifest(const std::string& name, const ManifestRow& row);
  sigstore::Result<void> tag(const std::string& name, const TagRow& row);
  sigstore::Result<void> needs(const std::string& name, const Digest& manifest,
                               const std::vector<sigstore::oci::Descriptor>& needed);
  void find(Finding::Kind kind, std::string where, std::string what, bool lost);

  Index& index_;
  sigstore::content::Store& content_;
  const CheckedContent& checked_;
  CheckReport& report_;
  std::vector<Change> changes_;
  std::set<Digest> lost_manifests_;  // of the repository at hand
};

}  // namespace server::registry
