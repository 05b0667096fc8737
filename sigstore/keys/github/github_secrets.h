// Secrets of GitHub Actions, of a repository or an organization: sealed for the key that GitHub gives out, so
// that they are written but never read.
#pragma once

#include <memory>
#include <string>

#include "sigstore/base/env.h"
#include "sigstore/keys/provider.h"
#include "sigstore/remote/service/service.h"

namespace sigstore::keys {

struct GithubPlace {
  std::string owner;
  std::string repository;  // empty: an organization

  [[nodiscard]] std::string path() const;  // "/repos/owner/app", "/orgs/owner"
  [[nodiscard]] std::string text() const;  // "the repository owner/app", "the organization owner"
};

// github://OWNER/REPOSITORY or github://ORGANIZATION. Code::not_mine, Code::invalid_argument.
Result<GithubPlace> parse_github_reference(const std::string& text);

// GITHUB_HOST, GITHUB_API_URL (within GitHub's own jobs) or https://api.github.com, and GITHUB_TOKEN.
// Code::not_found (no token), Code::invalid_argument.
Result<remote::ServiceOptions> read_github_settings(const Env& env);

// The key that secrets are sealed for.
struct GithubSealingKey {
  std::string id;
  Bytes key;  // 32 bytes
};

// Code::malformed.
Result<GithubSealingKey> parse_github_key(const codec::json::Value& answer);

class GithubSecrets {
 public:
  // Asks for the sealing key.
  static Result<GithubSecrets> open(const Context& context, const GithubPlace& place);

  Result<bool> has(const std::string& name);
  Result<void> write(const std::string& name, const Secret& value);  // makes or replaces it
  Result<void> remove(const std::string& name);

  [[nodiscard]] const std::string& what() const { return what_; }

 private:
  GithubSecrets(std::unique_ptr<remote::Service> service, const GithubPlace& place);
  Result<codec::json::Value> ask(const std::string& method, const std::string& path, const std::string& what,
                                 std::optional<Secret> body);

  std::unique_ptr<remote::Service> service_;
  GithubPlace place_;
  std::string what_;
  GithubSealingKey key_;
};

}  // namespace sigstore::keys
