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
EXTRACTED = re.compile(r"^Extracted image\(s\): (.*)$", re.M)


class ManifestsTest(InteropCase):
    KINDS = ("referrers API",)

    def run_on(self, program, command, name, text, *options):
        path = self.box.write(name, text)
        return self.box.run(reference.program(program), *command, "--key", f"{KEYS}/p256.pub",
                            "--insecure-ignore-tlog=true", *options, path)

    def extracted(self, done):
        found = EXTRACTED.search(done.err)
        return found[1].split(", ") if found else []

    def manifest(self, program, text, image, other):
        text = text.replace("OTHER", other).replace("\\x49MAGE", "\\x%02x%s" % (ord(image[0]), image[1:]))
        return self.run_on(program, ("manifest", "verify"), "manifest.yaml", text.replace("IMAGE", image))

    def same_images_and_verdicts(self, version):
        reference.need(version)
        signed, other = (self.image("ours", "sig", self.KINDS[0], "p256", *more) for more in ((), ("-a", "n=2")))
        unsigned = self.push(self.KINDS[0], "interop/unsigned")
        for name, text in SAME.items():
            for image, code in ((signed, 0), (unsigned, 10)):
                with self.subTest(manifest=name, code=code):
                    theirs, ours = (self.manifest(program, text, image, other) for program in (version, "ours"))
                    self.assertEqual(self.extracted(theirs), [image, other], theirs)
                    self.assertEqual(self.extracted(ours), [image, other], ours)
                    self.assertEqual((theirs.code, ours.code), (code, code), f"{theirs}\n{ours}")

    def test_same_images_and_verdicts_3_1_2(self):
        self.same_images_and_verdicts("3.1.2")

    def test_same_images_and_verdicts_2_6_5(self):
        self.same_images_and_verdicts("2.6.5")

    def test_more_images_than_3_1_2(self):
        """What the real one overlooks is refused here when it is not signed."""
        reference.need("3.1.2")
        other, unsigned = self.image("ours", "sig", self.KINDS[0]), self.push(self.KINDS[0], "interop/unsigned")
        for name, text in MORE.items():
            with self.subTest(manifest=name):
                theirs, ours = (self.manifest(program, text, unsigned, other) for program in ("3.1.2", "ours"))
                self.assertNotIn(unsigned, self.extracted(theirs), theirs)
                self.assertIn(unsigned, self.extracted(ours), ours)
                self.assertEqual(ours.code, 10, ours)

    def test_bundles_that_3_1_2_does_not_see(self):
        reference.need("3.1.2")
        image = self.image("3.1.2", "bundle", self.KINDS[0])
        theirs, ours = (self.manifest(program, SAME["pod"], image, image) for program in ("3.1.2", "ours"))
        self.assertEqual((theirs.code, ours.code), (10, 0), f"{theirs}\n{ours}")


if __name__ == "__main__":
    unittest.main()
