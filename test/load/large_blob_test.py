"""A large blob goes in and out of a registry whose memory does not grow with it.

Covers: issue 4, "Storage": several GiB per blob in flat memory; in memory, a blob under way costs its size once.
"""
import hashlib
import http.client
import json
import os
import re
import unittest

from harness import registry
from harness.sandbox import Sandbox

MIB = 1024 * 1024
LARGE = (4096 if os.environ.get("COSIGN_LONG_TESTS") == "yes" else 300) * MIB
IN_MEMORY = 100 * MIB
FLAT_KIB = 48 * 1024
PIECE = MIB


def content(size):
    """Bytes that are not alike, a piece at a time."""
    block = hashlib.shake_128(b"a large blob").digest(PIECE - 8)
    for number in range(size // PIECE):
        yield number.to_bytes(8, "big") + block


def digest(size):
    hashed = hashlib.sha256()
    for piece in content(size):
        hashed.update(piece)
    return "sha256:" + hashed.hexdigest()


class LargeBlobTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)

    def serve(self, *options):
        server = registry.ours(self.box, *options)
        self.addCleanup(server.stop)
        return server, http.client.HTTPConnection(server.host, timeout=600)

    def peak_kib(self, server):
        with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"^VmHWM:\s+(\d+) kB", status.read(), re.M).group(1))

    def push(self, connection, size, name):
        connection.request("POST", f"/v2/app/blobs/uploads/?digest={name}", content(size),
                           {"Content-Length": str(size), "Content-Type": "application/octet-stream"}, encode_chunked=False)
        answer = connection.getresponse()
        self.assertEqual(answer.status, 201, answer.read())
        answer.read()

    def pull(self, connection, size, name):
        connection.request("GET", f"/v2/app/blobs/{name}")
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.length), (200, size))
        hashed = hashlib.sha256()
        while piece := answer.read(PIECE):
            hashed.update(piece)
        self.assertEqual("sha256:" + hashed.hexdigest(), name)

    def test_in_a_folder(self):
        name, folder = digest(LARGE), self.box.path("registry")
        server, connection = self.serve("--dir", folder)
        self.push(connection, LARGE, name)
        self.pull(connection, LARGE, name)
        connection.request("GET", f"/v2/app/blobs/{name}", None, {"Range": f"bytes={LARGE - 10}-"})
        self.assertEqual(connection.getresponse().read(), list(content(PIECE))[0][-10:])
        peak = self.peak_kib(server)
        print(f"\n  {LARGE // MIB} MiB through a folder: {peak} KiB at most", flush=True)
        self.assertLess(peak, FLAT_KIB)
        server.stop()
        done = self.box.cosign_run("registry", "check", "--dir", folder, "-o", "json")
        self.assertEqual((done.code, json.loads(done.out)["bytes"]), (0, LARGE))
        self.assertLess(done.max_rss_kib, FLAT_KIB)

    def test_in_memory(self):
        name = digest(IN_MEMORY)
        server, connection = self.serve("--memory")
        self.push(connection, IN_MEMORY, name)
        self.pull(connection, IN_MEMORY, name)
        peak = self.peak_kib(server)
        print(f"\n  {IN_MEMORY // MIB} MiB in memory: {peak} KiB at most", flush=True)
        self.assertLess(peak, IN_MEMORY // 1024 + FLAT_KIB)


if __name__ == "__main__":
    unittest.main()
