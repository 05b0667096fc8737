// Who may come in: a file as `htpasswd -B` writes it. bcrypt alone; the older hashes are refused when it is
// read.
#pragma once

#include <array>
#include <map>
#include <mutex>
#include <semaphore>
#include <set>
#include <string>
#include <string_view>

#include "sigstore/base/env.h"

namespace server::host {

// Thread-safe. A password that was found right is remembered as a salted hash, so that bcrypt is paid once
// and not per request; wrong ones always cost it, and so does an unknown user.
class Htpasswd {
 public:
  // Code::malformed names the line.
  static sigstore::Result<std::unique_ptr<Htpasswd>> parse(std::string_view text, sigstore::Random& random);

  // The user of an Authorization header, if it is "Basic" and right.
  std::optional<std::string> user_of(std::string_view authorization);

 private:
  explicit Htpasswd(sigstore::Random& random);
  bool check(const std::string& user, const sigstore::Secret& password);
  sigstore::Bytes key_of(const std::string& user, const sigstore::Secret& password) const;

  std::map<std::string, std::string, std::less<>> hashes_;  // by user
  std::array<std::uint8_t, 32> salt_;
  std::counting_semaphore<> hashing_;  // bcrypt at once: strangers must not take every processor
  std::mutex mutex_;
  std::set<sigstore::Bytes> remembered_;
};

}  // namespace server::host
