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
PARTS = ["legacy-and-bundle", "legacy-attestations", "bundle-attestation-only"]  # of the same image
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

    def one_image(self):
        """One image that has all: signatures and attestations in both forms, saved in both ways; what was held."""
        with registry.docker(self.box) as first:
            client = first.client()
            for name in PARTS:
                client.push_layout(name, os.path.join(HERE, "images", name))
                self.done("copy", f"{first.host}/{name}:latest", f"{first.host}/all:latest")
            held = {tag: self.entries(client, "all", tag) for tag in client.tags("all")}
            self.done("save", "--dir", self.box.path("all"), f"{first.host}/all:latest")
            self.done("save", "--archive", self.box.path("all.tar"), f"{first.host}/all:latest")
        return held

    def done(self, *words):
        done = self.box.cosign_run(*words)
        self.assertEqual(done.code, 0, done)
        return done

    def attested(self, *image):
        """Two attestations of its tag, and a bundle."""
        found = self.done("verify-attestation", *KEY, *image)
        self.assertEqual(len(found.out.splitlines()), 3, found)
        found = self.done("verify-attestation", *KEY, "--type", "spdxjson", *image)
        self.assertEqual(len(found.out.splitlines()), 2, found)

    def test_one_image_with_both_kinds_of_signatures_and_attestations(self):
        held = self.one_image()
        suffixes = sorted(tag.partition(".")[2] for tag in held)
        self.assertEqual(suffixes, ["", "", "att", "sig"], "the image, the list of referrers, and two tags")
        self.assertEqual(sum(len(held[tag]) for tag in held if tag.startswith("sha256-")), 5, held)
        for place in ("all", "all.tar"):
            self.done("verify", *KEY, "--local-image", self.box.path(place))
            self.attested("--local-image", self.box.path(place))
        with registry.docker(self.box) as second:
            for flag, place in (("--dir", "all"), ("--archive", "all.tar")):
                repository = place.replace(".", "/")
                image = f"{second.host}/{repository}:latest"
                self.done("load", flag, self.box.path(place), *KEY, image)
                client = second.client()
                self.assertEqual({tag: self.entries(client, repository, tag) for tag in client.tags(repository)}, held)
                self.done("verify", *KEY, image)
                self.attested(image)
                real = os.environ.get("COSIGN_REFERENCE")
                for old in ("true", "false") if real else ():
                    for words in (["verify"], ["verify-attestation", "--type", "spdxjson"]):
                        done = self.box.run(real, *words, f"--new-bundle-format={old}", *KEY, image)
                        self.assertEqual(done.code, 0, done)


if __name__ == "__main__":
    unittest.main()
