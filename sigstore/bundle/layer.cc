// The old form: a layer of a `.sig` manifest, with everything but the payload in its annotations.
#include "sigstore/base/limits.h"
#include "sigstore/bundle/bundle.h"
#include "sigstore/bundle/log_entry.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/pem.h"

namespace sigstore::bundle {

namespace json = codec::json;
namespace pem = codec::pem;

namespace {

constexpr const char* signature_name = "dev.cosignproject.cosign/signature";
constexpr const char* certificate_name = "dev.sigstore.cosign/certificate";
constexpr const char* chain_name = "dev.sigstore.cosign/chain";
constexpr const char* rekor_bundle_name = "dev.sigstore.cosign/bundle";
constexpr const char* timestamp_name = "dev.sigstore.cosign/rfc3161timestamp";
constexpr const char* timestamp_member = "SignedRFC3161Timestamp";
constexpr std::string_view certificate_label = "CERTIFICATE";

std::string value_of(const oci::Annotations& annotations, const char* name) {
  const auto at = annotations.find(name);
  return at == annotations.end() ? std::string() : at->second;
}

Result<Bytes> read_signature(const oci::Annotations& annotations) {
  const auto text = value_of(annotations, signature_name);
  if (text.empty()) {
    return fail(Code::malformed, "the layer carries no signature",
                "no annotation " + std::string(signature_name));
  }
  auto signature = codec::base64::decode_lines(text);
  if (!signature) return fail(signature.error().wrap("the layer's signature is not base64"));
  if (signature->empty()) return fail(Code::malformed, "the layer's signature is empty");
  return signature;
}

// A public key in this place would be trusted in a certificate's stead: only certificates may stand here.
Result<void> append_certificates(std::vector<Bytes>& out, const std::string& text, std::string_view what) {
  if (text.empty()) return {};
  TRY(auto blocks, pem::parse(text, what));
  for (auto& block : blocks) {
    if (block.label != certificate_label) {
      return fail(Code::malformed, std::string(what) + " is not a certificate",
                  "it is PEM of type " + json::quote(block.label.substr(0, 64)));
    }
    if (out.size() == limits::certificates)
      return fail(Code::too_large, "the layer carries too many certificates");
    out.push_back(std::move(block.body));
  }
  return {};
}

Result<std::vector<Bytes>> read_certificates(const oci::Annotations& annotations) {
  constexpr std::string_view leaf = "the layer's certificate";
  std::vector<Bytes> out;
  TRY_OK(append_certificates(out, value_of(annotations, certificate_name), leaf));
  if (out.size() > 1) return fail(Code::malformed, std::string(leaf) + " is more than one certificate");
  if (out.empty()) return out;
  TRY_OK(append_certificates(out, value_of(annotations, chain_name), "the layer's certificate chain"));
  return out;
}

Result<std::vector<Bytes>> read_timestamps(const oci::Annotations& annotations) {
  constexpr std::string_view what = "the layer's timestamp";
  const auto text = value_of(annotations, timestamp_name);
  if (text.empty()) return std::vector<Bytes>();
  TRY(const auto document, json::parse(text, what));
  TRY(const auto* object, json::need_object(document, what));
  TRY(const auto encoded, json::need_string(*object, timestamp_member, what));
  auto timestamp = codec::base64::decode(encoded);
  if (!timestamp) return fail(timestamp.error().wrap(std::string(what) + " is not base64"));
  if (timestamp->empty()) return fail(Code::malformed, std::string(what) + " is empty");
  return std::vector<Bytes>{std::move(*timestamp)};
}

Result<std::vector<tlog::Entry>> read_log_entries(const oci::Annotations& annotations) {
  constexpr std::string_view what = "the layer's log entry";
  const auto text = value_of(annotations, rekor_bundle_name);
  if (text.empty()) return std::vector<tlog::Entry>();
  TRY(const auto document, json::parse(text, what));
  TRY(const auto* object, json::need_object(document, what));
  TRY(auto entry, from_old_rekor_bundle(*object));
  return std::vector<tlog::Entry>{std::move(entry)};
}

Result<Bundle> from_annotations(const oci::Annotations& annotations) {
  Bundle out;
  TRY(out.key.certificates, read_certificates(annotations));
  TRY(out.evidence.timestamps, read_timestamps(annotations));
  TRY(out.evidence.tlog_entries, read_log_entries(annotations));
  return out;
}

}  // namespace

Result<Bundle> from_layer(std::string payload, const oci::Annotations& annotations) {
  TRY(auto signature, read_signature(annotations));
  TRY(auto out, from_annotations(annotations));
  out.content = SimpleSigningContent{std::move(payload)};
  out.signature = std::move(signature);
  return out;
}

Result<std::vector<Bundle>> from_attestation_layer(std::string text, const oci::Annotations& annotations,
                                                   std::size_t most) {
  TRY(auto envelope, payload::Envelope::parse(std::move(text)));
  const auto signatures = envelope.signatures.size();
  if (signatures > 1 && envelope.payload.size() > most / signatures)
    return fail(Code::too_large,
                "the envelope has " + std::to_string(signatures) + " signatures and is too large",
                std::to_string(envelope.payload.size()) + " bytes");
  TRY(auto one, from_annotations(annotations));
  one.content = EnvelopeContent{std::move(envelope.payload_type), std::move(envelope.payload)};
  std::vector<Bundle> out;
  for (std::size_t i = 1; i < signatures; ++i) {
    out.push_back(one);
    out.back().signature = std::move(envelope.signatures[i - 1].sig);
  }
  one.signature = std::move(envelope.signatures.back().sig);
  out.push_back(std::move(one));
  return out;
}

oci::Annotations attestation_annotations(const Bundle& bundle, std::string_view predicate_type) {
  auto out = layer_annotations(bundle);
  out[signature_name] = "";
  out["predicateType"] = predicate_type;
  return out;
}

oci::Annotations layer_annotations(const Bundle& bundle) {
  oci::Annotations out;
  out[signature_name] = codec::base64::encode(bundle.signature);
  const auto& certificates = bundle.key.certificates;
  if (!certificates.empty()) {
    out[certificate_name] = pem::encode(certificate_label, certificates[0]);
    auto& chain = out[chain_name];
    for (std::size_t i = 1; i < certificates.size(); ++i)
      chain += pem::encode(certificate_label, certificates[i]);
  }
  const auto& evidence = bundle.evidence;
  if (const auto* entry = with_promise(evidence.tlog_entries))
    out[rekor_bundle_name] = json::write(old_rekor_bundle(*entry));
  if (!evidence.timestamps.empty()) {
    const auto encoded = codec::base64::encode(evidence.timestamps[0]);
    out[timestamp_name] = json::write(json::Object{{timestamp_member, encoded}});
  }
  return out;
}

}  // namespace sigstore::bundle
