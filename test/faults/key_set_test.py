"""Many at once on one key set, and on one file that remembers what was seen: nothing is lost, nothing goes back.

Covers: issue 6, item 5, "rolled back"; docs/formats/key-set.md.
"""
import json
import os
import unittest
from concurrent.futures import ThreadPoolExecutor

from harness.interop import KEYS
from harness.sandbox import Sandbox

NAMES = ("p256", "p384", "p521", "rsa2048", "rsa4096", "ed25519", "p256-empty-password", "p256-utf8-password")


class KeySetTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)

    def keyset(self, *argv):
        return self.box.cosign_run("keyset", *argv)

    def good(self, *argv):
        done = self.keyset(*argv)
        self.assertEqual(done.code, 0, done)
        return done

    def at_once(self, lines):
        with ThreadPoolExecutor(len(lines)) as pool:
            return list(pool.map(lambda line: self.keyset(*line), lines))

    def test_changes_do_not_undo_each_other(self):
        self.good("create", "k.json")
        done = self.at_once([("add", "--key", os.path.join(KEYS, f"{name}.pub"), "k.json") for name in NAMES])
        self.assertEqual([one.code for one in done], [0] * len(NAMES), done)
        found = json.loads(self.box.read("k.json"))
        self.assertEqual(found["version"], 1 + len(NAMES))
        self.assertEqual({key["name"] for key in found["keys"]}, set(NAMES))

    def test_what_was_seen_never_goes_back(self):
        versions = range(1, 9)
        self.good("create", "k.json")
        plain = json.loads(self.box.read("k.json"))
        for version in versions:
            self.box.write(f"{version}.json", json.dumps(plain | {"version": version}))
        for _ in range(5):
            done = self.at_once([("show", "--check", "--keyset-state", "seen", f"{v}.json") for v in versions])
            accepted = [v for v, one in zip(versions, done) if one.code == 0]
            self.assertIn(max(versions), accepted)
            self.assertEqual(json.loads(self.box.read("seen"))["version"], max(versions))
            os.remove(self.box.path("seen"))

    def test_a_state_that_cannot_be_kept_is_an_error(self):
        self.good("create", "k.json")
        done = self.keyset("show", "--check", "--keyset-state", "no/such/folder/seen", "k.json")
        self.assertEqual(done.code, 1, done)
        self.assertIn("the version of the key set cannot be remembered in no/such/folder/seen", done.err)


if __name__ == "__main__":
    unittest.main()
