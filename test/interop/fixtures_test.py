"""What real cosign 2.6.5 and 3.1.2 wrote is read by ours, as test/interop/testdata/README.md says.

Covers: issue 3, "All keys in fixtures can be used", "also those real `save` wrote", and reading what real ones wrote.
"""
import base64
import functools
import json
import os
import unittest

from harness import oci, registry
from harness.sandbox import FIXTURES, Sandbox

VERSIONS = ("2.6.5", "3.1.2")
IGNORE_LOG = "--insecure-ignore-tlog=true"
PASSWORDS = {"p256-empty-password": 1, "p256-utf8-password": 2}


def folder(version, kind, name=""):
    return os.path.join(FIXTURES, f"cosign-{version}", kind, name)


def password_of(name):
    with open(os.path.join(FIXTURES, "cosign-3.1.2", "keys", "passwords.txt"), encoding="utf-8") as file:
        return file.read().split("\n")[PASSWORDS.get(name, 0)]


def each_version(test):
    """A test that is run once for each version, as its argument."""
    @functools.wraps(test)
    def run(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                test(self, version)
    return run


class FixturesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        loads = []
        for version in VERSIONS:
            for name in sorted(os.listdir(folder(version, "images"))):
                loads += ["--load", f"{folder(version, 'images', name)}={version}/{name}"]
        cls.registry = registry.ours(cls.box, *loads)
        cls.addClassCleanup(cls.registry.stop)

    def verify(self, version, image, public_key, *options, reference=":latest"):
        return self.box.cosign_run("verify", "--key", folder(version, "keys", public_key + ".pub"), IGNORE_LOG,
                                   *options, f"{self.registry.host}/{version}/{image}{reference}")

    def verify_saved(self, version, name, public_key):
        return self.box.cosign_run("verify", "--key", folder(version, "keys", public_key + ".pub"), IGNORE_LOG,
                                   "--local-image", folder(version, "saved", name))

    def accepted(self, done):
        self.assertEqual(done.code, 0, done)
        entries = json.loads(done.out)
        self.assertTrue(entries, done)
        return entries

    def refused(self, done, code):
        self.assertEqual(done.code, code, done)
        self.assertEqual(done.out, "", done)

    @each_version
    def test_legacy_signature(self, version):
        entries = self.accepted(self.verify(version, "legacy-signature", "p256"))
        self.assertEqual(entries[0]["optional"], {"env": "prod", "who": "a&b<c>"})
        self.assertEqual(entries[0]["critical"]["type"], "cosign container image signature")
        self.accepted(self.verify(version, "legacy-signature", "p256", "-a", "env=prod", "-a", "who=a&b<c>"))
        self.refused(self.verify(version, "legacy-signature", "p256", "-a", "env=test"), 12)
        self.refused(self.verify(version, "legacy-signature", "p384"), 12)

    @each_version
    def test_two_keys(self, version):
        first = self.accepted(self.verify(version, "legacy-two-keys", "p256"))
        second = self.accepted(self.verify(version, "legacy-two-keys", "p384"))
        self.assertEqual([e["optional"] for e in first + second], [{"n": "1"}, {"n": "2"}])

    @each_version
    def test_rsa(self, version):
        self.accepted(self.verify(version, "legacy-rsa", "rsa2048"))

    @each_version
    def test_bundle_signature(self, version):
        entries = self.accepted(self.verify(version, "bundle-signature", "p256"))
        self.assertEqual(entries[0]["critical"]["type"], "https://sigstore.dev/cosign/sign/v1")
        self.refused(self.verify(version, "bundle-signature", "p256", "-a", "env=test"), 12)
        self.refused(self.verify(version, "bundle-signature", "p384"), 12)

    def test_annotations_in_a_bundle(self):
        """2.6.5 was given `-a env=prod` too, but does not write annotations into bundles."""
        self.accepted(self.verify("3.1.2", "bundle-signature", "p256", "-a", "env=prod"))
        self.refused(self.verify("2.6.5", "bundle-signature", "p256", "-a", "env=prod"), 12)

    @each_version
    def test_an_attestation_is_no_signature(self, version):
        done = self.verify(version, "bundle-attestation-only", "p256")
        self.refused(done, 10)
        self.assertIn("https://spdx.dev/Document", done.err)
        self.refused(self.verify(version, "legacy-attestations", "p256"), 10)

    def verify_attestation(self, version, image, public_key, *options):
        return self.box.cosign_run("verify-attestation", "--key", folder(version, "keys", public_key + ".pub"), IGNORE_LOG,
                                   *options, f"{self.registry.host}/{version}/{image}:latest")

    def attested(self, done):
        self.assertEqual(done.code, 0, done)
        return [json.loads(base64.b64decode(json.loads(line)["payload"]))["predicateType"]
                for line in done.out.splitlines()]

    @each_version
    def test_attestations(self, version):
        spdx, custom = "https://spdx.dev/Document", "https://cosign.sigstore.dev/attestation/v1"
        self.assertEqual(self.attested(self.verify_attestation(version, "legacy-attestations", "p256")), [spdx, custom])
        for image in ("legacy-attestations", "bundle-attestation-only"):
            done = self.verify_attestation(version, image, "p256", "--type", "spdxjson")
            self.assertEqual(self.attested(done), [spdx])
            self.refused(self.verify_attestation(version, image, "p256", "--type", "vuln"), 12)
            self.refused(self.verify_attestation(version, image, "p384"), 12)

    @each_version
    def test_a_signature_is_no_attestation(self, version):
        for image in ("legacy-signature", "legacy-two-keys", "legacy-rsa", "bundle-signature", "legacy-and-bundle",
                      "legacy-recursive-index", "unsigned"):
            with self.subTest(image=image):
                self.refused(self.verify_attestation(version, image, "p256"), 10)

    @each_version
    def test_both_formats_are_one_entry(self, version):
        entries = self.accepted(self.verify(version, "legacy-and-bundle", "p256"))
        self.assertEqual(entries[0]["critical"]["type"], "cosign container image signature")

    @each_version
    def test_every_part_of_a_recursive_index(self, version):
        layout = folder(version, "images", "legacy-recursive-index")
        top = oci.layout_tags(layout)["latest"]
        index = json.loads(oci.read(layout, "blobs", *top.split(":")))
        for digest in [top] + [child["digest"] for child in index["manifests"]]:
            self.accepted(self.verify(version, "legacy-recursive-index", "p256", reference="@" + digest))

    @each_version
    def test_unsigned(self, version):
        self.refused(self.verify(version, "unsigned", "p256"), 10)

    @each_version
    def test_a_tag_that_is_not_there(self, version):
        self.refused(self.verify(version, "unsigned", "p256", reference=":nothing"), 11)

    @each_version
    def test_saved_layouts(self, version):
        """Multi-platform ones with bundles too, which real cosign saves and does not find again."""
        for name in sorted(os.listdir(folder(version, "saved"))):
            with self.subTest(saved=name):
                self.accepted(self.verify_saved(version, name, "p256"))
                self.refused(self.verify_saved(version, name, "rsa2048"), 12)


class KeysTest(unittest.TestCase):
    """Every key file opens with its password, has its public key, and signs what verifies."""

    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.registry = registry.ours(cls.box)
        cls.addClassCleanup(cls.registry.stop)

    def each_key(self, check):
        """`cosign-1` has the old label and the old cost."""
        for version in ("1", *VERSIONS):
            for name in sorted(os.listdir(folder(version, "keys"))):
                if name.endswith(".key"):
                    with self.subTest(version=version, key=name):
                        check(version, name.removesuffix(".key"))

    def public_key(self, version, name):
        done = self.box.cosign_run("public-key", "--key", folder(version, "keys", name + ".key"),
                                   env={"COSIGN_PASSWORD": password_of(name)})
        self.assertEqual(done.code, 0, done)
        with open(folder(version, "keys", name + ".pub"), encoding="utf-8") as file:
            self.assertEqual(done.out, file.read())

    def test_public_key(self):
        self.each_key(self.public_key)

    def test_wrong_password(self):
        done = self.box.cosign_run("public-key", "--key", folder("3.1.2", "keys", "p256.key"),
                                   env={"COSIGN_PASSWORD": "wrong"})
        self.assertEqual((done.code, done.out), (1, ""), done)

    def sign_and_verify(self, version, name):
        for form in ("sig", "bundle"):
            repository = f"{version}/{name}/{form}"
            digest = self.registry.client().push_image(repository)
            image = f"{self.registry.host}/{repository}@{digest}"
            signed = self.box.cosign_run("sign", "--key", folder(version, "keys", name + ".key"),
                                         "--tlog-upload=false", "--signature-format", form, image,
                                         env={"COSIGN_PASSWORD": password_of(name)})
            self.assertEqual(signed.code, 0, signed)
            verified = self.box.cosign_run("verify", "--key", folder(version, "keys", name + ".pub"), IGNORE_LOG, image)
            self.assertEqual(verified.code, 0, verified)

    def test_sign_and_verify_in_both_formats(self):
        self.each_key(self.sign_and_verify)


if __name__ == "__main__":
    unittest.main()
