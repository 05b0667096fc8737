#include "sigstore/base/system/system_env.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace sigstore::system {
namespace {

using namespace std::chrono_literals;

class Folder {
 public:
  Folder() { path = mkdtemp(name_.data()); }
  ~Folder() { EXPECT_EQ(std::system(("chmod -R u+rwx " + path + " && rm -rf " + path).c_str()), 0); }
  std::string path;
  std::string operator/(const std::string& name) const { return path + "/" + name; }

 private:
  std::string name_ = "/tmp/system_env_test.XXXXXX";
};

class SystemFilesTest : public ::testing::Test {
 protected:
  Folder folder;
  SystemEnv system;
  Files& files = *system.env().files;

  static unsigned mode_of(const std::string& path) {
    struct stat status = {};
    EXPECT_EQ(stat(path.c_str(), &status), 0);
    return status.st_mode & 07777;
  }
};

TEST_F(SystemFilesTest, WritesAndReadsWithExactMode) {
  const mode_t before = umask(0077);
  ASSERT_TRUE(files.write_atomic(folder / "a", "hello", 0644));
  umask(before);
  EXPECT_EQ(mode_of(folder / "a"), 0644u);
  EXPECT_EQ(files.read(folder / "a", 5), "hello");
  EXPECT_EQ(files.read(folder / "a", 4).error().code, Code::too_large);
  EXPECT_EQ(files.size(folder / "a"), 5u);
  ASSERT_TRUE(files.write_atomic(folder / "a", "", 0600));
  EXPECT_EQ(files.read(folder / "a", 0), "");
  EXPECT_EQ(mode_of(folder / "a"), 0600u);
  EXPECT_EQ(files.list(folder.path), std::vector<std::string>{"a"});
}

TEST_F(SystemFilesTest, ReadsLargeFilesInPieces) {
  std::string text(300'001, 'x');
  text[200'000] = 'y';
  ASSERT_TRUE(files.write_atomic(folder / "big", text, 0600));
  EXPECT_EQ(files.read(folder / "big", text.size()), text);
  auto reader = files.open(folder / "big");
  ASSERT_TRUE(reader);
  ASSERT_TRUE((*reader)->skip(199'999));
  Bytes part(3);
  EXPECT_EQ((*reader)->read(part), 3u);
  EXPECT_EQ(to_text(part), "xyx");
  ASSERT_TRUE((*reader)->skip(UINT64_MAX));
  EXPECT_EQ((*reader)->read(part), 0u);
}

TEST_F(SystemFilesTest, ReadsAndWritesPipes) {
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  std::thread writer([&] { EXPECT_TRUE(files.write_atomic(folder / "pipe", "through", 0600)); });
  EXPECT_EQ(files.read(folder / "pipe", 100), "through");
  writer.join();
  struct stat status = {};
  EXPECT_EQ(stat((folder / "pipe").c_str(), &status), 0);
  EXPECT_TRUE(S_ISFIFO(status.st_mode));
}

TEST_F(SystemFilesTest, NothingIsVisibleBeforeCommit) {
  {
    auto file = files.create(folder / "a", 0644);
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->write(as_bytes("half")));
    EXPECT_FALSE(files.exists(folder / "a"));
    const auto names = files.list(folder.path);
    ASSERT_EQ(names->size(), 1u);
    EXPECT_EQ(mode_of(folder / names->front()), 0600u);
  }
  EXPECT_TRUE(files.list(folder.path)->empty());
}

TEST_F(SystemFilesTest, CommitNewKeepsWhatIsThere) {
  auto first = files.create(folder / "a", 0600);
  auto second = files.create(folder / "a", 0600);
  ASSERT_TRUE((*first)->write(as_bytes("1")));
  ASSERT_TRUE((*second)->write(as_bytes("2")));
  EXPECT_TRUE((*first)->commit_new());
  EXPECT_EQ((*second)->commit_new().error().code, Code::conflict);
  second = fail(Code::internal, "gone");
  EXPECT_EQ(files.read(folder / "a", 10), "1");
  EXPECT_EQ(files.list(folder.path)->size(), 1u);
}

TEST_F(SystemFilesTest, ReadsBackAndCommitsUnderAnotherName) {
  auto file = files.create(folder / "upload", 0644);
  ASSERT_TRUE((*file)->write(as_bytes("con")));
  ASSERT_TRUE((*file)->write(as_bytes("tent")));
  Bytes all(20);
  auto reader = (*file)->read_back();
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->read(all), 7u);
  ASSERT_TRUE((*file)->write(as_bytes("!")));
  ASSERT_TRUE((*file)->commit_as(folder / "digest"));
  EXPECT_EQ(files.read(folder / "digest", 20), "content!");
  EXPECT_EQ(files.list(folder.path)->size(), 1u);
}

TEST_F(SystemFilesTest, FoldersAreMadeWithTheirParents) {
  for (const char* path : {"one", "one/two/three", "four/five/", "one//six"}) {
    ASSERT_TRUE(files.make_directories(folder / path)) << path;
    EXPECT_TRUE(files.is_directory(folder / path));
    EXPECT_TRUE(files.make_directories(folder / path)) << "again";
  }
}

TEST_F(SystemFilesTest, SymbolicLinkSurvives) {
  ASSERT_TRUE(files.make_directories(folder / "deep/er"));
  ASSERT_EQ(symlink("deep/er/real", (folder / "link").c_str()), 0);
  EXPECT_TRUE(files.exists(folder / "link"));
  EXPECT_EQ(files.read(folder / "link", 10).error().code, Code::not_found);
  ASSERT_TRUE(files.write_atomic(folder / "link", "dangling no more", 0600));
  ASSERT_TRUE(files.write_atomic(folder / "link", "again", 0600));
  EXPECT_EQ(files.read(folder / "deep/er/real", 10), "again");
  struct stat status = {};
  EXPECT_EQ(lstat((folder / "link").c_str(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode));
  ASSERT_EQ(symlink("loop", (folder / "loop").c_str()), 0);
  EXPECT_FALSE(files.create(folder / "loop", 0600));
}

TEST_F(SystemFilesTest, Errors) {
  EXPECT_EQ(files.read(folder / "none", 1).error(),
            (Error{Code::not_found, "cannot open " + (folder / "none"), "no such file or directory", ""}));
  EXPECT_EQ(files.read(folder.path, 1).error().cause, "it is a directory");
  EXPECT_EQ(files.create(folder.path, 0600).error().cause, "it is a directory");
  EXPECT_EQ(files.create(folder / "none/a", 0600).error().code, Code::not_found);
  EXPECT_EQ(files.create("", 0600).error().code, Code::invalid_argument);
  EXPECT_EQ(files.list(folder / "none").error().code, Code::not_found);
  EXPECT_EQ(files.remove(folder / "none").error().code, Code::not_found);
  EXPECT_EQ(files.size(folder / "none").error().code, Code::not_found);
  ASSERT_TRUE(files.write_atomic(folder / "a", "", 0600));
  EXPECT_FALSE(files.make_directories(folder / "a/b"));
  EXPECT_TRUE(files.remove(folder / "a"));
  EXPECT_FALSE(files.exists(folder / "a"));
}

TEST_F(SystemFilesTest, FullDiskHasItsOwnCode) {
  EXPECT_EQ(files.write_atomic("/dev/full", "x", 0600).error().code, Code::disk_full);
  EXPECT_EQ(files.write_atomic("/dev/null", "x", 0600), Result<void>{});
}

TEST_F(SystemFilesTest, LongestNameCanBeWritten) {
  const std::string name(255, 'n');
  ASSERT_TRUE(files.write_atomic(folder / name, "x", 0600));
  EXPECT_EQ(files.list(folder.path), std::vector<std::string>{name});
}

TEST(SystemClock, SleepEndsAtOnceWhenCancelled) {
  Cancel cancel;
  SystemClock clock(&cancel);
  const auto before = clock.steady();
  std::thread interrupter([&] {
    std::this_thread::sleep_for(20ms);
    cancel.set();
  });
  EXPECT_EQ(clock.sleep(60s).error().code, Code::cancelled);
  interrupter.join();
  EXPECT_LT(clock.steady() - before, 10s);
  EXPECT_EQ(clock.sleep(0s).error().code, Code::cancelled);
}

TEST(SystemClock, SleepsAtLeastAsLongAsAsked) {
  SystemClock clock;
  const auto before = clock.steady();
  EXPECT_TRUE(clock.sleep(5ms));
  EXPECT_GE(clock.steady() - before, 5ms);
  EXPECT_GT(clock.now().time_since_epoch(), std::chrono::hours(24) * 365 * 50);
}

TEST(SystemRandom, FillsDifferently) {
  SystemRandom random;
  Bytes one(64), two(64);
  random.fill(one);
  random.fill(two);
  EXPECT_NE(one, two);
}

TEST(SystemVariables, NamesOfAllThatAreSet) {
  ASSERT_EQ(setenv("SYSTEM_ENV_TEST_A", "x=y", 1), 0);
  ASSERT_EQ(setenv("SYSTEM_ENV_TEST_B", "", 1), 0);
  const auto names = SystemVariables::names();
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_EQ(std::ranges::count(names, "SYSTEM_ENV_TEST_A"), 1);
  EXPECT_EQ(std::ranges::count(names, "SYSTEM_ENV_TEST_B"), 1);
}

TEST(SystemVariables, EmptyIsAValue) {
  const SystemVariables variables;
  setenv("SYSTEM_ENV_TEST", "", 1);
  EXPECT_EQ(variables.get("SYSTEM_ENV_TEST"), "");
  unsetenv("SYSTEM_ENV_TEST");
  EXPECT_EQ(variables.get("SYSTEM_ENV_TEST"), std::nullopt);
}

class SystemProcessesTest : public ::testing::Test {
 protected:
  Cancel cancel;
  SystemEnv system{&cancel};
  Result<ProcessOutput> sh(const std::string& script, std::string_view input = {}, Duration timeout = 20s,
                           std::size_t max = 1000) {
    return system.env().processes->run({"sh", "-c", script}, input, timeout, max);
  }
};

TEST_F(SystemProcessesTest, InputOutputAndCode) {
  const auto output = sh("cat; echo problem >&2; exit 3", "hello");
  ASSERT_TRUE(output);
  EXPECT_EQ(output->out, "hello");
  EXPECT_EQ(output->err, "problem\n");
  EXPECT_EQ(output->exit_code, 3);
  EXPECT_EQ(sh("kill -9 $$")->exit_code, 137);
}

TEST_F(SystemProcessesTest, ASpeakingOneWritesToOurStderr) {
  testing::internal::CaptureStderr();
  const auto output =
      system.env().processes->run_speaking({"sh", "-c", "cat; echo touch it >&2"}, "hello", 20s, 1000);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "touch it\n");
  ASSERT_TRUE(output);
  EXPECT_EQ(output->out, "hello");
  EXPECT_EQ(output->err, "");
}

TEST_F(SystemProcessesTest, LargeInputThatNobodyReads) {
  const std::string large(1 << 20, 'x');
  EXPECT_EQ(sh("exec <&-; echo done", large)->out, "done\n");
  EXPECT_EQ(sh("wc -c", large)->out, "1048576\n");
}

TEST_F(SystemProcessesTest, BoundsOfOutput) {
  EXPECT_EQ(sh("printf 12345", "", 20s, 5)->out, "12345");
  EXPECT_EQ(sh("printf 123456", "", 20s, 5).error().code, Code::too_large);
  EXPECT_EQ(sh("yes", "", 20s, 5).error().code, Code::too_large);
  EXPECT_EQ(sh("printf 123456 >&2", "", 20s, 5)->err, "12345");
}

TEST_F(SystemProcessesTest, TimeoutAndCancel) {
  EXPECT_EQ(sh("sleep 60", "", 50ms).error().code, Code::timeout);
  EXPECT_EQ(sh("yes >&2", "", 50ms).error().code, Code::timeout);
  std::thread interrupter([&] {
    std::this_thread::sleep_for(20ms);
    cancel.set();
  });
  EXPECT_EQ(sh("sleep 60").error().code, Code::cancelled);
  interrupter.join();
}

TEST_F(SystemProcessesTest, WhoeverInheritedThePipesIsNotWaitedFor) {
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(sh("sleep 15 & echo parent")->out, "parent\n");
  EXPECT_LT(std::chrono::steady_clock::now() - before, 10s);
}

TEST_F(SystemProcessesTest, InheritsNoDescriptor) {
  const int leaked = open("/dev/null", O_RDONLY);
  ASSERT_EQ(fcntl(leaked, F_DUPFD, 97), 97);
  const auto output = sh("if [ -e /proc/self/fd/97 ]; then echo leaked; else echo none; fi");
  close(97);
  close(leaked);
  EXPECT_EQ(output->out, "none\n");
}

TEST_F(SystemProcessesTest, NoSuchInterpreter) {
  const Folder folder;
  const std::string script = folder / "script";
  ASSERT_TRUE(system.env().files->write_atomic(script, "#!/no/such/interpreter\n", 0755));
  const auto output = system.env().processes->run({script}, "", 1s, 10);
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, Code::io);
  EXPECT_EQ(output.error().cause, "the interpreter that it names is not there");
}

TEST_F(SystemProcessesTest, ProgramsOfOursAreFoundBesideThisOne) {
  const auto beside = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  for (const char* name : {"cosign-beside-test", "other-beside-test"}) {
    std::filesystem::create_symlink("/bin/echo", beside / name);
    const auto output = system.env().processes->run({name, "found"}, "", 20s, 1000);
    std::filesystem::remove(beside / name);
    EXPECT_EQ(output.has_value(), std::string_view(name).starts_with("cosign-")) << name;
  }
}

TEST_F(SystemProcessesTest, NoSuchProgram) {
  const auto run = [&](const std::string& name) { return system.env().processes->run({name}, "", 1s, 10); };
  EXPECT_EQ(run("there-is-no-such-program").error().code, Code::not_found);
  EXPECT_EQ(run("/etc").error().message, "there is no program /etc");
  EXPECT_EQ(run("/etc/passwd").error(), (Error{Code::not_found, "the program /etc/passwd is not executable",
                                               "", "chmod +x /etc/passwd"}));
  EXPECT_EQ(run("").error().code, Code::not_found);
  EXPECT_EQ(system.env().processes->run({}, "", 1s, 10).error().code, Code::invalid_argument);
  EXPECT_EQ(system.env().processes->run_speaking({}, "", 1s, 10).error().code, Code::invalid_argument);
}

}  // namespace
}  // namespace sigstore::system
