#include "cosign/args/command.h"

#include <algorithm>

#include "cosign/commands/mirror-create/write.h"
#include "cosign/session/session.h"
#include "cosign/trusting/explain.h"
#include "cosign/trusting/mirror.h"
#include "cosign/trusting/place.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/limits.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/codec/tar.h"
#include "sigstore/codec/words.h"
#include "sigstore/trust_cache/mirror.h"

namespace cosign {

std::string help_mirror_create();  // help.md

namespace {

using sigstore::Code;
using sigstore::Error;
using sigstore::fail;
using sigstore::Result;
using sigstore::codec::counted;
using sigstore::trust_cache::Mirror;
using sigstore::trust_cache::Place;

// With the other names of targets, where a tar file has room for them: the content is there in any case.
mirror_create::MirrorFiles all_names(const Mirror& mirror, bool tar) {
  auto files = mirror.files;
  for (const auto& [name, same] : mirror.also) {
    const bool fits = !tar || sigstore::codec::tar::write({name, 0, false});
    if (const auto found = mirror.files.find(same); fits && found != mirror.files.end())
      files.emplace(name, found->second);
  }
  return files;
}

class MirrorCreateCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"mirror", "create"}; }
  [[nodiscard]] std::string usage() const override { return "DIR|FILE.tar"; }
  [[nodiscard]] std::string summary() const override {
    return "copy a whole TUF repository, verified, to be carried elsewhere";
  }
  [[nodiscard]] std::string manual() const override { return help_mirror_create(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }

  void declare(FlagSet& flags) override {
    flags.text("from", &from_, "MIRROR",
               "the TUF repository: a URL, a folder or a tar file; without it the one that is trusted here");
    flags.text("root", &root_, "FILE|URL", "the root.json that its metadata has to lead from");
    flags.boolean("staging", &staging_, "the staging instance of the public Sigstore");
  }

  Result<int> run(Session& session, const FlagSet& flags,
                  const std::vector<std::string>& arguments) override {
    const std::string& path = arguments[0];
    TRY_OK(mirror_create::check_name(path));
    TRY(const Start start, choose(session, flags.given("from")));
    const Place& place = start.place;
    TRY(const auto mirror, fetch(session, start));
    auto& files = *session.env().files;
    const bool tar = path.ends_with(".tar");
    const auto write = tar ? mirror_create::write_tar : mirror_create::write_folder;
    TRY_OK(write(files, path, all_names(mirror, tar)));
    session.remarks({summary_of(path, place, mirror)});
    return ui::exit_ok;
  }

 private:
  struct Start {
    Place place;
    std::string root;  // whose it is, for people
  };
  [[nodiscard]] Result<Start> choose(Session& session, bool from_given) const;
  [[nodiscard]] Result<std::string> named_root(Session& session) const;
  [[nodiscard]] static Result<Mirror> fetch(Session& session, const Start& start);
  static std::string summary_of(const std::string& path, const Place& place, const Mirror& mirror);

  std::string from_, root_;
  bool staging_ = false;
};

Result<std::string> MirrorCreateCommand::named_root(Session& session) const {
  if (is_url(root_)) session.note("WARNING: --root is fetched from a URL, and nothing says what it must be");
  return read_named_root(session, root_);
}

// Whose root: named, or kept from an `initialize`, or built in.
Result<MirrorCreateCommand::Start> MirrorCreateCommand::choose(Session& session, bool from_given) const {
  const auto& env = session.env();
  TRY(auto place, trust_place(env));
  std::string named = staging_ ? std::string(staging_mirror) : place.mirror;
  if (from_given) {
    TRY(named, chosen_mirror(env, from_, "--from"));
  }
  if (named != place.mirror) {  // what variables say is about another
    place.root.clear();
    place.root_is_named = false;
  }
  place.mirror = named;
  if (!root_.empty()) {
    TRY(place.root, named_root(session));
    return Start{std::move(place), shown_mirror(root_)};
  }
  if (place.root_is_named)  // what is kept may have begun with another
    return Start{std::move(place), "of TUF_ROOT_JSON"};
  if (auto kept = kept_root(env, place.folder, named); !kept.empty()) {
    place.root = std::move(kept);
    return Start{std::move(place), "kept here"};
  }
  if (place.root.empty()) place.root = assumed_root(named, staging_);
  return Start{std::move(place), "built in"};
}

Result<Mirror> MirrorCreateCommand::fetch(Session& session, const Start& start) {
  const std::string& from = start.place.mirror;
  const auto told = [&](Error error) {
    if (error.hint.empty() && (error.code == Code::timeout || error.code == Code::unreachable))
      error.hint = "run it where there is a network, and carry what it writes";
    return explained(session, std::move(error), from, {start.place.root, start.root},
                     "a mirror of " + from + " could not be made");
  };
  const auto repository = open_mirror(session, from);
  if (!repository) return fail(told(repository.error()));
  auto mirror =
      sigstore::trust_cache::copy_repository(**repository, start.place.root, session.env().clock->now());
  if (!mirror) return fail(told(std::move(mirror.error())));
  return mirror;
}

std::string MirrorCreateCommand::summary_of(const std::string& path, const Place& place,
                                            const Mirror& mirror) {
  std::string text = (path.ends_with(".tar") ? "the file " : "the folder ") + path + " is a mirror of " +
                     shown_mirror(place.mirror) + ": " + counted(mirror.trusted.size(), "role") + ", " +
                     counted(mirror.targets, "target");
  const auto first =
      std::ranges::min_element(mirror.trusted, {}, [](const auto& role) { return role.second.expires; });
  if (first == mirror.trusted.end()) return text;
  return text + "; good until " + sigstore::codec::rfc3339::seconds(first->second.expires) + " (" +
         first->first + ")";
}

}  // namespace

std::unique_ptr<Command> make_mirror_create() {
  return std::make_unique<MirrorCreateCommand>();
}

}  // namespace cosign
