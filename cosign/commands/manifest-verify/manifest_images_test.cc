#include "cosign/commands/manifest-verify/manifest_images.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

using Words = std::vector<std::string>;

Words images(const std::string& text) {
  const auto found = images_of_manifest(text, "f.yaml");
  return found ? found->images : Words{"error: " + found.error().text()};
}

Words notes(const std::string& text) {
  const auto found = images_of_manifest(text, "f.yaml");
  return found ? found->notes : Words{"error: " + found.error().text()};
}

const std::string pod_spec =
    "initContainers: [{name: i, image: init:1}], containers: [{name: a, image: aa:1}, {image: bb:1}]";

TEST(ManifestImages, OfEveryKindOfWorkload) {
  EXPECT_EQ(images("{apiVersion: v1, kind: Pod, spec: {" + pod_spec + "}}"),
            (Words{"init:1", "aa:1", "bb:1"}));
  for (const char* kind :
       {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "ReplicationController"})
    EXPECT_EQ(images("{apiVersion: apps/v1, kind: " + std::string(kind) + ", spec: {template: {spec: {" +
                     pod_spec + "}}}}"),
              (Words{"init:1", "aa:1", "bb:1"}))
        << kind;
  EXPECT_EQ(images("{apiVersion: batch/v1, kind: CronJob, spec: {jobTemplate: {spec: {template: {spec: {" +
                   pod_spec + "}}}}}}"),
            (Words{"init:1", "aa:1", "bb:1"}));
  EXPECT_EQ(images("{apiVersion: v1, kind: PodTemplate, template: {spec: {" + pod_spec + "}}}"),
            (Words{"init:1", "aa:1", "bb:1"}));
}

TEST(ManifestImages, InListsAndCustomKinds) {
  EXPECT_EQ(images(R"(apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod, spec: {containers: [{image: one}]}}
- {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, spec: {containers: [{image: two}]}}]}
)"),
            (Words{"one", "two"}));
  EXPECT_EQ(images(R"(apiVersion: argoproj.io/v1alpha1
kind: Rollout
spec: {workers: [{template: {spec: {containers: [{image: three}]}}}], template: {spec: {containers: [{image: four}]}}}
)"),
            (Words{"three", "four"}));
  EXPECT_EQ(images("[{containers: [{image: one}]}]"), Words{"one"});
  EXPECT_EQ(images("containers: [[{containers: [{image: one}]}], text]"), Words{"one"});
}

TEST(ManifestImages, EveryField) {
  EXPECT_EQ(images(R"(apiVersion: v1
kind: Pod
spec:
  containers: [{name: c, image: app}]
  ephemeralContainers: [{name: debug, image: debugger}]
  volumes:
  - {name: data, image: {reference: registry.example.com/data:1, pullPolicy: Always}}
  - {name: other, emptyDir: {}}
)"),
            (Words{"app", "debugger", "registry.example.com/data:1"}));
  EXPECT_EQ(images("spec: {Containers: [{image: app}], containers: [{Image: app}]}"),
            Words{});  // no such fields
}

TEST(ManifestImages, SeveralDocumentsAndEachImageOnce) {
  EXPECT_EQ(images("---\ncontainers: [{image: aa}]\n---\n# none\n---\nkind: Service\n---\ncontainers: "
                   "[{image: bb}, {image: aa}]\n"),
            (Words{"aa", "bb"}));
  EXPECT_EQ(images(""), Words{});
  EXPECT_EQ(images("apiVersion: v1\nkind: Service\n"), Words{});
}

TEST(ManifestImages, AliasesAndMerges) {
  EXPECT_EQ(
      images(
          "base: &base {image: aa:1}\nspec: {containers: [*base, {<<: *base, image: bb:1}, {<<: *base}]}\n"),
      (Words{"aa:1", "bb:1"}));
}

TEST(ManifestImages, OfJson) {
  EXPECT_EQ(
      images(
          R"({"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"a\/b:1","name":"\ud83d\ude00"}]}})"),
      Words{"a/b:1"});
  EXPECT_EQ(images("{apiVersion: v1, spec: {containers: [{image: aa}]}}"), Words{"aa"});  // YAML after all
  const auto broken = images_of_manifest(R"({"a":1,"a":2})", "f.json");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().message, "f.json is not valid JSON");
}

TEST(ManifestImages, NotOfTheStatusNorOfWhatOnlyLooksLikeIt) {
  EXPECT_EQ(images(R"(apiVersion: v1
kind: Pod
spec: {containers: [{image: aa}]}
status: {containerStatuses: [{image: docker.io/library/a}], containers: [{image: bb}]}
)"),
            Words{"aa"});
  EXPECT_EQ(images(R"(apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec: {versions: [{schema: {openAPIV3Schema: {properties: {containers: {type: array, items: {properties: {image: {type: string}}}}}}}}]}
)"),
            Words{});
  EXPECT_EQ(images("apiVersion: v1\nkind: ConfigMap\ndata: {pod.yaml: 'containers: [{image: aa}]'}\n"),
            Words{});
}

TEST(ManifestImages, SaysWhatItLeavesOut) {
  EXPECT_EQ(notes("{apiVersion: monitoring/v1, kind: Prometheus, metadata: {name: k8s}, spec: {image: prom, "
                  "x: [{image: yy}]}}"),
            (Words{"f.yaml, Prometheus k8s: spec.image is not in a pod: not verified",
                   "f.yaml, Prometheus k8s: spec.x[0].image is not in a pod: not verified"}));
  EXPECT_EQ(notes("{apiVersion: v1, kind: Pod, spec: {containers: [{image: aa}, {name: b}, {image: ''}]}}"),
            (Words{"f.yaml, Pod: spec.containers[1].image is not there: not verified",
                   "f.yaml, Pod: spec.containers[2].image is empty: not verified"}));
  EXPECT_EQ(
      notes("{kind: Kustomization, images: [{name: a, newTag: '2'}]}"),
      Words{"f.yaml changes images when it is applied: kubectl kustomize FOLDER | cosign manifest verify -"});
}

TEST(ManifestImages, RefusesWhatIsNoReference) {
  EXPECT_EQ(images("{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{image: \"a b\"}]}}")
                .front()
                .find("error: not an image reference: \"a b\": f.yaml, Pod p: spec.containers[0].image: "),
            0U);
  EXPECT_EQ(images("containers: [{image: 12}]"),
            Words{"error: f.yaml has an image that is no text: containers[0].image"});
  EXPECT_EQ(images("containers: [{image: [a]}]"),
            Words{"error: f.yaml has an image that is no text: containers[0].image"});
  EXPECT_EQ(
      images("containers: [{image: aa, image: bb}]"),
      Words{"error: f.yaml is not valid YAML: line 1, column 26: the key \"image\" stands twice in one map"});
  const auto chart = images_of_manifest("image: {{ .Values.image }}\n", "f.yaml");
  ASSERT_FALSE(chart);
  EXPECT_TRUE(chart.error().hint.contains("helm template")) << chart.error().hint;
}

}  // namespace
}  // namespace cosign
