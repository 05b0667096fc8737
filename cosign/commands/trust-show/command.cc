#include "cosign/args/command.h"

#include "cosign/commands/trust-show/render.h"
#include "cosign/session/session.h"
#include "cosign/trusting/obtain.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/limits.h"

namespace cosign {

std::string help_trust_show();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::trust::TrustedRoot;
using sigstore::trust_cache::Reach;
using trust_show::Shown;

class TrustShowCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"trust", "show"}; }
  [[nodiscard]] std::string usage() const override { return ""; }
  [[nodiscard]] std::string summary() const override {
    return "show whom this machine trusts: since when, until when, and by whose word";
  }
  [[nodiscard]] std::string manual() const override { return help_trust_show(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 0}; }

  void declare(FlagSet& flags) override {
    flags.choice("output", &output_, {"text", "json"}, "lines for people, or a versioned JSON document", 'o');
    flags.boolean("refresh", &refresh_, "ask the TUF repository first");
    flags.text("trusted-root", &file_, "FILE", "show what is in this file instead").variable.clear();
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>&) override {
    if (refresh_ && !file_.empty())
      return fail(Code::invalid_argument, "--refresh and --trusted-root exclude each other");
    TRY(const auto shown, file_.empty() ? kept(session) : named(session));
    const auto now = session.env().clock->now();
    session.out(output_ == "json" ? as_json(shown, now) : as_text(shown, now));
    return ui::exit_ok;
  }

 private:
  [[nodiscard]] Result<Shown> kept(Session& session) const;
  [[nodiscard]] Result<Shown> named(Session& session) const;

  std::string output_ = "text", file_;
  bool refresh_ = false;
};

// Nobody is asked unless that was asked for: this command is about what is here.
Result<Shown> TrustShowCommand::kept(Session& session) const {
  const auto state = load_trust(session, refresh_ ? Reach::refresh : Reach::offline, {trusted_root_target});
  if (!state && state.error().code == Code::not_found && !refresh_)
    return fail(state.error().with_hint("--refresh asks it"));
  if (!state) return fail(state.error());
  TRY(const auto text, target_of(*state, trusted_root_target));
  Shown shown;
  shown.mirror = state->mirror;
  shown.folder = state->folder;
  shown.asked = state->refreshed;
  shown.metadata = state->trusted;
  TRY(shown.root, TrustedRoot::parse(text, trusted_root_target));
  return shown;
}

Result<Shown> TrustShowCommand::named(Session& session) const {
  TRY(const auto text, session.read_file(file_, sigstore::limits::trusted_root_bytes));
  Shown shown;
  shown.file = file_;
  TRY(shown.root, TrustedRoot::parse(text, file_));
  return shown;
}

}  // namespace

std::unique_ptr<Command> make_trust_show() {
  return std::make_unique<TrustShowCommand>();
}

}  // namespace cosign
