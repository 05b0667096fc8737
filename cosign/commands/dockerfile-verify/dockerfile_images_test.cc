#include "cosign/commands/dockerfile-verify/dockerfile_images.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

using Words = std::vector<std::string>;
using Map = std::map<std::string, std::string>;

sigstore::Result<DockerfileImages> read(const std::string& text, Map arguments = {}, Map variables = {}) {
  const auto variable = [variables](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  return images_of_dockerfile(text, "f", {std::move(arguments), variable, "linux/arm64/v8"});
}

Words images(const std::string& text, Map arguments = {}, Map variables = {}) {
  const auto found = read(text, std::move(arguments), std::move(variables));
  return found ? found->images : Words{"error: " + found.error().text()};
}

std::string base(const std::string& text) {
  const auto found = read(text);
  return found ? found->base.value_or("none") : "error: " + found.error().text();
}

TEST(DockerfileImages, OfAllStages) {
  EXPECT_EQ(
      images(
          "FROM one AS build\nRUN x\nFROM --platform=$BUILDPLATFORM two:1 as Final\nCOPY --from=build /a /b\n"
          "COPY --from=three /a /b\nRUN --mount=type=bind,from=four,target=/x --mount=type=cache,target=/y "
          "z\n"
          "COPY --from=0 /a /b\nCOPY --from=FINAL /a /b\nADD https://example.com/x /x\nFROM one\n"),
      (Words{"one", "two:1", "three", "four"}));
  EXPECT_EQ(images("FROM a.io/xx@sha256:bef8bf1b8d68d125895f974c724e19c1f4becf59aea063bacf80dfefb005f80c\n"),
            Words{"a.io/xx@sha256:bef8bf1b8d68d125895f974c724e19c1f4becf59aea063bacf80dfefb005f80c"});
}

TEST(DockerfileImages, StagesAndScratch) {
  const auto found = read("FROM one AS a\nFROM a AS b\nFROM B\nFROM scratch\n");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->images, Words{"one"});
  EXPECT_EQ(found->ignored, (Words{"- stage reference ignored: a", "- stage reference ignored: B",
                                   "- scratch image ignored"}));
  EXPECT_EQ(images("FROM nginx AS nginx\n"), Words{"nginx"});  // the original takes it for its own stage
  EXPECT_EQ(images("FROM later\nFROM one AS later\n"), (Words{"later", "one"}));
  EXPECT_EQ(images("FROM one\nCOPY --from=later x y\nFROM two AS later\n"), (Words{"one", "two"}));
  EXPECT_EQ(images("FROM one\nCOPY --from=scratch x y\n"), Words{"one"});
}

TEST(DockerfileImages, TheBase) {
  EXPECT_EQ(base("FROM one AS a\nFROM two AS b\nFROM a\nCOPY --from=three x y\n"), "one");
  EXPECT_EQ(base("FROM one AS a\nFROM scratch\nCOPY --from=a x y\n"), "none");
  EXPECT_EQ(base("FROM scratch AS s\nFROM s\n"), "none");
}

TEST(DockerfileImages, Arguments) {
  EXPECT_EQ(images("ARG V=1\nARG REPO=r.io/app TAG=$V\nFROM $REPO:${TAG}\n"), Words{"r.io/app:1"});
  EXPECT_EQ(images("ARG V=1\nFROM app:$V\n", {{"V", "2"}}), Words{"app:2"});
  EXPECT_EQ(images("ARG V\nFROM app:$V\n", {{"V", "2"}}), Words{"app:2"});
  EXPECT_EQ(images("ARG V\nFROM app:${V:-3}\n"), Words{"app:3"});
  EXPECT_EQ(images("ARG V=\"1\"\nFROM app:$V\n"), Words{"app:1"});
  EXPECT_EQ(images("ARG V=1\nFROM one\nARG V\nCOPY --from=app:$V x y\n"), (Words{"one", "app:1"}));
  EXPECT_EQ(images("FROM one\nENV V=1 W=$V\nENV U two three\nCOPY --from=app:$V x y\n"),
            (Words{"one", "app:1"}));
}

TEST(DockerfileImages, WhatAStageSaysIsItsOwn) {
  EXPECT_EQ(images("ARG V=1\nFROM one\nARG V=2\nENV V=3\nFROM app:$V\n"), (Words{"one", "app:1"}));
  EXPECT_EQ(images("FROM one\nARG V=2\nFROM app:$V\n"),
            Words{"error: f:3: V has no value: there is no ARG V before the first FROM"});
}

TEST(DockerfileImages, TheEnvironmentComesLast) {
  EXPECT_EQ(images("FROM app:$V\n", {}, {{"V", "4"}}), Words{"app:4"});
  EXPECT_EQ(images("ARG V\nFROM app:$V\n", {}, {{"V", "4"}}), Words{"app:4"});
  EXPECT_EQ(images("ARG V=1\nFROM app:$V\n", {}, {{"V", "4"}}), Words{"app:1"});
  EXPECT_EQ(images("ARG V=1\nFROM app:$V\n", {{"V", "2"}}, {{"V", "4"}}), Words{"app:2"});
}

TEST(DockerfileImages, Platforms) {
  EXPECT_EQ(images("FROM app-$TARGETARCH$TARGETVARIANT\nFROM app-${BUILDOS}\n"),
            (Words{"app-arm64v8", "app-linux"}));
  EXPECT_EQ(
      images("FROM app-$TARGETARCH\nFROM app-$BUILDARCH\n", {}, {{"DOCKER_DEFAULT_PLATFORM", "linux/s390x"}}),
      (Words{"app-s390x", "app-arm64"}));
  EXPECT_EQ(images("FROM app-$TARGETARCH\n", {{"TARGETARCH", "ppc64le"}}), Words{"app-ppc64le"});
  EXPECT_EQ(images("FROM one\nARG TARGETARCH\nCOPY --from=app-$TARGETARCH x y\n"),
            (Words{"one", "app-arm64"}));
}

TEST(DockerfileImages, UnknownValuesAreErrorsWhereTheyCount) {
  EXPECT_EQ(images("FROM one\nENV PATH=$PATH:/x\nRUN $UNKNOWN\nARG X=$UNKNOWN\n"), Words{"one"});
  EXPECT_EQ(images("FROM one\nENV X=$PATH\nCOPY --from=$X x y\n"),
            Words{"error: f:3: PATH has no value: there is no ARG PATH in this stage"});
  EXPECT_EQ(images("ARG BASE\nFROM ${BASE}\n"),
            Words{"error: f:2: BASE has no value: its ARG has no default"});
  EXPECT_EQ(read("ARG BASE\nFROM ${BASE}\n").error().hint, "--build-arg BASE=VALUE");
}

TEST(DockerfileImages, RefusesWithTheLine) {
  EXPECT_EQ(images("RUN x\nFROM one\n"), Words{"error: f:1: RUN stands before the first FROM: only ARG may"});
  EXPECT_EQ(images("ENV V=1\nFROM one\n"),
            Words{"error: f:1: ENV stands before the first FROM: only ARG may"});
  EXPECT_EQ(images("FROM one AS\n"), Words{"error: f:1: FROM takes IMAGE, or IMAGE AS NAME"});
  EXPECT_EQ(images("FROM\n"), Words{"error: f:1: FROM takes IMAGE, or IMAGE AS NAME"});
  EXPECT_EQ(images("FROM one two three\n"), Words{"error: f:1: FROM takes IMAGE, or IMAGE AS NAME"});
  EXPECT_EQ(images("FROM --from=x one\n"), Words{"error: f:1: FROM has no flag --from=x"});
  EXPECT_EQ(images("FROM one\nCOPY --from=1 x y\n"), Words{"error: f:2: there is no stage 1"});
  EXPECT_EQ(images("FROM one\nCOPY --from=99999999999999999999 x y\n"),
            Words{"error: f:2: there is no stage 99999999999999999999"});
  EXPECT_EQ(images("ARG E=\nFROM $E\n").front().find("error: f:2: not an image reference"), 0U);
  EXPECT_EQ(images("FROM UPPER\n").front().find("error: f:1: not an image reference: \"UPPER\""), 0U);
  EXPECT_EQ(images("FROM one\nENV A='x\n"), Words{"error: f:2: a quote or ${ is not closed"});
}

TEST(DockerfileImages, SaysWhatItLeavesOut) {
  EXPECT_EQ(
      read("# syntax=docker/dockerfile:1\nFROM one\nONBUILD COPY --from=two x y\n", {{"X", "1"}})->notes,
      (Words{"f:3: two is for builds on top of this one (ONBUILD): not verified",
             "the frontend docker/dockerfile:1 of the syntax line is an image too: not verified",
             "--build-arg X is declared by no ARG: not used"}));
}

TEST(DockerfileImages, Bounds) {
  std::string stages;
  for (int i = 0; i < 1025; ++i) stages += "FROM one\n";
  EXPECT_EQ(read(stages).error().code, sigstore::Code::too_large);
  std::string bomb = "ARG A0=xxxxxxxxxxxxxxxx\n";
  for (int i = 1; i < 30; ++i)
    bomb += "ARG A" + std::to_string(i) + "=$A" + std::to_string(i - 1) + "$A" + std::to_string(i - 1) + "\n";
  EXPECT_EQ(read(bomb + "FROM one\n").error().code, sigstore::Code::too_large);
  std::string wide = "ARG B=" + std::string(60000, 'x') + "\n";
  for (int i = 0; i < 1000; ++i) wide += "ARG C" + std::to_string(i) + "=$B\n";
  EXPECT_EQ(read(wide + "FROM one\n").error().code, sigstore::Code::too_large);
}

}  // namespace
}  // namespace cosign
