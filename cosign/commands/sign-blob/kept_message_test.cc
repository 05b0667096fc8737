#include "cosign/commands/sign-blob/kept_message.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"

namespace cosign {
namespace {

using sigstore::Bytes;
using sigstore::Code;
using sigstore::limits::mib;

std::string read(const sigstore::ByteSource& source) {
  std::string text;
  const auto reader = source.open();
  EXPECT_TRUE(sigstore::copy_stream(**reader, [&](sigstore::BytesView piece) -> sigstore::Result<void> {
    text += sigstore::as_text(piece);
    return {};
  }));
  return text;
}

TEST(KeptMessage, IsReadAsOftenAsItTakes) {
  KeptMessage kept([] { return true; }, [] { return true; });
  for (const char* piece : {"one", "", " two"}) EXPECT_TRUE(kept.add(sigstore::as_bytes(piece)));
  const auto source = kept.source();
  ASSERT_TRUE(source);
  EXPECT_EQ(source->size, 7u);
  EXPECT_EQ(read(*source), "one two");
  EXPECT_EQ(read(*source), "one two");
}

TEST(KeptMessage, NothingIsKeptForOtherKeys) {
  bool known = false;
  KeptMessage kept([&] { return known; }, [] { return false; });
  EXPECT_TRUE(kept.add(sigstore::as_bytes("early")));
  known = true;
  const Bytes piece(mib);
  for (int i = 0; i < 200; ++i) EXPECT_TRUE(kept.add(piece));
  EXPECT_FALSE(kept.source());
}

// The key is waited for before much is kept.
TEST(KeptMessage, LittleIsKeptBeforeTheKeyIsKnown) {
  int asked = 0;
  KeptMessage kept([] { return false; }, [&] { return ++asked, true; });
  const Bytes piece(mib);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(kept.add(piece));
  EXPECT_EQ(asked, 0);
  EXPECT_TRUE(kept.add(piece));
  EXPECT_EQ(asked, 1);
}

TEST(KeptMessage, HasAnEnd) {
  KeptMessage kept([] { return true; }, [] { return true; });
  const Bytes piece(mib);
  for (std::size_t i = 0; i < sigstore::limits::kept_message_bytes / mib; ++i) EXPECT_TRUE(kept.add(piece));
  const auto more = kept.add(sigstore::as_bytes("x"));
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, Code::too_large);
}

}  // namespace
}  // namespace cosign
