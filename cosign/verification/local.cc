#include "cosign/verification/local.h"

#include "sigstore/carry/layout.h"
#include "sigstore/codec/base64.h"
#include "sigstore/store/layout/layout.h"

namespace cosign {
namespace {

using sigstore::Error;
using sigstore::Result;
using sigstore::check::ImageResult;
using sigstore::check::Reason;

ImageResult failed(const std::string& path, Reason reason, Error error) {
  ImageResult result;
  result.typed = path;
  result.reason = reason;
  result.error = std::move(error);
  return result;
}

ImageResult check_image(const sigstore::store::Layout& layout, const sigstore::oci::Digest& digest,
                        const std::string& typed, const sigstore::check::Options& options) {
  // A signature says nothing about a folder that names a digest and holds something else.
  if (auto image = layout.content().read(digest, sigstore::limits::manifest_bytes); !image)
    return failed(typed, Reason::lookup_failed, image.error().wrap("the image in " + typed + " is damaged"));
  const auto tag = options.requirements.wanted == sigstore::verify::Wanted::attestation
                       ? sigstore::store::Format::envelope
                       : sigstore::store::Format::simple_signing;
  auto listing = layout.list(digest, tag);
  if (!listing) return failed(typed, Reason::lookup_failed, listing.error());
  ImageResult result;
  result.typed = typed;
  result.digest = digest;
  result.notes = std::move(listing->notes);
  return sigstore::check::check_candidates(std::move(result), std::move(listing->entries), options);
}

}  // namespace

std::vector<ImageResult> check_layout(sigstore::Files& files, const std::string& path,
                                      const sigstore::check::Options& options,
                                      const sigstore::Cancel* cancel) {
  const auto layout = sigstore::carry::open_saved(files, path, cancel);
  if (!layout) return {failed(path, Reason::invalid, layout.error())};
  return check_layout(*layout, options);
}

std::vector<ImageResult> check_layout(const sigstore::store::Layout& layout,
                                      const sigstore::check::Options& options) {
  const std::string& path = layout.path();
  const auto images = layout.images();
  if (images.empty())
    return {failed(path, Reason::image_not_found,
                   Error{sigstore::Code::not_found, "no image in the layout " + path, {}, {}})};
  std::vector<ImageResult> results;
  for (const auto& image : images) {
    const std::string typed = images.size() == 1 ? path : path + "@" + image.digest.text();
    results.push_back(check_image(layout, image.digest, typed, options));
  }
  return results;
}

std::vector<ImageResult> check_layouts(sigstore::Files& files, const std::vector<std::string>& paths,
                                       const sigstore::check::Options& options,
                                       const sigstore::Cancel* cancel) {
  std::vector<ImageResult> results;
  for (const std::string& path : paths)
    for (ImageResult& result : check_layout(files, path, options, cancel))
      results.push_back(std::move(result));
  return results;
}

Result<sigstore::store::Stored> read_detached(sigstore::Files& files, const std::string& signature_path,
                                              const std::string& payload_path) {
  TRY(std::string text, files.read(signature_path, sigstore::limits::json_bytes));
  TRY(std::string payload, files.read(payload_path, sigstore::limits::attachment_bytes));
  const auto decoded = sigstore::codec::base64::decode_lines(text);
  sigstore::bundle::Bundle bundle;
  bundle.content = sigstore::bundle::SimpleSigningContent{payload};
  bundle.signature = decoded ? *decoded : sigstore::to_bytes(text);
  return sigstore::store::Stored{sigstore::store::Format::simple_signing,
                                 sigstore::oci::Digest::sha256(payload), signature_path, std::move(bundle)};
}

}  // namespace cosign
