#include "sigstore/codec/tar.h"

#include "sigstore/base/stream.h"
#include "sigstore/codec/tar_reader.h"

namespace sigstore::codec::tar {
namespace {

std::string entry(const std::string& path, const std::string& text) {
  const auto header = write({path, text.size(), false});
  return std::string(as_text(header.value())) + text + std::string(padding(text.size()), '\0');
}

const std::string end(2 * block, '\0');

TEST(Tar, WhatIsWrittenIsReadAgain) {
  EXPECT_EQ(parse(write({"a", 0x123456789abcULL, false}).value())->size, 0x123456789abcULL);
  for (const std::string& path :
       {std::string(100, 'a'), "d/" + std::string(100, 'a'), std::string(99, 'a') + "/b",
        std::string(100, 'a') + "/b", std::string(155, 'a') + "/" + std::string(100, 'b'),
        "a/" + std::string(90, 'b') + "/" + std::string(90, 'c')}) {
    const auto block = write({path, 5, false});
    ASSERT_TRUE(block) << path;
    const auto header = parse(*block);
    ASSERT_TRUE(header) << path;
    EXPECT_EQ(header->path, path);
    EXPECT_EQ(header->size, 5U);
  }
}

TEST(Tar, APathThatDoesNotFitIsRefused) {
  for (const std::string& path :
       {std::string(101, 'a'), std::string(156, 'a') + "/b", "a/" + std::string(101, 'b'),
        std::string(200, 'a') + "/" + std::string(100, 'b')})
    EXPECT_EQ(write({path, 1, false}).error().code, Code::unsupported) << path;
}

TEST(Tar, IsReadEntryByEntry) {
  const std::string text =
      entry("one", "first") + entry("d/two", std::string(1000, 'x')) + entry("three", "") + end;
  const auto from = read_text(text);
  Reader reader(*from, {.name = "a.tar"});
  auto header = reader.next();
  ASSERT_TRUE(header && *header);
  EXPECT_EQ((*header)->path, "one");
  EXPECT_EQ(reader.at(), block);
  std::string content(2, '\0');
  ASSERT_TRUE(reader.read({reinterpret_cast<std::uint8_t*>(content.data()), 2}));
  EXPECT_EQ(content, "fi");
  EXPECT_EQ((*reader.next())->path, "d/two") << "the rest was passed over";
  EXPECT_EQ((*reader.next())->path, "three");
  std::array<std::uint8_t, 1> byte;
  EXPECT_EQ(reader.read(byte).error().code, Code::internal) << "it has no content";
  EXPECT_FALSE(*reader.next());
}

TEST(Tar, HasABound) {
  const std::string text = entry("one", "") + entry("two", "") + end;
  const auto from = read_text(text);
  Reader reader(*from, {.name = "a.tar", .max_files = 1});
  EXPECT_TRUE(reader.next());
  EXPECT_EQ(reader.next().error().code, Code::too_large);
}

TEST(Tar, IsCutAnywhere) {
  const std::string text = entry("one", "first") + entry("two", "second") + end;
  for (std::size_t size = 0; size < text.size() - block; size += 7) {
    const auto from = read_text(std::string_view(text).substr(0, size));
    Reader reader(*from, {.name = "a.tar", .wrong_hint = "name another"});
    Result<std::optional<Header>> header = reader.next();
    while (header && *header) header = reader.next();
    ASSERT_FALSE(header) << size;
    EXPECT_EQ(header.error().code, Code::malformed);
    EXPECT_EQ(header.error().hint, size < block ? "name another" : "");
  }
}

}  // namespace
}  // namespace sigstore::codec::tar
