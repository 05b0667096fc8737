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

// An entry of a kind: 'x' and 'g' are pax headers.
std::string of_kind(char kind, const std::string& path, const std::string& text) {
  std::string bytes = entry(path, text);
  bytes[156] = kind;
  unsigned sum = 0;
  for (std::size_t i = 0; i < block; ++i)
    sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(bytes[i]);
  std::string digits;
  for (int i = 0; i < 6; ++i, sum >>= 3) digits.insert(0, 1, static_cast<char>('0' + (sum & 7)));
  bytes.replace(148, 7, digits + '\0');
  return bytes;
}

// The first path that is read, and its content; or what went wrong.
std::string first_of(const std::string& text, Paths paths = Paths::taken) {
  const auto from = read_text(text);
  Reader reader(*from, {.name = "a.tar", .paths = paths});
  const auto header = reader.next();
  if (!header) return std::string(name(header.error().code));
  if (!*header) return "none";
  std::string content((*header)->size, '\0');
  if (!reader.read({reinterpret_cast<std::uint8_t*>(content.data()), content.size()})) return "cut";
  const auto next = reader.next();
  return (*header)->path + "=" + content + (next ? "" : ", and then " + next.error().text());
}

TEST(Tar, ALongPathHasAPaxHeader) {
  EXPECT_EQ(write_long({"a", 5, false}), std::string(as_text(write({"a", 5, false}).value())));
  for (const std::size_t size :
       {101U, 255U, 990U, 991U, 992U, 993U, 1024U}) {  // the length's digits count, too
    const std::string path(size, 'a');
    const auto header = write_long({path, 3, false});
    ASSERT_TRUE(header) << size;
    EXPECT_EQ(header->size() % block, 0U);
    const std::string text = *header + "abc" + std::string(padding(3), '\0') + end;
    EXPECT_EQ(first_of(text), path + "=abc");
    EXPECT_EQ(first_of(text, Paths::refused), name(Code::unsupported));
  }
  EXPECT_EQ(write_long({std::string(1025, 'a'), 3, false}).error().code, Code::unsupported);
}

TEST(Tar, APaxHeaderNamesTheNextFileOnce) {
  const std::string file = entry("short", "x"), path = of_kind('x', "p", "15 path=../long\n");
  const auto named = [&](const std::string& records) {
    return first_of(of_kind('x', "p", records) + file + end);
  };
  const std::string malformed(name(Code::malformed)), unsupported(name(Code::unsupported));
  EXPECT_EQ(first_of(path + file + entry("after", "y") + end), malformed) << "a record that is too short";
  EXPECT_EQ(named("16 path=../long\n"), "../long=x") << "a reader's user checks it, as any";
  EXPECT_EQ(named("11 path=ab\n"), "ab=x");
  EXPECT_EQ(named("13 path=./ab\n"), "ab=x");
  EXPECT_EQ(named("9 path=a\n9 path=b\n"), malformed);
  EXPECT_EQ(named("8 path=\n"), malformed);
  EXPECT_EQ(named(std::string("11 path=a\0\n", 11)), malformed);
  EXPECT_EQ(named("9 size=9\n"), unsupported);
  EXPECT_EQ(named("12 linkpath=\n"), malformed);
  EXPECT_EQ(named("14 linkpath=a\n"), unsupported);
  EXPECT_EQ(named("1035 path=" + std::string(1024, 'a') + "\n"), std::string(1024, 'a') + "=x");
  EXPECT_EQ(named("1036 path=" + std::string(1025, 'a') + "\n"), name(Code::too_large));
  const std::string one = of_kind('x', "p", "9 path=a\n");
  EXPECT_EQ(first_of(one + file + entry("short", "y") + end), "a=x");
  EXPECT_EQ(first_of(one + of_kind('x', "p", "9 path=b\n") + file + end), malformed);
  EXPECT_EQ(first_of(one + of_kind('x', "p", "10 mtime=1\n") + file + end), malformed) << "10 are not all";
  EXPECT_EQ(first_of(one + of_kind('x', "p", "11 mtime=1\n") + file + end), "a=x");
  EXPECT_EQ(first_of(one + of_kind('5', "d", "") + end), unsupported) << "a folder";
  EXPECT_EQ(first_of(one + end), malformed) << "nothing";
  EXPECT_EQ(first_of(of_kind('g', "p", "9 path=a\n") + file + end), unsupported) << "for all that follow";
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
