#include "sigstore/codec/tar.h"

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/memory_files.h"
#include "sigstore/remote/tufrepo/tufrepo.h"

namespace sigstore::remote {
namespace {

namespace tar = codec::tar;

std::string entry(const std::string& path, const std::string& text, std::optional<std::uint64_t> said = {}) {
  const auto header = tar::write({path, said.value_or(text.size()), false});
  return std::string(as_text(header.value())) + text + std::string(tar::padding(text.size()), '\0');
}

const std::string end(1024, '\0'), timestamp = entry("timestamp.json", "now");

struct TarTufRepository : ::testing::Test {
  fakes::MemoryFiles files;
  Result<std::unique_ptr<tuf::Repository>> open(const std::string& bytes) {
    files.put("m.tar", bytes);
    return open_tar_tufrepo(files, "m.tar");
  }
  Code refused(const std::string& bytes) {
    const auto opened = open(bytes);
    return opened ? Code::internal : opened.error().code;
  }
};

TEST_F(TarTufRepository, HoldsMetadataAndTargets) {
  const auto opened =
      open(timestamp + entry("1.role%2Fa.json", "role") + entry("targets/d/ab.name", "content") + end);
  ASSERT_TRUE(opened) << opened.error().text();
  tuf::Repository& repository = **opened;
  EXPECT_EQ(repository.metadata("timestamp.json", 3), "now");
  EXPECT_EQ(repository.metadata("1.role%2Fa.json", 9), "role");
  EXPECT_EQ(repository.target("d/ab.name", 7), "content");
  EXPECT_EQ(repository.metadata("timestamp.json", 2).error().code, Code::too_large);
  EXPECT_EQ(repository.metadata("1.root.json", 9).error().text(), "there is no 1.root.json in m.tar");
  EXPECT_EQ(repository.target("timestamp.json", 9).error().code, Code::not_found);
  EXPECT_EQ(repository.target("../timestamp.json", 9).error().code, Code::malformed);
  EXPECT_EQ(repository.metadata("targets/d/ab.name", 9).error().code, Code::malformed);
}

TEST_F(TarTufRepository, MayStandInAFolder) {
  const auto opened = open(entry("m/targets/timestamp.json", "a target") + entry("m/timestamp.json", "now") +
                           entry("m/targets/x", "content") + end);
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ((*opened)->metadata("timestamp.json", 9), "now");
  EXPECT_EQ((*opened)->target("x", 9), "content");
}

TEST_F(TarTufRepository, MayHoldLongNames) {
  const auto entry_of = [](const std::string& path) {
    return tar::write_long({path, 1, false}).value() + "x" + std::string(tar::padding(1), '\0');
  };
  const std::string name = std::string(64, 'a') + "." + std::string(80, 'n');
  const auto opened = open(timestamp + entry_of("targets/" + name) + end);
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ((*opened)->target(name, 1), "x");
  for (const std::string& path : {"../" + name, "/" + name, "a/../" + name, "a//" + name, name + "\n"})
    EXPECT_EQ(refused(timestamp + entry_of(path) + end), Code::malformed) << path;
  EXPECT_EQ(refused(timestamp + entry_of(name) + entry_of(name) + end), Code::malformed) << "twice";
}

TEST_F(TarTufRepository, BadInput) {
  EXPECT_EQ(refused(""), Code::malformed);
  EXPECT_EQ(refused(end), Code::malformed) << "no repository";
  EXPECT_EQ(refused(timestamp), Code::malformed) << "no end";
  EXPECT_EQ(refused(timestamp + timestamp + end), Code::malformed) << "twice";
  EXPECT_EQ(refused("\x1f\x8b" + std::string(1000, 'x')), Code::unsupported);
  EXPECT_EQ(refused(timestamp + entry("x", "x", 1ULL << 40)), Code::too_large);
  EXPECT_EQ(refused(timestamp + entry("x", "x", limits::tuf_mirror_bytes)), Code::too_large);
  EXPECT_EQ(refused(timestamp + entry("x", "x", limits::tuf_mirror_bytes - 3)), Code::malformed) << "cut";
  for (const char* path : {"../x", "/etc/passwd", "a/../../x", "a//b", ""})
    EXPECT_EQ(refused(timestamp + entry(path, "x") + end), Code::malformed) << path;
  EXPECT_EQ(open_tar_tufrepo(files, "none.tar").error().code, Code::not_found);
}

}  // namespace
}  // namespace sigstore::remote
