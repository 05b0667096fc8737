"""OCI layouts that real `cosign save` wrote are verified with `--local-image`, with no registry.

Covers: issue 3, "`--local-image` (OCI layouts, also those real `save` wrote)"; cosign.md 2j.
"""
import json
import os
import unittest

from harness import oci, reference
from harness.interop import KEYS, InteropCase, test_name


class SavedTest(InteropCase):
    KINDS = ("referrers API",)

    def push_index(self, name):
        """An index of two platforms, as a reference by digest."""
        server = self.registries[self.KINDS[0]]
        client, children = server.client(), []
        for architecture in ("amd64", "arm64"):
            digest = client.push_image(name, tag=architecture, seed=name + architecture)
            children.append({"mediaType": oci.MANIFEST, "digest": digest, "size": len(client.manifest(name, digest)),
                             "platform": {"os": "linux", "architecture": architecture}})
        index = json.dumps({"schemaVersion": 2, "mediaType": oci.INDEX, "manifests": children}).encode()
        return f"{server.host}/{name}@{client.push_manifest(name, 'latest', index)}"

    def verify_folder(self, folder, key):
        return self.box.cosign_run("verify", "--key", f"{KEYS}/{key}.pub", "--insecure-ignore-tlog=true",
                                   "--local-image", folder)

    def check(self, saver, form):
        for kind, push in (("image", lambda name: self.push(self.KINDS[0], name)), ("index", self.push_index)):
            with self.subTest(kind=kind):
                image = push(f"saved/{saver}-{form}-{kind}")
                self.sign("ours", form, image, "p256", "-r")
                folder = self.box.path(f"{saver}-{form}-{kind}")
                saved = self.box.run(reference.program(saver), "save", "--dir", folder, image)
                self.assertEqual(saved.code, 0, saved)
                self.judge(folder, image)

    def judge(self, folder, image):
        done = self.verify_folder(folder, "p256")
        self.assertEqual(done.code, 0, done)
        self.assertIn(image.rsplit("@", 1)[1], done.out)
        self.assertEqual(self.verify_folder(folder, "p384").code, 12)
        self.damage(folder, image)
        self.assertNotEqual(self.verify_folder(folder, "p256").code, 0)

    def damage(self, folder, image):
        """Another image in the place of the one that was signed."""
        path = os.path.join(folder, "blobs", *image.rsplit("@", 1)[1].split(":"))
        os.chmod(path, 0o644)
        with open(path, "ab") as file:
            file.write(b" ")


def saved(saver, form):
    def test(self):
        reference.need(saver)
        self.check(saver, form)
    return test


for form in ("sig", "bundle", "both"):
    for saver in ("3.1.2", "2.6.5"):
        if (saver, form) != ("2.6.5", "bundle"):  # it saves no bundles
            setattr(SavedTest, test_name(form, "saved_by", saver), saved(saver, form))

if __name__ == "__main__":
    unittest.main()
