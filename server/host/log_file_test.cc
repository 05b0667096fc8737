#include "server/host/log_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "sigstore/base/testing/temporary_folder.h"

namespace server::host {
namespace {

struct LogFile : ::testing::Test {
  [[nodiscard]] std::string content() const {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  const sigstore::fakes::TemporaryFolder temporary;
  const std::string folder = temporary.path(), path = folder + "/log";
};

TEST_F(LogFile, LinesAreAppended) {
  std::ofstream(path) << "before\n";
  {
    const auto sink = open_log_file(path);
    ASSERT_TRUE(sink);
    (*sink)("one\n");
    (*sink)("two\n");
  }
  EXPECT_EQ(content(), "before\none\ntwo\n");
}

TEST_F(LogFile, ItIsMadeAndOthersMayNotReadIt) {
  ASSERT_TRUE(open_log_file(path));
  struct stat status{};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U & ~0640U, 0U);
}

TEST_F(LogFile, AFolderThatIsNotThereIsAnError) {
  const auto sink = open_log_file(folder + "/nowhere/log");
  ASSERT_FALSE(sink);
  EXPECT_EQ(sink.error().code, sigstore::Code::io);
  EXPECT_NE(sink.error().message.find("/nowhere/log"), std::string::npos);
}

}  // namespace
}  // namespace server::host
