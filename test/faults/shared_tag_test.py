"""The tag that many write, when the registry or the way to it fails: it is read again, and never written blindly.

Covers: issue 3, "No signature is lost": 5xx means ask again; the transport never repeats this PUT; a failure returns to
the read.
"""
import json
import os
import unittest

from harness.liar import Liar
from harness.sandbox import FIXTURES, Sandbox

KEY = os.path.join(FIXTURES, "cosign-3.1.2", "keys", "p256.key")


class SharedTagTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.server = Liar("legacy-signature")
        self.addCleanup(self.server.stop)
        self.before = self.layers()

    def layers(self):
        return json.loads(self.server.content[self.server.signature][0])["layers"]

    def sign(self, lie, code=0):
        """Signs while `lie(handler, number)` answers the requests for the tag; number counts those of its method."""
        counts = {}

        def count(handler):
            with self.server.lock:
                number = counts[handler.command] = counts.get(handler.command, 0) + 1
            return lie(handler, number)

        self.server.lies = {self.server.signature: count}
        done = self.box.cosign_run("sign", "--key", KEY, "--tlog-upload=false", "-a", "new=yes",
                                   f"{self.server.host}/app@{self.server.digest}", env={"COSIGN_PASSWORD": "correct-horse"})
        self.server.lies = {}
        self.assertEqual(done.code, code, done)
        return done

    def calls(self):
        """The requests for the tag in their order, as "get put get"."""
        return " ".join(one[0].lower() for one in self.server.asked(self.server.signature))

    def check_both(self):
        now = self.layers()
        self.assertEqual(now[:len(self.before)], self.before, "what stood was changed")
        self.assertEqual(len(now), len(self.before) + 1)

    def test_an_answer_that_is_lost(self):
        """The write was carried out, on a kept connection that then closed: looked for, not written again."""
        def lie(handler, _):
            if handler.command != "PUT":
                return handler.honest()
            handler.wfile = open(os.devnull, "wb")  # carried out, and nobody hears of it
            handler.close_connection = True
            return handler.honest()
        self.sign(lie)
        self.assertEqual(self.calls().count("put"), 1, self.calls())
        self.assertRegex(self.calls(), r"put( get)+$")
        self.check_both()

    def test_a_write_that_is_lost(self):
        """It was not carried out: read again, then written again."""
        def lie(handler, number):
            if handler.command == "PUT" and number == 1:
                handler.close_connection = True
                return None
            return handler.honest()
        self.sign(lie)
        self.assertRegex(self.calls(), r"put( get)+ put( get)+$")
        self.assertEqual(self.calls().count("put"), 2, self.calls())
        self.check_both()

    def test_a_write_that_is_refused_for_now(self):
        def lie(handler, number):
            if handler.command == "PUT" and number <= 2:
                return handler.reply(503, b"", "text/plain")
            return handler.honest()
        self.sign(lie)
        self.assertEqual(self.calls().count("put"), 3, self.calls())
        self.assertNotIn("put put", self.calls())
        self.check_both()

    def test_a_read_that_fails_for_a_while(self):
        """Of the look-up and of the writer: 5xx is never "absent", which would drop what stands."""
        for status in (500, 502, 503, 429):
            with self.subTest(status=status):
                self.server.load(os.path.join(FIXTURES, "cosign-3.1.2", "images", "legacy-signature"))
                def lie(handler, number, status=status):
                    if handler.command == "GET" and number in (1, 3):
                        return handler.reply(status, b"", "text/plain", Retry_After="0")
                    return handler.honest()
                self.sign(lie)
                self.check_both()

    def test_a_read_that_fails_for_good(self):
        done = self.sign(lambda handler, _: handler.reply(503, b"", "text/plain", Retry_After="0"), code=1)
        self.assertRegex(done.err, r"(?m)^error: ")
        self.assertNotIn("put", self.calls())

    def test_a_404_of_one_replica(self):
        """The look-up is told the truth, and the writer's first read is not."""
        def lie(handler, number):
            if handler.command == "GET" and number == 2:
                return handler.reply(404, b'{"errors":[{"code":"MANIFEST_UNKNOWN"}]}', "application/json")
            return handler.honest()
        self.sign(lie)
        self.check_both()


if __name__ == "__main__":
    unittest.main()
