#include "sigstore/store/layout/layout.h"

#include <algorithm>
#include <set>

#include "sigstore/codec/json.h"
#include "sigstore/content/folder.h"
#include "sigstore/store/layout/entry.h"

namespace sigstore::store {
namespace {

Result<void> check_version(std::string_view text, const std::string& path) {
  if (text.empty()) return {};  // index.json decides
  TRY(auto json, codec::json::parse(text, "oci-layout"));
  TRY(auto object, codec::json::need_object(json, "oci-layout"));
  TRY(auto version, codec::json::need_string(*object, "imageLayoutVersion", "oci-layout"));
  if (version.starts_with("1.")) return {};
  return fail(Code::unsupported, path + " is an OCI image layout of version " + version,
              "only version 1 is known");
}

// Reads a payload or bundle. All that one listing reads has at most limits::attachment_bytes together.
Result<std::shared_ptr<const std::string>> read_attachment(const Layout& layout, const oci::Digest& digest,
                                                           std::size_t& left) {
  TRY(auto text, layout.content().read(digest, left));
  left -= text->size();
  return text;
}

// What a layer holds; an envelope may have several signatures.
Result<std::vector<bundle::Bundle>> read_layer(const Layout& layout, Format format,
                                               const oci::Descriptor& layer, std::size_t& left) {
  const std::size_t most = left;
  TRY(auto blob, read_attachment(layout, layer.digest, left));
  std::string text = *blob;
  blob.reset();  // an attestation may be large: once is enough
  if (format == Format::envelope)
    return bundle::from_attestation_layer(std::move(text), layer.annotations, most);
  TRY(auto bundle, bundle::from_layer(std::move(text), layer.annotations));
  std::vector<bundle::Bundle> one;
  one.push_back(std::move(bundle));
  return one;
}

void append_layer(const Layout& layout, const LayoutEntry& entry, Format format, const oci::Descriptor& layer,
                  Listing& listing, std::size_t& left) {
  const auto where =
      layout.path() + (entry.tag.empty() ? "@" + entry.descriptor.digest.text() : ":" + entry.tag);
  auto bundles = read_layer(layout, format, layer, left);
  if (!bundles) {
    listing.entries.push_back({format, layer.digest, where, std::unexpected(bundles.error())});
    return;
  }
  for (bundle::Bundle& bundle : *bundles)
    listing.entries.push_back({format, layer.digest, where, std::move(bundle)});
}

bool is_bundle(std::string_view media_type) {
  return media_type.starts_with(oci::media_type::bundle_prefix);
}

Stored stored_bundle(const Layout& layout, const oci::Descriptor& referrer, std::size_t& left) {
  auto read = [&]() -> Result<bundle::Bundle> {
    TRY(auto bytes, layout.content().read(referrer.digest, limits::manifest_bytes));
    TRY(auto manifest, oci::Manifest::parse(*bytes));
    if (manifest.layers.size() != 1)
      return fail(Code::malformed, "a bundle's manifest must have one layer",
                  "it has " + std::to_string(manifest.layers.size()));
    TRY(auto json, read_attachment(layout, manifest.layers[0].digest, left));
    std::string text = *json;
    json.reset();
    return bundle::parse(std::move(text));
  };
  return {Format::bundle, referrer.digest, layout.path() + "@" + referrer.digest.text(), read()};
}

// Whether a referrer is a bundle: real cosign names it in the config, in the manifest or on the layer alone.
bool holds_bundle(const Layout& layout, const oci::Descriptor& referrer) {
  if (is_bundle(referrer.artifact_type)) return true;
  if (oci::is_index(referrer.media_type)) return false;
  auto bytes = layout.content().read(referrer.digest, limits::manifest_bytes);
  if (!bytes) return false;
  auto manifest = oci::Manifest::parse(**bytes);
  return manifest && (is_bundle(manifest->effective_artifact_type()) ||
                      std::ranges::any_of(manifest->layers, [](auto& l) { return is_bundle(l.media_type); }));
}

// Real `cosign save`, and ours, say of an image what it is; others give it a tag.
bool may_be_referrer(const LayoutEntry& entry) {
  return entry.tag.empty() && !entry.descriptor.annotations.contains("kind");
}

// The referrer that a blob is, if it is one.
std::optional<LayoutReferrer> as_referrer(const oci::Digest& digest, const std::string& bytes) {
  if (!bytes.starts_with('{') || bytes.find("\"subject\"") == std::string::npos) return std::nullopt;
  auto found = [&](auto parsed, std::string_view media_type) -> std::optional<LayoutReferrer> {
    if (!parsed || !parsed->subject) return std::nullopt;
    auto descriptor = oci::referrer_descriptor(
        bytes, parsed->media_type.empty() ? media_type : std::string_view(parsed->media_type));
    if (!descriptor) return std::nullopt;
    descriptor->digest = digest;
    return LayoutReferrer{parsed->subject->digest, *std::move(descriptor)};
  };
  if (auto manifest = found(oci::Manifest::parse(bytes), oci::media_type::oci_manifest)) return manifest;
  return found(oci::Index::parse(bytes), oci::media_type::oci_index);
}

// Of a folder of strangers: a pipe in it would be waited for.
Result<std::string> read_file(Files& files, const std::string& path, std::size_t max) {
  TRY_OK(files.size(path));
  return files.read(path, max);
}

std::unexpected<Error> no_layout(Files& files, const std::string& path) {
  std::string cause = "no such file or directory";
  if (files.exists(path)) cause = files.is_directory(path) ? "it has no index.json" : "it is a file";
  return fail(Code::not_found, path + " is not an OCI image layout", std::move(cause),
              "name the folder that `cosign save --dir` wrote; `cosign load --archive` takes one file");
}

}  // namespace

Result<Layout> Layout::open(Files& files, std::string path) {
  auto version = read_file(files, path + "/oci-layout", limits::layout_version_bytes);
  if (!version && version.error().code != Code::not_found) return fail(std::move(version).error());
  if (version && version->empty()) return fail(Code::malformed, path + "/oci-layout is empty");
  auto index = read_file(files, path + "/index.json", limits::manifest_bytes);
  if (!index && index.error().code == Code::not_found) return no_layout(files, path);
  if (!index) return fail(std::move(index).error());
  auto content = content::make_folder(files, nullptr, path);
  return from(std::move(path), version.value_or(""), *index, std::move(content));
}

Result<Layout> Layout::from(std::string path, std::string_view version, std::string_view index,
                            std::unique_ptr<content::Store> content) {
  Layout layout(std::move(path), std::move(content));
  TRY_OK(check_version(version, layout.path_));
  TRY_OK(layout.read_index(index));
  return layout;
}

Result<void> Layout::read_index(std::string_view text) {
  auto index = oci::Index::parse(text);
  if (!index) return fail(index.error().wrap("cannot read " + path_ + "/index.json"));
  for (auto& descriptor : index->manifests) entries_.push_back(classify(std::move(descriptor)));
  return {};
}

std::vector<oci::Descriptor> Layout::images() const {
  std::vector<oci::Descriptor> images;
  std::set<oci::Digest> seen;
  for (const auto& entry : entries_) {
    if (entry.kind != LayoutEntry::Kind::image || !seen.insert(entry.descriptor.digest).second) continue;
    if (may_be_referrer(entry)) {  // it may stand in index.json beside its image
      auto bytes = content_->read(entry.descriptor.digest, limits::manifest_bytes);
      if (bytes && as_referrer(entry.descriptor.digest, **bytes)) continue;
      if (!bytes && !entry.descriptor.artifact_type.empty()) continue;  // damaged, but by its index no image
    }
    images.push_back(entry.descriptor);
  }
  return images;
}

Result<std::vector<LayoutReferrer>> Layout::referrers(std::vector<std::string>* notes) const {
  TRY(auto digests, content_->list(limits::layout_blobs));
  std::vector<LayoutReferrer> referrers;
  for (const auto& digest : digests) {
    TRY(auto size, content_->size(digest));
    if (size > limits::manifest_bytes) continue;
    auto bytes = content_->read(digest, limits::manifest_bytes);
    if (!bytes && notes) notes->push_back(bytes.error().text());
    if (!bytes) continue;
    if (auto referrer = as_referrer(digest, **bytes)) referrers.push_back(*std::move(referrer));
  }
  return referrers;
}

Result<Listing> Layout::list(const oci::Digest& subject, Format format) const {
  Listing listing;
  std::size_t left = limits::attachment_bytes;
  const bool attestations = format == Format::envelope;
  const auto kind = attestations ? LayoutEntry::Kind::attestations : LayoutEntry::Kind::signatures;
  const auto tag = oci::attachment_tag(subject, attestations ? ".att" : ".sig");
  for (const auto& entry : entries_)
    if (entry.kind == kind && (entry.tag.empty() || entry.tag.ends_with(tag)))
      TRY_OK(list_layers(entry, format, listing, left));
  TRY(auto found, referrers(&listing.notes));
  for (const auto& referrer : found) {
    if (referrer.subject != subject || !holds_bundle(*this, referrer.descriptor)) continue;
    if (listing.truncated = listing.entries.size() >= limits::referrers; listing.truncated) break;
    listing.entries.push_back(stored_bundle(*this, referrer.descriptor, left));
  }
  return listing;
}

Result<void> Layout::list_layers(const LayoutEntry& entry, Format format, Listing& listing,
                                 std::size_t& left) const {
  const auto media_type =
      format == Format::envelope ? oci::media_type::dsse : oci::media_type::simple_signing;
  TRY(auto bytes, content_->read(entry.descriptor.digest, limits::manifest_bytes));
  TRY(auto manifest, oci::Manifest::parse(*bytes));
  for (const auto& layer : manifest.layers) {
    if (layer.media_type != media_type) continue;
    if (listing.truncated = listing.entries.size() >= limits::layers_per_manifest; listing.truncated) break;
    append_layer(*this, entry, format, layer, listing, left);
  }
  return {};
}

}  // namespace sigstore::store
