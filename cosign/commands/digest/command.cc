#include "cosign/args/command.h"

#include "cosign/commands/digest/inspection.h"
#include "cosign/options/platform.h"
#include "cosign/options/registry.h"
#include "cosign/options/workers.h"
#include "cosign/session/image.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/limits.h"
#include "sigstore/base/parallel.h"

namespace cosign {

std::string help_digest();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Reference;
using sigstore::oci::Repository;

class DigestCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"digest"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE... | - [REPOSITORY]"; }
  [[nodiscard]] std::string summary() const override { return "print the digests of container images"; }
  [[nodiscard]] std::string manual() const override { return help_digest(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, -1}; }

  void declare(FlagSet& flags) override {
    declare_platform(flags, &wanted_, "the image for this platform, when it is one of several");
    flags.boolean("digest-only", &digest_only_, "print sha256:… alone, without the repository");
    declare_workers(flags, &max_workers_, "images asked for at a time");
    registry_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override {
    if (arguments[0] != "-") return ask_registry(session, arguments);
    if (arguments.size() > 2)
      return fail(Code::invalid_argument, "after - at most one REPOSITORY can be named", {},
                  "docker image inspect IMAGE | cosign digest - REPOSITORY");
    return read_inspection(session, arguments);
  }

 private:
  Result<int> ask_registry(Session& session, const std::vector<std::string>& images) const;
  Result<int> read_inspection(Session& session, const std::vector<std::string>& arguments) const;
  Result<Reference> resolve(Session& session, const Reference& reference) const;
  int print(Session& session, const std::vector<Result<Reference>>& found) const;

  RegistryFlags registry_;
  std::optional<sigstore::oci::Platform> wanted_;
  bool digest_only_ = false;
  int max_workers_ = sigstore::limits::max_workers;
};

Result<Reference> DigestCommand::resolve(Session& session, const Reference& reference) const {
  TRY(const auto found, find_image(session, registry_, reference, wanted_));
  Reference named = reference;
  named.digest = found.digest;
  return named;
}

// What was found first, in the order of the arguments, then what was not.
int DigestCommand::print(Session& session, const std::vector<Result<Reference>>& found) const {
  std::string lines;
  for (const auto& image : found)
    if (image) lines += (digest_only_ ? image->digest->text() : image->text()) + "\n";
  if (!lines.empty()) session.out(lines);
  int code = ui::exit_ok;
  for (const auto& image : found) {
    if (image) continue;
    session.print(image.error());
    code = ui::exit_error;
  }
  return code;
}

Result<int> DigestCommand::ask_registry(Session& session, const std::vector<std::string>& images) const {
  std::vector<Result<Reference>> found;
  found.reserve(images.size());
  for (const std::string& image : images) found.push_back(Reference::parse(image));
  sigstore::parallel(found.size(), max_workers_, [&](std::size_t i) {
    if (found[i]) found[i] = resolve(session, *found[i]);
  });
  return print(session, found);
}

Result<int> DigestCommand::read_inspection(Session& session,
                                           const std::vector<std::string>& arguments) const {
  std::optional<Repository> repository;
  if (arguments.size() > 1) {
    auto parsed = Repository::parse(arguments[1]);
    if (!parsed)
      return fail(
          parsed.error().wrap(arguments[1] + " is not a repository").with_hint("leave out tag and digest"));
    repository = std::move(*parsed);
  }
  if (session.input_is_terminal())
    return fail(Code::invalid_argument, "standard input is a terminal",
                "- reads what `docker image inspect` prints", "docker image inspect IMAGE | cosign digest -");
  TRY(const auto text, session.read_input(sigstore::limits::json_bytes));
  TRY(const auto images, parse_inspection(text));
  std::vector<Result<Reference>> found;
  for (const InspectedImage& image : images) {
    found.push_back(pushed_digest(image, repository));
    if (!found.back()) continue;
    const auto tag = repository ? std::nullopt : tagged_elsewhere(image, *found.back());
    if (tag)
      session.note("note: this is its digest on Docker Hub; it is tagged " + *tag +
                   " too, but was not pushed there yet");
    if (wanted_) found.back() = resolve(session, *found.back());
  }
  return print(session, found);
}

}  // namespace

std::unique_ptr<Command> make_digest() {
  return std::make_unique<DigestCommand>();
}

}  // namespace cosign
