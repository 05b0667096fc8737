#include "cosign/commands/registry-serve/play.h"

#include <algorithm>
#include <array>

#include "server/host/host.h"
#include "server/registry/play/elsewhere.h"
#include "sigstore/codec/hex.h"

namespace cosign::serve {
namespace {

namespace play = server::registry::play;
using server::host::Role;
using sigstore::Result;

constexpr const char* other_address = "127.0.0.2";

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const play::Quirk& quirk : play::quirks()) names.emplace_back(quirk.name);
  return names;
}

Result<std::unique_ptr<sigstore::net::Listener>> listen_elsewhere(sigstore::net::ListenerOptions options,
                                                                  Role role, const sigstore::Env& env) {
  options.address = other_address;
  options.port = 0;
  options.descriptor = -1;
  return sigstore::net::Listener::start(options, server::host::make_handler(env, {}, std::move(role)));
}

std::string new_secret(sigstore::Random& random) {
  std::array<std::uint8_t, 32> bytes;
  random.fill(bytes);
  return sigstore::codec::hex::encode(bytes);
}

}  // namespace

void PlayFlags::declare(FlagSet& flags) {
  flags.boolean("referrers", &referrers, "`=false` is --play no-referrers");
  Flag& flag =
      flags.list("play", &names, "QUIRK",
                 "for tests: behave as some registries do; repeatable, see the manual for the quirks");
  flag.choices = all_names();
  flag.set = [take = flag.set](const std::string& name) -> Result<void> {
    if (auto known = play::find_quirks({&name, 1}); !known)
      return sigstore::fail(sigstore::Code::invalid_argument, known.error().cause);
    return take(name);
  };
  flags.text("play-elsewhere", &elsewhere, "URL",
             "where clients reach the other host of a quirk, if not at 127.0.0.2");
}

Result<Play> PlayFlags::open(bool tokens) const {
  std::vector<std::string> all = names;
  if (!referrers) all.insert(all.begin(), "no-referrers");
  Play play;
  TRY(play.quirks, play::find_quirks(all));
  const auto door = std::ranges::find_if(play.quirks, &play::Quirk::at_the_door);
  if (!tokens && door != play.quirks.end())
    return sigstore::fail(sigstore::Code::invalid_argument,
                          "--play " + std::string((*door)->name) + " needs a registry that gives out tokens",
                          {}, "--tokens --htpasswd FILE");
  play.outer = elsewhere;
  return play;
}

Result<Role> Play::around(Role registry, const Guard& guard, const sigstore::net::ListenerOptions& like,
                          const sigstore::Env& env) {
  std::promise<Role> guarded;
  play::Stage stage{registry, outer, new_secret(*env.random), guarded.get_future().share()};
  if (std::ranges::any_of(quirks, &play::Quirk::needs_elsewhere)) {
    TRY(other, listen_elsewhere(like, play::elsewhere(stage), env));
    const std::string scheme = like.certificate_file.empty() ? "http://" : "https://";
    if (outer.empty()) stage.elsewhere = scheme + other->address();
  }
  Role role = guard(play::play(std::move(registry), quirks, stage));
  guarded.set_value(role);
  return play::play(std::move(role), quirks, stage, true);
}

}  // namespace cosign::serve
