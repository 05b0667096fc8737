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

ImageResult damaged(const std::string& typed, const Error& error) {
  const bool stopped = error.code == sigstore::Code::cancelled;
  return failed(typed, Reason::lookup_failed,
                stopped ? error : error.wrap("the image in " + typed + " is damaged"));
}

ImageResult check_image(const sigstore::store::Layout& layout, const sigstore::oci::Digest& digest,
                        const std::string& typed, const sigstore::check::Options& options) {
  // A signature says nothing about a folder that names a digest and holds something else.
  if (auto image = layout.content().read(digest, sigstore::limits::manifest_bytes); !image)
    return damaged(typed, image.error());
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

// Nor does it say anything of a folder that lacks a layer, or holds another. An archive was read already:
// there, that all of it is there is enough.
Result<void> check_content(const sigstore::store::Layout& layout, const sigstore::oci::Descriptor& image,
                           bool read, const sigstore::Cancel* cancel) {
  sigstore::ByteSink each;
  if (read)
    each = [cancel](sigstore::BytesView) -> Result<void> {
      if (cancel == nullptr || !cancel->is_set()) return {};
      return sigstore::fail(sigstore::Code::cancelled, "interrupted");
    };
  return sigstore::carry::check_image(layout, image, each);
}

}  // namespace

std::vector<ImageResult> check_layout(sigstore::Files& files, const std::string& path,
                                      const sigstore::check::Options& options,
                                      const sigstore::Cancel* cancel) {
  const auto layout = sigstore::carry::open_saved(files, path, cancel);
  if (!layout) return {failed(path, Reason::invalid, layout.error())};
  auto results = check_layout(*layout, options);
  const bool read = files.is_directory(path);
  for (ImageResult& result : results) {
    if (!result.accepted()) continue;
    sigstore::oci::Descriptor image;
    image.digest = *result.digest;
    if (auto whole = check_content(*layout, image, read, cancel); !whole)
      result = damaged(result.typed, whole.error());
  }
  return results;
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
