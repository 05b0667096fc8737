#include "cosign/args/command.h"

#include <algorithm>
#include <future>

#include "cosign/commands/sign/flags.h"
#include "cosign/commands/sign/outputs.h"
#include "cosign/options/annotations.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/parallel.h"
#include "sigstore/keys/provider.h"
#include "sigstore/sign/pipeline.h"

namespace cosign {

std::string help_sign();  // help.md

namespace {

using sigstore::Code;
using sigstore::Error;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Reference;
using sigstore::sign::Outcome;
using sigstore::sign::Prepared;
using sigstore::store::Format;

// What one IMAGE argument came to before the key was needed.
struct Image {
  Result<Reference> reference;
  Result<std::vector<Prepared>> prepared;
  std::optional<sigstore::oci::Digest> resolved = {};  // what its tag names now
};

// One run of the command: the walk of sign/pipeline.h over every image.
class SignRun {
 public:
  SignRun(Session& session, const SignFlags& flags, std::vector<Format> formats)
      : session_(session), flags_(flags), formats_(std::move(formats)) {}

  Result<int> run(const std::vector<std::string>& arguments);

 private:
  Result<void> read_options();
  Result<void> parse(const std::vector<std::string>& arguments);
  std::vector<std::string> identities() const;
  void prepare_all();
  Result<std::vector<Prepared>> prepare(Image& image);
  Result<sigstore::oci::Descriptor> subject_of(const Reference& reference);
  Outcome sign(sigstore::crypto::Signer& signer);
  Result<void> write_outputs(sigstore::crypto::Signer& signer, const Outcome& outcome);
  int report(const Outcome& outcome);

  Session& session_;
  const SignFlags& flags_;
  std::vector<Format> formats_;
  sigstore::sign::Stores stores_;
  sigstore::sign::Options options_;
  std::optional<sigstore::oci::Repository> target_;
  std::vector<Image> images_;
};

Result<void> SignRun::read_options() {
  TRY(options_.annotations, parse_annotations(flags_.annotations));
  options_.force = flags_.force;
  if (!flags_.payload.empty()) {
    TRY(options_.payload, session_.env().files->read(flags_.payload, sigstore::limits::attachment_bytes));
  }
  TRY(target_, session_.signature_repository());
  session_.registry(flags_.registry);
  if (!flags_.upload) return {};
  for (const Format format : formats_)
    stores_.push_back(format == Format::bundle ? &session_.referrers_store() : &session_.tag_store());
  return {};
}

Result<void> SignRun::parse(const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    auto reference = Reference::parse(argument);
    if (!reference && arguments.size() == 1) return fail(reference.error());
    images_.push_back({std::move(reference), std::vector<Prepared>{}, {}});
  }
  if (wants_files(flags_) && (images_.size() > 1 || flags_.recursive))
    return fail(Code::invalid_argument, "one output file cannot hold the signatures of several images", {},
                "sign one image at a time, without --recursive");
  return {};
}

// The descriptor to sign. A digest that goes nowhere needs no registry at all.
Result<sigstore::oci::Descriptor> SignRun::subject_of(const Reference& reference) {
  if (!flags_.upload && reference.digest && !flags_.recursive && flags_.attachment.empty()) {
    sigstore::oci::Descriptor known;
    known.digest = *reference.digest;
    return known;
  }
  auto& registry = session_.registry(flags_.registry);
  TRY(auto subject, registry.resolve(reference));
  if (!flags_.attachment.empty()) {
    Reference attached = reference;
    attached.digest.reset();
    attached.tag = sigstore::oci::attachment_tag(subject.digest, "." + flags_.attachment,
                                                 flags_.registry.attachment_tag_prefix);
    return registry.resolve(attached);
  }
  return subject;
}

Result<std::vector<Prepared>> SignRun::prepare(Image& image) {
  TRY(const Reference reference, image.reference);
  TRY(const auto subject, subject_of(reference));
  if (!reference.digest) image.resolved = subject.digest;
  TRY(const auto subjects, sigstore::sign::subjects(session_.registry(flags_.registry), reference.repository,
                                                    subject, flags_.recursive));
  std::vector<std::optional<Prepared>> found(subjects.size());
  sigstore::parallel(subjects.size(), flags_.max_workers, [&](std::size_t i) {
    found[i] = sigstore::sign::prepare(stores_, reference.repository, target_.value_or(reference.repository),
                                       subjects[i], options_);
  });
  std::vector<Prepared> prepared;
  for (auto& one : found) prepared.push_back(std::move(*one));
  return prepared;
}

void SignRun::prepare_all() {
  sigstore::parallel(images_.size(), flags_.max_workers,
                     [&](std::size_t i) { images_[i].prepared = prepare(images_[i]); });
}

Outcome SignRun::sign(sigstore::crypto::Signer& signer) {
  std::vector<Prepared> all;
  for (Image& image : images_)
    if (image.prepared) all.insert(all.end(), image.prepared->begin(), image.prepared->end());
  return sigstore::sign::sign_images(signer, stores_, all, options_, flags_.max_workers);
}

Result<void> SignRun::write_outputs(sigstore::crypto::Signer& signer, const Outcome& outcome) {
  if (!wants_files(flags_) || !images_[0].prepared) return {};
  const Prepared& prepared = images_[0].prepared->front();
  TRY(const auto lines, write_files(flags_, *session_.env().files, signer, outcome.made, prepared.image,
                                    prepared.subject.digest, options_));
  for (const std::string& line : lines) session_.note(line);
  return {};
}

// What was written first, then every failure; exit 1 if anything asked for is missing.
int SignRun::report(const Outcome& outcome) {
  for (const auto& made : outcome.made) {
    session_.remarks(made.notes);
    session_.note(made.already_there ? "Already signed by this key, nothing added: " + made.location + " (" +
                                           made.stored_digest.text() + ")"
                                     : "Pushed signature to: " + made.location);
  }
  for (const auto& failure : outcome.failures) {
    const std::string what = "signing " + sigstore::oci::digest_reference(failure.image, failure.subject) +
                             " (" + std::string(sigstore::store::name(failure.format)) + ") failed";
    session_.print(failure.error.wrap(what));
  }
  bool complete = outcome.failures.empty();
  for (const Image& image : images_) {
    if (image.prepared) continue;
    complete = false;
    const auto& error = image.prepared.error();
    session_.print(image.reference ? session_.explain(error, *image.reference) : error);
  }
  return complete ? ui::exit_ok : ui::exit_error;
}

// Each once; "" is the image's own repository.
std::vector<std::string> SignRun::identities() const {
  if (flags_.identities.empty()) return {""};
  std::vector<std::string> all;
  for (const std::string& identity : flags_.identities)
    if (std::ranges::find(all, identity) == all.end()) all.push_back(identity);
  return all;
}

Result<int> SignRun::run(const std::vector<std::string>& arguments) {
  TRY_OK(parse(arguments));
  TRY_OK(read_options());
  // The registry is asked while the key is opened: scrypt takes longer than the look-ups.
  auto lookups = std::async(std::launch::async, [this] { prepare_all(); });
  auto signer = sigstore::keys::open_signer(session_.env(), flags_.signing.key);
  if (!signer) session_.give_up();  // nobody should wait for a registry to hear of a wrong password
  lookups.get();
  if (!signer) return fail(signer.error());
  for (const Image& image : images_)
    if (image.resolved)
      session_.note("Signing " +
                    sigstore::oci::digest_reference(image.reference->repository, *image.resolved) +
                    ", which " + image.reference->typed + " names now");

  Outcome outcome;
  for (const std::string& identity : identities()) {
    options_.docker_reference = identity;
    outcome.append(sign(**signer));
  }
  // A file that cannot be written is told after what was: the signatures stand already.
  auto written = write_outputs(**signer, outcome);
  const int code = report(outcome);
  TRY_OK(std::move(written));
  return code;
}

Result<void> check_flags(const SignFlags& flags, sigstore::Files& files) {
  TRY_OK(flags.signing.check(files, "sign", "IMAGE@DIGEST"));
  if (!flags.attachment.empty() && flags.attachment != "sbom")
    return fail(Code::invalid_argument, "--attachment " + flags.attachment + " is not known", "only sbom is");
  if (!flags.upload && !wants_files(flags))
    return fail(Code::invalid_argument, "--upload=false would leave the signature nowhere", {},
                "add --bundle FILE, or --output-signature FILE and --output-payload FILE");
  return {};
}

class SignCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"sign"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE..."; }
  [[nodiscard]] std::string summary() const override { return "sign container images in their registry"; }
  [[nodiscard]] std::string manual() const override { return help_sign(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, -1}; }
  void declare(FlagSet& flags) override { flags_.declare(flags); }

  Result<int> run(Session& session, const FlagSet& flags,
                  const std::vector<std::string>& arguments) override {
    TRY_OK(check_flags(flags_, *session.env().files));
    auto formats = flags_.format.formats(flags.given("new-bundle-format"));
    if (formats.size() > 1)
      session.note(
          "note: beside a bundle, cosign 2.6 verifies offline only with --trusted-root (a file with nothing "
          "but its mediaType is enough)");
    return SignRun(session, flags_, std::move(formats)).run(arguments);
  }

 private:
  SignFlags flags_;
};

}  // namespace

std::unique_ptr<Command> make_sign() {
  return std::make_unique<SignCommand>();
}

}  // namespace cosign
