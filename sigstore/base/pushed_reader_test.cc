#include "sigstore/base/pushed_reader.h"

#include <gtest/gtest.h>

#include <atomic>

namespace sigstore {
namespace {

std::string pattern(std::size_t size) {
  std::string text(size, 0);
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 % 251);
  return text;
}

Result<void> push_in_pieces(const ByteSink& sink, std::string_view text, std::size_t piece) {
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
    TRY_OK(sink(as_bytes(text.substr(0, piece))));
  return {};
}

TEST(PushedReader, WhatIsPushedIsReadWhateverThePieces) {
  const std::string text = pattern(20000);
  for (const std::size_t window : {7U, 4096U, 1000000U})
    for (const std::size_t piece : {13U, 5000U}) {
      const auto reader =
          read_pushed([&](const ByteSink& sink) { return push_in_pieces(sink, text, piece); }, window);
      std::string got;
      std::vector<std::uint8_t> buffer(999);
      for (auto n = reader->read(buffer); n.value() > 0; n = reader->read(buffer))
        got += as_text(BytesView(buffer).first(*n));
      EXPECT_EQ(got, text) << window << " " << piece;
    }
}

TEST(PushedReader, AnErrorComesAfterWhatWasDelivered) {
  const auto reader = read_pushed(
      [](const ByteSink& sink) -> Result<void> {
        TRY_OK(sink(as_bytes("abc")));
        return fail(Code::mismatch, "a lie");
      },
      10);
  std::vector<std::uint8_t> buffer(10);
  std::string got;
  auto n = reader->read(buffer);
  for (; n && *n > 0; n = reader->read(buffer)) got += as_text(BytesView(buffer).first(*n));
  EXPECT_EQ(got, "abc");
  ASSERT_FALSE(n);
  EXPECT_EQ(n.error().message, "a lie");
  EXPECT_FALSE(reader->read(buffer)) << "and stays";
}

TEST(PushedReader, WhoeverStopsReadingStopsIt) {
  std::atomic<Code> seen = Code::internal;
  {
    const auto reader = read_pushed(
        [&](const ByteSink& sink) -> Result<void> {
          const std::string endless(1000, 'x');
          while (true) {
            if (auto taken = sink(as_bytes(endless)); !taken) {
              seen = taken.error().code;
              return taken;
            }
          }
        },
        100);
    std::vector<std::uint8_t> buffer(10);
    EXPECT_EQ(reader->read(buffer), 10U);
  }
  EXPECT_EQ(seen, Code::cancelled);
}

}  // namespace
}  // namespace sigstore
