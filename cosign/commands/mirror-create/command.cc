#include "cosign/args/command.h"

#include <algorithm>

#include "cosign/commands/mirror-create/write.h"
#include "cosign/session/session.h"
#include "cosign/trusting/mirror.h"
#include "cosign/trusting/place.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/limits.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/codec/tar.h"
#include "sigstore/trust_cache/mirror.h"
#include "sigstore/trust_cache/public_roots.h"

namespace cosign {

std::string help_mirror_create();  // help.md

namespace {

using sigstore::Code;
using sigstore::Error;
using sigstore::fail;
using sigstore::Result;
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
    flags.text("root", &root_, "FILE", "the root.json that its metadata has to lead from");
    flags.boolean("staging", &staging_, "the staging instance of the public Sigstore");
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    const std::string& path = arguments[0];
    TRY(const Place place, choose(session));
    TRY(const auto mirror, fetch(session, place));
    auto& files = *session.env().files;
    const bool tar = path.ends_with(".tar");
    const auto write = tar ? mirror_create::write_tar : mirror_create::write_folder;
    TRY_OK(write(files, path, all_names(mirror, tar)));
    session.remarks({summary_of(path, place, mirror)});
    return ui::exit_ok;
  }

 private:
  [[nodiscard]] Result<Place> choose(Session& session) const;
  [[nodiscard]] Result<Mirror> fetch(Session& session, const Place& place) const;
  static std::string summary_of(const std::string& path, const Place& place, const Mirror& mirror);

  std::string from_, root_;
  bool staging_ = false;
};

// Whose root: named, or kept from an `initialize`, or built in.
Result<Place> MirrorCreateCommand::choose(Session& session) const {
  TRY(auto place, trust_place(session.env()));
  const std::string named = !from_.empty() ? mirror_name(from_)
                            : staging_     ? std::string(staging_mirror)
                                           : place.mirror;
  if (named != place.mirror) {  // what variables say is about another
    place.root.clear();
    place.root_is_named = false;
  }
  place.mirror = named;
  if (!root_.empty()) {
    TRY(place.root, session.read_file(root_, sigstore::limits::tuf_root_bytes));
    return place;
  }
  if (place.root_is_named) return place;  // what is kept may have begun with another
  if (auto kept = kept_root(session.env(), place.folder, named); !kept.empty()) place.root = std::move(kept);
  if (place.root.empty())
    place.root = staging_ || named == staging_mirror ? sigstore::trust_cache::staging_root()
                                                     : sigstore::trust_cache::production_root();
  return place;
}

Result<Mirror> MirrorCreateCommand::fetch(Session& session, const Place& place) const {
  const auto explained = [&](Error error) {
    const bool another = error.code == Code::bad_signature || error.code == Code::timeout;  // expired
    if (another && root_.empty() && built_in_root(place.mirror).empty())
      error.hint =
          "if this is no mirror of the public Sigstore: --root FILE names the root of its TUF repository";
    return error.wrap("a mirror of " + place.mirror + " could not be made");
  };
  const auto repository = open_mirror(session, place.mirror);
  if (!repository) return fail(explained(repository.error()));
  auto mirror = sigstore::trust_cache::copy_repository(**repository, place.root, session.env().clock->now());
  if (!mirror) return fail(explained(std::move(mirror.error())));
  return mirror;
}

std::string count(std::size_t number, const std::string& noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string MirrorCreateCommand::summary_of(const std::string& path, const Place& place,
                                            const Mirror& mirror) {
  std::string text = path + " is a mirror of " + place.mirror + ": " + count(mirror.trusted.size(), "role") +
                     ", " + count(mirror.targets, "target");
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
