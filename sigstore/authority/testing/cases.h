// Signatures by name, good and bad: what every verifier is asked about. One table for unit tests of verify,
// for system tests of the program, and for real cosign.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sigstore/authority/testing/sigstore.h"

namespace sigstore::authority::testing {

// How a verifier is asked.
enum class Ask {
  identity,  // by certificate: `identity` and `issuer` are expected, `root` is trusted
  key        // with made.key, and the logs and timestamp authorities of `root`
};

struct Question {
  Signed made;
  trust::TrustedRoot root;
  Ask ask = Ask::identity;
  std::string identity, issuer;
};

struct Case {
  std::string name;  // "leaf-expired"
  std::string what;  // one sentence
  bool good = false;
  std::function<Question()> make;
};

// All of them; names are unique, and fit for folders.
std::vector<Case> cases();

}  // namespace sigstore::authority::testing
