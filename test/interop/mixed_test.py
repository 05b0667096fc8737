"""Two signers with different programs, one after the other, on one image: neither disturbs what the other wrote.

Covers: issue 3, "the other way round"; cosign.md 2c and 2d, appending to the `.sig` tag and to the fallback index.
"""
import unittest

from harness import reference
from harness.interop import InteropCase, test_name

PAIRS = (("2.6.5", "ours"), ("3.1.2", "ours"), ("ours", "2.6.5"), ("ours", "3.1.2"))


class MixedTest(InteropCase):
    def both_are_read(self, form, first, second, readers):
        for kind in self.registries:
            with self.subTest(registry=kind):
                image = self.push(kind, f"mixed/{form}-{first}-{second}")
                self.sign(first, form, image, "p256", "-a", "by=first")
                self.sign(second, form, image, "p256", "-a", "by=second")
                for reader in readers:
                    self.two_entries(reader, image)

    def two_entries(self, reader, image):
        found = sorted(str(entry["optional"]) for entry in self.accepted(reader, image))
        self.assertEqual(found, ["{'by': 'first'}", "{'by': 'second'}"], reader)


def in_the_tag(first, second):
    def test(self):
        reference.need(first, second)
        real = first if second == "ours" else second
        self.both_are_read("sig", first, second, ("ours", real))
    return test


def among_the_referrers(first, second):
    def test(self):
        reference.need(first, second)
        self.both_are_read("bundle", first, second, ("ours", "3.1.2"))
    return test


for first, second in PAIRS:
    setattr(MixedTest, test_name("sig_by", first, "then", second), in_the_tag(first, second))
    if "2.6.5" not in (first, second):  # it writes no annotations into bundles
        setattr(MixedTest, test_name("bundle_by", first, "then", second), among_the_referrers(first, second))

if __name__ == "__main__":
    unittest.main()
