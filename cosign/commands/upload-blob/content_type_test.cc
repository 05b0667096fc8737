#include "cosign/commands/upload-blob/content_type.h"

#include <gtest/gtest.h>

namespace cosign::upload_blob {
namespace {

using namespace std::string_view_literals;

TEST(ContentType, IsThatOfTheOriginal) {
  EXPECT_EQ(content_type(""), "text/plain");
  EXPECT_EQ(content_type("hello\n"), "text/plain");
  EXPECT_EQ(content_type(R"({"a":1})"), "text/plain");
  EXPECT_EQ(content_type("\n <!doctype html>"), "text/html");
  EXPECT_EQ(content_type("<!-- x"), "text/html");
  EXPECT_EQ(content_type("<bold"), "text/plain");
  EXPECT_EQ(content_type(" <?xml version"), "text/xml");
  EXPECT_EQ(content_type("\x1f\x8b\x08\0"sv), "application/x-gzip");
  EXPECT_EQ(content_type("PK\3\4rest"), "application/zip");
  EXPECT_EQ(content_type("\0asm\1\0\0\0"sv), "application/wasm");
  EXPECT_EQ(content_type("\x7f"
                         "ELF\2\1\1\0"sv),
            "application/octet-stream");
  EXPECT_EQ(content_type("RIFF\0\0\0\0WAVEfmt"sv), "audio/wave");
  EXPECT_EQ(content_type("\0\0\0\x14"
                         "ftypisom\0\0\0\0mp41"sv),
            "video/mp4");
  EXPECT_EQ(content_type("\0\0\0\x10"
                         "ftypisommp41"sv),
            "application/octet-stream");
}

TEST(ContentType, OnlyTheFirst512BytesCount) {
  EXPECT_EQ(content_type(std::string(512, 'a') + '\0'), "text/plain");
  EXPECT_EQ(content_type(std::string(511, 'a') + '\0'), "application/octet-stream");
}

}  // namespace
}  // namespace cosign::upload_blob
