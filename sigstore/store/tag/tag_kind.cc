#include "sigstore/store/tag/tag_kind.h"

#include "sigstore/payload/statement.h"

namespace sigstore::store {
namespace {

using Bundles = std::vector<bundle::Bundle>;

Result<TagLayer> signature_layer(const bundle::Bundle& bundle) {
  const auto* content = std::get_if<bundle::SimpleSigningContent>(&bundle.content);
  if (content == nullptr)
    return fail(Code::invalid_argument, "a .sig tag holds simple signing payloads only");
  return TagLayer{content->payload, bundle::layer_annotations(bundle)};
}

Result<Bundles> read_signature(std::string blob, const oci::Annotations& annotations, std::size_t) {
  TRY(auto bundle, bundle::from_layer(std::move(blob), annotations));
  Bundles out;
  out.push_back(std::move(bundle));
  return out;
}

Result<TagLayer> attestation_layer(const bundle::Bundle& bundle) {
  const auto* content = std::get_if<bundle::EnvelopeContent>(&bundle.content);
  if (content == nullptr || content->payload_type != payload::in_toto_payload_type)
    return fail(Code::invalid_argument, "a .att tag holds in-toto statements only");
  TRY(const auto statement, payload::Statement::parse(content->payload));
  return TagLayer{payload::write_envelope(content->payload_type, content->payload, bundle.signature),
                  bundle::attestation_annotations(bundle, statement.predicate_type)};
}

}  // namespace

const TagKind signatures{Format::simple_signing,          ".sig",          "signatures",
                         oci::media_type::simple_signing, signature_layer, read_signature};
const TagKind attestations{Format::envelope,  ".att",
                           "attestations",    oci::media_type::dsse,
                           attestation_layer, bundle::from_attestation_layer};

}  // namespace sigstore::store
