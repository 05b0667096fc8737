// What went wrong with a mirror, in words that help whoever named it.
#pragma once

#include <string>

#include "cosign/session/session.h"
#include "sigstore/base/result.h"
#include "sigstore/tuf/updater.h"

namespace cosign {

// Where trust was begun from.
struct Beginning {
  std::string root;  // root.json
  std::string name;  // for people: "built in", a file, a URL
};

// Without user info and query, which may hold a secret. Anything else than a URL as it is.
std::string shown_mirror(const std::string& mirror);
// The same of all that an error says of it.
sigstore::Error without_secrets(sigstore::Error error, const std::string& mirror);

// Whether it is that metadata is too old, and not that nothing came in time.
bool has_expired(const sigstore::Error& error);

// Of the transport's hints those that are flags of registries, as what serves with a mirror.
sigstore::Error about_a_mirror(sigstore::Error error);

enum class Leads { yes, no, nothing_there, unknown };
// Whether what a repository publishes follows from this root; it is asked for it.
Leads leads_to(sigstore::tuf::Repository& repository, const std::string& root);

// An error of what began with that root and asked the mirror for all: it is told as a wrong root where it is
// one (the mirror is asked again to find that out), else as `failure`; and says what to do where there is
// something.
sigstore::Error explained(Session& session, sigstore::Error error, const std::string& mirror,
                          const Beginning& beginning, const std::string& failure);

// How a newer mirror comes to where `path` is.
std::string carry_newer(const std::string& path);

}  // namespace cosign
