#include "cosign/commands/digest/inspection.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::oci::Digest;
using sigstore::oci::Repository;

const std::string a = Digest::sha256("a").text();
const std::string b = Digest::sha256("b").text();
const std::string hub = "nginx@" + b;
const std::string own = "registry.example.com/devops/nginx@" + a;
const std::string other = "[::1]:5000/nginx@" + a;

// What `docker image inspect` prints, of one image.
std::string inspection(const std::vector<std::string>& digests,
                       const std::vector<std::string>& tags = {"nginx:latest"}) {
  const auto list = [](const std::vector<std::string>& texts) {
    std::string text;
    for (const auto& one : texts) text += (text.empty() ? "\"" : ", \"") + one + "\"";
    return "[" + text + "]";
  };
  return "{\"Id\": \"" + a + "\", \"RepoTags\": " + list(tags) + ", \"RepoDigests\": " + list(digests) +
         ", \"Size\": 18446744073709551615, \"RootFS\": {\"Type\": \"layers\"}}";
}

// The digest chosen for each image, or "CODE: message: cause / hint".
std::string outcome(std::string_view text, const char* repository = nullptr) {
  const auto said = [](const sigstore::Error& error) {
    return std::string(sigstore::name(error.code)) + ": " + error.text() + " / " + error.hint;
  };
  const auto images = parse_inspection(text);
  if (!images) return said(images.error());
  std::string all;
  for (const InspectedImage& image : *images) {
    const auto found = pushed_digest(
        image, repository == nullptr ? std::nullopt : std::optional(*Repository::parse(repository)));
    all += (all.empty() ? "" : " ") + (found ? found->text() : said(found.error()));
  }
  return all;
}

TEST(Inspection, ExactlyTheRepositoryThatIsNamed) {
  const std::string text = "[" + inspection({hub, own, other}) + "]";
  EXPECT_EQ(outcome(text, "registry.example.com/devops/nginx"), own);
  EXPECT_EQ(outcome(text, "[::1]:5000/nginx"), other);
  EXPECT_EQ(outcome(text, "nginx"), "index.docker.io/library/nginx@" + b);
  EXPECT_EQ(outcome(text, "docker.io/library/nginx"), "index.docker.io/library/nginx@" + b);
  EXPECT_EQ(
      outcome(text, "registry.example.com/devops/ngin"),
      "not_found: nginx:latest was not pushed to registry.example.com/devops/ngin yet: docker knows it as "
      "index.docker.io/library/nginx@" +
          b + ", " + own + ", " + other +
          " / docker tag nginx:latest registry.example.com/devops/ngin:TAG\n"
          "docker push registry.example.com/devops/ngin:TAG");
}

TEST(Inspection, DockerHubCountsOnlyWhenThereIsNoOther) {
  EXPECT_EQ(outcome("[" + inspection({hub, own}) + "]"), own);
  EXPECT_EQ(outcome("[" + inspection({own, hub}) + "]"), own);
  EXPECT_EQ(outcome("[" + inspection({hub}) + "]"), "index.docker.io/library/nginx@" + b);
}

TEST(Inspection, NothingIsGuessed) {
  EXPECT_EQ(outcome("[" + inspection({hub, own, other}) + "]"),
            "conflict: nginx:latest is known under 2 digests, and only one can be meant: " + own + ", " +
                other +
                " / docker image inspect IMAGE | cosign digest - registry.example.com/devops/nginx\n"
                "docker image inspect IMAGE | cosign digest - [::1]:5000/nginx");
}

TEST(Inspection, TwoDigestsInOneRepositoryAreToldApartByTheTag) {
  const std::string twice = "registry.example.com/devops/nginx@" + b;
  const std::vector<std::string> tags = {"nginx:latest", "registry.example.com/devops/nginx:1.27"};
  EXPECT_EQ(outcome(inspection({own, twice}, tags)),
            "conflict: nginx:latest is known under 2 digests, and only one can be meant: " + own + ", " +
                twice + " / cosign digest registry.example.com/devops/nginx:1.27");
  EXPECT_EQ(outcome(inspection({own, twice}), "registry.example.com/devops/nginx"),
            "conflict: nginx:latest is known under 2 digests, and only one can be meant: " + own + ", " +
                twice + " / cosign digest registry.example.com/devops/nginx:TAG");
  EXPECT_EQ(outcome(inspection({own, own})), own) << "the same twice is one";
}

TEST(Inspection, NotPushedYet) {
  EXPECT_EQ(outcome(inspection({})),
            "not_found: nginx:latest was not pushed yet: docker knows no digest of it (RepoDigests is empty) "
            "/ docker "
            "tag nginx:latest registry.example.com/REPOSITORY:TAG\ndocker push "
            "registry.example.com/REPOSITORY:TAG");
  EXPECT_EQ(outcome(inspection({"<none>@<none>"}, {"<none>:<none>", "registry.corp/app:1"})),
            "not_found: registry.corp/app:1 was not pushed yet: docker knows no digest of it (RepoDigests is "
            "empty) / "
            "docker push registry.corp/app:1");
  EXPECT_EQ(outcome(R"([{"RootFS": {}, "RepoDigests": null}])").substr(0, 37),
            "not_found: the image was not pushed y");
}

TEST(Inspection, TaggedForOnesOwnRegistryButNotPushed) {
  const auto images = parse_inspection(inspection({hub}, {"nginx:latest", "registry.corp/nginx:1"}));
  ASSERT_TRUE(images);
  const auto chosen = pushed_digest(images->front(), std::nullopt);
  ASSERT_TRUE(chosen);
  EXPECT_EQ(tagged_elsewhere(images->front(), *chosen), "registry.corp/nginx:1");
  const auto pushed = parse_inspection(inspection({own}, {"registry.corp/nginx:1"}));
  EXPECT_EQ(tagged_elsewhere(pushed->front(), *pushed_digest(pushed->front(), std::nullopt)), std::nullopt);
}

TEST(Inspection, ManyFormsOfTheSame) {
  EXPECT_EQ(outcome("[" + inspection({own}) + ",\n" + inspection({hub}) + "]\n"),
            own + " index.docker.io/library/nginx@" + b);
  EXPECT_EQ(outcome(inspection({own})), own);
  EXPECT_EQ(outcome("[\"" + hub + "\", \"" + own + "\"]"), own);
  EXPECT_EQ(outcome("\n" + own + "\r\n  " + hub + "\n\n"), own);
  EXPECT_EQ(outcome(other + "\n"), other);
}

TEST(Inspection, WhatIsNoInspection) {
  const std::string line = " / docker image inspect IMAGE | cosign digest -";
  EXPECT_EQ(outcome(""),
            "not_found: standard input is empty: what `docker image inspect` prints was expected" + line);
  EXPECT_EQ(outcome(" \n\t\n"), outcome(""));
  EXPECT_EQ(outcome("[]\n"),
            "not_found: no image on standard input: docker found none of that name: it printed [] / ");
  EXPECT_EQ(outcome(R"([{"Id": "x", "State": {}, "Image": "y"}])"),
            "malformed: standard input describes no image: it describes a container" + line);
  EXPECT_EQ(outcome("nginx:latest\n"), "malformed: \"nginx:latest\" on standard input is no digest" + line);
  for (const char* text :
       {"[{", "[{\"RepoDigests\": [1]}]", "[{\"RepoDigests\": {}}]", "[[]]", "[{\"RepoDigests\": [\"x@y\"]}]",
        "nginx@sha256:12", "Error: No such image", "{\"RepoTags\": [], \"RepoTags\": []}"})
    EXPECT_EQ(outcome(text).substr(0, 10), "malformed:") << text << "\n" << outcome(text);
}

}  // namespace
}  // namespace cosign
