#include "sigstore/store/shared_tag.h"

#include <gtest/gtest.h>

#include <set>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/store/testing/names.h"

namespace sigstore::store {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using remote::testing::Call;
using remote::testing::MemoryOptions;
using remote::testing::MemoryRegistry;
using remote::testing::Request;

struct SharedTag : ::testing::Test {
  fakes::FakeEnv fake;
  SharedTagOptions options{.immutable_hint = "try something else"};

  Result<SharedTagReport> add(MemoryRegistry& registry, const std::string& name) {
    Names document;
    return add_to_tag(registry, fake.env(), repository, tag, document, entry(name), options);
  }
  // The calls so far, in order: "get put get".
  static std::string calls(const MemoryRegistry& registry) {
    std::string text;
    for (const Request& request : registry.log())
      text += std::string(text.empty() ? "" : " ") + (request.call == Call::manifest ? "get" : "put");
    return text;
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
  EXPECT_EQ(calls(registry), "get put get") << "read back, even so";
  EXPECT_EQ(names_on(registry), "a before");
}

TEST_F(SharedTag, a_proof_that_lied_counts_for_nothing) {
  MemoryRegistry registry({.preconditions = false, .known_to_honour = true});
  int writes = 0;
  registry.after(Call::push_manifest, [&](const Request&) -> Result<void> {
    if (++writes == 1) put_names(registry, {"careless"});
    return {};
  });
  const auto report = add(registry, "a");
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->proven);
  EXPECT_EQ(names_on(registry), "a careless");
  EXPECT_GE(slept(), 2s);
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

TEST_F(SharedTag, a_tag_that_is_not_there_is_written_if_it_still_is_not) {
  MemoryRegistry registry;
  ASSERT_TRUE(add(registry, "a"));
  EXPECT_EQ(registry.log()[2].precondition.kind, remote::Precondition::Kind::absent);
}

TEST_F(SharedTag, a_tag_that_is_there_is_written_if_it_is_unchanged) {
  MemoryRegistry registry;
  put_names(registry, {"before"});
  const std::string etag = registry.manifest(repository, tag)->etag;
  registry.clear_log();
  ASSERT_TRUE(add(registry, "a"));
  EXPECT_EQ(registry.log()[1].precondition.kind, remote::Precondition::Kind::unchanged);
  EXPECT_EQ(registry.log()[1].precondition.etag, etag);
}

TEST_F(SharedTag, without_an_entity_tag_there_is_no_condition_and_no_proof) {
  MemoryRegistry registry({.known_to_honour = true, .etags = false});
  put_names(registry, {"before"});
  const auto report = add(registry, "a");
  ASSERT_TRUE(report);
  EXPECT_EQ(registry.log()[1].precondition.kind, remote::Precondition::Kind::none);
  EXPECT_FALSE(report->proven);
  EXPECT_GE(slept(), 200ms);
}

TEST_F(SharedTag, a_404_a_failure_and_a_404_are_not_two_in_a_row) {
  MemoryRegistry registry({.preconditions = false});
  put_names(registry, {"before"});
  int reads = 0;
  registry.before(Call::manifest, [&](const Request&) -> Result<void> {
    switch (++reads) {
      case 1:
      case 3:
        return fail(Code::not_found, "a replica that lags");
      case 2:
        return fail(Code::unavailable, "HTTP 503");
      default:
        return {};
    }
  });
  ASSERT_TRUE(add(registry, "a"));
  EXPECT_EQ(names_on(registry), "a before");
}

// docker-registry, while another signer pushes the same blob.
TEST_F(SharedTag, a_blob_that_is_not_found_for_a_moment_is_waited_for) {
  MemoryRegistry registry({.preconditions = false});
  put_names(registry, {"before"});
  int writes = 0;
  registry.before(Call::push_manifest, [&](const Request&) -> Result<void> {
    if (++writes <= 3) return fail(Code::unsupported, "refused", "HTTP 400: MANIFEST_BLOB_UNKNOWN");
    return {};
  });
  const auto report = add(registry, "a");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(names_on(registry), "a before");
}

TEST_F(SharedTag, a_blob_that_stays_unknown_is_no_locked_tag) {
  MemoryRegistry registry({.preconditions = false});
  put_names(registry, {"before"});
  registry.before(Call::push_manifest, [&](const Request&) -> Result<void> {
    return fail(Code::unsupported, "refused", "HTTP 400: MANIFEST_BLOB_UNKNOWN");
  });
  const auto report = add(registry, "a");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().text().find("does not let it change"), std::string::npos);
  EXPECT_NE(report.error().text().find("MANIFEST_BLOB_UNKNOWN"), std::string::npos);
}

TEST_F(SharedTag, each_failed_write_returns_to_the_read) {
  MemoryRegistry registry({.preconditions = false});
  put_names(registry, {"before"});
  int writes = 0;
  registry.before(Call::push_manifest, [&](const Request&) -> Result<void> {
    if (++writes <= 3) return fail(Code::unavailable, "HTTP 503");
    return {};
  });
  const auto report = add(registry, "a");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->writes, 1);
  EXPECT_EQ(calls(registry), "get put get put get put get put get");
}

TEST_F(SharedTag, a_write_that_keeps_failing_ends) {
  MemoryRegistry registry({.preconditions = false});
  registry.before(Call::push_manifest,
                  [](const Request&) -> Result<void> { return fail(Code::unavailable, "HTTP 503"); });
  const auto report = add(registry, "a");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Code::unavailable);
  EXPECT_LE(registry.count(Call::push_manifest), 5);
}

TEST_F(SharedTag, a_read_back_that_fails_is_asked_again_and_nothing_is_written_twice) {
  MemoryRegistry registry({.preconditions = false});
  put_names(registry, {"before"});
  int failures = 0;
  registry.before(Call::manifest, [&](const Request&) -> Result<void> {
    if (registry.count(Call::push_manifest) > 0 && ++failures <= 3) return fail(Code::timeout, "no answer");
    return {};
  });
  const auto report = add(registry, "a");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(registry.count(Call::push_manifest), 1);
  EXPECT_EQ(names_on(registry), "a before");
}

TEST_F(SharedTag, a_slow_registry_is_looked_at_after_five_times_as_long) {
  MemoryRegistry registry({.preconditions = false});
  put_names(registry, {"before"});
  registry.set_delay(fake.clock, 40ms);  // read to write: 80 ms
  ASSERT_TRUE(add(registry, "a"));
  EXPECT_GE(slept(), 3 * 40ms + 5 * 80ms);
  EXPECT_LE(slept(), 3 * 40ms + 5 * 80ms + 40ms);
}

TEST_F(SharedTag, an_unknown_entry_in_the_read_back_asks_for_two_quiet_seconds) {
  MemoryRegistry registry({.preconditions = false});
  registry.after(Call::push_manifest, [&](const Request&) -> Result<void> {
    put_names(registry, {"a", "another"});
    return {};
  });
  const auto report = add(registry, "a");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->writes, 1);
  EXPECT_GE(slept(), 2s);
  EXPECT_LE(slept(), 4s);
}

TEST_F(SharedTag, every_news_begins_the_two_seconds_anew) {
  MemoryRegistry registry({.preconditions = false});
  std::vector<std::string> there{"a"};
  const auto begun = fake.clock.steady();
  Duration last{};
  fake.clock.on_sleep([&](Duration) {
    if (there.size() > 4 || registry.count(Call::push_manifest) == 0) return;
    last = fake.clock.steady() - begun;
    there.push_back("n" + std::to_string(there.size()));
    put_names(registry, there);
  });
  ASSERT_TRUE(add(registry, "a"));
  EXPECT_GE(fake.clock.steady() - begun, last + 2s);
}

TEST_F(SharedTag, others_that_never_stop_adding_do_not_hold_a_writer_for_ever) {
  MemoryRegistry registry({.preconditions = false});
  std::vector<std::string> there{"a"};
  fake.clock.on_sleep([&](Duration) {
    there.push_back("n" + std::to_string(there.size()));
    if (registry.count(Call::push_manifest) > 0) put_names(registry, there);
  });
  ASSERT_TRUE(add(registry, "a"));
  EXPECT_GE(slept(), 10s);
  EXPECT_LE(slept(), 12s);
}

TEST_F(SharedTag, a_tag_that_others_keep_overwriting_is_given_up) {
  MemoryRegistry registry({.preconditions = false});
  registry.after(Call::push_manifest, [&](const Request&) -> Result<void> {
    put_names(registry, {"careless"});
    return {};
  });
  const auto report = add(registry, "a");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Code::conflict);
  EXPECT_GE(slept(), limits::shared_tag_patience);
  EXPECT_LE(slept(), limits::shared_tag_patience + 10s);
}

TEST_F(SharedTag, no_two_writers_pause_alike) {
  std::set<Duration> pauses;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    fakes::FakeClock clock;
    fakes::SeededRandom random(seed);
    Env env;
    env.clock = &clock;
    env.random = &random;
    Names document;
    MemoryRegistry registry({.preconditions = false});
    ASSERT_TRUE(add_to_tag(registry, env, repository, tag, document, entry("a"), options));
    pauses.insert(clock.sleeps().front());
  }
  EXPECT_EQ(pauses.size(), 8U);
}

TEST_F(SharedTag, an_interrupted_pause_ends_the_run) {
  MemoryRegistry registry({.preconditions = false});
  registry.after(Call::push_manifest, [&](const Request&) -> Result<void> {
    fake.clock.cancel();
    return {};
  });
  const auto report = add(registry, "a");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Code::cancelled);
  EXPECT_EQ(names_on(registry), "a") << "what was written stays";
}

}  // namespace
}  // namespace sigstore::store
