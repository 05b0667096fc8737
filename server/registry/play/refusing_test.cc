#include <gtest/gtest.h>

#include "server/registry/play/testing/played.h"

namespace server::registry::play::testing {
namespace {

struct RefusingTest : ::testing::Test {
  Played registry{Options{.sparse = true}};
  const std::string image = registry.image("app", "layer");

  Reply push(const std::string& text, std::string_view type = media_type::oci_manifest) {
    return registry.push_manifest("app", "new", text, {}, type);
  }
  // What an image has, but a layer of `layer_type` and a config of `config_type`.
  static std::string of_types(std::string_view layer_type, std::string_view config_type) {
    return Driver::image_text("layer", {{"layers", json::Array{Driver::descriptor(layer_type, "layer")}},
                                        {"config", Driver::descriptor(config_type, "{}")}});
  }
};

constexpr std::string_view layer = "application/vnd.oci.image.layer.v1.tar";

TEST_F(RefusingTest, ASubject) {
  registry.play({"refuse-subject"});
  EXPECT_EQ(push(Driver::image_text("layer", with_subject(image))).error(), "MANIFEST_INVALID");
  EXPECT_EQ(push(image).status, 201);
  EXPECT_EQ(push("{").status, 400) << "what is no JSON is the registry's to refuse";
}

TEST_F(RefusingTest, AnArtifact) {
  registry.play({"refuse-artifact-type"});
  EXPECT_EQ(push(Driver::image_text("layer", {{"artifactType", "application/vnd.a"}})).error(),
            "MANIFEST_INVALID");
  EXPECT_EQ(push(of_types(layer, media_type::oci_empty)).error(), "MANIFEST_INVALID");
  EXPECT_EQ(push(of_types("application/vnd.a", media_type::oci_config)).status, 201);
}

TEST_F(RefusingTest, LayersOfNoImage) {
  registry.play({"refuse-layer-types"});
  EXPECT_EQ(push(of_types("application/vnd.a", media_type::oci_config)).error(), "MANIFEST_INVALID");
  EXPECT_EQ(push(of_types(layer, media_type::oci_empty)).status, 201);
  EXPECT_EQ(push(Driver::index_text({}), media_type::oci_index).status, 201);
}

TEST_F(RefusingTest, AnIndexWhileAChildIsMissing) {
  const std::string other = Driver::image_text("other");
  registry.play({"index-needs-children"});
  EXPECT_EQ(push(Driver::index_text({image, other}), media_type::oci_index).error(), "MANIFEST_BLOB_UNKNOWN");
  push(image);
  push(other);
  EXPECT_EQ(push(Driver::index_text({image, other}), media_type::oci_index).status, 201);
}

TEST_F(RefusingTest, APushToARepositoryThatWasNeverMade) {
  registry.play({"repository-must-exist"});
  EXPECT_EQ(registry.send("POST", "/v2/new/blobs/uploads/").error(), "NAME_UNKNOWN");
  EXPECT_EQ(registry.push_manifest("new", "v1", image).error(), "NAME_UNKNOWN");
  EXPECT_EQ(registry.send("POST", "/v2/app/blobs/uploads/").status, 202);
  EXPECT_EQ(registry.get("/v2/new/manifests/v1").status, 404) << "readers hear the registry";
}

TEST_F(RefusingTest, ADelete) {
  push(image);
  registry.play({"no-delete"});
  EXPECT_EQ(registry.send("DELETE", "/v2/app/manifests/new").status, 405);
  EXPECT_EQ(registry.get("/v2/app/manifests/new").status, 200);
}

}  // namespace
}  // namespace server::registry::play::testing
