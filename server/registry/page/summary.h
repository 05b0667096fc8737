// What hangs on an image in a few words.
#pragma once

#include <set>
#include <string>

#include "server/registry/page/parts.h"
#include "server/registry/page/survey.h"

namespace server::registry::page {

struct Summary {
  std::size_t signatures = 0;         // what claims to be one
  std::size_t others = 0;             // attestations, SBOMs and whatever else
  std::set<std::string> verified_by;  // names of keys by which a signature was verified
  bool refused = false;               // a signature by a known key does not count
  bool checked = false;               // there are keys
  bool complete = true;               // everything was looked at
};

bool is_signature(const Signer& signer);  // rather than an attestation, by its claimed type
Summary summary_of(const Survey& survey, bool checked);
html::Html as_badge(const Summary& summary);

}  // namespace server::registry::page
