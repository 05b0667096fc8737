// The grammar, pinned row by row. What the original does was seen by running it, and read in pflag's
// documentation.
#include "cosign/args/command_line.h"

#include <gtest/gtest.h>

#include "cosign/args/original.h"
#include "sigstore/base/testing/fake_env.h"

namespace cosign {
namespace {

using Words = std::vector<std::string>;
using sigstore::Result;

// A command with one flag of each kind, as `sign` and `verify` have them.
class Fake final : public Command {
 public:
  Fake(Words path, int least, int most) : path_(std::move(path)), least_(least), most_(most) {}
  [[nodiscard]] Words path() const override { return path_; }
  [[nodiscard]] std::string usage() const override { return "IMAGE..."; }
  [[nodiscard]] std::string summary() const override { return "a summary"; }
  [[nodiscard]] std::string manual() const override { return ""; }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {least_, most_}; }
  void declare(FlagSet& flags) override {
    flags.text("key", &key, "FILE", "", 'k');
    flags.text("certificate", &certificate, "FILE", "");
    flags.pair_list("annotations", &annotations, "", 'a');
    flags.list("file", &files, "FILE", "", 'f');
    flags.csv_list("only", &only, "LIST", "");
    flags.choice("output", &output, {"json", "text", "report"}, "", 'o');
    flags.boolean("yes", &yes, "", 'y');
    flags.boolean("recursive", &recursive, "", 'r');
    flags.boolean("upload", &upload, "");
    flags.number("max-workers", &workers, "");
    flags.optional_text("payload", &payload, "FILE", "");
  }
  Result<int> run(Session&, const FlagSet&, const Words&) override { return 0; }

  // What differs from the defaults, "name=value" in the order of declaration.
  [[nodiscard]] std::string state() const {
    std::string text;
    const auto say = [&text](const std::string& name, const std::string& value) {
      text += " " + name + "=" + value;
    };
    if (!key.empty()) say("key", key);
    if (!certificate.empty()) say("certificate", certificate);
    for (const auto& value : annotations) say("a", value);
    for (const auto& value : files) say("file", value);
    for (const auto& value : only) say("only", value);
    if (output != "json") say("output", output);
    if (yes) say("yes", "true");
    if (recursive) say("recursive", "true");
    if (!upload) say("upload", "false");
    if (workers != 10) say("workers", std::to_string(workers));
    if (payload) say("payload", *payload);
    return text;
  }

  std::string key, certificate, output = "json";
  Words annotations, files, only;
  bool yes = false, recursive = false, upload = true;
  int workers = 10;
  std::optional<std::string> payload;

 private:
  Words path_;
  int least_, most_;
};

using Variables = std::map<std::string, std::string>;

// "sign key=k | IMG" or "error: … / hint"; "help: PATH" for help; warnings behind " ! ".
std::string outcome(const Words& words, const Variables& variables = {}) {
  CommandTable commands;
  commands.push_back(std::make_unique<Fake>(Words{"registry", "serve"}, 0, 0));
  commands.push_back(std::make_unique<Fake>(Words{"sign"}, 0, -1));
  commands.push_back(std::make_unique<Fake>(Words{"tree"}, 1, 1));
  commands.push_back(std::make_unique<Fake>(Words{"verify"}, 1, -1));
  commands.push_back(std::make_unique<Fake>(Words{"version"}, 0, 2));
  sigstore::fakes::MapVariables map;
  map.values = variables;
  std::chrono::nanoseconds timeout = std::chrono::minutes(3);
  bool verbose = false;
  FlagSet flags;
  flags.duration("timeout", &timeout, "", 't');
  flags.boolean("verbose", &verbose, "", 'd');
  const auto invocation = parse_command_line(words, commands, map, flags);
  if (!invocation) return "error: " + invocation.error().text() + " / " + invocation.error().hint;
  std::string text = invocation->help || invocation->command == nullptr ? "help:" : "";
  for (const std::string& word : invocation->path) text += (text.empty() ? "" : " ") + word;
  if (invocation->command != nullptr) text += static_cast<Fake*>(invocation->command)->state();
  if (timeout != std::chrono::minutes(3))
    text += " timeout=" + std::to_string(timeout.count() / 1'000'000) + "ms";
  if (verbose) text += " verbose";
  for (const std::string& argument : invocation->arguments) text += " | " + argument;
  for (const std::string& warning : invocation->warnings) text += " ! " + warning;
  return text;
}

struct Row {
  Words words;
  std::string outcome;
};

TEST(CommandLine, Grammar) {
  const std::string single_dash =
      " flag is deprecated and will be removed in a future release. Please use the --";
  const std::vector<Row> rows = {
      // --- a value is the next word or follows '='
      {{"sign", "--key", "k", "IMG"}, "sign key=k | IMG"},
      {{"sign", "--key=k", "IMG"}, "sign key=k | IMG"},
      {{"sign", "--key=", "IMG"}, "sign | IMG"},
      {{"sign", "--key", "", "IMG"}, "sign | IMG"},
      {{"sign", "--key=a=b"}, "sign key=a=b"},
      {{"sign", "--key", "a=b"}, "sign key=a=b"},
      {{"sign", "--key", "-x", "IMG"}, "sign key=-x | IMG"},
      {{"sign", "--key", "--yes"}, "sign key=--yes"},
      {{"sign", "--key", "--", "IMG"}, "sign key=-- | IMG"},
      {{"sign", "--key", "-"}, "sign key=-"},
      {{"sign", "--key"}, "error: flag needs an argument: --key / cosign sign --help"},
      {{"sign", "--payload", "p"}, "sign payload=p"},
      {{"sign", "--payload="}, "sign payload="},
      // --- the last of repeated scalars wins; lists grow
      {{"sign", "--key", "a", "--key", "b"}, "sign key=b"},
      {{"sign", "--output=text", "-o", "json"}, "sign"},
      {{"sign", "-f", "a", "--file=b,c", "-f", "d"}, "sign file=a file=b,c file=d"},
      {{"sign", "--only", "sig,att", "--only", "sbom"}, "sign only=sig only=att only=sbom"},
      {{"sign", "--only", "\"a,b\",c"}, "sign only=a,b only=c"},
      {{"sign", "--only", "a\"b"},
       "error: invalid argument \"a\"b\" for \"--only\" flag: it has a quote inside a field / cosign sign "
       "--help"},
      {{"sign", "--file", "[a,b]"}, "sign file=[a,b]"},
      // --- booleans take no word, only '='
      {{"sign", "--yes"}, "sign yes=true"},
      {{"sign", "--yes", "false"}, "sign yes=true | false"},
      {{"sign", "--yes=false"}, "sign"},
      {{"sign", "--upload=0"}, "sign upload=false"},
      {{"sign", "--upload=f"}, "sign upload=false"},
      {{"sign", "--upload=F"}, "sign upload=false"},
      {{"sign", "--upload=FALSE"}, "sign upload=false"},
      {{"sign", "--upload=False"}, "sign upload=false"},
      {{"sign", "--yes=1"}, "sign yes=true"},
      {{"sign", "--yes=t"}, "sign yes=true"},
      {{"sign", "--yes=T"}, "sign yes=true"},
      {{"sign", "--yes=TRUE"}, "sign yes=true"},
      {{"sign", "--yes=True"}, "sign yes=true"},
      {{"sign", "--yes=no"},
       "error: invalid argument \"no\" for \"-y, --yes\" flag: it must be true or false / cosign sign "
       "--help"},
      {{"sign", "--yes="},
       "error: invalid argument \"\" for \"-y, --yes\" flag: it must be true or false / cosign sign --help"},
      {{"sign", "--yes", "--yes=false"}, "sign"},
      // --- letters
      {{"sign", "-k", "k"}, "sign key=k"},
      {{"sign", "-kk"}, "sign key=k"},
      {{"sign", "-k=k"}, "sign key=k"},
      {{"sign", "-k", "-y"}, "sign key=-y"},
      {{"sign", "-ojson"}, "sign"},
      {{"sign", "-otext"}, "sign output=text"},
      {{"sign", "-a", "k=v"}, "sign a=k=v"},
      {{"sign", "-ak=v"}, "sign a=k=v"},
      {{"sign", "-a=k=v"}, "sign a=k=v"},
      {{"sign", "-yr"}, "sign yes=true recursive=true"},
      {{"sign", "-yrkk"}, "sign key=k yes=true recursive=true"},
      {{"sign", "-yk", "k"}, "sign key=k yes=true"},
      {{"sign", "-yr=false"}, "sign yes=true"},
      {{"sign", "-y=false"}, "sign"},
      {{"sign", "-k"}, "error: flag needs an argument: 'k' in -k / cosign sign --help"},
      {{"sign", "-yk"}, "error: flag needs an argument: 'k' in -yk / cosign sign --help"},
      {{"sign", "-yq"}, "error: unknown shorthand flag: 'q' in -yq / cosign sign --help"},
      {{"sign", "-q"}, "error: unknown shorthand flag: 'q' in -q / cosign sign --help"},
      // --- one dash before a long name, two before a letter
      {{"sign", "-key", "x"}, "sign key=x ! WARNING: the -key" + single_dash + "key flag instead."},
      {{"sign", "-key=secret"}, "sign key=secret ! WARNING: the -key" + single_dash + "key flag instead."},
      {{"sign", "-yes"}, "sign yes=true ! WARNING: the -yes" + single_dash + "yes flag instead."},
      {{"sign", "-cert", "c"},
       "sign certificate=c ! WARNING: the -cert" + single_dash + "cert flag instead."},
      {{"sign", "--o", "text"},
       "sign output=text ! WARNING: the flag --o is deprecated and will be removed in a future release. "
       "Please use the "
       "flag -o."},
      {{"sign", "--key", "-output"}, "sign key=-output"},
      {{"sign", "--", "-key"}, "sign | -key"},
      // --- aliases
      {{"sign", "--cert", "c"}, "sign certificate=c"},
      {{"sign", "--cert=c"}, "sign certificate=c"},
      {{"sign", "--cert-chain", "c"}, "error: unknown flag: --cert-chain / cosign sign --help"},
      // --- positionals and options in any order
      {{"sign", "IMG", "--key", "k", "IMG2", "-y"}, "sign key=k yes=true | IMG | IMG2"},
      {{"--timeout", "5s", "sign", "IMG"}, "sign timeout=5000ms | IMG"},
      {{"-t", "5s", "-d", "sign", "IMG"}, "sign timeout=5000ms verbose | IMG"},
      {{"-t5s", "sign", "IMG"}, "sign timeout=5000ms | IMG"},
      {{"sign", "IMG", "-t=1m30s"}, "sign timeout=90000ms | IMG"},
      {{"--key", "sign", "sign", "IMG"}, "sign key=sign | IMG"},
      {{"--yes", "sign", "IMG"}, "sign yes=true | IMG"},
      {{"-yk", "sign", "sign", "IMG"}, "sign key=sign yes=true | IMG"},
      {{"sign", "--", "--yes", "-k", "--"}, "sign | --yes | -k | --"},
      {{"sign", "-"}, "sign | -"},
      {{"sign", ""}, "sign | "},
      {{"sign", "verify"}, "sign | verify"},
      {{"registry", "--verbose", "serve"}, "registry serve verbose"},
      {{"registry", "--key", "k", "serve", "-y"}, "registry serve key=k yes=true"},
      // --- annotations: "a=1,b=2" is two where both are pairs, else one
      {{"sign", "-a", "a=1,b=2"}, "sign a=a=1 a=b=2"},
      {{"sign", "-a", "note=hello, world"}, "sign a=note=hello, world"},
      {{"sign", "-a", "\"a=1,b=2\""}, "sign a=a=1,b=2"},
      {{"sign", "-a", "a=say \"hi\""}, "sign a=a=say \"hi\""},
      {{"sign", "-a", "a=1,=2"}, "sign a=a=1,=2"},
      // --- numbers, choices, durations
      {{"sign", "--max-workers", "3"}, "sign workers=3"},
      {{"sign", "--max-workers=-3"}, "sign workers=-3"},
      {{"sign", "--max-workers", "+3"}, "sign workers=3"},
      {{"sign", "--max-workers", "3x"},
       "error: invalid argument \"3x\" for \"--max-workers\" flag: it must be a whole number / cosign sign "
       "--help"},
      {{"sign", "--max-workers", "99999999999"},
       "error: invalid argument \"99999999999\" for \"--max-workers\" flag: it must be a whole number / "
       "cosign sign "
       "--help"},
      {{"sign", "-o", "jsn"},
       "error: invalid argument \"jsn\" for \"-o, --output\" flag: it must be one of json, text, report / "
       "did "
       "you mean "
       "json?"},
      {{"sign", "-t", "5x"},
       "error: invalid argument \"5x\" for \"-t, --timeout\" flag: it lacks a unit: ns, us, ms, s, m or h / "
       "cosign sign "
       "--help"},
      // --- unknown flags and bad syntax
      {{"sign", "--kye", "k"}, "error: unknown flag: --kye / did you mean --key?"},
      {{"sign", "-kye", "k"}, "sign key=ye | k"},
      {{"sign", "--annotation", "a=b"}, "error: unknown flag: --annotation / did you mean --annotations?"},
      {{"sign", "--zzzzzz"}, "error: unknown flag: --zzzzzz / cosign sign --help"},
      {{"sign", "-zzzzzz=1"}, "error: unknown flag: --zzzzzz / cosign sign --help"},
      {{"--zzzzzz", "sign"}, "error: unknown flag: --zzzzzz / cosign --help"},
      {{"sign", "---key"}, "error: bad flag syntax: ---key / cosign sign --help"},
      {{"sign", "--=k"}, "error: bad flag syntax: --=k / cosign sign --help"},
      {{"sign", "-=k"}, "error: bad flag syntax: -=k / cosign sign --help"},
      // --- commands
      {{}, "help:"},
      {{"registry"}, "help: registry"},
      {{"vesion"}, "error: unknown command \"vesion\" for \"cosign\" / did you mean cosign version?"},
      {{"frobnicate"}, "error: unknown command \"frobnicate\" for \"cosign\" / cosign --help"},
      {{"registry", "srve"},
       "error: unknown command \"srve\" for \"cosign registry\" / did you mean cosign registry "
       "serve?"},
      {{"-version"},
       "version ! WARNING: the -version flag is deprecated and will be removed in a future release. Please "
       "use the "
       "version subcommand instead."},
      {{"--version"}, "version"},
      {{"sign", "--key", "-version"}, "sign key=-version"},
      {{"sign", "-version"}, "error: unknown flag: --version / cosign sign --help"},
      // --- help
      {{"--help"}, "help:"},
      {{"-h"}, "help:"},
      {{"help"}, "help:"},
      {{"help", "sign"}, "help: sign"},
      {{"help", "registry"}, "help: registry"},
      {{"help", "registry", "serve"}, "help: registry serve"},
      {{"help", "sgin"}, "error: unknown command \"sgin\" for \"cosign\" / did you mean cosign sign?"},
      {{"-h", "sign"}, "help: sign"},
      {{"sign", "--help"}, "help: sign"},
      {{"sign", "-help"}, "help: sign ! WARNING: the -help" + single_dash + "help flag instead."},
      {{"sign", "-yh"}, "help: sign yes=true"},
      {{"tree", "--help"}, "help: tree"},
      {{"sign", "--help=false"}, "sign"},
      {{"sign", "--hlp"}, "error: unknown flag: --hlp / did you mean --help?"},
      {{"sign", "--", "--help"}, "sign | --help"},
      // --- how many positionals
      {{"verify"}, "error: requires at least 1 arg(s), only received 0 / cosign verify [flags] IMAGE..."},
      {{"tree"}, "error: accepts 1 arg(s), received 0 / cosign tree [flags] IMAGE..."},
      {{"tree", "a", "b"}, "error: accepts 1 arg(s), received 2 / cosign tree [flags] IMAGE..."},
      {{"version", "a", "b", "c"},
       "error: accepts at most 2 arg(s), received 3 / cosign version [flags] IMAGE..."},
  };
  for (const Row& row : rows) {
    std::string line = "cosign";
    for (const std::string& word : row.words) line += " '" + word + "'";
    EXPECT_EQ(outcome(row.words), row.outcome) << line;
  }
}

TEST(CommandLine, FlagsFromVariables) {
  EXPECT_EQ(outcome({"sign", "IMG"}, {{"COSIGN_KEY", "k"}, {"COSIGN_YES", "1"}, {"COSIGN_MAX_WORKERS", "2"}}),
            "sign key=k yes=true workers=2 | IMG");
  EXPECT_EQ(outcome({"sign"}, {{"COSIGN_TIMEOUT", "7s"}}), "sign timeout=7000ms");
  EXPECT_EQ(outcome({"sign"}, {{"COSIGN_UPLOAD", "false"}}), "sign upload=false");
  EXPECT_EQ(outcome({"sign"}, {{"COSIGN_ANNOTATIONS", "a=1,b=2"}}), "sign a=a=1 a=b=2");
}

TEST(CommandLine, TheCommandLineWinsOverTheVariable) {
  EXPECT_EQ(outcome({"sign", "--key", "line"}, {{"COSIGN_KEY", "env"}}), "sign key=line");
  EXPECT_EQ(outcome({"sign", "--yes=false"}, {{"COSIGN_YES", "true"}}), "sign");
  EXPECT_EQ(outcome({"sign", "-a", "b=2"}, {{"COSIGN_ANNOTATIONS", "a=1"}}), "sign a=b=2");
  // A variable that would not parse is not looked at.
  EXPECT_EQ(outcome({"sign", "--max-workers=1"}, {{"COSIGN_MAX_WORKERS", "many"}}), "sign workers=1");
}

TEST(CommandLine, AVariableThatDoesNotParseIsNamed) {
  EXPECT_EQ(
      outcome({"sign"}, {{"COSIGN_MAX_WORKERS", "many"}}),
      "error: invalid argument \"many\" for the variable COSIGN_MAX_WORKERS: it must be a whole number / ");
  EXPECT_EQ(outcome({"sign"}, {{"COSIGN_YES", "yes"}}),
            "error: invalid argument \"yes\" for the variable COSIGN_YES: it must be true or false / ");
  EXPECT_EQ(outcome({"sign"}, {{"COSIGN_OUTPUT", "txt"}}),
            "error: invalid argument \"txt\" for the variable COSIGN_OUTPUT: it must be one of "
            "json, text, report / did "
            "you mean text?");
}

TEST(CommandLine, CommandsOfTheOriginalThatAreNotHereYet) {
  const std::string token =
      " is not in this version yet / prepare the token with its own tool (ykman), and sign with --key "
      "pkcs11:";
  for (const Words& words : {Words{"piv-tool", "reset"}, Words{"help", "piv-tool"}, Words{"-d", "piv-tool"},
                             Words{"--timeout", "1s", "piv-tool", "--help"}})
    EXPECT_TRUE(outcome(words).starts_with("error: cosign piv-tool" + token)) << outcome(words);
  EXPECT_EQ(outcome({"registry", "attest"}),
            "error: unknown command \"attest\" for \"cosign registry\" / cosign registry --help");
  EXPECT_EQ(outcome({"sign", "attest"}), "sign | attest");
}

TEST(CommandLine, WhatToDoInsteadOfACommandThatIsNotHere) {
  for (const LaterCommand& command : later_commands()) {
    EXPECT_FALSE(command.instead.empty() || command.instead.ends_with('.')) << command.path;
    EXPECT_EQ(instead_of(command.path), command.instead);
    EXPECT_TRUE(instead_of(command.path.substr(0, command.path.find(' ')))) << command.path;
  }
  EXPECT_FALSE(instead_of("bundle up"));
  EXPECT_FALSE(instead_of("registry upgrade"));
  EXPECT_FALSE(instead_of(""));
}

TEST(CommandLine, VariablesOfOtherCommandsAndEmptyOnesDoNotCount) {
  EXPECT_EQ(outcome({"sign"}, {{"COSIGN_UNKNOWN", "x"}, {"COSIGN_MAX_WORKERS", ""}}), "sign");
  EXPECT_EQ(outcome({"help", "sign"}, {{"COSIGN_MAX_WORKERS", "many"}}), "help: sign");
}

TEST(CommandLine, AFlagMayRefuseItsVariable) {
  FlagSet flags;
  std::string password;
  flags.text("password", &password, "TEXT", "").variable.clear();
  CommandTable none;
  sigstore::fakes::MapVariables map;
  map.values["COSIGN_PASSWORD"] = "of the key";
  ASSERT_TRUE(parse_command_line({}, none, map, flags));
  EXPECT_EQ(password, "");
  EXPECT_FALSE(flags.given("password"));
}

TEST(CommandLine, GivenCountsBothWays) {
  CommandTable commands;
  commands.push_back(std::make_unique<Fake>(Words{"sign"}, 0, -1));
  sigstore::fakes::MapVariables map;
  map.values["COSIGN_KEY"] = "k";
  FlagSet flags;
  ASSERT_TRUE(parse_command_line({"sign", "--cert", "c"}, commands, map, flags));
  EXPECT_TRUE(flags.given("key"));
  EXPECT_TRUE(flags.given("certificate"));
  EXPECT_TRUE(flags.given("cert"));
  EXPECT_FALSE(flags.given("yes"));
  EXPECT_FALSE(flags.given("no-such-flag"));
}

}  // namespace
}  // namespace cosign
