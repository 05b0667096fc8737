"""Who reads what was written: every form by every writer, read by every reader, with the guide's line, offline.

The table "written x reader" of docs/parity.md: one test a cell, each on three registries. Covers: issue 3, "what they
write is read by real cosign 2.6.5 and 3.1.2, and the other way round" and "Format".
"""
import unittest

from harness import reference
from harness.interop import WRITE, InteropCase, test_name

READERS = ("ours", "3.1.2", "2.6.5")
# Who accepts a form with the guide's line, `verify --key K --insecure-ignore-tlog=true`, and no network. 2.6.5 finds
# the bundle first and then asks for a trusted root, also where a .sig stands beside it.
READ_BY = {"sig": {"ours", "3.1.2", "2.6.5"}, "bundle": {"ours", "3.1.2"}, "both": {"ours", "3.1.2"}}
NO_ROOT = "trusted root is required when using new bundle format"


class ReadersTest(InteropCase):
    def check(self, writer, form, reader):
        for kind in self.registries:
            with self.subTest(registry=kind):
                image = self.image(writer, form, kind)
                if reader in READ_BY[form]:
                    self.accepted(reader, image)
                    continue
                self.refused(reader, image, NO_ROOT)
                self.refused(reader, image, NO_ROOT, "p256", "--new-bundle-format=false")
                self.accepted(reader, image, "p256", *self.trusted_root())


def cell(writer, form, reader):
    def test(self):
        reference.need(writer, reader)
        self.check(writer, form, reader)
    return test


for writer in WRITE:
    for form in WRITE[writer]:
        for reader in READERS:
            setattr(ReadersTest, test_name(form, "by", writer, "read_by", reader), cell(writer, form, reader))


class AnnotationsTest(InteropCase):
    """`-a` is written and asked for alike, but for bundles of 2.6.5: it writes none into them, and asks for none."""
    KINDS = ("referrers API",)

    def check(self, writer, form, reader):
        image = self.image(writer, form, *self.KINDS, "p256", "-a", "env=prod")
        self.assertEqual(self.accepted(reader, image, "p256", "-a", "env=prod")[0]["optional"], {"env": "prod"})
        done = self.read(reader, image, "p256", "-a", "env=test")
        self.assertNotEqual(done.code, 0, done)

    def test_ours_by_3_1_2(self):
        self.check("ours", "sig", "3.1.2")
        self.check("ours", "bundle", "3.1.2")

    def test_ours_by_2_6_5(self):
        self.check("ours", "sig", "2.6.5")
        image = self.image("ours", "bundle", *self.KINDS, "p256", "-a", "env=prod")
        self.accepted("2.6.5", image, "p256", *self.trusted_root(), "-a", "env=test")

    def test_3_1_2_by_ours(self):
        self.check("3.1.2", "sig", "ours")
        self.check("3.1.2", "bundle", "ours")

    def test_2_6_5_by_ours(self):
        self.check("2.6.5", "sig", "ours")
        image = self.image("2.6.5", "bundle", *self.KINDS, "p256", "-a", "env=prod")
        self.assertEqual(self.accepted("ours", image)[0]["optional"], {})
        self.refused("ours", image, "missing or incorrect annotation env", "p256", "-a", "env=prod")


class OtherRepositoryTest(InteropCase):
    """COSIGN_REPOSITORY: signatures in a repository of their own, with and without the referrers API."""

    def check(self, writer, form, reader):
        reference.need(writer, reader)
        for kind, server in self.registries.items():
            with self.subTest(registry=kind):
                name = f"elsewhere/{writer}-{form}-{reader}"
                self.box.variables["COSIGN_REPOSITORY"] = f"{server.host}/{name}-signatures"
                self.addCleanup(self.box.variables.pop, "COSIGN_REPOSITORY", None)
                image = self.push(kind, name)
                self.sign(writer, form, image)
                self.accepted(reader, image)
                del self.box.variables["COSIGN_REPOSITORY"]
                self.refused(reader, image, "no signatures found")

    def test_ours_by_ours(self):
        self.check("ours", "both", "ours")

    def test_ours_by_3_1_2(self):
        self.check("ours", "sig", "3.1.2")
        self.check("ours", "bundle", "3.1.2")

    def test_ours_by_2_6_5(self):
        self.check("ours", "sig", "2.6.5")

    def test_3_1_2_by_ours(self):
        self.check("3.1.2", "sig", "ours")
        self.check("3.1.2", "bundle", "ours")

    def test_2_6_5_by_ours(self):
        self.check("2.6.5", "sig", "ours")


class OlderReferrersTest(InteropCase):
    """`--registry-referrers-mode=oci-1-1` of real cosign: the payloads of a .sig, in a referrer. It reads them only
    with `--experimental-oci11`; ours does always, and does not take them for the bundle that is asked for."""
    OPTIONS = ("--registry-referrers-mode=oci-1-1", "-a", "env=prod")

    def check(self, writer):
        reference.need(writer)
        self.box.variables["COSIGN_EXPERIMENTAL"] = "1"
        self.addCleanup(self.box.variables.pop, "COSIGN_EXPERIMENTAL")
        for kind in self.registries:
            with self.subTest(registry=kind):
                image = self.image(writer, "sig", kind, "p256", *self.OPTIONS)
                self.accepted(writer, image, "p256", "--experimental-oci11")
                entries = self.accepted("ours", image, "p256", "-a", "env=prod")
                self.assertEqual(entries[0]["critical"]["type"], "cosign container image signature")
                self.sign("ours", "bundle", image, "p256", "-a", "env=prod")
                self.accepted("3.1.2", image, "p256", "-a", "env=prod")

    def test_by_3_1_2(self):
        self.check("3.1.2")

    def test_by_2_6_5(self):
        reference.need("3.1.2")
        self.check("2.6.5")


if __name__ == "__main__":
    unittest.main()
