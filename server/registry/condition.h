// If-Match and If-None-Match (RFC 9110, section 13.1) over entity tags that are digests in quotes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/net/transport.h"
#include "sigstore/oci/digest.h"

namespace server::registry {

std::string etag_of(const sigstore::oci::Digest& digest);  // with its quotes

// The list in one of the two headers.
class EntityTags {
 public:
  // nullopt when the header is absent. What is no entity tag matches nothing.
  static std::optional<EntityTags> parse(const sigstore::net::Headers& headers, std::string_view name);
  // `current` is nullptr when there is nothing. "*" matches whatever there is. `weak`: W/ is looked through.
  [[nodiscard]] bool match(const sigstore::oci::Digest* current, bool weak) const;

 private:
  bool any_ = false;
  std::vector<std::string> tags_;  // as written, W/ included
};

// What must hold for a write.
class Condition {
 public:
  Condition() = default;  // nothing
  explicit Condition(const sigstore::net::Headers& headers);
  [[nodiscard]] bool holds(const sigstore::oci::Digest* current) const;

 private:
  std::optional<EntityTags> match_, none_match_;
};

// What a reader of `current` is told because of its conditions: 412, 304 (it has this content already), or
// nullopt and all is to be answered.
std::optional<int> status_for_reader(const sigstore::net::Headers& headers,
                                     const sigstore::oci::Digest& current);

}  // namespace server::registry
