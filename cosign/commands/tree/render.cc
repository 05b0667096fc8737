#include "cosign/commands/tree/render.h"

#include "cosign/ui/error_json.h"
#include "cosign/ui/printable.h"
#include "sigstore/codec/json.h"

namespace cosign {
namespace {

namespace json = sigstore::codec::json;
using sigstore::oci::Descriptor;
using sigstore::store::Attachment;
using Kind = sigstore::store::Attachment::Kind;

// Whoever pushes a referrer chooses its type: it must not draw branches of its own.
std::string branch(const Attachment& attachment) {
  switch (attachment.kind) {
    case Kind::attestations:
      return "💾 Attestations for an image tag: " + attachment.location;
    case Kind::signatures:
      return "🔐 Signatures for an image tag: " + attachment.location;
    case Kind::sboms:
      return "📦 SBOMs for an image tag: " + attachment.location;
    case Kind::referrer:
      break;
  }
  return "🔗 " + ui::printable(attachment.type) + " artifacts via OCI referrer: " + attachment.location;
}

json::Value render(const Descriptor& descriptor) {
  json::Object object{
      {"mediaType", descriptor.media_type}, {"digest", descriptor.digest.text()}, {"size", descriptor.size}};
  if (!descriptor.artifact_type.empty()) object.set("artifactType", descriptor.artifact_type);
  if (descriptor.annotations.empty()) return object;
  json::Object annotations;
  for (const auto& [key, value] : descriptor.annotations) annotations.append(key, value);
  object.set("annotations", std::move(annotations));
  return object;
}

json::Value render(const Attachment& attachment) {
  json::Object object{{"kind", sigstore::store::name(attachment.kind)}, {"location", attachment.location}};
  if (!attachment.type.empty()) object.set("type", attachment.type);
  object.set("manifest", render(attachment.descriptor));
  json::Array layers;
  for (const Descriptor& layer : attachment.layers) layers.push_back(render(layer));
  object.set("layers", std::move(layers));
  return object;
}

}  // namespace

std::string as_text(const Tree& tree) {
  std::string text = "📦 Supply Chain Security Related artifacts for an image: " + tree.image.typed + "\n";
  for (const Attachment& attachment : tree.attachments.found) {
    text += "└── " + branch(attachment) + "\n";
    for (std::size_t i = 0; i < attachment.layers.size(); ++i)
      text += std::string(i + 1 == attachment.layers.size() ? "   └──" : "   ├──") + " 🍒 " +
              attachment.layers[i].digest.text() + "\n";
  }
  if (tree.attachments.found.empty() && tree.attachments.failures.empty())
    text += "No Supply Chain Security Related Artifacts found for image " + tree.image.typed +
            ",\n start creating one with simply running $ cosign sign <img>\n";
  return text;
}

std::string as_json(const Tree& tree) {
  const auto& all = tree.attachments;
  json::Array artifacts, notes, errors;
  for (const Attachment& attachment : all.found) artifacts.push_back(render(attachment));
  for (const std::string& note : all.notes) notes.emplace_back(note);
  for (const sigstore::Error& failure : all.failures) errors.emplace_back(ui::error_json(failure));
  json::Object document{{"version", 1},
                        {"image", tree.image.typed},
                        {"reference", sigstore::oci::digest_reference(tree.image.repository, tree.digest)},
                        {"digest", tree.digest.text()},
                        {"complete", errors.empty() && !all.truncated},
                        {"artifacts", std::move(artifacts)}};
  if (!notes.empty()) document.set("notes", std::move(notes));
  if (!errors.empty()) document.set("errors", std::move(errors));
  return json::write_indented(document, 2);
}

}  // namespace cosign
