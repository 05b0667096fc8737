// The index under the fallback tag `sha256-<hex>`: what a registry without the referrers API keeps in its
// stead (distribution-spec 1.1, "Referrers Tag Schema").
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sigstore/store/shared_tag.h"

namespace sigstore::store {

std::string fallback_tag(const oci::Digest& subject);

// What stands in the index stays as it is, but for entries whose manifest is gone: those are dropped, and
// said; and those in `replaced`.
class FallbackIndex final : public TagDocument {
 public:
  // Both outlive this object.
  FallbackIndex(remote::Registry& registry, const oci::Repository& repository,
                std::set<oci::Digest> replaced = {})
      : registry_(registry), repository_(repository), replaced_(std::move(replaced)) {}

  Result<std::vector<TagEntry>> entries(const remote::ManifestContent& current) const override;
  Result<Draft> append(const remote::ManifestContent* current, const std::vector<TagEntry>& added) override;

  Result<bool> holds_what_goes(const remote::ManifestContent& current) const override;

  static TagEntry entry_for(const oci::Descriptor& descriptor);
  // What was dropped.
  [[nodiscard]] std::vector<std::string> notes() const;

 private:
  void look_up(const oci::Index& index) const;
  [[nodiscard]] bool gone(const oci::Digest& digest) const {
    return replaced_.contains(digest) || gone_.at(digest);
  }
  [[nodiscard]] bool answers_404(const oci::Digest& digest) const;

  remote::Registry& registry_;
  const oci::Repository& repository_;
  const std::set<oci::Digest> replaced_;
  mutable std::map<oci::Digest, bool> gone_;  // of every manifest that was looked up
};

}  // namespace sigstore::store
