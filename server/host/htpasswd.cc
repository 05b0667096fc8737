#include "server/host/htpasswd.h"

#include <algorithm>
#include <thread>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/crypto/bcrypt.h"
#include "sigstore/crypto/hash.h"

namespace server::host {

using namespace sigstore;

namespace {

// For a file without users. Matches no password.
constexpr std::string_view nobody = "$2y$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234";

bool is_basic(std::string_view scheme) {
  return std::ranges::equal(scheme, std::string_view("basic"), {}, [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
}

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

std::optional<std::string> Htpasswd::user_of(std::string_view authorization) {
  auto space = authorization.find(' ');
  if (space == std::string_view::npos || !is_basic(authorization.substr(0, space))) return std::nullopt;
  auto decoded = codec::base64::decode(trimmed(authorization.substr(space)));
  if (!decoded) return std::nullopt;
  Secret pair{BytesView(*decoded)};
  wipe(decoded->data(), decoded->size());
  auto colon = pair.reveal().find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string user(pair.reveal().substr(0, colon));
  if (!check(user, Secret(pair.reveal().substr(colon + 1)))) return std::nullopt;
  return user;
}

bool Htpasswd::check(const std::string& user, const Secret& password) {
  auto key = key_of(user, password);
  {
    std::lock_guard lock(mutex_);
    if (remembered_.contains(key)) return true;
  }
  auto found = hashes_.find(user);
  // Who is not in the file must not be found out by the time it takes.
  std::string_view hash = hashes_.empty() ? nobody : std::string_view(hashes_.begin()->second);
  if (found != hashes_.end()) hash = found->second;
  hashing_.acquire();
  bool right = crypto::bcrypt_matches(password, hash);
  hashing_.release();
  if (!right || found == hashes_.end()) return false;
  std::lock_guard lock(mutex_);
  if (remembered_.size() >= limits::remembered_logins) remembered_.clear();
  remembered_.insert(std::move(key));
  return true;
}

Bytes Htpasswd::key_of(const std::string& user, const Secret& password) const {
  crypto::Hasher hasher(crypto::HashAlgorithm::sha256);
  hasher.update(salt_);
  hasher.update(crypto::sha256(as_bytes(user)));
  hasher.update(password.reveal_bytes());
  return hasher.finish();
}

}  // namespace server::host
