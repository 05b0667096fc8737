#include "sigstore/base/stream.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"

namespace sigstore {
namespace {

struct Taken {
  std::string text;
  std::size_t largest = 0;
  ByteSink sink = [this](BytesView piece) -> Result<void> {
    text += as_text(piece);
    largest = std::max(largest, piece.size());
    return {};
  };
};

TEST(Stream, PassesAllOnInPieces) {
  const std::string text(3 * limits::copy_bytes + 7, 'x');
  Taken taken;
  EXPECT_EQ(copy_stream(*read_text(text), taken.sink), text.size());
  EXPECT_EQ(taken.text, text);
  EXPECT_EQ(taken.largest, limits::copy_bytes);
}

TEST(Stream, NothingIsPassedOnOfNothing) {
  Taken taken;
  EXPECT_EQ(copy_stream(*read_text(""), taken.sink), 0U);
  EXPECT_EQ(taken.largest, 0U);
}

TEST(Stream, TheErrorOfASinkEndsIt) {
  int pieces = 0;
  const auto copied = copy_stream(*read_text(std::string_view("text")), [&](BytesView) -> Result<void> {
    ++pieces;
    return fail(Code::disk_full, "no space");
  });
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().code, Code::disk_full);
  EXPECT_EQ(pieces, 1);
}

TEST(Stream, ASourceIsReadAsOftenAsItTakes) {
  const ByteSource source = text_source("text");
  EXPECT_EQ(source.size, 4U);
  for (int i = 0; i < 2; ++i) {
    Taken taken;
    EXPECT_EQ(copy_stream(**source.open(), taken.sink), 4U);
    EXPECT_EQ(taken.text, "text");
  }
}

}  // namespace
}  // namespace sigstore
