// Refusals of a registry as errors that people understand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/result.h"
#include "sigstore/oci/reference.h"

namespace sigstore::remote {

// What a request does to a repository, and so the permission it needs. Each includes those before it.
enum class Access { pull, push, remove };

// One entry of a registry's error document (distribution-spec, "Error Codes"), bounded and printable.
struct RegistryError {
  std::string code;  // "MANIFEST_UNKNOWN"
  std::string message;
};

// The entries of an error body; none when it is not such a document. Also reads the token server's
// {"error": …, "error_description": …} and {"details": …}.
std::vector<RegistryError> parse_error_body(std::string_view body);

// Everything a message may say about a request that was refused.
struct Refusal {
  int status = 0;
  std::string_view body;
  oci::Repository repository;
  std::string subject;  // what was asked for: "tag v1 of REGISTRY/REPO"
  Access access = Access::pull;
  bool with_credentials = false;  // credentials, or a token got with them, were sent
  bool by_password = false;       // username and password themselves (Basic)
  std::string user;               // "USER (from SOURCE)"
};

// Codes: unauthorized (not logged in, or the credentials are wrong), forbidden (logged in without the
// permission, which is named), not_found, conflict (412, 409 and immutable tags: the message says
// "immutable"), too_large (413), unavailable (408, 429, 5xx), unsupported (the rest).
Error refusal(const Refusal& refused);

// "HTTP 404: MANIFEST_UNKNOWN: manifest unknown"
std::string status_text(int status, std::string_view body);

}  // namespace sigstore::remote
