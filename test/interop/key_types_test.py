"""Every type of key, in both forms: what ours signs is verified by real cosign with no flag, and the other way round.

Covers: issue 3, "Algorithms"; cosign.md 2a, the table of key types, and point 26 of section 5.
"""
import unittest

from harness import reference
from harness.interop import InteropCase, test_name

KEYS = ("p256", "p384", "p521", "rsa2048", "rsa4096", "ed25519")
# What real cosign signs and does not verify itself without more flags: it signs with the curve's own digest and with
# Ed25519ph, and verifies with SHA-256 and pure Ed25519.
NOT_READ_BY_ITSELF = {"p384", "p521", "ed25519"}


class KeyTypesTest(InteropCase):
    KINDS = ("referrers API",)

    def each_key(self, check):
        for key in KEYS:
            with self.subTest(key=key):
                check(key)

    def options(self, form, reader):
        return self.trusted_root() if (reader, form) == ("2.6.5", "bundle") else []

    def of_ours(self, form, reader, key):
        self.accepted(reader, self.image("ours", form, *self.KINDS, key), key, *self.options(form, reader))

    def of_real(self, form, writer, key):
        image = self.image(writer, form, *self.KINDS, key)
        self.accepted("ours", image, key)
        if key in NOT_READ_BY_ITSELF:
            done = self.read(writer, image, key, *self.options(form, writer))
            self.assertNotEqual(done.code, 0, done)


def of_ours(form, reader):
    def test(self):
        reference.need(reader)
        self.each_key(lambda key: self.of_ours(form, reader, key))
    return test


def of_real(form, writer):
    def test(self):
        reference.need(writer)
        self.each_key(lambda key: self.of_real(form, writer, key))
    return test


for form in ("sig", "bundle"):
    for reader in ("ours", "3.1.2", "2.6.5"):
        setattr(KeyTypesTest, test_name(form, "by_ours_read_by", reader), of_ours(form, reader))
    for writer in ("3.1.2", "2.6.5"):
        setattr(KeyTypesTest, test_name(form, "by", writer, "read_by_ours"), of_real(form, writer))

if __name__ == "__main__":
    unittest.main()
