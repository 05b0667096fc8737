#include "sigstore/store/archive/archive.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/memory_files.h"
#include "sigstore/codec/tar.h"
#include "sigstore/oci/digest.h"

namespace sigstore::store {
namespace {

namespace tar = codec::tar;

std::string entry(const std::string& path, const std::string& text, std::uint64_t said) {
  const auto header = tar::write({path, said, false});
  return std::string(as_text(header.value())) + text + std::string(tar::padding(text.size()), '\0');
}
std::string entry(const std::string& path, const std::string& text) {
  return entry(path, text, text.size());
}
std::string blob(const std::string& text) {
  return entry("blobs/sha256/" + std::string(oci::Digest::sha256(text).hex()), text);
}
const std::string index_file = entry("index.json", "{}"), end(1024, '\0');

struct ArchiveTest : ::testing::Test {
  fakes::MemoryFiles files;
  Result<Archive> open(const std::string& bytes) {
    files.put("a.tar", bytes);
    return open_archive(files, "a.tar");
  }
  Code refused(const std::string& bytes) {
    const auto archive = open(bytes);
    return archive ? Code::internal : archive.error().code;
  }
};

TEST_F(ArchiveTest, OfAnotherProgramWithoutAList) {
  const auto archive = open(blob("one") + index_file + blob("two") + end);
  ASSERT_TRUE(archive) << archive.error().text();
  EXPECT_EQ(archive->index, "{}");
  EXPECT_EQ(*archive->content->read(oci::Digest::sha256("two"), 10).value(), "two");
  EXPECT_EQ(archive->content->list(10)->size(), 2U);
}

TEST_F(ArchiveTest, WhatIsWrittenIsReadAgain) {
  const ArchiveList list{{"index.json", {2, std::string(oci::Digest::sha256("{}").hex())}}};
  EXPECT_EQ(parse_list(write_list(list)), list);
  EXPECT_TRUE(open(entry(archive_list_name, write_list(list)) + index_file + end));
  EXPECT_EQ(refused(entry(archive_list_name, write_list(list)) + index_file + blob("x") + end),
            Code::mismatch);
}

TEST_F(ArchiveTest, ACompressedOneIsCalledThat) {
  for (const std::string start : {"\x1f\x8b", "\x28\xb5\x2f\xfd", "BZh9", "\xfd\x37zXZ"}) {
    const auto archive = open(start + std::string(1000, 'x'));
    ASSERT_FALSE(archive);
    EXPECT_EQ(archive.error().message, "the archive is compressed");
  }
}

TEST_F(ArchiveTest, ReadingEndsWhenItIsInterrupted) {
  Cancel cancel;
  cancel.set();
  files.put("a.tar", index_file + end);
  EXPECT_EQ(open_archive(files, "a.tar", &cancel).error().code, Code::cancelled);
}

// An entry of another kind: 'x' and 'g' are pax headers.
std::string special(char kind, const std::string& data) {
  std::string text = entry("PaxHeaders/x", data);
  std::fill_n(text.begin() + 148, 8, ' ');
  text[156] = kind;
  unsigned sum = 0;
  for (std::size_t i = 0; i < tar::block; ++i) sum += static_cast<unsigned char>(text[i]);
  for (int i = 5; i >= 0; --i, sum >>= 3) text[148 + i] = static_cast<char>('0' + (sum & 7));
  text[154] = '\0';
  return text;
}

TEST_F(ArchiveTest, ExtendedHeadersThatSayNothingOfFilesArePassedOver) {
  const std::string times = "30 mtime=1700000000.123456789\n20 atime=1700000000\n15 comment=a=b\n";
  EXPECT_TRUE(open(special('g', "15 comment=any\n" + times) + special('x', times) + index_file + end));
  EXPECT_TRUE(open(special('x', "") + index_file + end));
  for (const char* record : {"12 path=abc\n", "10 size=1\n", "14 linkpath=a\n", "22 GNU.sparse.major=1\n"})
    EXPECT_EQ(refused(special('x', record) + index_file + end), Code::unsupported) << record;
  for (const char* record : {"x", "9 a=b\n", "6 a=b", "5 a=b\n", "1 a=b\n", " a=b\n", "7 a b c\n", "6 =bb\n",
                             "99999999999 a=b\n", "6 a=b\n\n"})
    EXPECT_EQ(refused(special('x', record) + index_file + end), Code::malformed) << record;
  EXPECT_EQ(refused(special('x', std::string(70000, 'x')) + index_file + end), Code::too_large);
  EXPECT_EQ(refused(special('L', "long") + index_file + end), Code::unsupported);
  EXPECT_EQ(refused(index_file + special('x', times)), Code::malformed) << "no end";
}

TEST_F(ArchiveTest, BadInput) {
  EXPECT_EQ(refused(""), Code::malformed);
  EXPECT_EQ(refused(index_file), Code::malformed) << "no end";
  EXPECT_EQ(refused(end), Code::malformed) << "no index";
  EXPECT_EQ(refused(index_file + index_file + end), Code::malformed);
  EXPECT_EQ(refused(entry("index.json", "{}", 1ULL << 60) + end), Code::too_large);
  EXPECT_EQ(refused(entry("blobs/sha256/" + std::string(64, '0'), "x") + end), Code::mismatch);
  EXPECT_EQ(refused(entry("blobs/sha256/" + std::string(64, '0'), "x", 1ULL << 61) + end), Code::malformed);
  for (const char* path : {"../index.json", "/etc/passwd", "blobs/sha256/../../x", "blobs/sha512/x", "x", ""})
    EXPECT_EQ(refused(entry(path, "x") + end), Code::malformed) << path;
}

}  // namespace
}  // namespace sigstore::store
