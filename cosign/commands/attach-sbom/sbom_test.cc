#include "cosign/commands/attach-sbom/sbom.h"

#include <gtest/gtest.h>

namespace cosign::attach_sbom {
namespace {

using sigstore::Code;

std::string type_of(const std::string& type, std::string_view content, const std::string& format = "") {
  const auto found = media_type_of({type, format, "bom"}, content);
  return found ? *found : std::string(sigstore::name(found.error().code));
}

TEST(SbomMediaType, IsThatOfTheOriginalByTypeAndContent) {
  EXPECT_EQ(type_of("spdx", "SPDXVersion: SPDX-2.2\n"), "text/spdx");
  EXPECT_EQ(type_of("spdx", R"({"spdxVersion":"SPDX-2.3"})"), "text/spdx+json");
  EXPECT_EQ(type_of("cyclonedx", "<?xml version=\"1.0\"?><bom/>"), "application/vnd.cyclonedx+xml");
  EXPECT_EQ(type_of("cyclonedx", "\n {\"bomFormat\":\"CycloneDX\"}"), "application/vnd.cyclonedx+json");
  EXPECT_EQ(type_of("syft", "{}"), "application/vnd.syft+json");
  EXPECT_EQ(type_of("spdx", "{}", "json"), "text/spdx+json");
}

TEST(SbomMediaType, AFormThatTheTypeDoesNotHave) {
  EXPECT_EQ(type_of("spdx", "<a/>", "xml"), "invalid_argument");
  EXPECT_EQ(type_of("cyclonedx", "x", "text"), "invalid_argument");
  EXPECT_EQ(type_of("syft", "x", "text"), "invalid_argument");
  EXPECT_EQ(type_of("syft", "<a/>"), "malformed");
  EXPECT_EQ(type_of("cyclonedx", "SPDXVersion: SPDX-2.2"), "malformed");
}

TEST(SbomMediaType, WhatIsNotWhatItIsSaidToBe) {
  for (const std::string bad : {"", " \n", "no SBOM", "{", "{\"a\":1,\"a\":2}", "{} {}"})
    EXPECT_EQ(type_of("spdx", bad), "malformed") << bad;
  EXPECT_EQ(type_of("spdx", "SPDXVersion: \xff"), "malformed");
  EXPECT_EQ(type_of("spdx", "{}", "text"), "malformed");
  EXPECT_EQ(type_of("spdx", "[]", "json"), "malformed");
  EXPECT_EQ(type_of("cyclonedx", "{}", "xml"), "malformed");
}

}  // namespace
}  // namespace cosign::attach_sbom
