// A rotation as people and programs read it.
#pragma once

#include <string>

#include "sigstore/rotate/rotate.h"

namespace cosign::rotation {

struct Told {
  const sigstore::rotate::Report& report;
  const sigstore::rotate::Place& place;
  std::string old_key, new_key;  // fingerprints
  bool dry_run = false;
};

// A line for each digest that the old key signed, and one that sums up.
std::string as_text(const Told& told);
// docs/formats/rotation.md
std::string as_json(const Told& told);

}  // namespace cosign::rotation
