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

Result<Play> PlayFlags::open() const {
  std::vector<std::string> all = names;
  if (!referrers) all.insert(all.begin(), "no-referrers");
  Play play;
  TRY(play.quirks, play::find_quirks(all));
  play.outer = elsewhere;
  return play;
}

Result<Role> Play::around(Role registry, const sigstore::net::ListenerOptions& like,
                          const sigstore::Env& env) {
  if (quirks.empty()) return registry;
  play::Stage stage{registry, outer, new_secret(*env.random)};
  if (std::ranges::any_of(quirks, &play::Quirk::needs_elsewhere)) {
    sigstore::net::ListenerOptions options = like;
    options.address = other_address;
    options.port = 0;
    options.descriptor = -1;
    TRY(other,
        sigstore::net::Listener::start(options, server::host::make_handler(env, {}, play::elsewhere(stage))));
    const std::string scheme = options.certificate_file.empty() ? "http://" : "https://";
    if (outer.empty()) stage.elsewhere = scheme + other->address();
  }
  return play::play(std::move(registry), quirks, stage);
}

}  // namespace cosign::serve
