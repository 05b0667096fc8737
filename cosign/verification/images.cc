#include "cosign/verification/images.h"

#include "cosign/options/annotations.h"
#include "cosign/verification/local.h"
#include "cosign/verification/render.h"
#include "cosign/verification/report.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::check::ImageResult;
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
  TRY_OK(flags.material.apply(session, options));
  TRY(options.requirements.annotations, parse_annotations(flags.annotations));
  options.requirements.check_claims = flags.check_claims;
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

Result<std::vector<ImageResult>> check(Session& session, const ImageFlags& flags,
                                       const std::vector<std::string>& images,
                                       const sigstore::check::Options& options) {
  if (flags.local_image) return check_layouts(*session.env().files, images, options, session.cancel());
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
  session.notes(header(result, output != "text"));
  session.remarks(result.notes);
  if (output == "text") session.notes(certificate_lines(result));
  session.out(output == "text" ? as_text(result) : "\n" + as_json(result) + "\n");
}

}  // namespace

Result<int> verify_images(Session& session, const ImageFlags& flags, const std::vector<std::string>& images,
                          const std::string& example) {
  return print_results(session, verify(session, flags, images, example), flags.output == "report",
                       [&](const ImageResult& result) { print_accepted(session, result, flags.output); });
}

std::unexpected<sigstore::Error> report_failure(Session& session, const ImageFlags& flags,
                                                const sigstore::Error& error) {
  if (flags.output == "report") publish_report(session, as_report(error));
  return fail(error);
}

}  // namespace cosign
