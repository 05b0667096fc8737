#include "cosign/args/roff.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cosign {
namespace {

class Fake final : public Command {
 public:
  explicit Fake(std::vector<std::string> path) : path_(std::move(path)) {}
  [[nodiscard]] std::vector<std::string> path() const override { return path_; }
  [[nodiscard]] std::string usage() const override { return "IMAGE..."; }
  [[nodiscard]] std::string summary() const override { return "do it"; }
  [[nodiscard]] std::string manual() const override { return manual_text; }
  void declare(FlagSet& flags) override {
    flags.text("certificate", &text_, "FILE", "the certificate", 'c');
    flags.text("rekor-url", &text_, "URL", "not used").section = Section::compatibility;
    flags.text("secret", &text_, "X", "never shown").section = Section::hidden;
  }
  sigstore::Result<int> run(Session&, const FlagSet&, const std::vector<std::string>&) override { return 0; }
  std::string manual_text;

 private:
  std::vector<std::string> path_;
  std::string text_;
};

const PageEdition edition{"cosign 1.0", "2026-11-24"};

std::string page(const std::string& manual) {
  Fake command({"registry", "serve"});
  command.manual_text = manual;
  FlagSet flags;
  command.declare(flags);
  CommandTable commands;
  commands.push_back(std::make_unique<Fake>(std::vector<std::string>{"registry", "gc"}));
  commands.push_back(std::make_unique<Fake>(std::vector<std::string>{"registry", "serve"}));
  commands.push_back(std::make_unique<Fake>(std::vector<std::string>{"sign"}));
  return command_page(command, flags, commands, edition);
}

TEST(Roff, PageOfACommand) {
  EXPECT_EQ(
      page("# Title\n\nSay `--key` and\n**more**.\n\n- one\n1. two\n\n## Examples\n\n```\n.x \\ -y\n\nz\n"
           "```\n"),
      R"(.\" Made by `cosign man`.
.TH "COSIGN\-REGISTRY\-SERVE" 1 "2026-11-24" "cosign 1.0" "cosign"
.nh
.ad l
.SH "NAME"
cosign\-registry\-serve \- do it
.SH "SYNOPSIS"
\fBcosign registry serve\fR [\fIflags\fR] IMAGE...
.SH "DESCRIPTION"
Say \fB\-\-key\fR and \fBmore\fR.
.IP \(bu 4
one
.IP 1. 4
two
.SH "EXAMPLES"
.RS 4
.nf
\&.x \e \-y

z
.fi
.RE
.SH "FLAGS"
.TP
\fB\-c\fR, \fB\-\-certificate\fR, \fB\-\-cert\fR \fIFILE\fR
the certificate [$COSIGN_CERTIFICATE]
.SH "COMPATIBILITY FLAGS, FOR LINES WRITTEN FOR OTHER VERSIONS"
.TP
\fB\-\-rekor\-url\fR \fIURL\fR
not used [$COSIGN_REKOR_URL]
.SH "GLOBAL FLAGS"
.TP
\fB\-h\fR, \fB\-\-help\fR
show this help
.SH "SEE ALSO"
\fBcosign\fR(1), \fBcosign\-registry\-gc\fR(1)
)");
}

TEST(Roff, ATableStandsAsItIs) {
  EXPECT_NE(
      page("| a | `b` |\n| - | - |\n\nText\n").find(".nf\n| a | b |\n| \\- | \\- |\n.fi\n.RE\n.PP\nText\n"),
      std::string::npos);
}

TEST(Roff, NoTextIsAnInstruction) {
  for (const char* text : {".SH INJECTED", "'br", "\\fBbold", "`.ft`"}) {
    const std::string made = page(text);
    const std::string heading = ".SH \"DESCRIPTION\"\n";
    const auto at = made.find(heading);
    ASSERT_NE(at, std::string::npos) << text;
    const char first = made[at + heading.size()];
    EXPECT_TRUE(first != '.' && first != '\'') << made;
    EXPECT_EQ(made.find("\n.SH INJECTED"), std::string::npos);
  }
}

TEST(Roff, PageOfTheProgramNamesAllPages) {
  CommandTable commands;
  commands.push_back(std::make_unique<Fake>(std::vector<std::string>{"registry", "gc"}));
  commands.push_back(std::make_unique<Fake>(std::vector<std::string>{"sign"}));
  const std::string made = group_page(commands, {}, {}, edition);
  EXPECT_NE(made.find("\\fBcosign\\-registry\\-gc\\fR(1)\ndo it\n"), std::string::npos) << made;
  EXPECT_NE(made.find("\\fBcosign\\-sign\\fR(1)\n"), std::string::npos);
  EXPECT_EQ(group_page(commands, {"registry"}, {}, edition).find("\\-sign\\fR(1)"), std::string::npos);
  EXPECT_EQ(page_name({}), "cosign");
}

}  // namespace
}  // namespace cosign
