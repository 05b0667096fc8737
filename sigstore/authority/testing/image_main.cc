// sigstore_image MANIFEST FOLDER: signs and attests an image by certificate, in each form that is stored
// beside it: layer.json and attestation-layer.json (`payload` in base64 and `annotations`, of `.sig` and
// `.att` layers), signature.json and attestation.json (sigstore bundles), and trusted_root.json. Test-only.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "sigstore/authority/testing/sigstore.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json.h"

namespace {

using namespace sigstore;
using authority::testing::Form;
using authority::testing::Recipe;

void write(const std::filesystem::path& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

std::string layer(std::string_view payload, const oci::Annotations& annotations) {
  codec::json::Object listed;
  for (const auto& [key, value] : annotations) listed.set(key, value);
  return codec::json::write(codec::json::Object{{"payload", codec::base64::encode(as_bytes(payload))},
                                                {"annotations", std::move(listed)}});
}

Recipe recipe(Form form, const std::string& manifest) {
  Recipe made;
  made.form = form;
  made.artifact = manifest;
  made.identity.claims = {
      {2, "push"}, {3, "abc123"}, {4, "release"}, {5, "team/app"}, {6, "refs/heads/main"}};
  return made;
}

std::string attestation_layer(const bundle::Bundle& made) {
  const auto& content = std::get<bundle::EnvelopeContent>(made.content);
  return layer(payload::write_envelope(content.payload_type, content.payload, made.signature),
               bundle::attestation_annotations(made, "https://example.test/predicate/v1"));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: sigstore_image MANIFEST FOLDER\n");
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  const std::string manifest{std::istreambuf_iterator<char>(file), {}};
  const std::filesystem::path folder(argv[2]);
  std::filesystem::create_directories(folder);
  authority::testing::Sigstore world;
  const auto simple = world.sign(recipe(Form::simple_signing, manifest)).bundle;
  write(folder / "layer.json", layer(std::get<bundle::SimpleSigningContent>(simple.content).payload,
                                     bundle::layer_annotations(simple)));
  const auto said = world.sign(recipe(Form::envelope, manifest)).bundle;
  write(folder / "attestation-layer.json", attestation_layer(said));
  write(folder / "attestation.json", *bundle::write(said));
  Recipe statement = recipe(Form::envelope, manifest);
  statement.predicate_type = payload::cosign_sign_predicate;
  write(folder / "signature.json", *bundle::write(world.sign(statement).bundle));
  write(folder / "trusted_root.json", world.trusted_root().write());
  return 0;
}
