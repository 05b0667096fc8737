// Many writers at once, in simulated time: no entry is lost.
#include <gtest/gtest.h>

#include <algorithm>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/store/pause.h"
#include "sigstore/store/shared_tag.h"
#include "sigstore/store/testing/names.h"
#include "sigstore/store/testing/simulation.h"

namespace sigstore::store {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using remote::testing::Call;
using remote::testing::MemoryOptions;
using remote::testing::MemoryRegistry;
using remote::testing::Request;

struct Crowd {
  int writers = 50;
  MemoryOptions registry;
  Duration typical = 8ms;  // most messages take up to this long, each way
  Duration slow = 120ms;   // one in twenty up to this long
  bool own_tags = false;
  Duration stopped = 0s;  // the first writer's write is held back this long
};

struct Race {
  std::string missing;
  Duration longest{};
  int failures = 0;
  int writes = 0;
};

Race race(const Crowd& crowd, std::uint64_t seed) {
  Simulation clock;
  fakes::SeededRandom weather(seed);
  Env weather_env;
  weather_env.random = &weather;
  Pause dice(weather_env);
  MemoryRegistry registry(crowd.registry);
  const auto travel = [&](const Request&) {
    const bool slow = dice.up_to(Duration(19)).count() == 0;
    return clock.sleep(dice.up_to(slow ? crowd.slow : crowd.typical));
  };
  bool stopped = crowd.stopped == 0s;
  for (const Call call : {Call::manifest, Call::tags}) {
    registry.before(call, travel);
    registry.after(call, travel);
  }
  registry.before(Call::push_manifest, [&](const Request& request) -> Result<void> {
    if (request.target == tag && !std::exchange(stopped, true)) TRY_OK(clock.sleep(crowd.stopped));
    return travel(request);
  });
  registry.after(Call::push_manifest, travel);

  Race result;
  std::vector<std::function<void()>> actors;
  for (int i = 0; i < crowd.writers; ++i)
    actors.emplace_back([&, i] {
      fakes::SeededRandom random(seed * 1000 + static_cast<std::uint64_t>(i) + 1);
      Env env;
      env.clock = &clock;
      env.random = &random;
      static_cast<void>(clock.sleep(Pause(env).up_to(500ms)));
      Names document;
      const auto begun = clock.steady();
      const auto report =
          add_to_tag(registry, env, repository, tag, document, entry("n=" + std::to_string(i)),
                     // One at a time: on a simulated clock only the actors may sleep.
                     {.own_tags = crowd.own_tags, .own_tags_at_once = 1});
      result.longest = std::max<Duration>(result.longest, clock.steady() - begun);
      result.failures += report ? 0 : 1;
      result.writes += report ? report->writes : 0;
    });
  clock.run(actors);
  registry.before(Call::manifest, {});
  registry.after(Call::manifest, {});
  const std::string there = " " + names_on(registry) + " ";
  for (int i = 0; i < crowd.writers; ++i) {
    const std::string name = "n=" + std::to_string(i);
    if (there.find(" " + name + " ") == std::string::npos) result.missing += " " + name;
  }
  return result;
}

void expect_nothing_lost(const Crowd& crowd, int seeds) {
  for (int seed = 1; seed <= seeds; ++seed) {
    const Race result = race(crowd, static_cast<std::uint64_t>(seed));
    EXPECT_EQ(result.missing, "") << "seed " << seed;
    EXPECT_EQ(result.failures, 0) << "seed " << seed;
    EXPECT_LE(result.longest, 60s) << "seed " << seed;
  }
}

TEST(SharedTagCrowd, fifty_writers_on_a_registry_that_honours_conditions) {
  expect_nothing_lost({}, 10);
}

TEST(SharedTagCrowd, fifty_writers_on_a_registry_that_ignores_conditions) {
  expect_nothing_lost({.registry = {.preconditions = false}}, 20);
}

TEST(SharedTagCrowd, fifty_writers_on_a_slow_registry_that_ignores_conditions) {
  expect_nothing_lost({.registry = {.preconditions = false}, .typical = 60ms, .slow = 700ms}, 10);
}

TEST(SharedTagCrowd, tags_of_their_own_survive_a_writer_that_was_stopped) {
  expect_nothing_lost({.writers = 10, .registry = {.preconditions = false}, .own_tags = true, .stopped = 6s},
                      10);
}

TEST(SharedTagCrowd, conditions_survive_a_writer_that_was_stopped) {
  expect_nothing_lost({.writers = 10, .stopped = 6s}, 10);
}

}  // namespace
}  // namespace sigstore::store
