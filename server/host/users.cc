#include "server/host/users.h"

#include "sigstore/base/limits.h"
#include "sigstore/net/address.h"

namespace server::host {

using namespace sigstore;
using namespace std::chrono_literals;

namespace {

constexpr auto look_again = 1s;

}  // namespace

Result<std::unique_ptr<Users>> Users::open(const Env& env, std::string path, Trouble trouble) {
  std::unique_ptr<Users> users(new Users(env, std::move(path), std::move(trouble)));
  TRY_OK(users->read());
  return users;
}

// Compared as a whole: a file that was replaced within one tick of its clock is noticed, too.
Result<void> Users::read() {
  looked_ = env_.clock->steady();
  TRY(std::string text, env_.files->read(path_, limits::htpasswd_bytes));
  if (users_ && text == text_) return {};
  TRY(auto parsed, Htpasswd::parse(text, *env_.random));
  users_ = std::move(parsed);  // and with the old one goes what it remembered
  text_ = std::move(text);
  return {};
}

std::shared_ptr<Htpasswd> Users::current() {
  const std::lock_guard lock(mutex_);
  if (env_.clock->steady() - looked_ < look_again) return users_;
  const auto done = read();
  const std::string complaint = done ? "" : done.error().text();
  if (!done && complaint != complaint_ && trouble_)
    trouble_("the users stay as they were: " + path_ + " cannot be used: " + complaint);
  complaint_ = complaint;
  return users_;
}

Users::Outcome Users::check(const Login& login, std::string_view peer) {
  using enum Outcome::Kind;
  const auto users = current();
  if (users->remembers(login)) return {right};
  const std::string network = net::network_of(peer);
  // Taken before the answer is known: guesses that come at once must not all pass.
  if (const auto wait = failures_.take(network)) return {later, *wait};
  const auto answer = users->check(login);
  if (answer != Htpasswd::Answer::wrong) failures_.give_back(network);
  if (answer == Htpasswd::Answer::busy) return {later, 1s};
  return {answer == Htpasswd::Answer::right ? right : wrong};
}

std::optional<std::string> Users::hash_of(std::string_view user) {
  const auto users = current();
  const auto hash = users->hash_of(user);
  if (!hash) return std::nullopt;
  return std::string(*hash);
}

}  // namespace server::host
