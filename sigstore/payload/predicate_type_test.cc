#include "sigstore/payload/predicate_type.h"

#include <gtest/gtest.h>

namespace sigstore::payload {
namespace {

TEST(PredicateType, ShortNamesStandForUris) {
  EXPECT_EQ(predicate_uri("custom"), "https://cosign.sigstore.dev/attestation/v1");
  EXPECT_EQ(predicate_uri("spdxjson"), "https://spdx.dev/Document");
  EXPECT_EQ(predicate_uri("slsaprovenance"), "https://slsa.dev/provenance/v0.2");
  for (const PredicateName& one : predicate_names()) EXPECT_EQ(predicate_uri(one.name), one.uri);
}

TEST(PredicateType, AnyAbsoluteUriStandsForItself) {
  for (const char* uri : {"https://example.com/p", "urn:x", "a+b-c.1:y"}) EXPECT_EQ(predicate_uri(uri), uri);
}

TEST(PredicateType, AnythingElseIsRefusedWithTheNames) {
  for (const char* text : {"", "nope", "https:", ":x", "1a:b", "https://a b", "Spdx", "/a", "x_y:z"}) {
    const auto uri = predicate_uri(text);
    ASSERT_FALSE(uri) << text;
    EXPECT_EQ(uri.error().message, "invalid predicate type: " + std::string(text));
    EXPECT_NE(uri.error().hint.find("slsaprovenance02, "), std::string::npos);
  }
}

}  // namespace
}  // namespace sigstore::payload
