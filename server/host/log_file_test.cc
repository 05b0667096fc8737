#include "server/host/log_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "sigstore/base/testing/fake_clock.h"
#include "sigstore/base/testing/temporary_folder.h"

namespace server::host {
namespace {

using namespace std::chrono_literals;

struct LogFile : ::testing::Test {
  [[nodiscard]] std::string content(const std::string& more = "") const {
    std::stringstream text;
    text << std::ifstream(path + more).rdbuf();
    return text.str();
  }
  sigstore::fakes::FakeClock clock;
  const sigstore::fakes::TemporaryFolder temporary;
  const std::string folder = temporary.path(), path = folder + "/log";
};

TEST_F(LogFile, LinesAreAppended) {
  std::ofstream(path) << "before\n";
  {
    const auto sink = open_log_file(clock, path);
    ASSERT_TRUE(sink);
    (*sink)("one\n");
    (*sink)("two\n");
  }
  EXPECT_EQ(content(), "before\none\ntwo\n");
}

TEST_F(LogFile, ItIsMadeAndOthersMayNotReadIt) {
  ASSERT_TRUE(open_log_file(clock, path));
  struct stat status{};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U & ~0640U, 0U);
}

// logrotate: rename, and go on under the old name; no signal is sent.
TEST_F(LogFile, AFileThatWasRenamedIsLeftToWhoeverTookIt) {
  const auto sink = open_log_file(clock, path);
  ASSERT_TRUE(sink);
  (*sink)("one\n");
  std::filesystem::rename(path, path + ".1");
  clock.advance(1s);
  (*sink)("two\n");
  std::filesystem::remove(path);
  clock.advance(1s);
  (*sink)("three\n");
  EXPECT_EQ(content(".1"), "one\n");
  EXPECT_EQ(content(), "three\n");
}

TEST_F(LogFile, AFileThatWasCutGoesOnAtItsBeginning) {
  const auto sink = open_log_file(clock, path);
  ASSERT_TRUE(sink);
  (*sink)("a long line\n");
  std::filesystem::resize_file(path, 0);
  clock.advance(1s);
  (*sink)("two\n");
  EXPECT_EQ(content(), "two\n");
}

// Threads write while it is renamed again and again: each line is in one of the files, whole and once.
TEST_F(LogFile, NoLineIsLostWhileItIsRotated) {
  constexpr int writers = 4, lines = 3000;
  {
    const auto sink = open_log_file(clock, path);
    ASSERT_TRUE(sink);
    std::vector<std::jthread> threads;
    for (int writer = 0; writer < writers; ++writer)
      threads.emplace_back([&, writer] {
        for (int i = 0; i < lines; ++i) (*sink)(std::to_string(writer * lines + i) + "\n");
      });
    for (int i = 1; i <= 5; ++i) {
      std::filesystem::rename(path, path + "." + std::to_string(i));
      clock.advance(1s);
      for (int tries = 0; tries < 1000 && !std::filesystem::exists(path); ++tries) {
        (*sink)("");
        std::this_thread::sleep_for(1ms);
      }
    }
  }
  std::multiset<int> seen;
  std::stringstream all(content() + content(".1") + content(".2") + content(".3") + content(".4") +
                        content(".5"));
  for (int number; all >> number;) seen.insert(number);
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(writers * lines));
  EXPECT_EQ(std::set<int>(seen.begin(), seen.end()).size(), seen.size());
}

TEST_F(LogFile, AFolderThatIsNotThereIsAnError) {
  const auto sink = open_log_file(clock, folder + "/nowhere/log");
  ASSERT_FALSE(sink);
  EXPECT_EQ(sink.error().code, sigstore::Code::io);
  EXPECT_NE(sink.error().message.find("/nowhere/log"), std::string::npos);
}

}  // namespace
}  // namespace server::host
