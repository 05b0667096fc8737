// What is to be repaired, or was, for people and for programs.
#pragma once

#include <optional>
#include <string>

#include "sigstore/oci/reference.h"
#include "sigstore/store/referrers/repair.h"

namespace cosign::repair {

struct Report {
  sigstore::oci::Repository repository;  // where the list is
  sigstore::oci::Digest digest;          // of the image
  sigstore::store::RepairPlan plan;
  std::optional<sigstore::store::RepairReport> done;  // nothing: a dry run, or there was nothing to do
};

std::string as_text(const Report& report);
// docs/formats/repair.md, indented, without a last line break.
std::string as_json(const Report& report);

}  // namespace cosign::repair
