// CI/CD variables of a GitLab project or group: where it is, as whom it is asked, and what is read and
// written.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sigstore/base/env.h"
#include "sigstore/keys/provider.h"
#include "sigstore/remote/service/service.h"

namespace sigstore::keys {

// The project or group of gitlab://ID or gitlab://GROUP/PROJECT. Code::not_mine, Code::invalid_argument.
Result<std::string> parse_gitlab_reference(const std::string& text);

// GITLAB_HOST, CI_API_V4_URL (within GitLab's own jobs) or https://gitlab.com, and GITLAB_TOKEN.
// Code::not_found (no token), Code::invalid_argument.
Result<remote::ServiceOptions> read_gitlab_settings(const Env& env);

// The "value" of a variable's document. Code::malformed; Code::too_large above limits::key_file_bytes.
Result<Secret> parse_gitlab_variable(const codec::json::Value& document, const std::string& name);

// The variables of one project or group; which of the two it is has been asked.
class GitlabVariables {
 public:
  // Code::not_found when there is neither; and all errors of a service.
  static Result<GitlabVariables> open(const Context& context, const std::string& place);

  // Nothing where there is no such variable.
  Result<std::optional<Secret>> find(const std::string& name);
  // Makes it as real cosign does: for all branches, shown in logs.
  Result<void> create(const std::string& name, const Secret& value);
  Result<void> replace(const std::string& name, const Secret& value);
  Result<void> remove(const std::string& name);

  // "the project group/app of GitLab at https://gitlab.com"
  [[nodiscard]] const std::string& what() const { return what_; }

 private:
  GitlabVariables(std::unique_ptr<remote::Service> service, std::string path, std::string what)
      : service_(std::move(service)), path_(std::move(path)), what_(std::move(what)) {}
  Result<codec::json::Value> ask(const std::string& method, const std::string& path, const std::string& what,
                                 std::optional<Secret> body);

  std::unique_ptr<remote::Service> service_;
  std::string path_;  // "/projects/group%2Fapp"
  std::string what_;
};

}  // namespace sigstore::keys
