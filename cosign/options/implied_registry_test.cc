#include "cosign/options/implied_registry.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::Error;
using sigstore::oci::Reference;

TEST(ImpliedRegistry, SaysWhichRegistryWasMeantAndShowsTheLikelyLine) {
  const auto reference = Reference::parse("nginx:1.27");
  ASSERT_TRUE(reference);
  const Error error = explain_registry({Code::unauthorized, "may not push", "HTTP 401", "log in"}, *reference,
                                       "registry.corp.example");
  EXPECT_EQ(error.cause,
            "nginx:1.27 names no registry, so it means docker.io/library/nginx on Docker Hub; HTTP 401");
  EXPECT_EQ(error.hint,
            "if it is in a registry of your own, name it: registry.corp.example/nginx:1.27\nlog in");
}

TEST(ImpliedRegistry, LeavesOtherErrorsAlone) {
  const auto reference = Reference::parse("registry.corp.example/nginx:1.27");
  ASSERT_TRUE(reference);
  const Error error{Code::unauthorized, "may not push", "HTTP 401", "log in"};
  EXPECT_EQ(explain_registry(error, *reference), error);
}

TEST(ImpliedTag, SaysThatLatestWasTaken) {
  const Error absent{Code::not_found, "tag latest of registry.example/nginx is not there", "HTTP 404", {}};
  const Error error = explain_tag(absent, *Reference::parse("registry.example/nginx"));
  EXPECT_EQ(error.cause, "registry.example/nginx names no tag, so latest was taken; HTTP 404");
  EXPECT_EQ(error.hint, "name the tag: registry.example/nginx:TAG");
  EXPECT_EQ(explain_tag(absent, *Reference::parse("registry.example/nginx:latest")), absent);
}

TEST(ImpliedTag, LeavesOtherErrorsAlone) {
  const auto reference = Reference::parse("registry.example/nginx");
  ASSERT_TRUE(reference);
  for (const Error& error :
       {Error{Code::not_found, "the repository registry.example/nginx is not there", "HTTP 404", {}},
        Error{Code::unauthorized, "tag latest of registry.example/nginx is not for you", {}, {}}})
    EXPECT_EQ(explain_tag(error, *reference), error);
}

}  // namespace
}  // namespace cosign
