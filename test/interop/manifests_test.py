"""The same manifests and Dockerfiles, given to real cosign and to ours: the same images, the same verdicts.

Covers: issue 5, "manifest verify and dockerfile verify"; cosign.md 2j, 5.34. Where the real one sees less, ours sees more.
"""
import re
import unittest

from harness import reference
from harness.interop import KEYS, InteropCase

POD = "initContainers: [{name: i, image: IMAGE}], containers: [{name: c, image: OTHER}]"
# Manifests in which both see the same.
SAME = {
    "pod": f"{{apiVersion: v1, kind: Pod, spec: {{{POD}}}}}\n",
    "deployment": f"apiVersion: apps/v1\nkind: Deployment\nspec:\n  template: {{spec: {{{POD}}}}}\n",
    "cron job": f"kind: CronJob\nspec: {{jobTemplate: {{spec: {{template: {{spec: {{{POD}}}}}}}}}}}\n",
    "documents": f"kind: Service\n---\n# nothing\n---\nspec: {{{POD}}}\n---\nspec: {{}}\n",
    "alias and merge": "x: &c {image: IMAGE}\nspec: {initContainers: [*c], containers: [{<<: *c, image: OTHER}]}\n",
    "escapes": 'spec:\n  initContainers:\n  - image: "\\x49MAGE"\n  containers:\n  - image: >-\n      OTHER\n',
    "json": '{"spec": {"containers": [{"image": "IMAGE"}, {"image": "OTHER"}]}}\n',
}
# Manifests in which the real one sees OTHER alone, or nothing.
MORE = {
    "list": f"kind: List\nitems: [{{spec: {{{POD}}}}}]\n",
    "ephemeral": "spec: {containers: [{image: OTHER}], ephemeralContainers: [{image: IMAGE}]}\n",
    "volume": "spec: {containers: [{image: OTHER}], volumes: [{name: v, image: {reference: IMAGE}}]}\n",
    "pod template": f"kind: PodTemplate\ntemplate: {{spec: {{{POD}}}}}\n",
    "custom kind": f"kind: Workers\nspec: {{pools: [{{template: {{spec: {{{POD}}}}}}}]}}\n",
}
# Dockerfiles in which both see IMAGE and OTHER. HOST is in the environment.
SAME_DOCKERFILES = {
    "stages": "FROM IMAGE AS build\nRUN x\nFROM --platform=linux/amd64 OTHER\nCOPY --from=build /a /b\n",
    "copied": "FROM IMAGE\nCOPY --chown=1 --from=OTHER /a /b\nFROM scratch\n",
    "arguments": "ARG A=IMAGE\nARG B=${A}\nFROM ${B} as one\nFROM OTHER\n",
    "a stage": "FROM IMAGE AS one\nFROM one\nFROM OTHER\n",
    "environment": "FROM $HOST/REST\nFROM OTHER\n",
    "lower case": "# FROM registry.invalid/x\n  FROM IMAGE\n\tFROM OTHER\n",
}
# … in which the real one sees OTHER alone, or something else.
MORE_IN_DOCKERFILES = {
    "continued": "FROM OTHER\nFROM \\\n  IMAGE\n",
    "mount": "FROM OTHER\nRUN --mount=type=bind,from=IMAGE,target=/x y\n",
    "default": "FROM OTHER\nFROM ${NOT_SET:-IMAGE}\n",
    "quoted": "ARG A=\"IMAGE\"\nFROM OTHER\nFROM $A\n",
    "of a stage": "ARG A=IMAGE\nFROM OTHER\nARG A=OTHER\nFROM $A\n",
}
EXTRACTED = re.compile(r"^Extracted image\(s\): (.*)$", re.M)


class ExtractCase(InteropCase):
    """`COMMAND FILE` by each program, on a file whose IMAGE and OTHER are images."""
    KINDS = ("referrers API",)
    COMMAND, NAME = (), ""

    def run_on(self, program, text, *options):
        self.box.write(self.NAME, text)
        return self.box.run(reference.program(program), *self.COMMAND, "--key", f"{KEYS}/p256.pub",
                            "--insecure-ignore-tlog=true", *options, self.box.path(self.NAME))

    def extracted(self, done):
        found = EXTRACTED.search(done.err)
        return found[1].split(", ") if found else []

    def fill(self, text, image, other):
        return text.replace("OTHER", other).replace("IMAGE", image)

    def file(self, program, text, image, other):
        return self.run_on(program, self.fill(text, image, other))

    def other(self):
        return self.image("ours", "sig", self.KINDS[0], "p256", "-a", "n=2")

    def check_same(self, version, files):
        """The same images, and the same exit code, signed and not."""
        reference.need(version)
        other, unsigned = self.other(), self.push(self.KINDS[0], "interop/unsigned")
        for name, text in files.items():
            for image, code in ((self.image("ours", "sig", self.KINDS[0]), 0), (unsigned, 10)):
                with self.subTest(file=name, code=code):
                    theirs, ours = (self.file(program, text, image, other) for program in (version, "ours"))
                    self.assertEqual(self.extracted(theirs), [image, other], theirs)
                    self.assertEqual(self.extracted(ours), [image, other], ours)
                    self.assertEqual((theirs.code, ours.code), (code, code), f"{theirs}\n{ours}")

    def check_more(self, files):
        """What the real one overlooks is refused here when it is not signed."""
        reference.need("3.1.2")
        other, unsigned = self.other(), self.push(self.KINDS[0], "interop/unsigned")
        for name, text in files.items():
            with self.subTest(file=name):
                theirs, ours = (self.file(program, text, unsigned, other) for program in ("3.1.2", "ours"))
                self.assertNotIn(unsigned, self.extracted(theirs), theirs)
                self.assertIn(unsigned, self.extracted(ours), ours)
                self.assertEqual(ours.code, 10, ours)

    def check_bundle(self, text):
        reference.need("3.1.2")
        image = self.image("3.1.2", "bundle", self.KINDS[0])
        theirs, ours = (self.file(program, text, image, image) for program in ("3.1.2", "ours"))
        self.assertEqual((theirs.code, ours.code), (10, 0), f"{theirs}\n{ours}")


class ManifestsTest(ExtractCase):
    COMMAND, NAME = ("manifest", "verify"), "manifest.yaml"

    def fill(self, text, image, other):
        return super().fill(text.replace("\\x49MAGE", "\\x%02x%s" % (ord(image[0]), image[1:])), image, other)

    def test_same_images_and_verdicts_3_1_2(self):
        self.check_same("3.1.2", SAME)

    def test_same_images_and_verdicts_2_6_5(self):
        self.check_same("2.6.5", SAME)

    def test_more_images_than_3_1_2(self):
        self.check_more(MORE)

    def test_bundles_that_3_1_2_does_not_see(self):
        self.check_bundle(SAME["pod"])


class DockerfilesTest(ExtractCase):
    COMMAND, NAME = ("dockerfile", "verify"), "Dockerfile"

    def fill(self, text, image, other):
        host, rest = image.split("/", 1)
        self.box.variables["HOST"] = host
        return super().fill(text.replace("REST", rest), image, other)

    def test_same_images_and_verdicts_3_1_2(self):
        self.check_same("3.1.2", SAME_DOCKERFILES)

    def test_same_images_and_verdicts_2_6_5(self):
        """To 2.6.5 a FROM that names a stage is an image."""
        self.check_same("2.6.5", {name: text for name, text in SAME_DOCKERFILES.items() if name != "a stage"})

    def test_more_images_than_3_1_2(self):
        self.check_more(MORE_IN_DOCKERFILES)

    def test_bundles_that_3_1_2_does_not_see(self):
        self.check_bundle(SAME_DOCKERFILES["stages"])

    def test_a_name_of_its_own_hides_an_image_from_3_1_2(self):
        """FROM x AS x: the real one takes the image for a stage, and verifies nothing."""
        reference.need("3.1.2")
        other = self.other()
        text = f"FROM {other}\nFROM nginx AS nginx\n"
        theirs, ours = (self.run_on(program, text) for program in ("3.1.2", "ours"))
        self.assertEqual((theirs.code, self.extracted(theirs)), (0, [other]), theirs)
        self.assertEqual(self.extracted(ours), [other, "nginx"], ours)
        self.assertNotEqual(ours.code, 0, ours)

    def test_the_base_image_as_3_1_2_sees_it(self):
        """The last image that stands in the file is not always what is built on."""
        reference.need("3.1.2")
        image, other = self.image("ours", "sig", self.KINDS[0]), self.other()
        for text, theirs, ours in (("FROM IMAGE AS a\nFROM OTHER\n", other, other),
                                   ("FROM IMAGE\nCOPY --from=OTHER /a /b\n", other, image),
                                   ("FROM IMAGE AS a\nFROM OTHER AS b\nFROM a\n", other, image)):
            with self.subTest(text=text):
                text = self.fill(text, image, other)
                for program, expected in (("3.1.2", theirs), ("ours", ours)):
                    done = self.run_on(program, text, "--base-image-only")
                    self.assertEqual((self.extracted(done), done.code), ([expected], 0), done)


if __name__ == "__main__":
    unittest.main()
