#include "sigstore/store/tag_access.h"

#include <gtest/gtest.h>

#include "sigstore/remote/registry/testing/memory_registry.h"
#include "sigstore/store/artifact_store.h"

namespace sigstore::store {
namespace {

using remote::testing::Call;
using remote::testing::Request;

const std::string tag = "sha256-abc.sig";

class TagAccessTest : public testing::Test {
 protected:
  void refuse(Call call, Code code) {
    registry.before(call, [code](const Request&) -> Result<void> { return fail(code, "refused"); });
  }
  Result<void> absent(Code code, const oci::Digest& subject) {
    return take_as_absent(registry, repository, subject, tag, Error{code, "answer", {}, {}}, notes);
  }

  const oci::Repository repository{"r.example", "app"};
  remote::testing::MemoryRegistry registry;
  const oci::Descriptor image =
      registry.add_manifest(repository, "latest", oci::media_type::oci_manifest, "{}");
  std::vector<std::string> notes;
};

// --- a reader

TEST_F(TagAccessTest, NotFoundIsAbsentWithoutAnotherRequest) {
  EXPECT_TRUE(absent(Code::not_found, image.digest));
  EXPECT_TRUE(notes.empty() && registry.log().empty());
}

TEST_F(TagAccessTest, ARefusalIsAbsentWhereTheImageCanBeRead) {
  for (const Code code : {Code::unauthorized, Code::forbidden}) {
    notes.clear();
    EXPECT_TRUE(absent(code, image.digest));
    ASSERT_EQ(notes.size(), 1u);
    EXPECT_NE(notes[0].find(tag), std::string::npos);
  }
}

// Signatures may be kept in another repository than the image.
TEST_F(TagAccessTest, ARefusalIsAbsentWhereTheListOfTagsDoesNotNameIt) {
  for (const Code code : {Code::unauthorized, Code::forbidden}) {
    refuse(Call::resolve, code);
    EXPECT_TRUE(absent(code, image.digest));
    EXPECT_NE(notes.back().find("list of tags"), std::string::npos);
    refuse(Call::tags, code);
    const Error error = absent(code, image.digest).error();
    EXPECT_EQ(error.code, code);
    EXPECT_EQ(error.message, "answer");
    registry.before(Call::tags, {});
    registry.before(Call::resolve, {});
  }
  registry.add_manifest(repository, tag, oci::media_type::oci_manifest, "{}");
  refuse(Call::resolve, Code::forbidden);
  EXPECT_FALSE(absent(Code::forbidden, image.digest));
}

TEST_F(TagAccessTest, NothingElseIsAbsence) {
  for (const Code code :
       {Code::unavailable, Code::timeout, Code::unreachable, Code::tls, Code::mismatch, Code::too_large,
        Code::malformed, Code::conflict, Code::cancelled, Code::internal}) {
    EXPECT_EQ(absent(code, image.digest).error().code, code);
    EXPECT_TRUE(notes.empty());
  }
}

TEST_F(TagAccessTest, WhichErrorsAreLookUpsThatFailed) {
  for (const Code code : {Code::unauthorized, Code::forbidden, Code::timeout, Code::unreachable,
                          Code::unavailable, Code::tls, Code::cancelled})
    EXPECT_TRUE(is_lookup_failure(code)) << name(code);
  for (const Code code :
       {Code::not_found, Code::malformed, Code::mismatch, Code::too_large, Code::unsupported})
    EXPECT_FALSE(is_lookup_failure(code)) << name(code);
}

// --- a writer

TEST_F(TagAccessTest, TheListOfTagsDecides) {
  const Error refusal{Code::forbidden, "HTTP 403", {}, {}};
  EXPECT_EQ(tag_is_listed(registry, repository, "latest", refusal), true);
  EXPECT_EQ(tag_is_listed(registry, repository, tag, refusal), false);
  refuse(Call::tags, Code::unavailable);
  const auto unknown = tag_is_listed(registry, repository, tag, refusal);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Code::forbidden) << "the code of the refusal, not of the list";
  EXPECT_NE(unknown.error().cause.find("HTTP 403"), std::string::npos);
  EXPECT_NE(unknown.error().cause.find("refused"), std::string::npos);
}

TEST(TagAccess, EachErrorNamesThePermission) {
  const oci::Repository repository{"r.example", "app"};
  const Error forbidden{Code::forbidden, "HTTP 403", {}, {}},
      unauthorized{Code::unauthorized, "HTTP 401", {}, {}};
  EXPECT_EQ(cannot_read_tag(repository, tag, forbidden).hint,
            "the account needs the permission to pull from r.example/app");
  EXPECT_EQ(cannot_write_tag(repository, tag, forbidden).hint,
            "the account needs the permission to push to r.example/app");
  EXPECT_EQ(cannot_write_tag(repository, tag, unauthorized).hint,
            "the account needs the permission to push to r.example/app; log in with: cosign login r.example");
}

// Registries say it in their own words: ECR, Harbor, Artifactory, GitLab.
TEST(TagAccess, WhichRefusalsMeanThatATagMayNotChange) {
  const auto says = [](Code code, const std::string& text, bool exists = true) {
    return says_immutable(Error{code, "cannot write", text, {}}, exists);
  };
  EXPECT_TRUE(says(Code::conflict, "TAG_IMMUTABLE: tag is immutable"));
  EXPECT_TRUE(says(Code::forbidden,
                   "The image tag 'x' already exists in the 'y' repository and cannot be overwritten"));
  EXPECT_TRUE(says(Code::forbidden, "configured as Immutable", false));
  EXPECT_TRUE(says(Code::forbidden, "the tag is locked"));
  EXPECT_FALSE(says(Code::forbidden, "denied: requested access to the resource is denied"));
  EXPECT_FALSE(says(Code::forbidden, "the blob already exists", false))
      << "a tag that was absent does not change";
  EXPECT_FALSE(says(Code::conflict, "the tag already exists")) << "a precondition that did not hold";
  EXPECT_FALSE(says(Code::unavailable, "the database is locked"));
}

}  // namespace
}  // namespace sigstore::store
