#include "sigstore/store/referrers/bundle_manifest.h"

#include <algorithm>

#include "sigstore/codec/rfc3339.h"
#include "sigstore/payload/statement.h"

namespace sigstore::store {
namespace {

oci::Descriptor descriptor_of(std::string_view media_type, std::string_view content) {
  oci::Descriptor out;
  out.media_type = media_type;
  out.digest = oci::Digest::sha256(content);
  out.size = content.size();
  return out;
}

// What the subject is, without what a list said of it.
oci::Descriptor bare(const oci::Descriptor& subject) {
  oci::Descriptor out;
  out.media_type = subject.media_type;
  out.digest = subject.digest;
  out.size = subject.size;
  return out;
}

bool is_bundle(const oci::Descriptor& layer) {
  return layer.media_type.starts_with(oci::media_type::bundle_prefix);
}

}  // namespace

Result<oci::Manifest> make_bundle_manifest(const oci::Descriptor& subject, const bundle::Bundle& bundle,
                                           std::string_view json, Time created) {
  oci::Manifest manifest;
  manifest.media_type = oci::media_type::oci_manifest;
  manifest.config = descriptor_of(oci::media_type::oci_empty, empty_config);
  manifest.config.artifact_type = oci::media_type::bundle_v03;
  manifest.layers.push_back(descriptor_of(oci::media_type::bundle_v03, json));
  manifest.subject = bare(subject);
  manifest.artifact_type = oci::media_type::bundle_v03;
  manifest.annotations["org.opencontainers.image.created"] = codec::rfc3339::seconds(created);
  if (const auto* envelope = std::get_if<bundle::EnvelopeContent>(&bundle.content)) {
    TRY(const auto statement, payload::Statement::parse(envelope->payload));
    manifest.annotations["dev.sigstore.bundle.content"] = "dsse-envelope";
    manifest.annotations["dev.sigstore.bundle.predicateType"] = statement.predicate_type;
  } else {
    manifest.annotations["dev.sigstore.bundle.content"] = "message-signature";
  }
  return manifest;
}

Result<std::vector<oci::Descriptor>> signature_layers(const oci::Digest& subject, std::string_view media_type,
                                                      std::string_view bytes) {
  if (oci::is_index(media_type)) return std::vector<oci::Descriptor>{};
  TRY(auto manifest, oci::Manifest::parse(bytes));
  auto& layers = manifest.layers;
  if (std::ranges::any_of(layers, is_bundle)) {
    if (layers.size() != 1)
      return fail(Code::malformed, "a bundle's manifest has one layer",
                  "this one has " + std::to_string(layers.size()));
    layers[0] = bare(layers[0]);
  } else {
    std::erase_if(layers,
                  [](const auto& layer) { return layer.media_type != oci::media_type::simple_signing; });
    layers.resize(std::min<std::size_t>(layers.size(), limits::layers_per_manifest));
    if (layers.empty()) return layers;
  }
  if (!manifest.subject || manifest.subject->digest != subject)
    return fail(Code::mismatch, "it is listed for this image, but is about another one",
                manifest.subject ? manifest.subject->digest.text() : "it names no subject");
  return layers;
}

}  // namespace sigstore::store
