#include "sigstore/remote/registry/document.h"

#include "sigstore/oci/manifest.h"

namespace sigstore::remote {
namespace {

using oci::media_type::docker_index;
using oci::media_type::docker_manifest;
using oci::media_type::oci_index;
using oci::media_type::oci_manifest;

const std::string image = R"({"schemaVersion":2,"config":{},"layers":[]})";
const std::string list = R"({"schemaVersion":2,"manifests":[]})";

std::string named(std::string_view type, const std::string& document) {
  return R"({"mediaType":")" + std::string(type) + "\"," + document.substr(1);
}

std::string type_of(std::string_view content_type, std::string_view bytes) {
  const auto type = document_media_type(content_type, bytes, "tag x");
  EXPECT_TRUE(type) << content_type << " " << bytes << (type ? "" : type.error().text());
  return type.value_or("");
}

Code refused(std::string_view content_type, std::string_view bytes) {
  const auto type = document_media_type(content_type, bytes, "tag x");
  EXPECT_FALSE(type) << content_type << " " << bytes;
  if (type) return Code::internal;
  EXPECT_NE(type.error().text().find("tag x"), std::string::npos) << type.error().text();
  return type.error().code;
}

TEST(MediaType, WithoutParametersInLowerCase) {
  EXPECT_EQ(media_type_of("Application/JSON ; charset=utf-8"), "application/json");
  EXPECT_EQ(media_type_of("text/plain\t;x"), "text/plain");
  EXPECT_EQ(media_type_of(""), "");
  EXPECT_EQ(media_type_of(";"), "");
}

TEST(DocumentMediaType, TheHeaderWhereTheDocumentSaysNothing) {
  EXPECT_EQ(type_of(oci_manifest, image), oci_manifest);
  EXPECT_EQ(type_of("application/vnd.docker.distribution.manifest.list.v2+json; charset=utf-8", list),
            docker_index);
}

TEST(DocumentMediaType, TheDocumentWhereTheHeaderSaysNothing) {
  for (const char* header :
       {"", "application/json", "text/plain; charset=utf-8", "application/octet-stream"}) {
    EXPECT_EQ(type_of(header, named(docker_manifest, image)), docker_manifest) << header;
    EXPECT_EQ(type_of(header, named(docker_index, list)), docker_index) << header;
    EXPECT_EQ(type_of(header, image), oci_manifest) << header;
    EXPECT_EQ(type_of(header, list), oci_index) << header;
  }
}

TEST(DocumentMediaType, TheDocumentWhereBothNameTheSameKind) {
  EXPECT_EQ(type_of(oci_manifest, named(docker_manifest, image)), docker_manifest);
  EXPECT_EQ(type_of(docker_index, named(oci_index, list)), oci_index);
}

TEST(DocumentMediaType, Contradictions) {
  EXPECT_EQ(refused(oci_index, named(oci_manifest, image)), Code::mismatch);
  EXPECT_EQ(refused(oci_manifest, named(oci_index, list)), Code::mismatch);
  EXPECT_EQ(refused(oci_index, image), Code::mismatch);
  EXPECT_EQ(refused(docker_manifest, list), Code::mismatch);
  EXPECT_EQ(refused("", named(oci_index, image)), Code::mismatch);
  EXPECT_EQ(refused("text/html", named(oci_index, list)), Code::mismatch);
}

TEST(DocumentMediaType, BothOrNeither) {
  EXPECT_EQ(refused("", R"({"manifests":[],"layers":[]})"), Code::malformed);
  EXPECT_EQ(refused(oci_index, R"({"manifests":[],"config":{}})"), Code::malformed);
  EXPECT_EQ(refused("", "{}"), Code::malformed);
  EXPECT_EQ(refused("", "[]"), Code::malformed);
  EXPECT_EQ(refused("", ""), Code::malformed);
  EXPECT_EQ(refused("text/html", "<html>"), Code::malformed);
  EXPECT_EQ(refused("", R"({"mediaType":7,"layers":[]})"), Code::malformed);
}

TEST(DocumentMediaType, Schema1SaysWhatToDo) {
  const auto type =
      document_media_type("application/vnd.docker.distribution.manifest.v1+prettyjws", "{}", "tag x");
  ASSERT_FALSE(type);
  EXPECT_EQ(type.error().code, Code::unsupported);
  EXPECT_NE(type.error().hint.find("push the image again"), std::string::npos);
}

TEST(DocumentMediaType, DeepAndDoubled) {
  EXPECT_EQ(refused("", std::string(100000, '[')), Code::too_large);
  EXPECT_EQ(refused("", R"({"layers":[],"layers":[]})"), Code::malformed);
}

}  // namespace
}  // namespace sigstore::remote
