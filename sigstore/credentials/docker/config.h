// Docker's config.json and podman's auth.json, as values: the part that holds credentials.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/result.h"
#include "sigstore/codec/json.h"
#include "sigstore/oci/reference.h"
#include "sigstore/remote/registry/credentials.h"

namespace sigstore::credentials {

// The name under which docker keeps a registry: "https://index.docker.io/v1/" for Docker Hub, else the
// host[:port].
std::string config_key(const std::string& registry);

// What a key of `auths` stands for, "host" or "host/path": without scheme, "/v1/" and "/v2/", with every name
// of Docker Hub as "index.docker.io".
std::string canonical_key(std::string_view key);

// The registry that somebody means by `text`: a host[:port], also as a URL or one of Docker Hub's names.
// Code::invalid_argument for anything else, a repository included.
Result<std::string> registry_of(std::string_view text);

class Config {
 public:
  Config() = default;  // an empty file

  // An empty text is an empty config. Code::malformed names `file`, and the line where there is one.
  static Result<Config> parse(std::string_view text, std::string file);

  // The helper that is asked for a registry: credHelpers (an empty name there: none), else credsStore, else
  // "".
  [[nodiscard]] std::string helper_for(const oci::Repository& repository) const;

  // From `auths`, the most specific key first (podman's "host/path" keys). Entries without any secret count
  // as absent, which is what docker leaves behind for a helper. Code::malformed for an entry that cannot be
  // read; others are not looked at.
  [[nodiscard]] Result<std::optional<remote::Credential>> entry_for(const oci::Repository& repository) const;

  // The keys of `auths` that stand for a whole registry, as they are written.
  [[nodiscard]] std::vector<std::string> keys_of(const std::string& registry) const;

  // The registries that there are credentials for, here or with a helper named for one; without Docker Hub.
  [[nodiscard]] std::vector<std::string> registries() const;

  // Puts username:password under config_key(registry); nullopt leaves an entry without a secret, as docker
  // does where a helper holds it. Other members of the entry stay.
  void put(const std::string& registry, const std::optional<std::string>& user_and_password);
  // Removes all keys_of(registry); whether one of them held a secret.
  bool remove(const std::string& registry);

  // As docker writes it: tabs, Go's escapes; members that are not known here are as they were.
  [[nodiscard]] std::string write() const;

 private:
  codec::json::Object document_;
  std::string file_;
};

}  // namespace sigstore::credentials
