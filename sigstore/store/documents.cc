#include "sigstore/store/documents.h"

#include "sigstore/bundle/bundle.h"
#include "sigstore/store/fetch.h"

namespace sigstore::store {
namespace {

using Kind = Attachment::Kind;

std::string plural(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " layer" : " layers");
}

std::string_view layer_type(Kind kind) {
  return kind == Kind::signatures ? oci::media_type::simple_signing : oci::media_type::dsse;
}

// The layers that are of the kind, and of these the newest.
void choose_layers(const Attachment& tag, Kind kind, Documents& documents) {
  std::vector<const oci::Descriptor*> layers;
  for (const oci::Descriptor& layer : tag.layers)
    if (layer.media_type == layer_type(kind)) layers.push_back(&layer);
  const std::size_t others = tag.layers.size() - layers.size();
  if (others != 0 && tag.kind == kind)
    documents.notes.push_back("passed over " + plural(others) + " of another kind in " + tag.location);
  const std::size_t first =
      layers.size() > limits::layers_per_manifest ? layers.size() - limits::layers_per_manifest : 0;
  documents.truncated = documents.truncated || first != 0;
  for (std::size_t i = first; i < layers.size(); ++i)
    documents.found.push_back({false, tag.location, *layers[i], std::string(), {}});
}

// The one layer of a bundle's manifest.
bool choose_bundle(const Attachment& attachment, Documents& documents) {
  if (attachment.kind != Kind::referrer || attachment.layers.size() != 1) return false;
  const oci::Descriptor& layer = attachment.layers.front();
  if (!layer.media_type.starts_with(oci::media_type::bundle_prefix)) return false;
  documents.found.push_back({true, attachment.location, layer, std::string(), attachment.type});
  return true;
}

std::string predicate_of(std::string_view payload) {
  const auto statement = payload::Statement::parse(payload);
  return statement ? statement->predicate_type : std::string();
}

// A bundle that is written over several lines becomes one; else its bytes stay.
Result<std::string> on_one_line(std::string json) {
  if (json.find_first_of("\r\n") == json.npos) return json;
  TRY(const auto value, codec::json::parse(json, "the bundle", {.max_bytes = limits::bundle_bytes}));
  return codec::json::write_plain(value);
}

// One of a version that is not known here is taken as it is, and its manifest believed.
void read_bundle(Document& document) {
  const auto bundle = bundle::parse(*document.content);
  if (!bundle && bundle.error().code != Code::unsupported) {
    document.content = fail(bundle.error());
    return;
  }
  if (bundle) {
    const auto* envelope = std::get_if<bundle::EnvelopeContent>(&bundle->content);
    document.predicate_type = envelope != nullptr ? predicate_of(envelope->payload) : "";
  }
  document.content = on_one_line(std::move(*document.content));
}

void read_envelope(Document& document) {
  const auto envelope = payload::Envelope::parse(*document.content);
  if (!envelope) {
    document.content = fail(envelope.error());
    return;
  }
  document.predicate_type = predicate_of(envelope->payload);
}

void read(Document& document, Result<std::string> content) {
  document.content = std::move(content);
  if (document.content && document.bundle) read_bundle(document);
  if (document.content && document.layer.media_type == oci::media_type::dsse) read_envelope(document);
  if (!document.content)
    document.content = fail(document.content.error().wrap("cannot read " + document.layer.digest.text() +
                                                          " in " + document.location));
}

}  // namespace

Documents fetch_documents(remote::Registry& registry, const oci::Repository& repository,
                          const oci::Digest& subject, const std::string& tag_prefix, Attachment::Kind kind,
                          std::size_t most) {
  const AttachmentKinds wanted{.attestations = kind == Kind::attestations,
                               .signatures = kind == Kind::signatures,
                               .sboms = false,
                               .referrers = true};
  Attachments attached = list_attachments(registry, repository, subject, tag_prefix, wanted);
  Documents documents{{}, std::move(attached.notes), std::move(attached.failures), attached.truncated};
  std::erase_if(attached.found, [&](const Attachment& one) { return choose_bundle(one, documents); });
  for (const Attachment& one : attached.found) choose_layers(one, kind, documents);
  std::vector<oci::Descriptor> layers;
  for (const Document& document : documents.found) layers.push_back(document.layer);
  auto contents = fetch_blobs(registry, repository, layers, most);
  for (std::size_t i = 0; i < contents.size(); ++i) read(documents.found[i], std::move(contents[i]));
  return documents;
}

}  // namespace sigstore::store
