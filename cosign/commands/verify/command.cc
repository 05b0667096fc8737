#include "cosign/args/command.h"

#include "cosign/commands/verify/flags.h"
#include "cosign/commands/verify/local.h"
#include "cosign/commands/verify/render.h"
#include "cosign/commands/verify/report.h"
#include "cosign/options/annotations.h"
#include "cosign/session/session.h"
#include "cosign/ui/exit_codes.h"
#include "sigstore/base/parallel.h"
#include "sigstore/check/pipeline.h"
#include "sigstore/keys/provider.h"

namespace cosign {

std::string help_verify();  // help.md

namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::check::ImageResult;
using sigstore::check::Reason;
using sigstore::oci::Reference;

int exit_code(const ImageResult& result) {
  switch (result.reason) {
    case Reason::accepted:
      return ui::exit_ok;
    case Reason::no_signature:
      return ui::exit_no_signature;
    case Reason::image_not_found:
      return ui::exit_no_image;
    case Reason::no_match:
      return ui::exit_no_match;
    case Reason::lookup_failed:
    case Reason::invalid:
      break;
  }
  return ui::exit_code(result.error->code);
}

Result<void> check_flags(const VerifyFlags& flags) {
  TRY_OK(flags.later.refuse());
  if (flags.key.empty())
    return fail(Code::unsupported,
                "verifying without --key needs certificates, which this version cannot judge", {},
                "cosign verify --key cosign.pub --insecure-ignore-tlog=true IMAGE");
  if (flags.signature.empty() != flags.payload.empty())
    return fail(Code::invalid_argument, "--signature and --payload belong together", {},
                "the payload is what `cosign sign --output-payload FILE` wrote");
  if (!flags.attachment.empty() && flags.attachment != "sbom")
    return fail(Code::invalid_argument, "--attachment " + flags.attachment + " is not known", "only sbom is");
  return {};
}

class VerifyCommand final : public Command {
 public:
  [[nodiscard]] std::vector<std::string> path() const override { return {"verify"}; }
  [[nodiscard]] std::string usage() const override { return "IMAGE..."; }
  [[nodiscard]] std::string summary() const override { return "verify the signatures of container images"; }
  [[nodiscard]] std::string manual() const override { return help_verify(); }
  [[nodiscard]] std::pair<int, int> arguments() const override { return {1, -1}; }
  void declare(FlagSet& flags) override { flags_.declare(flags); }
  Result<int> run(Session& session, const FlagSet& flags, const std::vector<std::string>& arguments) override;

 private:
  Result<sigstore::check::Options> options(Session& session) const;
  Result<std::vector<ImageResult>> check(Session& session, const std::vector<std::string>& images,
                                         const sigstore::check::Options& options) const;
  Result<std::vector<ImageResult>> check_detached(Session& session, const std::vector<std::string>& images,
                                                  const sigstore::check::Options& options) const;
  Result<std::vector<std::string>> attached(Session& session, const std::vector<std::string>& images) const;
  // Checks everything that can be checked; an error only where nothing could.
  Result<std::vector<ImageResult>> verify(Session& session, const std::vector<std::string>& images) const;
  int print(Session& session, const std::vector<ImageResult>& results) const;

  VerifyFlags flags_;
};

Result<sigstore::check::Options> VerifyCommand::options(Session& session) const {
  sigstore::check::Options options;
  TRY(auto key, sigstore::keys::open_public(session.env(), flags_.key));
  options.material.keys.push_back({std::move(key), flags_.key});
  TRY(options.requirements.annotations, parse_annotations(flags_.annotations));
  options.requirements.check_claims = flags_.check_claims;
  options.requirements.log_entries = flags_.ignore_tlog || flags_.private_infrastructure ? 0 : 1;
  TRY(options.repository, session.signature_repository());
  options.max_workers = flags_.max_workers;
  options.all_candidates = options.children = flags_.output == "report";
  return options;
}

// With --attachment sbom the image is what the `.sbom` tag names.
Result<std::vector<std::string>> VerifyCommand::attached(Session& session,
                                                         const std::vector<std::string>& images) const {
  if (flags_.attachment.empty()) return images;
  std::vector<std::string> found;
  for (const std::string& image : images) {
    TRY(const auto reference, Reference::parse(image));
    TRY(const auto descriptor, session.registry(flags_.registry).resolve(reference));
    found.push_back(reference.repository.text() + ":" +
                    sigstore::oci::attachment_tag(descriptor.digest, "." + flags_.attachment,
                                                  flags_.registry.attachment_tag_prefix));
  }
  return found;
}

Result<std::vector<ImageResult>> VerifyCommand::check_detached(
    Session& session, const std::vector<std::string>& images, const sigstore::check::Options& options) const {
  TRY(const auto stored, read_detached(*session.env().files, flags_.signature, flags_.payload));
  std::vector<ImageResult> results;
  for (const std::string& image : images) {
    results.push_back(sigstore::check::resolve_image(session.registry(flags_.registry), image));
    if (results.back().accepted())
      results.back() = sigstore::check::check_candidates(std::move(results.back()), {stored}, options);
  }
  return results;
}

Result<std::vector<ImageResult>> VerifyCommand::check(Session& session,
                                                      const std::vector<std::string>& images,
                                                      const sigstore::check::Options& options) const {
  if (flags_.local_image) {
    std::vector<ImageResult> results;
    for (const std::string& path : images)
      for (ImageResult& result : check_layout(*session.env().files, path, options))
        results.push_back(std::move(result));
    return results;
  }
  auto& registry = session.registry(flags_.registry);
  TRY(const auto subjects, attached(session, images));
  if (!flags_.signature.empty()) return check_detached(session, subjects, options);
  return sigstore::check::check_images(registry, {&session.tag_store(), &session.referrers_store()}, subjects,
                                       options);
}

// Also one about a failure: an older report must not stand for this run.
void publish_report(Session& session, const std::string& report) {
  session.out(report);
  session.publish();
}

// All successes first, then the failures; the code of the first image that failed.
int VerifyCommand::print(Session& session, const std::vector<ImageResult>& results) const {
  const bool report = flags_.output == "report";
  if (report) publish_report(session, as_report(results));
  for (const ImageResult& result : results) {
    if (!result.accepted() || report) continue;
    session.notes(header(result));
    session.remarks(result.notes);
    session.out(flags_.output == "text" ? as_text(result) : "\n" + as_json(result) + "\n");
  }
  int code = ui::exit_ok;
  for (const ImageResult& result : results) {
    if (result.accepted()) continue;
    session.remarks(result.notes);
    session.print(*result.error);
    if (code == ui::exit_ok) code = exit_code(result);
  }
  return code;
}

Result<std::vector<ImageResult>> VerifyCommand::verify(Session& session,
                                                       const std::vector<std::string>& images) const {
  TRY_OK(check_flags(flags_));
  TRY(const auto required, options(session));
  TRY(auto results, check(session, images, required));
  for (ImageResult& result : results)
    if (result.error && result.reference) result.error = session.explain(*result.error, *result.reference);
  return results;
}

Result<int> VerifyCommand::run(Session& session, const FlagSet&, const std::vector<std::string>& arguments) {
  const auto results = verify(session, arguments);
  if (results) return print(session, *results);
  if (flags_.output == "report") publish_report(session, as_report(results.error()));
  return fail(results.error());
}

}  // namespace

std::unique_ptr<Command> make_verify() {
  return std::make_unique<VerifyCommand>();
}

}  // namespace cosign
