"""A registry that is told to stop: what is under way is finished, and what was acknowledged stays.

Covers: issue 3, "registry serve"; an interrupted run.
"""
import hashlib
import os
import signal
import socket
import time
import unittest

from harness import registry
from harness.sandbox import Sandbox

BODY = b"half of it, and the other half"


class StopTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.server = registry.ours(self.box, "--dir", self.box.path("registry"))
        self.addCleanup(self.server.stop)

    def half_an_upload(self):
        digest = hashlib.sha256(BODY).hexdigest()
        head = (f"POST /v2/app/blobs/uploads/?digest=sha256:{digest} HTTP/1.1\r\nHost: {self.server.host}\r\n"
                f"Content-Length: {len(BODY)}\r\n\r\n").encode()
        host, port = self.server.host.split(":")
        connection = socket.create_connection((host, int(port)), 30)
        connection.sendall(head + BODY[:10])
        time.sleep(0.3)  # until the registry is at it
        return connection

    def test_a_request_under_way_is_answered(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number):
                connection = self.half_an_upload()
                self.server.process.send_signal(number)
                time.sleep(0.5)
                self.assertIsNone(self.server.process.poll(), "it did not wait")
                with self.assertRaises(OSError, msg="it still takes others"):
                    socket.create_connection(connection.getpeername(), 5)
                connection.sendall(BODY[10:])
                answer = connection.makefile("rb").read()
                self.assertRegex(answer, rb"\AHTTP/1\.1 201 ")
                self.assertIn(b"\r\nConnection: close\r\n", answer)
                self.assertEqual(self.server.process.wait(30), 0)
                self.server = registry.ours(self.box, "--dir", self.box.path("registry"))
                self.addCleanup(self.server.stop)
                digest = "sha256:" + hashlib.sha256(BODY).hexdigest()
                self.assertEqual(self.server.client().blob("app", digest), BODY)

    def test_nobody_holds_it_for_ever(self):
        connection = self.half_an_upload()
        self.addCleanup(connection.close)
        started = time.monotonic()
        self.server.process.terminate()
        self.assertEqual(self.server.process.wait(60), 0)
        self.assertGreater(time.monotonic() - started, 5, "it gave the request no time")
        self.assertLess(time.monotonic() - started, 30)
        answer = connection.makefile("rb").read()
        self.assertRegex(answer, rb"\AHTTP/1\.1 503 ")
        self.assertIn(b"the server is stopping", answer)

    def test_a_second_signal_stops_it_at_once(self):
        self.addCleanup(self.half_an_upload().close)
        self.server.process.terminate()
        time.sleep(0.3)
        self.assertIsNone(self.server.process.poll(), "it did not wait")
        started = time.monotonic()
        self.server.process.terminate()
        self.assertEqual(self.server.process.wait(30), 128 + signal.SIGTERM)
        self.assertLess(time.monotonic() - started, 2)
        again = registry.ours(self.box, "--dir", self.box.path("registry"))
        self.addCleanup(again.stop)
        self.assertEqual(os.listdir(self.box.path("registry", "uploads")), [], "a half upload is left")

    def test_idle_connections_do_not_hold_it(self):
        client = self.server.client()
        client.push_image("app")  # and the connection stays open
        started = time.monotonic()
        self.server.process.terminate()
        self.assertEqual(self.server.process.wait(30), 0)
        self.assertLess(time.monotonic() - started, 5)


if __name__ == "__main__":
    unittest.main()
