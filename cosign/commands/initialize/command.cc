#include "cosign/args/command.h"

#include "cosign/commands/initialize/checksum.h"
#include "cosign/session/session.h"
#include "cosign/trusting/explain.h"
#include "cosign/trusting/mirror.h"
#include "cosign/trusting/obtain.h"
#include "cosign/trusting/place.h"
#include "cosign/ui/exit_codes.h"

namespace cosign {

std::string help_initialize();  // help.md

namespace {

using sigstore::Code;
using sigstore::Error;
using sigstore::fail;
using sigstore::Result;
using sigstore::trust_cache::Place;
using sigstore::trust_cache::State;

class InitializeCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"initialize"}; }
  [[nodiscard]] std::string usage() const override { return ""; }
  [[nodiscard]] std::string summary() const override {
    return "choose the Sigstore whose signers are trusted, and fetch whom to trust";
  }
  [[nodiscard]] std::string manual() const override { return help_initialize(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {0, 0}; }

  void declare(FlagSet& flags) override {
    flags.text("mirror", &mirror_, "MIRROR",
               "the TUF repository: a URL, a folder, or a tar file of `cosign mirror create`");
    flags.text("root", &root_, "FILE|URL",
               "the root.json to begin with, in place of the one that is built in");
    flags.text("root-checksum", &checksum_, "CHECKSUM",
               "what --root must be: its SHA-256 in hexadecimal, or sha512: and its SHA-512");
    flags.boolean("staging", &staging_, "the staging instance of the public Sigstore");
    flags.text("out", &out_, "DIR", "has no effect: TUF_ROOT says where it is kept").section =
        Section::compatibility;
  }

  Result<int> run(Session& session, const FlagSet& flags, const std::vector<std::string>&) override {
    TRY(const Place place, choose(session, flags.given("mirror")));
    auto state = sigstore::trust_cache::initialize(
        session.env(), place, {trusted_root_target, signing_config_target}, mirror_opener(session));
    if (!state) return fail(told(session, std::move(state.error()), place));
    session.remarks(state->notices);
    return check(session, *state);
  }

 private:
  Result<Place> choose(Session& session, bool mirror_given) const;
  [[nodiscard]] Result<std::string> begin_with(Session& session, const Place& place) const;
  [[nodiscard]] Error told(Session& session, Error error, const Place& place) const;
  static Result<int> check(Session& session, const State& state);

  std::string mirror_ = std::string(public_mirror), root_, checksum_, out_;
  bool staging_ = false;
};

std::unexpected<Error> no_folder(Session& session) {
  const std::string what = "there is no place to keep whom to trust";
  if (is_nothing_kept(session.env()))
    return fail(Code::invalid_argument, what, "SIGSTORE_NO_CACHE is true", "unset SIGSTORE_NO_CACHE");
  return fail(Code::invalid_argument, what, "neither TUF_ROOT nor HOME names one",
              "set TUF_ROOT to a folder");
}

Result<Place> InitializeCommand::choose(Session& session, bool mirror_given) const {
  Place place;
  place.check = check_target;
  place.folder = cache_folder(session.env());
  if (place.folder.empty()) return no_folder(session);
  const std::string named = staging_ && !mirror_given ? std::string(staging_mirror) : mirror_;
  TRY(place.mirror, chosen_mirror(session.env(), named, "--mirror"));
  TRY(place.root, begin_with(session, place));
  return place;
}

Result<std::string> InitializeCommand::begin_with(Session& session, const Place& place) const {
  if (root_.empty()) {
    if (!checksum_.empty())
      return fail(Code::invalid_argument, "--root-checksum needs --root",
                  "the root that is built in is known");
    return assumed_root(place.mirror, staging_);
  }
  if (is_url(root_) && checksum_.empty())
    session.note(
        "WARNING: --root is fetched from a URL, and no --root-checksum says what it must be: whoever answers "
        "there says whom to trust from now on");
  TRY(auto text, read_named_root(session, root_));
  if (!checksum_.empty()) TRY_OK(initialize::compare_checksum(checksum_, text, root_));
  return text;
}

Error InitializeCommand::told(Session& session, Error error, const Place& place) const {
  const std::string& mirror = place.mirror;
  if ((error.code == Code::io || error.code == Code::forbidden) && error.hint.empty())
    error.hint = "TUF_ROOT names another folder";
  const bool network = error.code == Code::timeout || error.code == Code::unreachable;
  if (network && error.hint.empty() && is_url(mirror))
    error.hint =
        "where there is no network: cosign mirror create FILE.tar where there is one, and here cosign "
        "initialize --mirror FILE.tar";
  return explained(session, std::move(error), mirror,
                   {place.root, root_.empty() ? "built in" : shown_mirror(root_)},
                   "whom to trust could not be fetched from " + mirror);
}

Result<int> InitializeCommand::check(Session& session, const State& state) {
  if (!target_of(state, trusted_root_target))
    session.note("WARNING: the repository at " + shown_mirror(state.mirror) +
                 " has no trusted_root.json: name whom to trust with --trusted-root FILE");
  if (!target_of(state, signing_config_target))
    session.remarks({"the repository at " + state.mirror + " has no " + signing_config_target +
                     ": it does not say where to sign"});
  return ui::exit_ok;
}

}  // namespace

std::unique_ptr<Command> make_initialize() {
  return std::make_unique<InitializeCommand>();
}

}  // namespace cosign
