#include "sigstore/oci/manifest.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/testdata.h"

namespace sigstore::oci {
namespace {

namespace json = codec::json;

const Digest one = Digest::sha256("one");
const Digest two = Digest::sha256("two");

std::string descriptor_text(const Digest& digest, const std::string& more = {}) {
  return R"({"mediaType":"application/vnd.oci.image.manifest.v1+json","size":3,"digest":")" + digest.text() +
         "\"" + more + "}";
}
std::string manifest_text(const std::string& members) {
  return R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json")" + members + "}";
}
std::string index_text(const std::string& manifests, const std::string& members = {}) {
  return R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)" +
         manifests + "]" + members + "}";
}
Result<Descriptor> read_descriptor(const std::string& text) {
  const auto value = json::parse(text, "test");
  return value ? Descriptor::from_json(*value, "the descriptor") : std::unexpected(value.error());
}

// --- foreign: everything that cosign 2.6.5 and 3.1.2 and crane wrote comes back byte for byte

TEST(Manifest, WhatRealCosignWroteIsWrittenTheSameWay) {
  int manifests = 0, indexes = 0;
  for (const auto& path : fakes::testdata_below(SOURCE_ROOT "/test/interop/testdata")) {
    if (!path.contains("/blobs/sha256/")) continue;
    const auto text = fakes::read_testdata(path);
    if (!text.starts_with(R"({"schemaVersion":2)")) continue;
    if (const auto manifest = Manifest::parse(text)) {
      EXPECT_EQ(manifest->write(), text) << path;
      ++manifests;
      continue;
    }
    const auto index = Index::parse(text);
    ASSERT_TRUE(index) << path << ": " << index.error().text();
    EXPECT_EQ(index->write(), text) << path;
    ++indexes;
  }
  EXPECT_GE(manifests, 30);
  EXPECT_GE(indexes, 8);
}

// cosign.md 2d.
TEST(Manifest, ReadsAReferrerOfRealCosign) {
  const auto manifest =
      *Manifest::parse(fakes::read_testdata(
          SOURCE_ROOT "/test/interop/testdata/cosign-3.1.2/images/bundle-signature/blobs/sha256/"
                      "0826744db47b70867040c9256015b303cdc7b278e2f6568e030ff7206b8191e0"));
  EXPECT_EQ(manifest.media_type, media_type::oci_manifest);
  EXPECT_EQ(manifest.config.media_type, media_type::oci_empty);
  EXPECT_EQ(manifest.config.digest, Digest::sha256("{}"));
  EXPECT_EQ(manifest.config.artifact_type, media_type::bundle_v03);
  ASSERT_EQ(manifest.layers.size(), 1u);
  EXPECT_EQ(manifest.layers[0].media_type, media_type::bundle_v03);
  EXPECT_EQ(manifest.layers[0].size, 675u);
  EXPECT_EQ(manifest.annotations.at("dev.sigstore.bundle.content"), "dsse-envelope");
  EXPECT_EQ(manifest.annotations.at("dev.sigstore.bundle.predicateType"),
            "https://sigstore.dev/cosign/sign/v1");
  EXPECT_EQ(manifest.subject->size, 401u);
  EXPECT_EQ(manifest.effective_artifact_type(), media_type::bundle_v03);
}

// --- what survives, what is refused

TEST(Manifest, UnknownMembersSurvive) {
  const std::string layer =
      descriptor_text(one, R"(,"annotations":{"b":"1","a":"2"},"urls":["https://x"],"future":[1.0])");
  const auto manifest =
      *Manifest::parse(manifest_text(R"(,"config":)" + descriptor_text(two) + R"(,"layers":[)" + layer +
                                     R"(],"vendor":{"n":12345678901234567890})"));
  const std::string written = manifest.write();
  EXPECT_NE(written.find(R"("urls":["https://x"])"), std::string::npos);
  EXPECT_NE(written.find(R"("future":[1.0])"), std::string::npos);
  EXPECT_NE(written.find(R"("vendor":{"n":12345678901234567890})"), std::string::npos);
  EXPECT_EQ(*Manifest::parse(written), manifest);
}

TEST(Manifest, OldOnesHaveNoMediaTypeAndNoConfig) {
  const auto manifest = *Manifest::parse(R"({"schemaVersion":2,"layers":null})");
  EXPECT_EQ(manifest.media_type, "");
  EXPECT_EQ(manifest.config, Descriptor());
  EXPECT_TRUE(manifest.layers.empty());
  EXPECT_EQ(manifest.effective_artifact_type(), "");
  EXPECT_EQ(manifest.write(), R"({"schemaVersion":2,"layers":[]})");
}

// Two readers of one digest must not see two things (CVE-2021-41190).
TEST(Manifest, AmbiguousDocumentsAreRefused) {
  EXPECT_EQ(Manifest::parse(manifest_text(R"(,"layers":[],"manifests":[])")).error().code, Code::malformed);
  EXPECT_EQ(Index::parse(index_text("", R"(,"layers":[])")).error().code, Code::malformed);
  EXPECT_EQ(Index::parse(index_text("", R"(,"config":{})")).error().code, Code::malformed);
  EXPECT_EQ(Manifest::parse(index_text("")).error().code, Code::malformed);
  EXPECT_EQ(Index::parse(manifest_text("")).error().code, Code::malformed);
  const std::string as_index = R"({"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json"})";
  EXPECT_EQ(Manifest::parse(as_index).error().code, Code::malformed);
  EXPECT_EQ(Manifest::parse(manifest_text(R"(,"layers":[],"layers":[])")).error().code, Code::malformed);
}

TEST(Manifest, MalformedOnesAreRefusedWithThePlace) {
  const std::pair<std::string, std::string> rows[] = {
      {"", "the manifest"},
      {"[]", "the manifest"},
      {"null", "the manifest"},
      {R"({"schemaVersion":1})", "another schemaVersion"},
      {R"({"schemaVersion":"2"})", "another schemaVersion"},
      {manifest_text(R"(,"layers":{})"), "layers"},
      {manifest_text(R"(,"layers":[1])"), "layers[0]"},
      {manifest_text(R"(,"layers":[null])"), "layers[0]"},
      {manifest_text(R"(,"layers":[{"digest":"sha256:abc","size":1}])"), "bad digest"},
      {manifest_text(R"(,"layers":[{"size":1}])"), "digest"},
      {manifest_text(R"(,"config":{"digest":")" + one.text() + R"(","size":-1})"), "size"},
      {manifest_text(R"(,"config":{"digest":")" + one.text() + R"(","size":"1"})"), "size"},
      {manifest_text(R"(,"config":{"digest":")" + one.text() + R"("})"), "size"},
      {manifest_text(R"(,"config":{"digest":")" + one.text() + R"(","size":18446744073709551616})"), "size"},
      {manifest_text(R"(,"subject":[])"), "subject"},
      {manifest_text(R"(,"annotations":{"a":1})"), "not a string"},
      {manifest_text(R"(,"annotations":[])"), "annotations"},
      {manifest_text(R"(,"artifactType":1)"), "artifactType"},
      {manifest_text(R"(,"mediaType":"x")"), "the manifest"},
  };
  for (const auto& [text, place] : rows) {
    const auto manifest = Manifest::parse(text);
    ASSERT_FALSE(manifest) << text;
    EXPECT_NE(manifest.error().text().find(place), std::string::npos)
        << text << ": " << manifest.error().text();
  }
}

TEST(Manifest, CountsAreBounded) {
  std::string layers = descriptor_text(one);
  while (layers.size() < 2 * limits::mib / 4) layers += "," + descriptor_text(one);
  EXPECT_EQ(Manifest::parse(manifest_text(R"(,"layers":[)" + layers + "," + layers + "]")).error().code,
            Code::too_large);
  EXPECT_EQ(Index::parse(index_text(layers + "," + layers)).error().code, Code::too_large);
  std::string annotations;
  for (std::size_t i = 0; i <= limits::annotations; ++i)
    annotations += (i == 0 ? "\"" : ",\"") + std::to_string(i) + R"(":"")";
  EXPECT_EQ(Manifest::parse(manifest_text(R"(,"annotations":{)" + annotations + "}")).error().code,
            Code::too_large);
  EXPECT_EQ(Manifest::parse(manifest_text(R"(,"x":")" + std::string(limits::manifest_bytes, ' ') + "\""))
                .error()
                .code,
            Code::too_large);
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  EXPECT_EQ(Manifest::parse(manifest_text(R"(,"x":)" + deep)).error().code, Code::too_large);
}

// --- descriptors

TEST(Descriptor, IsWrittenInGosOrder) {
  const std::string text =
      R"({"mediaType":"m","size":3,"digest":")" + one.text() +
      R"(","data":"e30=","urls":["u"],"annotations":{"a":"1","b":"2"},"platform":{"architecture":"arm64","os":"linux",)"
      R"("os.version":"10","os.features":["f"],"variant":"v8","features":["x"]},"artifactType":"t","zzz":null})";
  const auto descriptor = *read_descriptor(text);
  EXPECT_EQ(json::write(descriptor.to_json()), text);
  EXPECT_EQ(descriptor.platform->text(), "linux/arm64/v8");
  EXPECT_EQ(*read_descriptor(json::write(descriptor.to_json())), descriptor);
}

TEST(Descriptor, TheOrderOfMembersDoesNotCount) {
  const std::string digest = R"("digest":")" + one.text() + R"(","size":1)";
  const auto first = *read_descriptor(
      "{" + digest +
      R"(,"zzz":1,"urls":["u"],"data":"e30=","platform":{"os.features":["f"],"os.version":"10"}})");
  const auto second = *read_descriptor(
      R"({"platform":{"os.version":"10","os.features":["f"]},"data":"e30=","urls":["u"],"zzz":1,)" + digest +
      "}");
  EXPECT_EQ(first, second);
  EXPECT_EQ(json::write(first.to_json()), json::write(second.to_json()));
  EXPECT_EQ(*read_descriptor(json::write(first.to_json())), first);
}

TEST(Descriptor, AnnotationsAreSortedOnce) {
  const auto descriptor = *read_descriptor(descriptor_text(one, R"(,"annotations":{"b":"1","a":"2"})"));
  EXPECT_NE(json::write(descriptor.to_json()).find(R"("annotations":{"a":"2","b":"1"})"), std::string::npos);
}

// --- referrers

// distribution-spec: artifactType of the manifest, else the media type of its config; annotations copied.
TEST(ReferrerDescriptor, ShowsTypeAndAnnotationsOfTheManifest) {
  const std::string subject = R"(,"subject":)" + descriptor_text(two);
  const std::string config =
      R"(,"config":{"mediaType":"application/vnd.example","size":2,"digest":")" + one.text() + "\"}";
  const std::string annotations = R"(,"annotations":{"k":"v"})";
  const std::string typed = manifest_text(config + R"(,"layers":[])" + annotations + subject +
                                          R"(,"artifactType":"application/x")");
  const auto descriptor = *referrer_descriptor(typed, media_type::oci_manifest);
  EXPECT_EQ(descriptor.artifact_type, "application/x");
  EXPECT_EQ(descriptor.annotations, (Annotations{{"k", "v"}}));
  EXPECT_EQ(descriptor.digest, Digest::sha256(typed));
  EXPECT_EQ(descriptor.size, typed.size());
  EXPECT_EQ(descriptor.media_type, media_type::oci_manifest);
  const std::string untyped = manifest_text(config + R"(,"layers":[])" + subject);
  EXPECT_EQ(referrer_descriptor(untyped, media_type::oci_manifest)->artifact_type, "application/vnd.example");
}

TEST(ReferrerDescriptor, AnIndexHasNoConfig) {
  const std::string text = index_text(
      "", R"(,"annotations":{"k":"v"},"subject":)" + descriptor_text(two) + R"(,"artifactType":"t")");
  const auto descriptor = *referrer_descriptor(text, media_type::oci_index);
  EXPECT_EQ(descriptor.artifact_type, "t");
  EXPECT_EQ(descriptor.annotations, (Annotations{{"k", "v"}}));
  EXPECT_FALSE(referrer_descriptor(text, media_type::oci_manifest));
}

// --- platforms

TEST(Platform, IsReadAndPrinted) {
  for (const char* text : {"linux/amd64", "linux/arm/v7", "windows/amd64", "unknown/unknown"})
    EXPECT_EQ(Platform::parse(text)->text(), text);
  for (const char* text :
       {"", "linux", "linux/", "/amd64", "linux/arm/v7/x", "linux/arm/", "linux amd64/x", "linux/a\nb"})
    EXPECT_EQ(Platform::parse(text).error().code, Code::malformed) << text;
}

TEST(Platform, IsChosenFromAnIndexOfRealCranes) {
  const auto index =
      *Index::parse(fakes::read_testdata(
          SOURCE_ROOT "/test/interop/testdata/cosign-3.1.2/images/legacy-recursive-index/blobs/sha256/"
                      "eebcecb1943d4eb945e7fbda2eba59b800fe084d907723bd48f364a260bf167c"));
  ASSERT_EQ(index.manifests.size(), 2u);
  for (const auto& child : index.manifests)
    EXPECT_EQ(select_platform(index, *child.platform)->digest, child.digest);
  const auto none = select_platform(index, *Platform::parse("linux/s390x"));
  EXPECT_EQ(none.error().code, Code::not_found);
  EXPECT_NE(none.error().cause.find(index.manifests[0].platform->text()), std::string::npos);
}

TEST(Platform, AVariantCountsWhereOneIsAskedFor) {
  Index index;
  const auto add = [&](const std::string& platform, const std::string& content) {
    Descriptor child;
    child.digest = Digest::sha256(content);
    if (!platform.empty()) child.platform = *Platform::parse(platform);
    index.manifests.push_back(child);
  };
  add("", "no platform");
  add("linux/arm/v6", "v6");
  add("linux/arm/v7", "v7");
  const auto chosen = [&](const std::string& platform) {
    const auto child = select_platform(index, *Platform::parse(platform));
    return child ? child->digest : Digest();
  };
  EXPECT_EQ(chosen("linux/arm"), Digest::sha256("v6"));
  EXPECT_EQ(chosen("linux/arm/v7"), Digest::sha256("v7"));
  EXPECT_EQ(chosen("linux/arm/v8"), Digest());
  EXPECT_EQ(chosen("windows/arm"), Digest());
}

TEST(Platform, ManyPlatformsStayOneLine) {
  Index index;
  for (int i = 0; i < 1000; ++i) {
    index.manifests.emplace_back();
    index.manifests.back().platform = *Platform::parse("linux/a" + std::to_string(i));
  }
  EXPECT_LT(select_platform(index, *Platform::parse("linux/amd64")).error().cause.size(), 600u);
}

// --- names

TEST(AttachmentTag, IsTheDigestWithASuffix) {
  const std::string hex(one.hex());
  EXPECT_EQ(attachment_tag(one, ".sig"), "sha256-" + hex + ".sig");
  EXPECT_EQ(attachment_tag(one, ""), "sha256-" + hex);
  EXPECT_EQ(attachment_tag(one, ".att", "mine-"), "mine-sha256-" + hex + ".att");
}

TEST(MediaTypes, OfBothKinds) {
  for (const auto type : {media_type::oci_index, media_type::docker_index})
    EXPECT_TRUE(is_index(type) && !is_manifest(type));
  for (const auto type : {media_type::oci_manifest, media_type::docker_manifest})
    EXPECT_TRUE(is_manifest(type) && !is_index(type));
  EXPECT_FALSE(is_index("") || is_manifest("application/json"));
}

}  // namespace
}  // namespace sigstore::oci
