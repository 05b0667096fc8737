// Several at once on one folder of a real disk, and one that is killed.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <latch>
#include <thread>

#include "sigstore/base/system/system_env.h"
#include "sigstore/base/testing/temporary_folder.h"
#include "sigstore/trust_cache/cache.h"
#include "sigstore/tuf/testing/play.h"

namespace sigstore::trust_cache {
namespace {

using namespace std::chrono_literals;
using tuf::testing::Play;

// A repository that several may ask, each for its own.
class Copied final : public tuf::Repository {
 public:
  explicit Copied(const std::map<std::string, std::string>& files) { repository_.files = files; }
  Result<std::string> metadata(const std::string& file, std::size_t max) override {
    return repository_.metadata(file, max);
  }
  Result<std::string> target(const std::string& path, std::uint64_t max) override {
    return repository_.target(path, max);
  }

 private:
  tuf::testing::MemoryRepository repository_;
};

struct TrustCacheProcesses : ::testing::Test {
  TrustCacheProcesses() : play(system::SystemClock().now() + 100 * 24h) {
    place.folder = folder.path() + "/a/root";
    place.mirror = "https://t.example";
    play.add_target("targets", "trusted_root.json", "first");
    play.publish();
    place.root = play.file("1.root.json");
  }
  Result<State> load(Reach reach, const std::map<std::string, std::string>& files,
                     std::atomic<int>* opened = nullptr) const {
    const system::SystemEnv env;
    return trust_cache::load(env.env(), place, reach, {"trusted_root.json"},
                             [&](const std::string&) -> Result<std::unique_ptr<tuf::Repository>> {
                               if (opened != nullptr) ++*opened;
                               return std::make_unique<Copied>(files);
                             });
  }
  fakes::TemporaryFolder folder;
  Play play;
  Place place;
};

TEST_F(TrustCacheProcesses, ManyAgreeAndOneAsks) {
  constexpr int number = 20;
  const auto& files = play.repository.files;
  std::atomic<int> opened = 0, agreed = 0;
  std::latch start(number);
  {
    std::vector<std::jthread> jobs;
    for (int i = 0; i < number; ++i)
      jobs.emplace_back([&] {
        start.arrive_and_wait();
        const auto state = load(Reach::fresh, files, &opened);
        if (state && state->notices.empty() && state->targets.size() == 1 &&
            state->targets[0].content == "first")
          ++agreed;
      });
  }
  EXPECT_EQ(agreed, number);
  EXPECT_EQ(opened, 1);
}

TEST_F(TrustCacheProcesses, KilledAtAnyMoment) {
  auto old = play.repository.files;
  ASSERT_TRUE(load(Reach::fresh, old));
  play.rotate("timestamp");
  play.root.version = 2;
  play.publish_root();
  play.add_target("targets", "trusted_root.json", "other");
  play.release("targets");
  int killed = 0, olds = 0, news = 0;
  for (int i = 0; i < 60; ++i) {
    ASSERT_TRUE(system::SystemEnv().env().files->is_directory(place.folder));
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      (void)load(Reach::refresh, play.repository.files);
      _exit(0);
    }
    usleep(static_cast<useconds_t>(200 * i));
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    killed += WIFSIGNALED(status) ? 1 : 0;
    const auto state = load(Reach::offline, {});
    ASSERT_TRUE(state) << state.error().text();
    ASSERT_EQ(state->targets.size(), 1U);
    const bool is_new = state->targets[0].content == "other";
    ASSERT_TRUE(is_new || state->targets[0].content == "first");
    ASSERT_EQ(state->trusted.at("root").version, is_new ? 2U : 1U);
    ++(is_new ? news : olds);
    if (is_new) {  // back to the start
      const system::SystemEnv env;
      const auto again =
          trust_cache::initialize(env.env(), place, {"trusted_root.json"},
                                  [&](const std::string&) -> Result<std::unique_ptr<tuf::Repository>> {
                                    return std::make_unique<Copied>(old);
                                  });
      ASSERT_TRUE(again) << again.error().text();
    }
  }
  EXPECT_GT(killed, 0);
  EXPECT_GT(olds, 0);
}

}  // namespace
}  // namespace sigstore::trust_cache
