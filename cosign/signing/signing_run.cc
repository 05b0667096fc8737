#include "cosign/signing/signing_run.h"

#include <algorithm>
#include <future>
#include <optional>

#include "cosign/session/deliver.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/parallel.h"
#include "sigstore/keys/provider.h"

namespace cosign {
namespace {

using sigstore::Code;
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

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

class Run {
 public:
  Run(Session& session, SigningPlan plan) : session_(session), plan_(std::move(plan)) {}

  Result<int> run(const std::vector<std::string>& images);

 private:
  Result<void> open_stores();
  Result<void> parse(const std::vector<std::string>& arguments);
  void prepare_all();
  Result<std::vector<Prepared>> prepare(Image& image);
  Result<sigstore::oci::Descriptor> subject_of(const Reference& reference);
  Result<void> may_sign(const sigstore::crypto::PublicKey& key) const;
  Outcome sign(sigstore::crypto::Signer& signer);
  void tell_digests();
  void tell(const sigstore::sign::Made& made);
  int report(const Outcome& outcome);

  Session& session_;
  SigningPlan plan_;
  sigstore::sign::Stores stores_;
  std::optional<sigstore::oci::Repository> target_;
  std::vector<Image> images_;
  std::vector<Prepared> prepared_;
};

sigstore::store::ArtifactStore& store_of(Session& session, Format format) {
  switch (format) {
    case Format::envelope:
      return session.attestation_store();
    case Format::bundle:
      return session.referrers_store();
    case Format::simple_signing:
      break;
  }
  return session.tag_store();
}

Result<void> Run::open_stores() {
  TRY(target_, session_.signature_repository());
  session_.registry(plan_.registry);
  if (!plan_.upload) return {};
  for (const Format format : plan_.formats) stores_.push_back(&store_of(session_, format));
  if (!plan_.options.attestation || !plan_.options.attestation->replace) return {};
  for (const Format format : {Format::envelope, Format::bundle})
    if (std::ranges::find(plan_.formats, format) == plan_.formats.end())
      plan_.options.elsewhere.push_back(&store_of(session_, format));
  return {};
}

Result<void> Run::parse(const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    auto reference = Reference::parse(argument);
    if (!reference && arguments.size() == 1) return fail(reference.error());
    images_.push_back({std::move(reference), std::vector<Prepared>{}, {}});
  }
  if (plan_.one_file && (images_.size() > 1 || plan_.recursive))
    return fail(Code::invalid_argument,
                "one output file cannot hold the " + plan_.words.thing + "s of several images", {},
                plan_.words.verb + " one image at a time, without --recursive");
  return {};
}

// The descriptor to sign. A digest that goes nowhere needs no registry at all.
Result<sigstore::oci::Descriptor> Run::subject_of(const Reference& reference) {
  if (!plan_.upload && reference.digest && !plan_.recursive && plan_.attachment.empty()) {
    sigstore::oci::Descriptor known;
    known.digest = *reference.digest;
    return known;
  }
  auto& registry = session_.registry(plan_.registry);
  TRY(auto subject, registry.resolve(reference));
  if (plan_.attachment.empty()) return subject;
  Reference attached = reference;
  attached.digest.reset();
  attached.tag = sigstore::oci::attachment_tag(subject.digest, "." + plan_.attachment,
                                               plan_.registry.attachment_tag_prefix);
  return registry.resolve(attached);
}

Result<std::vector<Prepared>> Run::prepare(Image& image) {
  TRY(const Reference reference, image.reference);
  TRY(const auto subject, subject_of(reference));
  if (!reference.digest) image.resolved = subject.digest;
  TRY(const auto subjects, sigstore::sign::subjects(session_.registry(plan_.registry), reference.repository,
                                                    subject, plan_.recursive));
  std::vector<std::optional<Prepared>> found(subjects.size());
  sigstore::parallel(subjects.size(), plan_.max_workers, [&](std::size_t i) {
    found[i] = sigstore::sign::prepare(stores_, reference.repository, target_.value_or(reference.repository),
                                       subjects[i], plan_.options);
  });
  std::vector<Prepared> prepared;
  for (auto& one : found) prepared.push_back(std::move(*one));
  return prepared;
}

void Run::prepare_all() {
  sigstore::parallel(images_.size(), plan_.max_workers,
                     [&](std::size_t i) { images_[i].prepared = prepare(images_[i]); });
  for (Image& image : images_)
    if (image.prepared)
      for (Prepared& one : *image.prepared) prepared_.push_back(std::move(one));
}

// Of every image, before any is signed.
Result<void> Run::may_sign(const sigstore::crypto::PublicKey& key) const {
  if (!plan_.key_set) return {};
  for (const Image& image : images_)
    if (image.reference) TRY_OK(plan_.key_set->may_sign(key, &image.reference->repository));
  return {};
}

// One signature for each identity, each once; "" is the image's own repository.
Outcome Run::sign(sigstore::crypto::Signer& signer) {
  std::vector<std::string> once;
  for (const std::string& identity : plan_.identities)
    if (std::ranges::find(once, identity) == once.end()) once.push_back(identity);
  if (once.empty()) once.emplace_back();
  Outcome outcome;
  for (const std::string& identity : once) {
    plan_.options.docker_reference = identity;
    outcome.append(sigstore::sign::sign_images(signer, stores_, prepared_, plan_.options, plan_.max_workers));
  }
  return outcome;
}

void Run::tell_digests() {
  for (const Image& image : images_)
    if (image.resolved)
      session_.note(capital(plan_.words.verb) + "ing " +
                    sigstore::oci::digest_reference(image.reference->repository, *image.resolved) +
                    ", which " + image.reference->typed + " names now");
}

void Run::tell(const sigstore::sign::Made& made) {
  session_.remarks(made.notes);
  for (const std::string& type : made.replaced) session_.note("Replacing attestation predicate: " + type);
  for (const std::string& type : made.kept) session_.note("Not replacing attestation predicate: " + type);
  if (made.already_there)
    session_.note("Already " + plan_.words.verb + "ed by this key, nothing added: " + made.location + " (" +
                  made.stored_digest.text() + ")");
  else
    session_.note("Pushed " + plan_.words.thing + " to: " + made.location);
}

// What was written first, then every failure; exit 1 if anything asked for is missing.
int Run::report(const Outcome& outcome) {
  for (const auto& made : outcome.made) tell(made);
  for (const auto& failure : outcome.failures)
    session_.print(failure.error.wrap(plan_.words.verb + "ing " +
                                      sigstore::oci::digest_reference(failure.image, failure.subject) + " (" +
                                      std::string(sigstore::store::name(failure.format)) + ") failed"));
  bool complete = outcome.failures.empty();
  for (const Image& image : images_) {
    if (image.prepared) continue;
    complete = false;
    const auto& error = image.prepared.error();
    session_.print(image.reference ? session_.explain(error, *image.reference) : error);
  }
  return complete ? ui::exit_ok : ui::exit_error;
}

Result<int> Run::run(const std::vector<std::string>& images) {
  if (plan_.formats.size() > 1)
    session_.note(
        "note: beside a bundle, cosign 2.6 verifies offline only with --trusted-root (a file with nothing "
        "but its mediaType is enough)");
  TRY_OK(parse(images));
  TRY_OK(open_stores());
  // The registry is asked while the key is opened: scrypt takes longer than the look-ups.
  auto lookups = std::async(std::launch::async, [this] { prepare_all(); });
  auto signer = sigstore::keys::open_signer(session_.keys(), plan_.key);
  auto allowed = signer ? may_sign((*signer)->public_key()) : Result<void>{};
  if (!signer || !allowed)
    session_.give_up();  // nobody should wait for a registry to hear of a wrong password
  lookups.get();
  if (!signer) return fail(signer.error());
  TRY_OK(std::move(allowed));
  tell_digests();
  const Outcome outcome = sign(**signer);
  // A file that cannot be written is told after what was: the signatures stand already.
  Result<void> written;
  if (plan_.outputs && !prepared_.empty())
    written = plan_.outputs(**signer, {outcome.made, prepared_}, plan_.options);
  const int code = report(outcome);
  TRY_OK(std::move(written));
  return code;
}

}  // namespace

Result<int> run_signing(Session& session, SigningPlan plan, const std::vector<std::string>& images) {
  return Run(session, std::move(plan)).run(images);
}

Result<sigstore::bundle::Bundle> bundle_of(Format format, sigstore::crypto::Signer& signer, const Signed& all,
                                           const Prepared& image, const sigstore::sign::Options& options) {
  const auto stored = std::ranges::find_if(all.made, [&](const sigstore::sign::Made& made) {
    return made.format == format && made.subject == image.subject.digest;
  });
  if (stored != all.made.end()) return stored->bundle;
  return sigstore::sign::make_bundle(format, signer, image.image, image.subject.digest, options);
}

Result<void> write_bundle_file(Session& session, const std::string& path, sigstore::crypto::Signer& signer,
                               const Signed& all, const Prepared& image,
                               const sigstore::sign::Options& options) {
  TRY(const auto bundle, bundle_of(Format::bundle, signer, all, image, options));
  TRY(const std::string json, sigstore::bundle::write(bundle));
  return write_file(session, path, json, "Wrote bundle to file ");
}

}  // namespace cosign
