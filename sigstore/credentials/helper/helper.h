// Docker's credential helpers: programs called docker-credential-NAME that are spoken to over stdin and
// stdout (docker/docker-credential-helpers, "Development"). Thread-safe values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sigstore/base/env.h"
#include "sigstore/base/result.h"
#include "sigstore/base/secret.h"

namespace sigstore::credentials {

struct HelperCredential {
  std::string username;
  Secret secret;
  bool identity_token =
      false;  // the helper said the user is "<token>": the secret is an OAuth2 refresh token
};

// Errors of all verbs: not_found (no such program on PATH), io (it failed), timeout, too_large, malformed
// (its answer). Each names the program and the file that asks for it; none repeats what the helper wrote to
// stdout after success.
class Helper {
 public:
  // `name` as a config file has it ("desktop"), `configured_in` that file. Code::malformed when the name
  // holds anything but letters, digits, '.', '_' and '-'.
  static Result<Helper> named(std::string_view name, std::string configured_in);

  [[nodiscard]] const std::string& program() const { return program_; }

  // nullopt: it has nothing for that server.
  Result<std::optional<HelperCredential>> get(Processes& processes, const std::string& server) const;
  Result<void> store(Processes& processes, const std::string& server, const std::string& username,
                     const Secret& secret) const;
  // Whether there was something to remove.
  Result<bool> erase(Processes& processes, const std::string& server) const;

 private:
  Helper(std::string program, std::string configured_in)
      : program_(std::move(program)), configured_in_(std::move(configured_in)) {}
  Result<ProcessOutput> run(Processes& processes, const std::string& verb, std::string_view input) const;
  [[nodiscard]] Error failed(const ProcessOutput& output, const std::string& server) const;

  std::string program_, configured_in_;
};

}  // namespace sigstore::credentials
