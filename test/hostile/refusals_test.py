"""A registry that refuses or keeps silent while somebody signs: the right error, at once, and what to try instead.

Covers: issue 3, "Exit codes and errors" (immutable tag, wrong password). No registry here has immutable tags.
"""
import json
import os
import re
import threading
import unittest

from harness.liar import Liar
from harness.sandbox import FIXTURES, Sandbox

KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")


class RefusalsTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.box.variables["COSIGN_PASSWORD"] = "correct-horse"
        self.server = Liar("legacy-signature")
        self.addCleanup(self.server.stop)
        self.image = f"{self.server.host}/app@{self.server.digest}"

    def sign(self, *options, key="p256.key", env=None, timeout="100s"):
        return self.box.cosign_run("sign", "--key", f"{KEYS}/{key}", "--tlog-upload=false", "-a", "n=1", "-t", timeout,
                                   *options, self.image, env=env)

    # --- a tag that may not change

    def immutable(self, status, code, message):
        """The .sig tag can be read, and not written again."""
        body = json.dumps({"errors": [{"code": code, "message": message}]}).encode()

        def answer(handler):
            if handler.command == "PUT":
                return handler.reply(status, body, "application/json")
            return handler.honest()
        self.server.lies[self.server.signature] = answer

    def test_an_immutable_signature_tag_and_the_way_out(self):
        tag = os.path.basename(self.server.signature)
        for status, code, message in (
                (409, "TAG_IMMUTABLE", "tag is immutable"),
                (412, "PRECONDITION", f"Failed to process request due to 'app:{tag}' configured as immutable."),
                (400, "TAG_INVALID", f"The image tag '{tag}' already exists in the 'app' repository and cannot be "
                                     "overwritten because the repository is immutable.")):
            with self.subTest(status=status):
                self.immutable(status, code, message)
                puts = len(self.server.asked(self.server.signature, "PUT"))
                done = self.sign()
                self.assertEqual((done.code, done.out), (1, ""), done)
                self.assertRegex(done.err, r"(?m)^error: signing .* \(sig\) failed$")
                self.assertRegex(done.err, rf"(?m)^cause: the tag {re.escape(tag)} of .*/app is immutable: nothing can "
                                           rf"be added to it: .*HTTP {status}: {code}: ")
                self.assertRegex(done.err, r"(?m)^try: --signature-format bundle$")
                self.assertEqual(len(self.server.asked(self.server.signature, "PUT")), puts + 1, "tried once")
        done = self.sign("--signature-format", "bundle")
        self.assertEqual(done.code, 0, done)

    # --- a registry that does not answer keeps no error of the key back

    def test_an_error_of_the_key_does_not_wait_for_the_registry(self):
        over, asked = threading.Event(), threading.Event()

        def silent(_):
            asked.set()
            over.wait(60)
        self.server.lies["/v2/"] = silent
        self.addCleanup(over.set)
        done = self.sign(env={"COSIGN_PASSWORD": "wrong"})
        self.assertEqual((done.code, done.out), (1, ""), done)
        self.assertEqual(done.err.splitlines()[0], f"error: the password does not open {KEYS}/p256.key")
        self.assertNotIn("interrupted", done.err)
        self.assertLess(done.seconds, 30, done)
        self.assertTrue(asked.is_set(), "the registry was asked meanwhile")
        done = self.sign(key="nowhere.key")
        self.assertEqual(done.code, 1, done)
        self.assertEqual(done.err.splitlines()[0], f"error: key file not found: {KEYS}/nowhere.key")
        self.assertNotIn("interrupted", done.err)
        self.assertLess(done.seconds, 30, done)

    def test_with_the_right_key_the_silence_is_the_error(self):
        over = threading.Event()
        self.server.lies["/v2/"] = lambda _: over.wait(60)
        self.addCleanup(over.set)
        done = self.sign(timeout="2s")
        self.assertEqual(done.code, 1, done)
        self.assertRegex(done.err, r"(?m)^error: .*")
        self.assertNotIn("password", done.err)


if __name__ == "__main__":
    unittest.main()
