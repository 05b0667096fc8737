#include "cosign/commands/tree/render.h"

#include "sigstore/codec/printable.h"

namespace cosign {
namespace {

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
  return "🔗 " + sigstore::codec::printable(attachment.type) +
         " artifacts via OCI referrer: " + attachment.location;
}

}  // namespace

std::string as_text(const sigstore::store::Tree& tree) {
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

}  // namespace cosign
