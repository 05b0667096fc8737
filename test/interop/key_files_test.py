"""Key files go both ways: ours opened and used by real cosign, theirs by ours.

Covers: issue 3, "the real key file format both ways"; cosign.md 2a, and point 25 of section 5 (piped passwords).
"""
import os
import unittest

from harness import reference, registry
from harness.interop import WRITE
from harness.sandbox import FIXTURES, Sandbox

IGNORE_LOG = "--insecure-ignore-tlog=true"
OLD_KEY = os.path.join(FIXTURES, "cosign-1", "keys", "p256.key")


class KeyFilesTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)

    def good(self, *argv, **options):
        done = self.box.run(*argv, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def make(self, maker, **options):
        self.good(reference.program(maker), "generate-key-pair", **options)
        self.assertEqual(os.stat(self.box.path("cosign.key")).st_mode & 0o777, 0o600)
        return self.box.path("cosign.key"), self.box.read("cosign.pub")

    def opens(self, opener, key, expected, **options):
        done = self.good(reference.program(opener), "public-key", "--key", key, **options)
        self.assertEqual(done.out, expected)

    def signs(self, signer, verifier, password):
        """The pair cosign.key and cosign.pub, used by one program and then by another."""
        with registry.ours(self.box) as server:
            image = f"{server.host}/app@{server.client().push_image('app')}"
            self.good(reference.program(signer), "sign", "--key", "cosign.key", *WRITE[signer]["sig"][0],
                      "--tlog-upload=false", "-y", image, env={"COSIGN_PASSWORD": password})
            self.good(reference.program(verifier), "verify", "--key", "cosign.pub", IGNORE_LOG, image)

    def check(self, maker, user):
        reference.need(maker, user)
        for password in ("correct-horse", "", "пароль 🔑"):
            with self.subTest(password=password):
                variables = {"COSIGN_PASSWORD": password}
                key, public = self.make(maker, env=variables)
                self.opens(user, key, public, env=variables)
                os.remove(key)  # real cosign asks before it overwrites
                os.remove(self.box.path("cosign.pub"))
        self.make(maker, env=variables)
        self.signs(user, maker, password)

    def test_ours_used_by_3_1_2(self):
        self.check("ours", "3.1.2")

    def test_ours_used_by_2_6_5(self):
        self.check("ours", "2.6.5")

    def test_3_1_2_used_by_ours(self):
        self.check("3.1.2", "ours")

    def test_2_6_5_used_by_ours(self):
        self.check("2.6.5", "ours")

    def piped_there(self, maker):
        """`echo` to real cosign makes a password that ends in a newline; `echo` to ours opens that key, and so does
        the variable with that very newline."""
        key, public = self.make(maker, input="word\n")
        self.opens("ours", key, public, input="word\n")
        self.opens("ours", key, public, env={"COSIGN_PASSWORD": "word\n"})

    def test_password_piped_to_3_1_2(self):
        self.piped_there("3.1.2")

    def test_password_piped_to_2_6_5(self):
        self.piped_there("2.6.5")

    def piped_here(self, user):
        """`echo` to ours makes the password without the newline: real cosign opens it from the variable."""
        reference.need(user)
        key, public = self.make("ours", input="word\n")
        self.opens("ours", key, public, input="word\n")
        self.opens("ours", key, public, input="word")
        self.opens(user, key, public, env={"COSIGN_PASSWORD": "word"})

    def test_password_piped_to_ours_then_3_1_2(self):
        self.piped_here("3.1.2")

    def test_password_piped_to_ours_then_2_6_5(self):
        self.piped_here("2.6.5")

    def old_form(self, opener):
        """The label and the cost of cosign 1."""
        with open(OLD_KEY, encoding="utf-8") as file:
            self.assertIn("ENCRYPTED COSIGN PRIVATE KEY", file.read())
        with open(OLD_KEY.replace(".key", ".pub"), encoding="utf-8") as file:
            self.opens(opener, OLD_KEY, file.read(), env={"COSIGN_PASSWORD": "correct-horse"})

    def test_old_form_by_ours(self):
        self.old_form("ours")

    def test_old_form_by_3_1_2(self):
        self.old_form("3.1.2")

    def test_old_form_by_2_6_5(self):
        self.old_form("2.6.5")


if __name__ == "__main__":
    unittest.main()
