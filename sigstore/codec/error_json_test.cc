#include "sigstore/codec/error_json.h"

#include <gtest/gtest.h>

namespace sigstore::codec {
namespace {

TEST(ErrorJson, LeavesOutWhatIsNotSaid) {
  EXPECT_EQ(json::write(error_json({Code::bad_signature, "m", "", ""})),
            R"({"code":"bad_signature","message":"m"})");
  EXPECT_EQ(json::write(error_json({Code::io, "m", "c", "h"})),
            R"({"code":"io","message":"m","cause":"c","hint":"h"})");
}

}  // namespace
}  // namespace sigstore::codec
