#include "sigstore/doctor/scratch.h"

#include "sigstore/base/bytes.h"
#include "sigstore/codec/tar.h"

namespace sigstore::doctor {
namespace {

namespace json = codec::json;
namespace tar = codec::tar;
using namespace oci::media_type;

constexpr std::string_view plain_layer = "application/vnd.oci.image.layer.v1.tar";

oci::Descriptor describe(std::string_view media_type, std::string_view content) {
  oci::Descriptor descriptor;
  descriptor.media_type = media_type;
  descriptor.digest = oci::Digest::sha256(content);
  descriptor.size = content.size();
  return descriptor;
}

oci::Descriptor describe(const Piece& piece) {
  return describe(piece.media_type, piece.content);
}

// A layer with one small file, for whoever looks into layers.
Result<std::string> layer(const std::string& text) {
  TRY(const auto header, tar::write({"cosign-doctor.txt", text.size(), false}));
  std::string bytes(as_text(header));
  bytes += text;
  bytes.resize(bytes.size() + tar::padding(text.size()) + 2 * tar::block);
  return bytes;
}

std::string config(const std::vector<std::string>& layers) {
  json::Array ids;
  for (const std::string& one : layers) ids.emplace_back(oci::Digest::sha256(one).text());
  return json::write(
      json::Object{{"architecture", "amd64"},
                   {"os", "linux"},
                   {"config", json::Object{}},
                   {"rootfs", json::Object{{"type", "layers"}, {"diff_ids", std::move(ids)}}}});
}

Piece manifest_of(oci::Manifest manifest) {
  manifest.media_type = oci_manifest;
  return {std::string(oci_manifest), manifest.write()};
}

// A manifest of these layers, whose config is added to `blobs`, as they are.
Piece manifest(std::string_view layer_type, const std::vector<std::string>& layers,
               std::vector<std::string>& blobs) {
  oci::Manifest made;
  blobs.push_back(config(layers));
  made.config = describe(oci_config, blobs.back());
  for (const std::string& one : layers) {
    made.layers.push_back(describe(layer_type, one));
    blobs.push_back(one);
  }
  return manifest_of(std::move(made));
}

Piece bundle_manifest(const Piece& subject, const std::string& bundle) {
  oci::Manifest made;
  made.config = describe(oci_empty, shared_blob);
  made.layers.push_back(describe(bundle_v03, bundle));
  made.subject = describe(subject);
  made.artifact_type = bundle_v03;
  return manifest_of(std::move(made));
}

Result<Piece> index(const std::vector<const Piece*>& referrers) {
  oci::Index made;
  made.media_type = oci_index;
  for (const Piece* one : referrers) {
    TRY(auto descriptor, oci::referrer_descriptor(one->content, one->media_type));
    made.manifests.push_back(std::move(descriptor));
  }
  return Piece{std::string(oci_index), made.write()};
}

std::string text_of(const std::string& id, std::string_view what) {
  return json::write(json::Object{{"cosign doctor", id}, {"this is", what}});
}

}  // namespace

Result<Scratch> make_scratch(const std::string& id) {
  Scratch scratch;
  scratch.tag = "cosign-doctor-" + id;
  scratch.other_tag = scratch.tag + "-2";
  scratch.third_tag = scratch.tag + "-3";
  scratch.absent_tag = scratch.tag + "-absent";
  TRY(const auto first, layer("cosign doctor " + id + ", 1\n"));
  TRY(const auto second, layer("cosign doctor " + id + ", 2\n"));
  TRY(scratch.spare_blob, layer("cosign doctor " + id + ", 3\n"));
  scratch.image = manifest(plain_layer, {first}, scratch.blobs);
  scratch.other = manifest(plain_layer, {first, second}, scratch.blobs);
  scratch.spare = manifest(plain_layer, {scratch.spare_blob}, scratch.blobs);
  const std::string payload = text_of(id, "no signature"), another = text_of(id, "no signature, too");
  scratch.sig = manifest(simple_signing, {payload}, scratch.blobs);
  scratch.two_sigs = manifest(simple_signing, {payload, another}, scratch.blobs);
  scratch.bundle_blobs = {text_of(id, "no bundle"), text_of(id, "no bundle, too")};
  scratch.bundle = bundle_manifest(scratch.image, scratch.bundle_blobs[0]);
  scratch.second_bundle = bundle_manifest(scratch.image, scratch.bundle_blobs[1]);
  TRY(scratch.index, index({&scratch.bundle}));
  TRY(scratch.index_of_two, index({&scratch.bundle, &scratch.second_bundle}));
  const oci::Digest subject = scratch.image.digest();
  scratch.sig_tag = oci::attachment_tag(subject, ".sig");
  scratch.fallback_tag = oci::attachment_tag(subject, "");
  return scratch;
}

}  // namespace sigstore::doctor
