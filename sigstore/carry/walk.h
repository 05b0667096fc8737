// From an image to the list of all that has to be carried with it.
#pragma once

#include <set>

#include "sigstore/carry/source.h"

namespace sigstore::carry {

struct WalkOptions {
  std::set<Kind> kinds;  // what is carried; empty: all. The rest is walked through all the same
  int at_once = 8;       // requests
};

// `root`: the image or index. Each manifest once, whatever the ways to it; children of children and an
// attachment's own attachments at any depth up to limits::referrer_depth. Code::too_large beyond the bounds;
// not_found for a child that is not there. A listed referrer that is gone, or about something else, is passed
// over with a note. A child that is a referrer as well is two items.
Result<Cargo> walk(Source& source, const oci::Descriptor& root, const WalkOptions& options = {});

}  // namespace sigstore::carry
