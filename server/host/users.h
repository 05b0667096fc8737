// The users of a file that is read again when it changes, and how often a stranger may guess.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "server/host/htpasswd.h"
#include "server/host/rate.h"
#include "sigstore/base/env.h"

namespace server::host {

// Thread-safe.
class Users {
 public:
  using Trouble = std::function<void(const std::string& line)>;

  // Errors: those of reading `path` and of Htpasswd::parse. All that `env` points to outlives it. Later, a
  // file that cannot be used is told to `trouble`, once, and the users stay as they were.
  static sigstore::Result<std::unique_ptr<Users>> open(const sigstore::Env& env, std::string path,
                                                       Trouble trouble);

  struct Outcome {
    enum class Kind { right, wrong, later } kind;
    sigstore::Duration wait{};  // for later: too many wrong passwords came from there
  };
  Outcome check(const Login& login, std::string_view peer);
  [[nodiscard]] sigstore::Time now() const { return env_.clock->now(); }
  // The hash of a user's password; nullopt when there is no such user (any more).
  std::optional<std::string> hash_of(std::string_view user);

 private:
  Users(const sigstore::Env& env, std::string path, Trouble trouble)
      : env_(env), path_(std::move(path)), trouble_(std::move(trouble)) {}
  sigstore::Result<void> read();
  std::shared_ptr<Htpasswd> current();

  const sigstore::Env env_;
  const std::string path_;
  const Trouble trouble_;
  Buckets failures_{*env_.clock, {.per_second = 0.5, .burst = 20}};  // wrong passwords, by network
  std::mutex mutex_;                                                 // of all below
  std::string text_;                                                 // of the file, as it was last read
  std::string complaint_;
  std::chrono::steady_clock::time_point looked_;
  std::shared_ptr<Htpasswd> users_;
};

}  // namespace server::host
