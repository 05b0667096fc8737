"""Clients that are slow, endless, many or ambiguous: our registry cuts them off, keeps its memory, and serves others.

Covers: issue 4, item 3: "slow and endless clients are cut off"; RFC 9112 sections 5.2, 6.3, 7.1 (request smuggling).
"""
import hashlib
import os
import re
import resource
import socket
import threading
import time
import unittest

from harness import registry
from harness.sandbox import Sandbox

IDLE = 0.6             # seconds, as the registry is told
LONG_ENOUGH = 10.0     # until whoever is to be cut off must have been
MEMORY_KIB = 64 * 1024
FINE = b"GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n"


class ClientsCase(unittest.TestCase):
    OPTIONS = ("--idle-timeout", f"{IDLE}s")

    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.server = registry.ours(self.box, *self.OPTIONS)
        self.addCleanup(self.server.stop)
        self.place = (self.server.host.split(":")[0], int(self.server.host.split(":")[1]))

    def tearDown(self):
        """Whatever a test did: the registry is there, answers, and has not grown."""
        self.assertIsNone(self.server.process.poll(), self.server.log())
        self.assertEqual(self.server.client().request("GET", "/v2/")[0], 200)
        with open(f"/proc/{self.server.process.pid}/status", encoding="ascii") as status:
            peak = int(re.search(r"^VmHWM:\s+(\d+) kB", status.read(), re.M).group(1))
        self.assertLess(peak, MEMORY_KIB)

    def connect(self, receive_buffer=None):
        connection = socket.socket()
        self.addCleanup(connection.close)
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(30)
        connection.connect(self.place)
        return connection

    def heard(self, connection):
        """All that comes until the registry closes; a reset ends it too."""
        data = b""
        try:
            while more := connection.recv(65536):
                data += more
        except ConnectionResetError:
            pass
        return data

    def said(self, *parts):
        """What is answered to this, sent as it stands."""
        connection = self.connect()
        for part in parts:
            connection.sendall(part)
        return self.heard(connection)

    def feed(self, connection, pieces, pause):
        """Sends until it cannot any more: how many seconds that was. What was answered is read by heard()."""
        started = time.monotonic()
        try:
            for piece in pieces:
                connection.sendall(piece)
                if time.monotonic() - started > LONG_ENOUGH:
                    self.fail("it was never cut off")
                time.sleep(pause)
        except OSError:
            pass
        return time.monotonic() - started


def forever(piece):
    while True:
        yield piece


class SlowTest(ClientsCase):
    def test_headers_that_come_one_by_one(self):
        connection = self.connect()
        connection.sendall(b"GET /v2/ HTTP/1.1\r\nHost: x\r\n")
        self.feed(connection, forever(b"X-Slow: y\r\n"), 0.2)
        self.assertTrue(self.heard(connection).startswith(b"HTTP/1.1 408 "))

    def test_a_body_below_the_least_rate(self):
        connection = self.connect()
        connection.sendall(b"POST /v2/app/blobs/uploads/?digest=sha256:" + b"0" * 64 + b" HTTP/1.1\r\nHost: x\r\n"
                           b"Content-Length: 1000000\r\n\r\n")
        self.feed(connection, forever(b"x" * 20), 0.1)
        self.assertRegex(self.heard(connection), rb"\A(HTTP/1.1 408 |\Z)")

    def test_chunks_below_the_least_rate(self):
        connection = self.connect()
        connection.sendall(b"POST /v2/app/blobs/uploads/?digest=sha256:" + b"0" * 64 + b" HTTP/1.1\r\nHost: x\r\n"
                           b"Transfer-Encoding: chunked\r\n\r\n")
        self.feed(connection, forever(b"1\r\nx\r\n"), 0.1)
        self.assertRegex(self.heard(connection), rb"\A(HTTP/1.1 408 |\Z)")

    def test_an_answer_that_is_read_slowly(self):
        client = self.server.client()
        digest = client.push_blob("app", os.urandom(16 << 20))
        connection = self.connect(receive_buffer=4096)
        connection.sendall(f"GET /v2/app/blobs/{digest} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        started, got = time.monotonic(), 0
        try:
            while more := connection.recv(20):
                got += len(more)
                time.sleep(0.1)
                if time.monotonic() - started > 3 * IDLE:
                    break  # what the kernels hold between us is read quickly
            while more := connection.recv(1 << 20):
                got += len(more)
        except OSError:
            pass
        self.assertLess(got, 16 << 20, "the whole answer was sent")
        self.assertLess(time.monotonic() - started, LONG_ENOUGH)

    def test_answers_that_nobody_reads(self):
        connection = self.connect(receive_buffer=4096)
        flood = threading.Thread(target=self.feed, args=(connection, forever(FINE * 1000), 0))
        flood.start()
        flood.join(LONG_ENOUGH)
        self.assertFalse(flood.is_alive(), "it goes on reading what it does not answer")

    def test_silent_ones_are_closed(self):
        connections = [self.connect() for _ in range(100)]
        started = time.monotonic()
        for connection in connections:
            self.assertEqual(self.heard(connection), b"")
        self.assertLess(time.monotonic() - started, LONG_ENOUGH)


class EndlessTest(ClientsCase):
    def flood(self, head, piece, most=64 << 20):
        """How much of it was taken, and the answer."""
        connection, sent = self.connect(), 0
        connection.sendall(head)
        try:
            while sent < most:
                connection.sendall(piece)
                sent += len(piece)
        except OSError:
            pass
        return sent, self.heard(connection)

    def test_headers(self):
        for piece in (b"X-Endless: y\r\n" * 1000, b"x" * 16384, b"\r\n" * 8192):
            with self.subTest(piece=piece[:8]):
                head = b"" if piece.startswith(b"\r\n") else b"GET /v2/ HTTP/1.1\r\nHost: x\r\n"
                sent, answer = self.flood(head, piece)
                self.assertLess(sent, 32 << 20)
                self.assertRegex(answer, rb"\A(HTTP/1\.1 4\d\d |\Z)")

    def test_a_target(self):
        sent, answer = self.flood(b"GET /", b"a" * 16384)
        self.assertLess(sent, 32 << 20)
        self.assertRegex(answer, rb"\A(HTTP/1\.1 4\d\d |\Z)")

    def test_the_header_of_a_chunk_and_what_follows_the_last(self):
        chunked = b"PUT /v2/app/manifests/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        for start, piece in ((b"1;", b"e" * 16384), (b"0" * 10, b"0" * 16384), (b"0\r\n", b"X-Trailer: y\r\n" * 1000)):
            with self.subTest(start=start):
                sent, answer = self.flood(chunked + start, piece)
                self.assertLess(sent, 32 << 20)
                self.assertRegex(answer, rb"\A(HTTP/1\.1 4\d\d |\Z)")

    def test_a_body_for_what_takes_none(self):
        for method, path in (("GET", "/v2/"), ("DELETE", "/v2/app/manifests/x"), ("PUT", "/v2/app/manifests/x"),
                             ("POST", "/v2/Wrong/blobs/uploads/")):
            with self.subTest(method=method):
                sent, answer = self.flood(f"{method} {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                          .encode(), b"4000\r\n" + bytes(0x4000) + b"\r\n")
                self.assertLess(sent, 32 << 20)
                self.assertRegex(answer, rb"\A(HTTP/1\.1 [24]\d\d |\Z)")

    def test_pipelined_requests_are_answered_in_their_order(self):
        connection = self.connect()
        answers = []
        reader = threading.Thread(target=lambda: answers.append(self.heard(connection)))
        reader.start()
        connection.sendall(FINE * 5000 + b"GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        reader.join(60)
        self.assertEqual(answers[0].count(b"HTTP/1.1 200 OK"), 5001)


class AmbiguousTest(ClientsCase):
    """Two readers of one connection must never see different requests on it: what is ambiguous is refused, and nothing
    that follows on the connection is read."""

    SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"

    def refused(self, head, status=rb"400", body=b""):
        answer = self.said(head.replace(b"\n", b"\r\n") + b"\r\n" + body + self.SMUGGLED)
        self.assertRegex(answer, rb"\AHTTP/1\.1 " + status, head)
        self.assertEqual(answer.count(b"HTTP/1.1 "), 1, f"what follows was answered: {head} {answer}")

    def test_two_lengths(self):
        put = b"PUT /v2/app/manifests/x HTTP/1.1\nHost: x\n"
        for lengths in (b"Content-Length: 3\nTransfer-Encoding: chunked\n",
                        b"Transfer-Encoding: chunked\nContent-Length: 3\n",
                        b"Content-Length: 3\nContent-Length: 4\n", b"Content-Length: 3, 4\n", b"Content-Length: 3,\n",
                        b"Content-Length: +3\n", b"Content-Length: -3\n", b"Content-Length: 0x3\n",
                        b"Content-Length: 3 3\n", b"Content-Length:\n", b"Content-Length: 99999999999999999999999\n",
                        b"Transfer-Encoding: chunked\nTransfer-Encoding: identity\n",
                        b"Transfer-Encoding: identity\n", b"Transfer-Encoding: chunked, gzip\n",
                        b"Transfer-Encoding: xchunked\n", b"Transfer-Encoding: chunked\x0b\n",
                        b"Transfer-Encoding : chunked\n", b"Transfer-Encoding\n"):
            with self.subTest(lengths=lengths):
                self.refused(put + lengths, rb"(400|413|501)", b"abc")

    def test_chunked_in_a_version_without_it(self):
        self.refused(b"PUT /v2/app/manifests/x HTTP/1.0\nHost: x\nTransfer-Encoding: chunked\n", rb"(400|501)",
                     b"0\r\n\r\n")

    def test_sizes_of_chunks(self):
        put = b"PUT /v2/app/manifests/x HTTP/1.1\nHost: x\nContent-Type: a/b\nTransfer-Encoding: chunked\n"
        for chunk in (b"-1\r\nx\r\n0\r\n\r\n", b"+1\r\nx\r\n0\r\n\r\n", b"0x1\r\nx\r\n0\r\n\r\n", b"1 1\r\nx\r\n0\r\n\r\n",
                      b"g\r\nx\r\n0\r\n\r\n", b"\r\nx\r\n0\r\n\r\n", b"1\r\nxy\r\n0\r\n\r\n", b"1\nx\n0\n\n",
                      b"ffffffffffffffff\r\nx", b"10000000000000000\r\nx\r\n0\r\n\r\n", b"1\r\nx0\r\n\r\n",
                      b"1\rx\r\n0\r\n\r\n"):
            with self.subTest(chunk=chunk):
                self.refused(put, rb"(400|413)", chunk)

    def test_headers_that_others_may_read_otherwise(self):
        for lines in (b" Host: x\n", b"Host: x\nX: a\n b\n", b"Host: x\nX: a\n\tContent-Length: 3\n",
                      b"Host: x\nX : a\n", b"Host: x\n: a\n", b"Host: x\nX\n", b"Host: x\nX: a\x00b\n",
                      b"Host: x\nX: a\rContent-Length: 3\n", b"Host: x\nHost: y\n", b"",
                      b"Host: x\nX\xc3\xa9: a\n", b"Host: x\n(X): a\n"):
            with self.subTest(lines=lines):
                self.refused(b"GET /v2/ HTTP/1.1\n" + lines)

    def test_request_lines(self):
        for line in (b"GET  /v2/ HTTP/1.1\n", b"GET /v2/\n", b"GET /v2/ HTTP/1.1 x\n", b" GET /v2/ HTTP/1.1\n",
                     b"GET /v2/ a HTTP/1.1\n", b"GET /v2/\x00 HTTP/1.1\n", b"G@T /v2/ HTTP/1.1\n",
                     b"GET /v2/ HTTP/2.0\n", b"GET /v2/ HTTP/1.1\r\n", b"GET /v2/ http/1.1\n"):
            with self.subTest(line=line):
                self.refused(line + b"Host: x\n", rb"(400|505)")

    def test_a_length_that_is_said_twice_is_the_same_or_refused(self):
        digest = hashlib.sha256(b"abc").hexdigest().encode()
        answer = self.said(b"POST /v2/app/blobs/uploads/?digest=sha256:" + digest + b" HTTP/1.1\r\nHost: x\r\n"
                           b"Content-Length: 3\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc")
        self.assertRegex(answer, rb"\AHTTP/1\.1 (201|400) ")
        self.assertEqual(answer.count(b"HTTP/1.1 "), 1)

    def test_nothing_after_an_unread_body_is_a_request(self):
        body = self.SMUGGLED * 20000
        answer = self.said(b"PUT /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body), body[:1 << 18])
        self.assertEqual(answer.count(b"HTTP/1.1 "), 1)


class ManyTest(ClientsCase):
    OPTIONS = ("--idle-timeout", "30s", "--connections", "60", "--connections-per-client", "40")

    def test_one_client_does_not_keep_others_out(self):
        mine = [self.connect() for _ in range(40)]
        for connection in mine:
            connection.sendall(b"GET /v2/ HTTP/1.1\r\n")  # and no more
        time.sleep(0.3)
        answer = self.heard(self.connect())
        self.assertRegex(answer, rb"\AHTTP/1\.1 429 [^\r]*\r\nRetry-After: 1\r\n")
        other = socket.create_connection(self.place, 30, ("127.0.0.2", 0))
        self.addCleanup(other.close)
        other.sendall(FINE)
        self.assertRegex(other.recv(4096), rb"\AHTTP/1\.1 200 ")
        for connection in mine:
            connection.close()
        time.sleep(0.3)

    def test_silent_ones_make_room(self):
        for address in ("127.0.0.2", "127.0.0.3"):
            for _ in range(30):
                self.addCleanup(socket.create_connection(self.place, 30, (address, 0)).close)
        time.sleep(1.2)
        started = time.monotonic()
        self.assertEqual(self.server.client().request("GET", "/v2/")[0], 200)
        self.assertLess(time.monotonic() - started, 5)


class FewFilesTest(ClientsCase):
    """The limit on open files is lower than that on connections: silent clients keep nobody out all the same."""

    OPTIONS = ("--idle-timeout", "30s")

    def setUp(self):
        super().setUp()
        resource.prlimit(self.server.process.pid, resource.RLIMIT_NOFILE, (64, 64))

    def test_silent_ones_make_room(self):
        held = [self.connect() for _ in range(100)]
        time.sleep(1.2)
        answer = self.said(b"GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)
        self.assertEqual(len(held), 100)


if __name__ == "__main__":
    unittest.main()
