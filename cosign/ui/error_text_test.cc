#include "cosign/ui/error_text.h"

#include <gtest/gtest.h>

namespace cosign::ui {
namespace {

using sigstore::Code;
using sigstore::Error;

TEST(ErrorText, OnlyWhatThereIs) {
  EXPECT_EQ(error_text({Code::io, "it failed", "", ""}, false), "error: it failed\n");
  EXPECT_EQ(error_text({Code::io, "it failed", "no space", "make room"}, false),
            "error: it failed\ncause: no space\ntry: make room\n");
}

TEST(ErrorText, LinesOfAHintAreAligned) {
  EXPECT_EQ(error_text({Code::io, "a", "", "one\ntwo\n"}, false), "error: a\ntry: one\n     two\n");
}

TEST(ErrorText, WhatComesFromOutsideCannotFakeALine) {
  EXPECT_EQ(error_text({Code::io, "denied\nverified: yes", "\x1b[1A", "see \x1b]8;;http://x"}, false),
            "error: denied\\nverified: yes\ncause: \\x1b[1A\ntry: see \\x1b]8;;http://x\n");
}

TEST(ErrorText, ColourIsOnTheLabelAlone) {
  EXPECT_EQ(error_text({Code::io, "a", "", ""}, true), "\x1b[1;31merror:\x1b[0m a\n");
}

}  // namespace
}  // namespace cosign::ui
