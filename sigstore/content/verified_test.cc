// What is hashed again, and what is not: on a real file system, because that is what tells.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "sigstore/base/stamped_reader.h"
#include "sigstore/base/system/system_env.h"
#include "sigstore/base/testing/temporary_folder.h"
#include "sigstore/content/folder.h"

namespace sigstore::content {
namespace {

struct VerifiedTest : ::testing::Test {
  VerifiedTest() { EXPECT_TRUE(store->put(digest, text)); }

  // All of it, or the error.
  Result<std::string> read(std::uint64_t offset = 0) const {
    TRY(const auto reader, store->open(digest, offset));
    std::string all(text.size() + 1, '\0');
    std::size_t size = 0;
    for (;;) {
      TRY(const auto got,
          reader->read({reinterpret_cast<std::uint8_t*>(all.data()) + size, all.size() - size}));
      if (got == 0) return all.substr(0, size);
      size += got;
    }
  }
  // Whether the next reader is the bare file.
  [[nodiscard]] bool trusted() const {
    const auto reader = store->open(digest);
    return reader && dynamic_cast<const StampedReader*>(reader->get()) != nullptr;
  }
  void write(const std::string& content) const { std::ofstream(path, std::ios::binary) << content; }

  const fakes::TemporaryFolder folder;
  system::SystemRandom random;
  system::SystemFiles files{random};
  const std::unique_ptr<Store> store = make_folder(files, &random, folder.path());
  const std::string text = std::string(300000, 'x').append("end");
  const oci::Digest digest = oci::Digest::sha256(text);
  const std::string path = folder.path() + "/" + blob_path(digest);
};

TEST_F(VerifiedTest, AFileThatHoldsMoreThanWasHashedIsNotCommitted) {
  const auto writer = *store->begin();
  ASSERT_TRUE(writer->write(as_bytes(text)));
  const auto names = *files.list(folder.path() + "/uploads");
  ASSERT_EQ(names.size(), 1U);
  std::ofstream(folder.path() + "/uploads/" + names[0], std::ios::binary | std::ios::app) << "!";
  const auto committed = writer->commit(digest);
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code, Code::io);
  EXPECT_EQ(read().value(), text) << "what was there stays";
}

TEST_F(VerifiedTest, AFileIsHashedOnce) {
  EXPECT_FALSE(trusted());
  EXPECT_EQ(read().value(), text);
  EXPECT_TRUE(trusted());
  EXPECT_EQ(read().value(), text);
}

TEST_F(VerifiedTest, WhoDidNotReadToTheEndHasFoundNothing) {
  const auto reader = store->open(digest);
  std::array<std::uint8_t, 1000> some;
  ASSERT_TRUE((*reader)->read(some));
  EXPECT_FALSE(trusted());
  EXPECT_EQ(read(5).value(), text.substr(5));
  EXPECT_FALSE(trusted());
}

TEST_F(VerifiedTest, AFileThatSomebodyWroteToIsHashedAgain) {
  ASSERT_TRUE(read());
  struct stat before{};
  ASSERT_EQ(stat(path.c_str(), &before), 0);
  std::string bad = text;
  bad[1000] = 'y';
  write(bad);  // in place: the same file, of the same size
  const timespec times[] = {before.st_atim, before.st_mtim};
  ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);  // and as if nothing had happened
  EXPECT_FALSE(trusted());
  EXPECT_EQ(read().error().code, Code::mismatch);
  EXPECT_FALSE(trusted());
  write(text);
  EXPECT_EQ(read().value(), text);
  EXPECT_TRUE(trusted());
}

TEST_F(VerifiedTest, AnotherFileInItsPlaceIsHashed) {
  ASSERT_TRUE(read());
  ASSERT_EQ(rename(path.c_str(), (path + ".old").c_str()), 0);
  write(text.substr(1) + "y");
  EXPECT_EQ(read().error().code, Code::mismatch);
}

}  // namespace
}  // namespace sigstore::content
