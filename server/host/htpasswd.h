// The users of a file as `htpasswd -B` writes it. bcrypt alone; the older hashes are refused when it is read.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <set>
#include <string>
#include <string_view>

#include "server/host/authorization.h"
#include "sigstore/base/env.h"

namespace server::host {

// Thread-safe. A password that was found right is remembered as a salted hash, so that bcrypt is paid once
// and not per request; wrong ones always cost it, and so does an unknown user.
class Htpasswd {
 public:
  // Code::malformed names the line.
  static sigstore::Result<std::unique_ptr<Htpasswd>> parse(std::string_view text, sigstore::Random& random);

  // Found right before, at no cost.
  [[nodiscard]] bool remembers(const Login& login);
  enum class Answer {
    right,
    wrong,
    busy,  // so many others are asking that it was not looked at
  };
  Answer check(const Login& login);
  // Of a user, as it stands in the file.
  [[nodiscard]] std::optional<std::string_view> hash_of(std::string_view user) const;

 private:
  explicit Htpasswd(sigstore::Random& random);
  [[nodiscard]] sigstore::Bytes key_of(const Login& login) const;

  std::map<std::string, std::string, std::less<>> hashes_;  // by user
  std::array<std::uint8_t, 32> salt_;
  std::counting_semaphore<> hashing_;  // bcrypt at once: strangers must not take every processor
  std::mutex mutex_;
  std::set<sigstore::Bytes> remembered_;
};

}  // namespace server::host
