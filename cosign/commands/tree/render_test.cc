#include "cosign/commands/tree/render.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

using sigstore::oci::Digest;
using sigstore::store::Attachment;
using sigstore::store::Tree;
using Kind = Attachment::Kind;

Tree tree_of(std::vector<Attachment> found) {
  Tree tree{*sigstore::oci::Reference::parse("registry.example/app:1"), Digest::sha256("image"), {}};
  tree.attachments.found = std::move(found);
  return tree;
}

Attachment attachment(Kind kind, const std::string& type, int layers) {
  Attachment one{kind, "registry.example/app:place", {}, type, {}};
  for (int i = 0; i < layers; ++i) {
    sigstore::oci::Descriptor layer;
    layer.digest = Digest::sha256(std::to_string(i));
    one.layers.push_back(std::move(layer));
  }
  return one;
}

TEST(TreeText, BranchesOfEveryKind) {
  const std::string first = Digest::sha256("0").text();
  const std::string second = Digest::sha256("1").text();
  EXPECT_EQ(as_text(tree_of({attachment(Kind::attestations, "", 2), attachment(Kind::signatures, "", 1),
                             attachment(Kind::sboms, "", 1), attachment(Kind::referrer, "TYPE", 0)})),
            "📦 Supply Chain Security Related artifacts for an image: registry.example/app:1\n"
            "└── 💾 Attestations for an image tag: registry.example/app:place\n"
            "   ├── 🍒 " +
                first +
                "\n"
                "   └── 🍒 " +
                second +
                "\n"
                "└── 🔐 Signatures for an image tag: registry.example/app:place\n"
                "   └── 🍒 " +
                first +
                "\n"
                "└── 📦 SBOMs for an image tag: registry.example/app:place\n"
                "   └── 🍒 " +
                first +
                "\n"
                "└── 🔗 TYPE artifacts via OCI referrer: registry.example/app:place\n");
}

TEST(TreeText, NothingFoundIsOnlySaidWhenEverythingWasAsked) {
  const std::string nothing = "No Supply Chain Security Related Artifacts found";
  Tree tree = tree_of({});
  EXPECT_NE(as_text(tree).find(nothing), std::string::npos);
  tree.attachments.failures.push_back({sigstore::Code::unavailable, "HTTP 503", "", ""});
  EXPECT_EQ(as_text(tree).find(nothing), std::string::npos);
}

TEST(TreeText, AReferrersTypeDrawsNoBranchOfItsOwn) {
  const std::string text = as_text(tree_of({attachment(Kind::referrer, "x\n└── 🔐 Signatures\x1b[2J", 0)}));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace cosign
