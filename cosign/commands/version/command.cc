#include "cosign/args/command.h"

#include "cosign/session/session.h"
#include "cosign/session/version.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/codec/json.h"

namespace cosign {

std::string help_version();  // help.md

namespace {

using sigstore::Result;

constexpr const char* no_go = "none (C++23)";
constexpr std::size_t value_column = 15;

std::string implementation(const Version& version) {
  return "cosign-cpp " + version.number + ", independent of the Sigstore project";
}

// The keys of the original, in its order; installers read GitVersion.
std::string as_text(const Version& version) {
  std::string text = "cosign: a tool for signing and verifying container images in an OCI registry\n\n";
  const auto line = [&text](std::string key, const std::string& value) {
    key += ':';
    key.resize(std::max(key.size() + 1, value_column), ' ');
    text += key + value + "\n";
  };
  line("GitVersion", version.full());
  line("GitCommit", version.commit);
  line("GitTreeState", version.tree_state);
  line("BuildDate", version.build_date);
  line("GoVersion", no_go);
  line("Compiler", version.compiler);
  line("Platform", version.platform);
  line("Implementation", implementation(version));
  return text;
}

std::string as_json(const Version& version) {
  const sigstore::codec::json::Object document = {
      {"gitVersion", version.full()},
      {"gitCommit", version.commit},
      {"gitTreeState", version.tree_state},
      {"buildDate", version.build_date},
      {"goVersion", no_go},
      {"compiler", version.compiler},
      {"platform", version.platform},
      {"implementation", implementation(version)},
  };
  return sigstore::codec::json::write_indented(document, 2);
}

class VersionCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"version"}; }
  [[nodiscard]] std::string usage() const override { return ""; }
  [[nodiscard]] std::string summary() const override { return "print which program this is"; }
  [[nodiscard]] std::string manual() const override { return help_version(); }

  void declare(FlagSet& flags) override { flags.boolean("json", &json_, "print JSON instead of text"); }

  Result<int> run(Session& session, const FlagSet& /*flags*/,
                  const std::vector<std::string>& /*none*/) override {
    const Version version = cosign::version();
    session.out(json_ ? as_json(version) : as_text(version));
    return ui::exit_ok;
  }

 private:
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_version() {
  return std::make_unique<VersionCommand>();
}

}  // namespace cosign
