// What an examination has found, for people and for programs.
#pragma once

#include <string>

#include "sigstore/doctor/examination.h"

namespace cosign::doctor_registry {

struct Report {
  sigstore::oci::Repository repository;
  sigstore::doctor::Examination examination;
  sigstore::doctor::Conclusion conclusion;
};

std::string as_text(const Report& report);
// docs/formats/doctor-registry.md, indented, without a last line break.
std::string as_json(const Report& report);

}  // namespace cosign::doctor_registry
