#include "sigstore/store/own_tags.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/store/testing/names.h"

namespace sigstore::store {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using remote::testing::Call;
using remote::testing::MemoryRegistry;
using remote::testing::Request;

std::string own_tag(const std::string& name) {
  return tag + "-" + std::string(oci::Digest::sha256(name).hex().substr(0, 16));
}

struct OwnTag : ::testing::Test {
  fakes::FakeEnv fake;
  MemoryRegistry registry{{.preconditions = false}};

  Result<SharedTagReport> add(const std::string& name) {
    Names document;
    return add_to_tag(registry, fake.env(), repository, tag, document, entry(name), {.own_tags = true});
  }

  std::atomic<std::size_t> reads = 0;  // of own tags, after count_reads()
  void count_reads() {
    registry.before(Call::manifest, [this](const Request& request) -> Result<void> {
      if (request.target != tag) ++reads;
      return {};
    });
  }
};

TEST_F(OwnTag, each_entry_stands_under_its_own_tag_and_on_the_shared_one) {
  ASSERT_TRUE(add("a"));
  ASSERT_TRUE(add("b"));
  EXPECT_EQ(names_on(registry), "a b");
  EXPECT_EQ(names_on(registry, own_tag("a")), "a");
  EXPECT_EQ(names_on(registry, own_tag("b")), "b");
  EXPECT_EQ(registry.tags(repository)->size(), 3U);
}

TEST_F(OwnTag, it_is_written_before_the_shared_tag_is_read) {
  ASSERT_TRUE(add("a"));
  EXPECT_EQ(registry.log().front().call, Call::push_manifest);
  EXPECT_EQ(registry.log().front().target, own_tag("a"));
}

TEST_F(OwnTag, it_is_written_again_when_the_registry_fails) {
  int failures = 2;
  registry.before(Call::push_manifest, [&](const Request&) -> Result<void> {
    if (failures-- > 0) return fail(Code::unavailable, "HTTP 500");
    return {};
  });
  ASSERT_TRUE(add("a"));
  EXPECT_EQ(names_on(registry, own_tag("a")), "a");
  failures = 1000;
  EXPECT_EQ(add("b").error().code, Code::unavailable);
}

TEST_F(OwnTag, a_list_of_tags_that_is_not_given_says_how_to_do_without) {
  registry.before(Call::tags,
                  [](const Request&) -> Result<void> { return fail(Code::forbidden, "HTTP 403"); });
  EXPECT_EQ(add("a").error().hint, "sign without --own-tags, or with an account that may list tags");
}

TEST_F(OwnTag, nobody_has_to_wait) {
  ASSERT_TRUE(add("a"));
  for (const Duration pause : fake.clock.sleeps()) EXPECT_EQ(pause, 0ms);
}

TEST_F(OwnTag, a_lost_shared_tag_is_rebuilt_from_the_list) {
  ASSERT_TRUE(add("a"));
  ASSERT_TRUE(add("b"));
  registry.remove_tag(repository, tag);
  ASSERT_TRUE(add("c"));
  EXPECT_EQ(names_on(registry), "a b c");
}

TEST_F(OwnTag, signing_again_repairs_the_shared_tag) {
  ASSERT_TRUE(add("a"));
  ASSERT_TRUE(add("b"));
  put_names(registry, {"a"});
  const auto report = add("a");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->writes, 1);
  EXPECT_EQ(names_on(registry), "a b");
}

TEST_F(OwnTag, a_late_writer_puts_back_what_it_overwrote) {
  bool stopped = false;
  registry.before(Call::push_manifest, [&](const Request& request) -> Result<void> {
    if (request.target != tag || std::exchange(stopped, true)) return {};
    put_names(registry, {"others"}, own_tag("others"));
    put_names(registry, {"others"});  // and now "a" is written over it
    return {};
  });
  ASSERT_TRUE(add("a"));
  EXPECT_EQ(names_on(registry), "a others");
}

TEST_F(OwnTag, of_another_kind_are_passed_over) {
  registry.add_manifest(repository, own_tag("x"), "text/plain", R"({"something":"else"})");
  put_names(registry, {"other image"}, "sha256-def.sig-0123456789abcdef");
  put_names(registry, {"no digits"}, tag + "-release-candidate");
  const auto report = add("a");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(names_on(registry), "a");
  ASSERT_EQ(report->notes.size(), 1U);
  EXPECT_NE(report->notes[0].find(own_tag("x")), std::string::npos);
}

TEST_F(OwnTag, one_that_goes_meanwhile_is_left_out) {
  put_names(registry, {"gone"}, own_tag("gone"));
  registry.before(Call::manifest, [](const Request& request) -> Result<void> {
    if (request.target == own_tag("gone")) return fail(Code::not_found, "manifest unknown");
    return {};
  });
  ASSERT_TRUE(add("a"));
  EXPECT_EQ(names_on(registry), "a");
}

TEST_F(OwnTag, one_that_cannot_be_read_stops) {
  put_names(registry, {"b"}, own_tag("b"));
  registry.before(Call::manifest, [](const Request& request) -> Result<void> {
    if (request.target == own_tag("b")) return fail(Code::unavailable, "HTTP 503");
    return {};
  });
  const auto report = add("a");
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find(own_tag("b")), std::string::npos);
}

// Whoever may push can make as many as they like.
TEST_F(OwnTag, too_many_are_left_out_and_that_is_noted_once) {
  for (std::size_t i = 0; i < limits::own_tags + 20; ++i)
    put_names(registry, {"n" + std::to_string(i)}, own_tag("n" + std::to_string(i)));
  count_reads();
  const auto report = add("a");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(reads, limits::own_tags - 1) << "ours was written here: it needs no look";
  ASSERT_EQ(report->notes.size(), 1U);
  EXPECT_NE(report->notes[0].find(" has 21 more tags like "), std::string::npos) << report->notes[0];
  EXPECT_NE((" " + names_on(registry) + " ").find(" a "), std::string::npos);
}

TEST_F(OwnTag, large_ones_are_left_out_as_well) {
  const std::size_t size = 3 * limits::mib;
  for (std::size_t i = 0; i < 40; ++i)
    registry.add_manifest(repository, own_tag("x" + std::to_string(i)), "text/plain", std::string(size, 'x'));
  count_reads();
  const auto report = add("a");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(reads, 24U) << "64 MiB are reached in the third round of eight";
  EXPECT_EQ(names_on(registry), "a");
}

TEST_F(OwnTag, several_are_read_at_once) {
  for (const char* name : {"b", "c", "d"}) put_names(registry, {name}, own_tag(name));
  std::mutex mutex;
  std::condition_variable arrived;
  int waiting = 0;
  registry.before(Call::manifest, [&](const Request& request) -> Result<void> {
    if (request.target == tag) return {};
    std::unique_lock lock(mutex);
    ++waiting;
    arrived.notify_all();
    if (arrived.wait_for(lock, 20s, [&] { return waiting == 3; })) return {};
    return fail(Code::timeout, "the others were not asked for");
  });
  const auto report = add("a");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(names_on(registry), "a b c d");
}

TEST_F(OwnTag, need_the_list_of_tags) {
  registry.before(Call::tags,
                  [](const Request&) -> Result<void> { return fail(Code::forbidden, "HTTP 403"); });
  const auto report = add("a");
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("list"), std::string::npos);
  EXPECT_EQ(names_on(registry, own_tag("a")), "a") << "kept for whoever may list";
}

TEST(OwnTagName, is_the_shared_tag_with_sixteen_hex_digits) {
  EXPECT_TRUE(is_own_tag("t.sig-0123456789abcdef", "t.sig"));
  for (const char* other : {"t.sig", "t.sig-", "t.sig-0123456789abcde", "t.sig-0123456789abcdef0",
                            "t.sig-0123456789ABCDEF", "t.sig_0123456789abcdef", "u.sig-0123456789abcdef"})
    EXPECT_FALSE(is_own_tag(other, "t.sig")) << other;
}

}  // namespace
}  // namespace sigstore::store
