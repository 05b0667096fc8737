#include "sigstore/store/tree.h"

#include "sigstore/codec/error_json.h"

namespace sigstore::store {
namespace {

namespace json = codec::json;

json::Value render(const oci::Descriptor& descriptor) {
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
  json::Object object{{"kind", name(attachment.kind)}, {"location", attachment.location}};
  if (!attachment.type.empty()) object.set("type", attachment.type);
  object.set("manifest", render(attachment.descriptor));
  json::Array layers;
  for (const oci::Descriptor& layer : attachment.layers) layers.push_back(render(layer));
  object.set("layers", std::move(layers));
  return object;
}

}  // namespace

// Only a tag has to be resolved; whether a digest is there is asked when nothing was found.
Result<Tree> grow_tree(remote::Registry& registry, const oci::Reference& image,
                       const std::optional<oci::Repository>& repository, const std::string& tag_prefix) {
  Tree tree{image, {}, {}};
  if (image.digest) {
    tree.digest = *image.digest;
  } else {
    TRY(const auto descriptor, registry.resolve(image));
    tree.digest = descriptor.digest;
  }
  tree.attachments =
      list_attachments(registry, repository.value_or(image.repository), tree.digest, tag_prefix);
  if (tree.attachments.found.empty() && image.digest) TRY_OK(registry.resolve(image));
  return tree;
}

json::Object document(const Tree& tree) {
  const auto& all = tree.attachments;
  json::Array artifacts, notes, errors;
  for (const Attachment& attachment : all.found) artifacts.push_back(render(attachment));
  for (const std::string& note : all.notes) notes.emplace_back(note);
  for (const Error& failure : all.failures) errors.emplace_back(codec::error_json(failure));
  json::Object document{{"version", 1},
                        {"image", tree.image.typed},
                        {"reference", oci::digest_reference(tree.image.repository, tree.digest)},
                        {"digest", tree.digest.text()},
                        {"complete", errors.empty() && !all.truncated},
                        {"artifacts", std::move(artifacts)}};
  if (!notes.empty()) document.set("notes", std::move(notes));
  if (!errors.empty()) document.set("errors", std::move(errors));
  return document;
}

std::string as_json(const Tree& tree) {
  return json::write_indented(document(tree), 2);
}

}  // namespace sigstore::store
