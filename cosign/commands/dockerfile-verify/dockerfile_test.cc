#include "cosign/commands/dockerfile-verify/dockerfile.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

// "1 FROM [--platform=x] image" for each instruction, or the error.
std::vector<std::string> read(std::string_view text) {
  const auto file = parse_dockerfile(text, "f");
  if (!file) return {"error: " + file.error().message};
  std::vector<std::string> lines;
  for (const auto& instruction : file->instructions) {
    std::string line = std::to_string(instruction.line) + " " + instruction.keyword;
    for (const auto& flag : instruction.flags) line += " [" + flag + "]";
    lines.push_back(line + " " + instruction.arguments);
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Dockerfile, InstructionsFlagsAndComments) {
  EXPECT_EQ(read("# comment\n\n  from --platform=linux/amd64 app AS x  \r\nRUN --mount=\"type=bind,from=x\" "
                 "--network='none' a --b\n"),
            (Lines{"3 FROM [--platform=linux/amd64] app AS x",
                   "4 RUN [--mount=type=bind,from=x] [--network=none] a --b"}));
  EXPECT_EQ(read("FROM app # no comment"), Lines{"1 FROM app # no comment"});
  EXPECT_EQ(read("COPY -- --from=x y\nCOPY --from=x\\ y z\n"),
            (Lines{"1 COPY --from=x y", "2 COPY [--from=x y] z"}));
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "FROM app"),
            Lines{"1 FROM app"});
  EXPECT_EQ(read(""), Lines{});
}

TEST(Dockerfile, ContinuedLines) {
  EXPECT_EQ(read("FROM \\\n# comment\n\n  app \\  \n  AS x\nRUN y\n"),
            (Lines{"1 FROM app   AS x", "6 RUN y"}));
  EXPECT_EQ(read("RUN a\\\\\nFROM app\n"), (Lines{"1 RUN a\\\\", "2 FROM app"}));  // two are none
  EXPECT_EQ(read("RUN a \\"), Lines{"1 RUN a"});
  EXPECT_EQ(read("\\\nFROM app\n"), Lines{"1 FROM app"});
  EXPECT_EQ(read("RUN a \\\n # a comment \\\n b\n"), Lines{"1 RUN a  b"});
}

TEST(Dockerfile, Directives) {
  EXPECT_EQ(read("# escape=`\nFROM app `\n AS x\nRUN dir c:\\\nRUN y\n"),
            (Lines{"2 FROM app  AS x", "4 RUN dir c:\\", "5 RUN y"}));
  EXPECT_EQ(read("# other\n# escape=`\nRUN a `\nRUN b\n"), (Lines{"3 RUN a `", "4 RUN b"}));  // too late
  EXPECT_EQ(parse_dockerfile("#Syntax = docker/dockerfile:1\n# escape=`\n", "f")->syntax,
            "docker/dockerfile:1");
  EXPECT_EQ(parse_dockerfile("#Syntax = docker/dockerfile:1\n# escape=`\n", "f")->escape, '`');
  EXPECT_EQ(read("  # escape=`\nRUN a `\n b\n"), Lines{"2 RUN a  b"});
  EXPECT_EQ(read("# escape=\n"), Lines{});
  EXPECT_EQ(read("# escape=x\n"), Lines{"error: f:1: the directive escape takes \\ or `"});
  EXPECT_EQ(read("# escape=`\n# escape=`\n"), Lines{"error: f:2: the directive escape stands twice"});
}

TEST(Dockerfile, HereDocuments) {
  EXPECT_EQ(read("RUN <<EOF\nFROM evil\nEOF\nRUN x\n"), (Lines{"1 RUN <<EOF", "4 RUN x"}));
  EXPECT_EQ(read("COPY <<-\"E F\" <<b /x\n\tFROM one\n\tE F\nb b\nb\nRUN x\n"),
            (Lines{"1 COPY <<-\"E F\" <<b /x", "6 RUN x"}));
  EXPECT_EQ(read("RUN cat 3<<EOF >f\n EOF\nEOF\nRUN x\n"), (Lines{"1 RUN cat 3<<EOF >f", "4 RUN x"}));
  EXPECT_EQ(read("ONBUILD RUN <<EOF\nFROM evil\nEOF\n"), Lines{"1 ONBUILD RUN <<EOF"});
  EXPECT_EQ(read("RUN <<EOF\nFROM x\n"), Lines{"error: f:1: the here-document EOF does not end"});
}

// Newer versions of Docker take `<< NAME` for one: where it ends.
TEST(Dockerfile, HereDocumentsBehindABlank) {
  EXPECT_EQ(read("RUN cat << EOF > f\nFROM evil\nEOF\nRUN x\n"), (Lines{"1 RUN cat << EOF > f", "4 RUN x"}));
  EXPECT_EQ(read("RUN echo $((1 << 2))\nFROM app\n"), (Lines{"1 RUN echo $((1 << 2))", "2 FROM app"}));
}

// Each looks for its end; the file is gone through once for all of them.
TEST(Dockerfile, ManyHereDocumentsThatAreNone) {
  std::string text;
  for (int i = 0; i < 70000; ++i) text += "RUN cat << E\n";
  EXPECT_EQ(read(text).size(), 70000U);
}

TEST(Dockerfile, WhatIsNoHereDocument) {
  for (const char* line : {"RUN echo \"<<EOF\"", "RUN echo '<<EOF'", "RUN a<<EOF", "RUN cat <<<EOF",
                           "RUN echo $((1 << 2))", "RUN [\"echo\", \"x\"] <<EOF", "ENV A <<EOF", "CMD <<EOF",
                           "RUN echo it's <<EOF", "ONBUILD ENV A <<EOF"})
    EXPECT_EQ(read(std::string(line) + "\nFROM app\n"), (Lines{"1 " + std::string(line), "2 FROM app"}))
        << line;
}

TEST(Dockerfile, RefusesOtherInstructions) {
  EXPECT_EQ(read("FROM app\nFETCH x\n"), Lines{"error: f:2: there is no instruction FETCH"});
  EXPECT_EQ(read("FROMapp\n"), Lines{"error: f:1: there is no instruction FROMAPP"});
  EXPECT_EQ(parse_dockerfile(std::string(2 << 20, '#'), "f").error().code, sigstore::Code::too_large);
}

}  // namespace
}  // namespace cosign
