#include "cosign/verification/images.h"

#include "cosign/options/annotations.h"
#include "cosign/ui/exit_codes.h"
#include "cosign/verification/local.h"
#include "cosign/verification/render.h"
#include "cosign/verification/report.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::check::ImageResult;
using sigstore::check::Reason;
using sigstore::oci::Reference;

Result<void> check_flags(const ImageFlags& flags, const std::string& example) {
  TRY_OK(flags.material.check(example));
  if (flags.signature.empty() != flags.payload.empty())
    return fail(Code::invalid_argument, "--signature and --payload belong together", {},
                "the payload is what `cosign sign --output-payload FILE` wrote");
  if (!flags.attachment.empty() && flags.attachment != "sbom")
    return fail(Code::invalid_argument, "--attachment " + flags.attachment + " is not known", "only sbom is");
  return {};
}

Result<sigstore::check::Options> check_options(Session& session, const ImageFlags& flags) {
  sigstore::check::Options options;
  TRY(options.material, flags.material.open(session.env()));
  TRY(options.requirements.annotations, parse_annotations(flags.annotations));
  options.requirements.check_claims = flags.check_claims;
  options.requirements.log_entries = flags.material.log_entries();
  TRY(options.repository, session.signature_repository());
  options.max_workers = flags.max_workers;
  options.all_candidates = options.children = flags.output == "report";
  return options;
}

// With --attachment sbom the image is what the `.sbom` tag names.
Result<std::vector<std::string>> attached(Session& session, const ImageFlags& flags,
                                          const std::vector<std::string>& images) {
  if (flags.attachment.empty()) return images;
  std::vector<std::string> found;
  for (const std::string& image : images) {
    TRY(const auto reference, Reference::parse(image));
    TRY(const auto descriptor, session.registry(flags.registry).resolve(reference));
    found.push_back(reference.repository.text() + ":" +
                    sigstore::oci::attachment_tag(descriptor.digest, "." + flags.attachment,
                                                  flags.registry.attachment_tag_prefix));
  }
  return found;
}

Result<std::vector<ImageResult>> check_detached(Session& session, const ImageFlags& flags,
                                                const std::vector<std::string>& images,
                                                const sigstore::check::Options& options) {
  TRY(const auto stored, read_detached(*session.env().files, flags.signature, flags.payload));
  std::vector<ImageResult> results;
  for (const std::string& image : images) {
    results.push_back(sigstore::check::resolve_image(session.registry(flags.registry), image));
    if (results.back().accepted())
      results.back() = sigstore::check::check_candidates(std::move(results.back()), {stored}, options);
  }
  return results;
}

std::vector<ImageResult> check_local(Session& session, const std::vector<std::string>& paths,
                                     const sigstore::check::Options& options) {
  std::vector<ImageResult> results;
  for (const std::string& path : paths)
    for (ImageResult& result : check_layout(*session.env().files, path, options))
      results.push_back(std::move(result));
  return results;
}

Result<std::vector<ImageResult>> check(Session& session, const ImageFlags& flags,
                                       const std::vector<std::string>& images,
                                       const sigstore::check::Options& options) {
  if (flags.local_image) return check_local(session, images, options);
  auto& registry = session.registry(flags.registry);
  TRY(const auto subjects, attached(session, flags, images));
  if (!flags.signature.empty()) return check_detached(session, flags, subjects, options);
  return sigstore::check::check_images(registry, {&session.tag_store(), &session.referrers_store()}, subjects,
                                       options);
}

Result<std::vector<ImageResult>> verify(Session& session, const ImageFlags& flags,
                                        const std::vector<std::string>& images, const std::string& example) {
  TRY_OK(check_flags(flags, example));
  TRY(const auto options, check_options(session, flags));
  TRY(auto results, check(session, flags, images, options));
  explain_all(session, results);
  return results;
}

void print_accepted(Session& session, const ImageResult& result, const std::string& output) {
  session.notes(header(result));
  session.remarks(result.notes);
  session.out(output == "text" ? as_text(result) : "\n" + as_json(result) + "\n");
}

int print(Session& session, const std::string& output, const std::vector<ImageResult>& results) {
  const bool report = output == "report";
  if (report) publish_report(session, as_report(results));
  for (const ImageResult& result : results)
    if (result.accepted() && !report) print_accepted(session, result, output);
  int code = ui::exit_ok;
  for (const ImageResult& result : results) {
    if (result.accepted()) continue;
    session.remarks(result.notes);
    session.print(*result.error);
    if (code == ui::exit_ok) code = exit_code(result);
  }
  return code;
}

}  // namespace

int exit_code(const ImageResult& result) {
  switch (result.reason) {
    case Reason::accepted:
      return ui::exit_ok;
    case Reason::no_signature:
      return ui::exit_no_signature;
    case Reason::image_not_found:
    case Reason::blob_not_found:
      return ui::exit_no_image;
    case Reason::no_match:
      return ui::exit_no_match;
    case Reason::lookup_failed:
    case Reason::invalid:
      break;
  }
  return ui::exit_code(result.error->code);
}

void explain_all(const Session& session, std::vector<ImageResult>& results) {
  for (ImageResult& result : results)
    if (result.error && result.reference) result.error = session.explain(*result.error, *result.reference);
}

void publish_report(Session& session, const std::string& report) {
  session.out(report);
  session.publish();
}

Result<int> verify_images(Session& session, const ImageFlags& flags, const std::vector<std::string>& images,
                          const std::string& example) {
  const auto results = verify(session, flags, images, example);
  if (results) return print(session, flags.output, *results);
  return report_failure(session, flags, results.error());
}

std::unexpected<sigstore::Error> report_failure(Session& session, const ImageFlags& flags,
                                                const sigstore::Error& error) {
  if (flags.output == "report") publish_report(session, as_report(error));
  return fail(error);
}

}  // namespace cosign
