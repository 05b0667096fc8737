"""What is signed under a key set is for real cosign, too, by the public key in it; and of several keys given to it the
last counts, where here any may verify.

Covers: issue 6, item 5, "real cosign verifies what they signed"; docs/parity.md, verify.
"""
import json
import os
import unittest

from harness import reference, registry
from harness.interop import KEYS, PASSWORD, WRITE
from harness.sandbox import Sandbox

IGNORE_LOG = "--insecure-ignore-tlog=true"


def key(name, ending="pub"):
    return os.path.join(KEYS, f"{name}.{ending}")


class KeySetsTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.box.variables |= {"COSIGN_PASSWORD": PASSWORD}
        self.server = registry.ours(self.box)
        self.addCleanup(self.server.stop)
        self.image = f"{self.server.host}/team/app@{self.server.client().push_image('team/app')}"

    def good(self, *argv, **options):
        done = self.box.run(*argv, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def ours(self, *argv):
        return self.good(reference.program("ours"), *argv)

    def make_set(self, *names):
        """Signed by one root, as the file of the set."""
        self.ours("keyset", "create", "--root", key("rsa2048"), "keyset.json")
        for name in names:
            self.ours("keyset", "add", "--key", key(name), "keyset.json")
        self.ours("keyset", "sign", "--key", key("rsa2048", "key"), "keyset.json")
        return self.box.path("keyset.json")

    def exported(self, name):
        """The public key as it stands in the set."""
        shown = json.loads(self.ours("keyset", "show", "-o", "json", "keyset.json").out)
        self.assertTrue(shown["trusted"], shown)
        pem = next(one["publicKey"] for one in shown["keys"] if one["name"] == name)
        self.box.write("exported.pub", pem)
        return self.box.path("exported.pub")

    def check(self, other):
        reference.need(other)
        self.make_set("p256", "rsa4096")
        root = ["--keyset-root", key("rsa2048")]
        self.ours("sign", "--key", key("p256", "key"), "--keyset", "keyset.json", *root, "--tlog-upload=false", self.image)
        self.box.write("blob", "text")
        self.ours("sign-blob", "--key", key("p256", "key"), "--keyset", "keyset.json", *root, "--tlog-upload=false",
                  "--output-signature", "blob.sig", "blob")
        public = self.exported("p256")
        self.good(reference.program(other), "verify", "--key", public, IGNORE_LOG, self.image)
        self.good(reference.program(other), "verify-blob", "--key", public, IGNORE_LOG, "--signature", "blob.sig", "blob")
        # One signature by ours and one by the other are two.
        self.good(reference.program(other), "sign", "--key", key("rsa4096", "key"), *WRITE[other]["sig"][0],
                  "--tlog-upload=false", "-y", self.image)
        report = json.loads(self.ours("verify", "--key", "keyset.json", *root, "--threshold", "2", IGNORE_LOG, "-o", "report",
                                      self.image).out)
        self.assertEqual(len(report["images"][0]["threshold"]["keys"]), 2)

    def test_3_1_2(self):
        self.check("3.1.2")

    def test_2_6_5(self):
        self.check("2.6.5")

    def last_key_counts(self, other):
        reference.need(other)
        self.ours("sign", "--key", key("p256", "key"), "--tlog-upload=false", self.image)
        right, wrong = ["--key", key("p256")], ["--key", key("rsa2048")]
        self.good(reference.program(other), "verify", *wrong, *right, IGNORE_LOG, self.image)
        done = self.box.run(reference.program(other), "verify", *right, *wrong, IGNORE_LOG, self.image)
        self.assertNotEqual(done.code, 0, done)
        for line in (right + wrong, wrong + right):
            self.ours("verify", *line, IGNORE_LOG, self.image)

    def test_last_key_counts_in_3_1_2(self):
        self.last_key_counts("3.1.2")

    def test_last_key_counts_in_2_6_5(self):
        self.last_key_counts("2.6.5")


if __name__ == "__main__":
    unittest.main()
