#include "sigstore/store/shared_tag.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/remote/registry/testing/memory_registry.h"
#include "sigstore/store/pause.h"
#include "sigstore/store/testing/simulation.h"

namespace sigstore::store {
namespace {

using namespace std::chrono_literals;
using codec::json::Array;
using codec::json::Object;
using codec::json::Value;
using remote::testing::Call;
using remote::testing::MemoryOptions;
using remote::testing::MemoryRegistry;
using remote::testing::Request;

const oci::Repository repository{"registry.test", "team/app"};
const std::string tag = "sha256-abc.sig";

// {"schemaVersion":2,"manifests":["a","b"]}: a list of names, as plain as a tag's content can be.
class Names final : public TagDocument {
 public:
  Result<std::vector<TagEntry>> entries(const remote::ManifestContent& current) const override {
    TRY(const Value document, codec::json::parse(current.bytes, "names"));
    const Value* names = document.get("manifests");
    if (names == nullptr || names->array() == nullptr) return fail(Code::malformed, "no list of names");
    std::vector<TagEntry> entries;
    for (const Value& name : *names->array()) entries.push_back({*name.string(), name});
    return entries;
  }

  Result<Draft> append(const remote::ManifestContent* current, const std::vector<TagEntry>& added) override {
    Value document(Object{{"schemaVersion", 2}, {"manifests", Array{}}});
    if (current != nullptr) {
      TRY(document, codec::json::parse(current->bytes, "names"));
    }
    for (const TagEntry& entry : added) document.object()->find("manifests")->array()->push_back(entry.json);
    return Draft{std::string(oci::media_type::oci_index), codec::json::write(document)};
  }
};

TagEntry entry(const std::string& name) {
  return {name, Value(name)};
}

std::string names_on(MemoryRegistry& registry) {
  const auto content = registry.manifest(repository, tag);
  if (!content) return content.error().text();
  auto names = Names().entries(*content).value();
  std::ranges::sort(names, {}, &TagEntry::key);
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : " ") + name.key;
  return text;
}

void put_names(MemoryRegistry& registry, const std::vector<std::string>& names) {
  std::vector<TagEntry> entries;
  for (const auto& name : names) entries.push_back(entry(name));
  const Draft draft = Names().append(nullptr, entries).value();
  registry.add_manifest(repository, tag, draft.media_type, draft.bytes);
}

struct SharedTag : ::testing::Test {
  fakes::FakeEnv fake;
  SharedTagOptions options{"try something else", false};

  Result<SharedTagReport> add(MemoryRegistry& registry, const std::string& name) {
    Names document;
    return add_to_tag(registry, fake.env(), repository, tag, document, entry(name), options);
  }
  [[nodiscard]] Duration slept() const {
    Duration sum{};
    for (const Duration pause : fake.clock.sleeps()) sum += pause;
    return sum;
  }
};

TEST_F(SharedTag, a_lone_writer_waits_once_and_not_for_long) {
  MemoryRegistry registry({.preconditions = false});
  const auto report = add(registry, "a");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(names_on(registry), "a");
  EXPECT_EQ(report->writes, 1);
  EXPECT_FALSE(report->proven);
  EXPECT_GE(slept(), 200ms);
  EXPECT_LE(slept(), 250ms);
}

TEST_F(SharedTag, a_registry_seen_to_refuse_proves_the_write) {
  MemoryRegistry registry({.known_to_honour = true});
  put_names(registry, {"before"});
  const auto report = add(registry, "a");
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->proven);
  EXPECT_EQ(slept(), 0ms);
  EXPECT_EQ(names_on(registry), "a before");
}

TEST_F(SharedTag, an_accepted_condition_alone_proves_nothing) {
  MemoryRegistry registry;  // honours, but was not seen to
  const auto report = add(registry, "a");
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->proven);
  EXPECT_GE(slept(), 200ms);
}

TEST_F(SharedTag, an_entry_that_stands_is_not_written_again) {
  MemoryRegistry registry;
  put_names(registry, {"a", "b"});
  const auto report = add(registry, "a");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->writes, 0);
  EXPECT_EQ(registry.count(Call::push_manifest), 0);
}

TEST_F(SharedTag, a_404_counts_when_a_second_read_agrees) {
  MemoryRegistry registry({.preconditions = false});
  put_names(registry, {"hidden by one replica"});
  int reads = 0;
  registry.before(Call::manifest, [&](const Request&) -> Result<void> {
    if (++reads == 1) return fail(Code::not_found, "a replica that lags");
    return {};
  });
  ASSERT_TRUE(add(registry, "a"));
  EXPECT_EQ(names_on(registry), "a hidden by one replica");
}

TEST_F(SharedTag, a_failing_read_is_asked_again_and_never_absent) {
  MemoryRegistry registry;
  put_names(registry, {"before"});
  int reads = 0;
  registry.before(Call::manifest, [&](const Request&) -> Result<void> {
    if (++reads <= 3) return fail(Code::unavailable, "HTTP 503");
    return {};
  });
  ASSERT_TRUE(add(registry, "a"));
  EXPECT_EQ(names_on(registry), "a before");
}

TEST_F(SharedTag, a_read_that_keeps_failing_stops_the_write) {
  MemoryRegistry registry;
  registry.before(Call::manifest,
                  [](const Request&) -> Result<void> { return fail(Code::unavailable, "HTTP 503"); });
  const auto report = add(registry, "a");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Code::unavailable);
  EXPECT_EQ(registry.count(Call::push_manifest), 0);
}

TEST_F(SharedTag, a_write_whose_answer_is_lost_is_looked_for_not_repeated) {
  MemoryRegistry registry({.preconditions = false});
  int writes = 0;
  registry.after(Call::push_manifest, [&](const Request&) -> Result<void> {
    if (++writes == 1) return fail(Code::timeout, "no answer");
    return {};
  });
  const auto report = add(registry, "a");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(registry.count(Call::push_manifest), 1);
  EXPECT_EQ(names_on(registry), "a");
}

TEST_F(SharedTag, a_lost_entry_is_found_missing_and_written_again) {
  MemoryRegistry registry({.preconditions = false});
  int writes = 0;
  registry.after(Call::push_manifest, [&](const Request&) -> Result<void> {
    if (++writes == 1) put_names(registry, {"careless"});  // read before ours, written after it
    return {};
  });
  const auto report = add(registry, "a");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->writes, 2);
  EXPECT_EQ(names_on(registry), "a careless");
  EXPECT_GE(slept(), 2s) << "another writer was seen: two quiet seconds";
}

TEST_F(SharedTag, an_entry_that_another_lost_is_put_back_by_whoever_saw_it) {
  MemoryRegistry registry({.preconditions = false});
  put_names(registry, {"old", "gone signer"});
  int writes = 0;
  registry.after(Call::push_manifest, [&](const Request&) -> Result<void> {
    if (++writes == 1) put_names(registry, {"old", "careless"});
    return {};
  });
  ASSERT_TRUE(add(registry, "a"));
  EXPECT_EQ(names_on(registry), "a careless gone signer old");
}

TEST_F(SharedTag, a_conflict_returns_to_the_read) {
  MemoryRegistry registry;
  bool between = false;
  registry.before(Call::push_manifest, [&](const Request&) -> Result<void> {
    if (!std::exchange(between, true)) put_names(registry, {"quicker"});
    return {};
  });
  const auto report = add(registry, "a");
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->proven) << "the registry has answered 412";
  EXPECT_EQ(names_on(registry), "a quicker");
}

TEST_F(SharedTag, an_old_read_is_repeated_before_the_write) {
  MemoryRegistry registry({.preconditions = false});
  struct Slow final : TagDocument {  // somebody stops this process between its read and its write
    Names names;
    std::function<void()> stop;
    Result<std::vector<TagEntry>> entries(const remote::ManifestContent& c) const override {
      return names.entries(c);
    }
    Result<Draft> append(const remote::ManifestContent* c, const std::vector<TagEntry>& added) override {
      if (stop) std::exchange(stop, {})();
      return names.append(c, added);
    }
  } document;
  document.stop = [&] {
    fake.clock.advance(6s);
    put_names(registry, {"others", "meanwhile"});
  };
  ASSERT_TRUE(add_to_tag(registry, fake.env(), repository, tag, document, entry("a"), options));
  EXPECT_EQ(names_on(registry), "a meanwhile others");
}

TEST_F(SharedTag, foreign_content_is_not_overwritten) {
  MemoryRegistry registry;
  registry.add_manifest(repository, tag, "text/plain", R"({"something":"else"})");
  const auto report = add(registry, "a");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Code::malformed);
  EXPECT_EQ(registry.count(Call::push_manifest), 0);
}

TEST_F(SharedTag, an_immutable_tag_is_an_error_of_its_own) {
  MemoryRegistry registry({.preconditions = false, .immutable_tags = true});
  put_names(registry, {"first"});
  const auto report = add(registry, "a");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Code::forbidden);
  EXPECT_NE(report.error().message.find("immutable"), std::string::npos);
  EXPECT_EQ(report.error().hint, "try something else");
}

TEST_F(SharedTag, a_registry_that_refuses_every_change_with_412_is_not_asked_for_ever) {
  MemoryRegistry registry;
  put_names(registry, {"first"});
  registry.before(Call::push_manifest, [](const Request&) -> Result<void> {
    return fail(Code::conflict, "precondition failed", "HTTP 412");
  });
  const auto report = add(registry, "a");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().hint, "try something else");
  EXPECT_LE(registry.count(Call::push_manifest), 8);
}

TEST_F(SharedTag, a_hidden_tag_is_absent_when_the_list_of_tags_says_so) {
  MemoryRegistry registry({.preconditions = false, .absent_tag = Code::forbidden});
  const auto report = add(registry, "a");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(names_on(registry), "a");
  ASSERT_EQ(report->notes.size(), 1U);
}

TEST_F(SharedTag, a_hidden_tag_without_a_list_stops_and_names_the_permission) {
  MemoryRegistry registry({.absent_tag = Code::forbidden});
  registry.before(Call::tags,
                  [](const Request&) -> Result<void> { return fail(Code::forbidden, "HTTP 403"); });
  const auto report = add(registry, "a");
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().hint.find("pull"), std::string::npos);
  EXPECT_EQ(registry.count(Call::push_manifest), 0);
}

TEST_F(SharedTag, a_listed_tag_that_may_not_be_read_stops) {
  MemoryRegistry registry;
  put_names(registry, {"precious"});
  registry.before(Call::manifest,
                  [](const Request&) -> Result<void> { return fail(Code::forbidden, "HTTP 403"); });
  const auto report = add(registry, "a");
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("not allowed to read"), std::string::npos);
  EXPECT_EQ(registry.count(Call::push_manifest), 0);
}

TEST_F(SharedTag, a_refused_write_names_the_permission) {
  MemoryRegistry registry;
  registry.before(Call::push_manifest,
                  [](const Request&) -> Result<void> { return fail(Code::forbidden, "DENIED"); });
  const auto report = add(registry, "a");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Code::forbidden);
  EXPECT_NE(report.error().hint.find("push"), std::string::npos);
}

TEST_F(SharedTag, an_interrupted_run_ends) {
  MemoryRegistry registry({.preconditions = false});
  fake.clock.cancel();
  const auto report = add(registry, "a");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Code::cancelled);
}

// --- many writers

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
  testing::Simulation clock;
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
      const auto report = add_to_tag(registry, env, repository, tag, document,
                                     entry("n=" + std::to_string(i)), {"", crowd.own_tags});
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
  if (getenv("SEEDS")) seeds = atoi(getenv("SEEDS"));
  for (int seed = 1; seed <= seeds; ++seed) {
    const Race result = race(crowd, static_cast<std::uint64_t>(seed));
    EXPECT_EQ(result.missing, "") << "seed " << seed;
    EXPECT_EQ(result.failures, 0) << "seed " << seed;
    EXPECT_LE(result.longest, 60s) << "seed " << seed;
    if (getenv("RACE"))
      printf("seed %d: longest %.2fs writes %d missing[%s]\n", seed, result.longest.count() / 1e9,
             result.writes, result.missing.c_str());
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
