"""What real cosign 2.6.5 and 3.1.2 wrote is read by ours, as test/interop/testdata/README.md says.

Covers: issue 3, "All keys in fixtures can be used", "sign and verify against what real cosign wrote".
"""
import json
import os
import unittest

from harness import oci, registry
from harness.sandbox import FIXTURES, Sandbox

VERSIONS = ("2.6.5", "3.1.2")
IGNORE_LOG = "--insecure-ignore-tlog=true"
PASSWORDS = {"p256-empty-password": 1, "p256-utf8-password": 2}


def images(version):
    return os.path.join(FIXTURES, f"cosign-{version}", "images")


def key(version, name):
    return os.path.join(FIXTURES, f"cosign-{version}", "keys", name)


def password_of(version, name):
    with open(key(version, "passwords.txt"), encoding="utf-8") as file:
        return file.read().split("\n")[PASSWORDS.get(name, 0)]


class FixturesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        loads = []
        for version in VERSIONS:
            for name in sorted(os.listdir(images(version))):
                loads += ["--load", f"{images(version)}/{name}={version}/{name}"]
        cls.registry = registry.ours(cls.box, *loads)
        cls.addClassCleanup(cls.registry.stop)

    def verify(self, version, image, public_key, *options, reference=":latest"):
        return self.box.cosign_run("verify", "--key", key(version, public_key + ".pub"), IGNORE_LOG, *options,
                                   f"{self.registry.host}/{version}/{image}{reference}")

    def each_version(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                yield version

    def accepted(self, done):
        self.assertEqual(done.code, 0, done)
        entries = json.loads(done.out)
        self.assertTrue(entries, done)
        return entries

    def refused(self, done, code):
        self.assertEqual(done.code, code, done)
        self.assertEqual(done.out, "", done)

    def test_legacy_signature(self):
        for version in self.each_version():
            entries = self.accepted(self.verify(version, "legacy-signature", "p256"))
            self.assertEqual(entries[0]["optional"], {"env": "prod", "who": "a&b<c>"})
            self.assertEqual(entries[0]["critical"]["type"], "cosign container image signature")
            self.accepted(self.verify(version, "legacy-signature", "p256", "-a", "env=prod", "-a", "who=a&b<c>"))
            self.refused(self.verify(version, "legacy-signature", "p256", "-a", "env=test"), 12)
            self.refused(self.verify(version, "legacy-signature", "p384"), 12)

    def test_two_keys(self):
        for version in self.each_version():
            first = self.accepted(self.verify(version, "legacy-two-keys", "p256"))
            second = self.accepted(self.verify(version, "legacy-two-keys", "p384"))
            self.assertEqual([e["optional"] for e in first + second], [{"n": "1"}, {"n": "2"}])

    def test_rsa(self):
        for version in self.each_version():
            self.accepted(self.verify(version, "legacy-rsa", "rsa2048"))

    def test_bundle_signature(self):
        for version in self.each_version():
            entries = self.accepted(self.verify(version, "bundle-signature", "p256", "-a", "env=prod"))
            self.assertEqual(entries[0]["critical"]["type"], "https://sigstore.dev/cosign/sign/v1")
            self.refused(self.verify(version, "bundle-signature", "p256", "-a", "env=test"), 12)
            self.refused(self.verify(version, "bundle-signature", "p384"), 12)

    def test_an_attestation_is_no_signature(self):
        for version in self.each_version():
            done = self.verify(version, "bundle-attestation-only", "p256")
            self.refused(done, 10)
            self.assertIn("https://spdx.dev/Document", done.err)
            self.refused(self.verify(version, "legacy-attestations", "p256"), 10)

    def test_both_formats_are_one_entry(self):
        for version in self.each_version():
            entries = self.accepted(self.verify(version, "legacy-and-bundle", "p256"))
            self.assertEqual(entries[0]["critical"]["type"], "cosign container image signature")

    def test_every_part_of_a_recursive_index(self):
        for version in self.each_version():
            folder = os.path.join(images(version), "legacy-recursive-index")
            top = oci.layout_tags(folder)["latest"]
            index = json.loads(oci.read(folder, "blobs", *top.split(":")))
            for digest in [top] + [child["digest"] for child in index["manifests"]]:
                self.accepted(self.verify(version, "legacy-recursive-index", "p256", reference="@" + digest))

    def test_unsigned(self):
        for version in self.each_version():
            self.refused(self.verify(version, "unsigned", "p256"), 10)

    def test_a_tag_that_is_not_there(self):
        for version in self.each_version():
            self.refused(self.verify(version, "unsigned", "p256", reference=":nothing"), 11)


class KeysTest(unittest.TestCase):
    """Every key file opens with its password, has its public key, and signs what verifies."""

    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.registry = registry.ours(cls.box)
        cls.addClassCleanup(cls.registry.stop)

    def each_key(self):
        for version in VERSIONS:
            for name in sorted(os.listdir(key(version, ""))):
                if name.endswith(".key"):
                    with self.subTest(version=version, key=name):
                        yield version, name.removesuffix(".key")

    def test_public_key(self):
        for version, name in self.each_key():
            done = self.box.cosign_run("public-key", "--key", key(version, name + ".key"),
                                       env={"COSIGN_PASSWORD": password_of(version, name)})
            self.assertEqual(done.code, 0, done)
            with open(key(version, name + ".pub"), encoding="utf-8") as file:
                self.assertEqual(done.out.strip(), file.read().strip())

    def test_wrong_password(self):
        done = self.box.cosign_run("public-key", "--key", key("3.1.2", "p256.key"), env={"COSIGN_PASSWORD": "wrong"})
        self.assertEqual((done.code, done.out), (1, ""), done)

    def test_sign_and_verify_in_both_formats(self):
        for version, name in self.each_key():
            for form in ("sig", "bundle"):
                repository = f"{version}/{name}/{form}"
                digest = self.registry.client().push_image(repository)
                image = f"{self.registry.host}/{repository}@{digest}"
                signed = self.box.cosign_run("sign", "--key", key(version, name + ".key"), "--tlog-upload=false",
                                             f"--new-bundle-format={'true' if form == 'bundle' else 'false'}", image,
                                             env={"COSIGN_PASSWORD": password_of(version, name)})
                self.assertEqual(signed.code, 0, signed)
                verified = self.box.cosign_run("verify", "--key", key(version, name + ".pub"), IGNORE_LOG, image)
                self.assertEqual(verified.code, 0, verified)


if __name__ == "__main__":
    unittest.main()
