#include "cosign/args/command.h"

#include <algorithm>

#include "cosign/commands/rotate/render.h"
#include "cosign/keysets/key_set_flags.h"
#include "cosign/options/key_help.h"
#include "cosign/options/registry.h"
#include "cosign/options/workers.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/keys/provider.h"
#include "sigstore/keys/shown.h"

namespace cosign {

std::string help_rotate();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Repository;
using sigstore::rotate::Hands;
using sigstore::rotate::Outcome;
using sigstore::rotate::Place;
using sigstore::rotate::Report;

constexpr std::size_t most_errors = 5;  // that are explained

Result<Repository> repository_of(const std::string& argument) {
  auto repository = Repository::parse(argument);
  if (!repository)
    return fail(repository.error().with_hint(
        "name a repository without a tag: cosign rotate registry.example.com/team/app"));
  return repository;
}

class RotateCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"rotate"}; }
  [[nodiscard]] std::string usage() const override { return "REPOSITORY"; }
  [[nodiscard]] std::string summary() const override {
    return "sign again, with a new key, all that an old key signed in a repository";
  }
  [[nodiscard]] std::string manual() const override { return help_rotate(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, 1}; }
  [[nodiscard]] bool takes_its_time() const override { return true; }

  void declare(FlagSet& flags) override {
    flags.text("old-key", &old_key_, "KEY", key_help("public key whose signatures are signed again")).takes =
        Takes::public_key;
    flags
        .text("new-key", &new_key_, "KEY",
              "key to sign with, named in the same ways; of a dry run the public key is enough")
        .takes = Takes::private_key;
    flags.boolean("dry-run", &dry_run_, "say what would be signed, and sign nothing");
    flags.list("digest", &digests_, "DIGEST",
               "look at this digest as well, which no tag leads to; repeatable");
    flags.choice("output", &output_, {"text", "json"}, "lines for people, or a versioned JSON document", 'o');
    declare_workers(flags, &workers_, "digests that are looked at and signed at a time");
    flags.boolean("own-tags", &registry_.own_tags,
                  "keep the signatures under tags of their own as well, for many signers on a registry that "
                  "ignores If-Match");
    key_set_.declare(flags);
    registry_.declare(flags);
  }

  Result<int> run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) override;

 private:
  Result<void> open_keys(Session& session, const Repository& images);
  [[nodiscard]] Result<std::vector<sigstore::oci::Digest>> digests() const;
  [[nodiscard]] Result<Report> rotate(Session& session, const Place& place,
                                      std::vector<sigstore::oci::Digest> also) const;
  void tell(Session& session, const Report& report, const Place& place) const;
  void tell_failures(Session& session, const Report& report, const Place& place) const;
  int judge(Session& session, const Report& report, const Place& place) const;

  RegistryFlags registry_;
  SigningSetFlags key_set_;
  std::string old_key_, new_key_, output_ = "text";
  std::vector<std::string> digests_;
  bool dry_run_ = false;
  int workers_ = sigstore::limits::max_workers;

  std::optional<sigstore::crypto::PublicKey> old_public_, new_public_;
  std::unique_ptr<sigstore::crypto::Signer> signer_;  // not of a dry run
};

// A dry run that is given a public key asks for no password.
Result<void> RotateCommand::open_keys(Session& session, const Repository& images) {
  if (old_key_.empty() || new_key_.empty())
    return fail(Code::invalid_argument, "an old and a new key are needed", {},
                "cosign rotate --old-key old.pub --new-key new.key registry.example.com/team/app");
  TRY(const auto key_set, key_set_.open(session));
  TRY(old_public_, sigstore::keys::open_public(session.keys(), old_key_));
  if (dry_run_) {
    TRY(new_public_, sigstore::keys::open_public_half(session.keys(), new_key_));
  } else {
    TRY(signer_, sigstore::keys::open_signer(session.keys(), new_key_));
    new_public_ = signer_->public_key();
  }
  if (*old_public_ == *new_public_)
    return fail(Code::invalid_argument, "the old and the new key are the same key",
                old_public_->fingerprint(), "cosign generate-key-pair --output-key-prefix new");
  if (key_set) TRY_OK(key_set->may_sign(*new_public_, &images));
  return {};
}

Result<std::vector<sigstore::oci::Digest>> RotateCommand::digests() const {
  std::vector<sigstore::oci::Digest> parsed;
  for (const std::string& text : digests_) {
    TRY(auto digest, sigstore::oci::Digest::parse(text));
    parsed.push_back(std::move(digest));
  }
  return parsed;
}

// One line, written anew where something changes.
std::string progress_line(const sigstore::rotate::Progress& progress) {
  if (progress.done == 0) return "looking for digests: " + std::to_string(progress.found) + " so far";
  std::string text = std::to_string(progress.done) + " of " + std::to_string(progress.found) + " digests, " +
                     std::to_string(progress.rotated) + " signed again";
  if (progress.failed != 0) text += ", " + std::to_string(progress.failed) + " failed";
  return text;
}

Result<Report> RotateCommand::rotate(Session& session, const Place& place,
                                     std::vector<sigstore::oci::Digest> also) const {
  auto& registry = session.registry(registry_);
  const Hands hands{registry,
                    {&session.tag_store(), &session.attestation_store(), &session.referrers_store()},
                    {*old_public_, sigstore::keys::shown(old_key_)},
                    {*new_public_, sigstore::keys::shown(new_key_)},
                    signer_.get()};
  sigstore::rotate::Options options;
  options.also = std::move(also);
  options.workers = workers_;
  options.may_go_on = [&] { return session.may_go_on(); };
  options.progress = [&](const auto& progress) { session.progress(progress_line(progress)); };
  auto report = sigstore::rotate::rotate(hands, place, options);
  session.progress("");
  return report;
}

// Stores advise the other format by a flag of `sign`.
sigstore::Error advised(sigstore::Error error) {
  if (error.hint.starts_with("--signature-format"))
    error.hint = "rotate keeps to the formats that are there; `cosign sign` and `attest` take " + error.hint;
  return error;
}

// Every failure stands among the results; the first few are explained.
void RotateCommand::tell_failures(Session& session, const Report& report, const Place& place) const {
  std::vector<sigstore::Error> errors;
  for (const auto& failure : report.failures)
    errors.push_back(failure.error.wrap("what " + failure.what + " is, or leads to, could not be looked at"));
  for (const Outcome& outcome : report.outcomes)
    if (outcome.state == Outcome::State::failed)
      errors.push_back(outcome.error->wrap("not all of " +
                                           digest_reference(place.images, outcome.found.digest) +
                                           " is signed by the new key"));
  for (std::size_t i = 0; i < std::min(errors.size(), most_errors); ++i) session.print(advised(errors[i]));
  if (errors.size() > most_errors)
    session.note("note: and " + std::to_string(errors.size() - most_errors) + " more failures");
}

void RotateCommand::tell(Session& session, const Report& report, const Place& place) const {
  const rotation::Told told{report, place, old_public_->fingerprint(), new_public_->fingerprint(), dry_run_};
  if (output_ == "json") {
    session.out(rotation::as_json(told));
  } else {
    session.remarks(report.notes);
    std::vector<std::string> notes;
    for (const Outcome& outcome : report.outcomes)
      for (const std::string& note : outcome.notes) notes.push_back(note);
    session.remarks(notes);
    session.out_exactly(rotation::as_text(told));
  }
  session.publish();
  if (const std::size_t logged = report.logged(); logged != 0)
    session.note("note: " + std::to_string(logged) +
                 " of what the old key signed comes with proof of a transparency log, and the new key's does "
                 "not: who verifies with the log does not take it");
  tell_failures(session, report, place);
}

// Signatures may be kept in another repository than images.
std::string searched(const Place& place) {
  if (place.signatures == place.images) return place.images.text();
  return place.signatures.text() + " (COSIGN_REPOSITORY), for images of " + place.images.text();
}

int RotateCommand::judge(Session& session, const Report& report, const Place& place) const {
  if (report.failed() || !report.complete) return ui::exit_error;
  if (report.by_old() != 0 || report.count(Outcome::State::new_alone) != 0) return ui::exit_ok;
  const std::size_t others = report.count(Outcome::State::others);
  session.print({others != 0 ? Code::mismatch : Code::not_found,
                 "the old key signed nothing in " + searched(place),
                 others == 0 ? "nothing is signed there"
                             : "what is signed there, " + std::to_string(others) +
                                   (others == 1 ? " digest" : " digests") + ", is by other keys than " +
                                   old_public_->fingerprint() + " (" + sigstore::keys::shown(old_key_) + ")",
                 "an image that no tag leads to is named by --digest"});
  return others == 0 ? ui::exit_no_signature : ui::exit_no_match;
}

Result<int> RotateCommand::run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) {
  TRY(const Repository images, repository_of(arguments[0]));
  TRY(auto also, digests());
  TRY(const auto moved, session.signature_repository());
  TRY_OK(open_keys(session, images));
  const Place place{images, moved.value_or(images), registry_.attachment_tag_prefix};
  const auto report = rotate(session, place, std::move(also));
  if (!report && report.error().code == Code::not_found) {
    session.print(report.error());
    return ui::exit_no_image;
  }
  if (!report) return fail(report.error());
  tell(session, *report, place);
  return judge(session, *report, place);
}

}  // namespace

std::unique_ptr<Command> make_rotate() {
  return std::make_unique<RotateCommand>();
}

}  // namespace cosign
