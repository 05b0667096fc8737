#include "server/host/htpasswd.h"

#include <algorithm>
#include <thread>

#include "sigstore/base/limits.h"
#include "sigstore/crypto/bcrypt.h"
#include "sigstore/crypto/hash.h"

namespace server::host {

using namespace sigstore;

namespace {

// For a file without users. Matches no password.
constexpr std::string_view nobody = "$2y$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r";
  auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

}  // namespace

Htpasswd::Htpasswd(Random& random) : hashing_(std::max(1U, std::thread::hardware_concurrency() / 2)) {
  random.fill(salt_);
}

Result<std::unique_ptr<Htpasswd>> Htpasswd::parse(std::string_view text, Random& random) {
  std::unique_ptr<Htpasswd> users(new Htpasswd(random));
  for (int number = 1; !text.empty(); ++number) {
    auto line = trimmed(text.substr(0, text.find('\n')));
    text.remove_prefix(
        std::min(text.size(), text.find('\n') == text.npos ? text.size() : text.find('\n') + 1));
    if (line.empty() || line.starts_with('#')) continue;
    auto colon = line.find(':');
    auto where = "line " + std::to_string(number) + " of the htpasswd file";
    if (colon == 0 || colon == line.npos) return fail(Code::malformed, where + " is not USER:HASH");
    if (!crypto::is_bcrypt(line.substr(colon + 1)))
      return fail(Code::malformed, where + " is no bcrypt hash", {}, "write it with: htpasswd -B");
    users->hashes_.insert_or_assign(std::string(line.substr(0, colon)), std::string(line.substr(colon + 1)));
  }
  return users;
}

std::optional<std::string_view> Htpasswd::hash_of(std::string_view user) const {
  const auto found = hashes_.find(user);
  if (found == hashes_.end()) return std::nullopt;
  return found->second;
}

bool Htpasswd::remembers(const Login& login) {
  const auto key = key_of(login);
  const std::lock_guard lock(mutex_);
  return remembered_.contains(key);
}

Htpasswd::Answer Htpasswd::check(const Login& login) {
  const auto known = hash_of(login.user);
  // Who is not in the file must not be found out by the time it takes.
  const std::string_view other = hashes_.empty() ? nobody : std::string_view(hashes_.begin()->second);
  if (!hashing_.try_acquire_for(limits::login_patience)) return Answer::busy;
  const bool right = crypto::bcrypt_matches(login.password, known.value_or(other));
  hashing_.release();
  if (!right || !known) return Answer::wrong;
  const std::lock_guard lock(mutex_);
  if (remembered_.size() >= limits::remembered_logins) remembered_.clear();
  remembered_.insert(key_of(login));
  return Answer::right;
}

Bytes Htpasswd::key_of(const Login& login) const {
  crypto::Hasher hasher(crypto::HashAlgorithm::sha256);
  hasher.update(salt_);
  hasher.update(crypto::sha256(as_bytes(login.user)));
  hasher.update(login.password.reveal_bytes());
  return hasher.finish();
}

}  // namespace server::host
