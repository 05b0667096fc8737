"""Images with both kinds of signatures and attestations cross a gap, from one docker-registry over a folder and over an
archive to a second one without the first, and verify there; real cosign agrees where it is named.

Covers: issue 5, 4.
"""
import json
import os
import unittest

from harness import registry
from harness.sandbox import FIXTURES, Sandbox

HERE = os.path.join(FIXTURES, "cosign-3.1.2")
KEY = ["--key", os.path.join(HERE, "keys", "p256.pub"), "--insecure-ignore-tlog=true"]
SIGNED = ["legacy-signature", "bundle-signature", "legacy-and-bundle", "legacy-recursive-index"]
ATTESTED = ["legacy-attestations", "bundle-attestation-only"]


class GapTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)

    def save_all(self):
        """All fixtures on one registry, saved in both ways; what each tag and list of referrers held."""
        held = {}
        with registry.docker(self.box) as first:
            client = first.client()
            for name in SIGNED + ATTESTED:
                folder = os.path.join(HERE, "images", name)
                client.push_layout(name, folder)
                for tag in client.tags(name):
                    held[name, tag] = self.entries(client, name, tag)
                for flag, place in (("--dir", name), ("--archive", f"{name}.tar")):
                    done = self.box.cosign_run("save", flag, self.box.path(place), f"{first.host}/{name}:latest")
                    self.assertEqual(done.code, 0, done)
        return held

    @staticmethod
    def entries(client, repository, tag):
        """The digests of all that a tag holds: layers, or the manifests of an index."""
        manifest = json.loads(client.manifest(repository, tag))
        return sorted(entry["digest"] for entry in manifest.get("layers", manifest.get("manifests")))

    def check(self, second, prefix, held):
        client = second.client()
        for (name, tag), entries in held.items():
            self.assertEqual(self.entries(client, f"{prefix}/{name}", tag), entries, f"{name}:{tag}")
        for name in SIGNED:
            done = self.box.cosign_run("verify", *KEY, f"{second.host}/{prefix}/{name}:latest")
            self.assertEqual(done.code, 0, done)
        for variable in ("COSIGN_REFERENCE", "COSIGN_REFERENCE_2"):
            real = os.environ.get(variable)
            if not real:
                continue
            self.check_folders(real)
            bundles = variable == "COSIGN_REFERENCE"  # 2.6.5 verifies no bundle without the internet
            for command, names in (("verify", SIGNED), ("verify-attestation", ATTESTED)):
                for name in names:
                    if not bundles and "bundle" in name:
                        continue
                    types = ["--type", "spdxjson"] if command == "verify-attestation" else []
                    done = self.box.run(real, command, *KEY, *types, f"{second.host}/{prefix}/{name}:latest")
                    self.assertEqual(done.code, 0, done)

    def check_folders(self, real):
        """Real cosign reads the folders that were saved."""
        for name in ("legacy-signature", "legacy-and-bundle", "legacy-recursive-index"):
            done = self.box.run(real, "verify", *KEY, "--local-image", self.box.path(name))
            self.assertEqual(done.code, 0, done)

    def test_what_real_cosign_saved(self):
        with registry.docker(self.box) as second:
            for version in ("cosign-2.6.5", "cosign-3.1.2"):
                saved = os.path.join(FIXTURES, version, "saved")
                for name in sorted(os.listdir(saved)):
                    image = f"{second.host}/{version}/{name}:1"
                    done = self.box.cosign_run("load", "--dir", os.path.join(saved, name), image)
                    self.assertEqual(done.code, 0, done)
                    if version == "cosign-3.1.2" or not name.startswith("bundle"):
                        key = os.path.join(FIXTURES, version, "keys", "p256.pub")
                        done = self.box.cosign_run("verify", "--key", key, *KEY[2:], image)
                        self.assertEqual(done.code, 0, done)

    def test_over_a_folder_and_over_an_archive(self):
        held = self.save_all()
        with registry.docker(self.box) as second:
            for flag, prefix, end in (("--dir", "folder", ""), ("--archive", "file", ".tar")):
                for name in SIGNED + ATTESTED:
                    done = self.box.cosign_run("load", flag, self.box.path(name + end),
                                               f"{second.host}/{prefix}/{name}:latest")
                    self.assertEqual(done.code, 0, done)
                self.check(second, prefix, held)


if __name__ == "__main__":
    unittest.main()
