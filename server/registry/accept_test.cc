#include "server/registry/accept.h"

#include <gtest/gtest.h>

#include "server/registry/testing/driver.h"
#include "sigstore/base/limits.h"

namespace server::registry {
namespace {

using namespace testing;

const std::string oci_manifest(media_type::oci_manifest);

std::string layers_of(std::size_t count, const json::Value& one) {
  return json::write(json::Object{{"schemaVersion", 2}, {"layers", json::Array(count, one)}});
}

int refused(const std::string& text, const std::string& type = oci_manifest) {
  const auto pushed = read_pushed(type, text);
  return pushed ? 0 : pushed.error().status;
}

TEST(Pushed, NamesItsBlobs) {
  const auto pushed = read_pushed(oci_manifest, Driver::image_text("layer"));
  ASSERT_TRUE(pushed);
  ASSERT_EQ(pushed->blobs.size(), 2U);
  EXPECT_EQ(pushed->blobs[0].digest, Digest::sha256("{}"));
  EXPECT_EQ(pushed->blobs[1].digest, Digest::sha256("layer"));
  EXPECT_EQ(pushed->media_type, oci_manifest);
  EXPECT_TRUE(pushed->children.empty());
  EXPECT_FALSE(pushed->subject);
}

TEST(Pushed, ParametersOfTheContentTypeAreIgnored) {
  for (const char* more : {";charset=utf-8", " ; charset=utf-8", " ", ";"})
    EXPECT_EQ(read_pushed(oci_manifest + more, Driver::image_text("layer"))->media_type, oci_manifest)
        << more;
}

TEST(Pushed, WithoutAContentTypeItsOwnMediaTypeCounts) {
  EXPECT_EQ(read_pushed("", Driver::index_text({}))->media_type, media_type::oci_index);
  EXPECT_EQ(refused(R"({"schemaVersion":2,"layers":[]})", ""), 400);
  EXPECT_EQ(refused("x", ""), 400);
}

TEST(Pushed, DockersTypesAreTaken) {
  const std::string manifest(media_type::docker_manifest), index(media_type::docker_index);
  EXPECT_EQ(refused(Driver::image_text("layer", {{"mediaType", manifest}}), manifest), 0);
  EXPECT_EQ(refused(json::write(json::Object{{"mediaType", index}, {"manifests", json::Array{}}}), index), 0);
}

TEST(Pushed, OtherTypesAreRefused) {
  for (const char* type :
       {"application/vnd.docker.distribution.manifest.v1+prettyjws", "application/json", "text/plain",
        "application/vnd.oci.artifact.manifest.v1+json", "application/vnd.oci.image.config.v1+json"})
    EXPECT_EQ(refused(Driver::image_text("layer"), type), 400) << type;
}

TEST(Pushed, WhatCouldBeReadTwoWaysIsRefused) {
  const std::string index(media_type::oci_index);
  EXPECT_EQ(refused(Driver::image_text("layer"), index), 400) << "its mediaType says manifest";
  EXPECT_EQ(refused(R"({"schemaVersion":2,"layers":[],"manifests":[]})"), 400);
  EXPECT_EQ(refused(R"({"schemaVersion":2,"layers":[],"layers":[]})"), 400) << "a member twice";
  EXPECT_EQ(refused(R"({"schemaVersion":1,"layers":[]})"), 400);
  EXPECT_EQ(refused(R"({"schemaVersion":2,"mediaType":7,"layers":[]})"), 400);
  EXPECT_EQ(refused(Driver::image_text("layer") + "{}"), 400);
}

TEST(Pushed, BytesThatAreNoTextAreRefused) {
  for (const std::string bad : {"\xff\xfe", "{\"a\":\"\xc0\xaf\"}", "{\"a\":\"\xed\xa0\x80\"}", "\x00"})
    EXPECT_EQ(refused(bad), 400);
}

TEST(Pushed, HostileSizesAreRefused) {
  const std::string deep(200'000, '[');
  EXPECT_EQ(refused(R"({"schemaVersion":2,"layers":)" + deep), 400);
  EXPECT_EQ(refused(R"({"schemaVersion":2,"annotations":)" + deep), 400);
  EXPECT_EQ(refused(layers_of(sigstore::limits::layers_per_manifest * 4 + 1,
                              json::Object{{"digest", Digest::sha256("x").text()}, {"size", 1}})),
            400);
  json::Array children(sigstore::limits::index_children + 1,
                       json::Object{{"digest", Digest::sha256("x").text()}, {"size", 1}});
  EXPECT_EQ(refused(json::write(json::Object{{"manifests", std::move(children)}}),
                    std::string(media_type::oci_index)),
            400);
  std::string zeros = R"({"schemaVersion":2,"x":[0)";
  for (std::size_t i = 0; i < sigstore::limits::manifest_values; ++i) zeros += ",0";
  EXPECT_EQ(refused(zeros + "]}"), 400);
}

TEST(Pushed, DescriptorsThatAreNoneAreRefused) {
  for (const char* bad : {"5", "null", "{}", R"({"digest":"x","size":1})",
                          R"({"digest":"sha256:00","size":1})", R"({"digest":"../../etc/passwd","size":1})"})
    EXPECT_EQ(refused(std::string(R"({"schemaVersion":2,"layers":[)") + bad + "]}"), 400) << bad;
  json::Value negative = Driver::descriptor("t", "x");
  negative.object()->set("size", -1);
  EXPECT_EQ(refused(layers_of(1, negative)), 400);
}

TEST(Foreign, LayersAreKnownByUrlsOrType) {
  const auto foreign = [](const json::Value& value) { return is_foreign(*Descriptor::from_json(value, "")); };
  EXPECT_FALSE(foreign(Driver::descriptor("application/vnd.oci.image.layer.v1.tar+gzip", "x")));
  for (const char* type : {"application/vnd.oci.image.layer.nondistributable.v1.tar",
                           "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
                           "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"})
    EXPECT_TRUE(foreign(Driver::descriptor(type, "x"))) << type;
  json::Value urls = Driver::descriptor("application/vnd.oci.image.layer.v1.tar+gzip", "x");
  urls.object()->set("urls", json::Array{"https://example.com/layer"});
  EXPECT_TRUE(foreign(urls));
}

}  // namespace
}  // namespace server::registry
