// Which manifests of a repository are referrers of one image: each is fetched once.
#pragma once

#include <map>
#include <span>
#include <string_view>

#include "sigstore/remote/registry/registry.h"

namespace sigstore::store {

struct ReferrerLookup {
  enum class State {
    referrer,  // there, and about this image
    foreign,   // there, and about something else or nothing
    gone,      // twice answered with 404
    unknown    // could not be asked or read: `error`
  };
  State state = State::unknown;
  oci::Descriptor descriptor;  // of a referrer: as a list of referrers has it
  Error error;
};

// For one thread at a time; several requests at once.
class ReferrerLookups {
 public:
  // All outlive this object.
  ReferrerLookups(remote::Registry& registry, const oci::Repository& repository, const oci::Digest& subject)
      : registry_(registry), repository_(repository), subject_(subject) {}

  // Fetches those that are not known yet.
  void look_up(std::span<const oci::Digest> digests);
  // After look_up().
  [[nodiscard]] const ReferrerLookup& at(const oci::Digest& digest) const { return known_.at(digest); }
  // What a manifest says of itself.
  [[nodiscard]] ReferrerLookup judge(const remote::ManifestContent& content) const;

 private:
  [[nodiscard]] ReferrerLookup ask(const oci::Digest& digest) const;

  remote::Registry& registry_;
  const oci::Repository& repository_;
  const oci::Digest& subject_;
  std::map<oci::Digest, ReferrerLookup> known_;
};

}  // namespace sigstore::store
