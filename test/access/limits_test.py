"""What a registry refuses: writes where it is read-only, more bytes than it may hold, more requests than one may send.

Covers: issue 4, item 3: "--read-only, upload and storage quotas, per-client limits".
"""
import hashlib
import json
import os
import socket
import unittest

from harness import oci, reference, registry
from harness.sandbox import FIXTURES, Sandbox

KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
SAMPLE = os.path.join(FIXTURES, "cosign-3.1.2", "images", "unsigned")


def files_below(folder):
    return sorted(os.path.join(path, name) for path, _, names in os.walk(folder) for name in names)


class LimitsCase(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)

    def serve(self, *options, **more):
        server = registry.ours(self.box, *options, **more)
        self.addCleanup(server.stop)
        return server

    def raw(self, server, head, body=b""):
        """What is answered to a request that is sent as it stands."""
        host, port = server.host.split(":")
        with socket.create_connection((host, int(port)), 30) as connection:
            connection.sendall(head.replace("HOST", server.host).replace("\n", "\r\n").encode() + b"\r\n" + body)
            return connection.makefile("rb").read()


class ReadOnlyTest(LimitsCase):
    def test_what_is_there_is_read_and_nothing_is_written(self):
        server = self.serve("--read-only", "--load", f"{SAMPLE}=app")
        client = server.client()
        digest = oci.digest_of(client.manifest("app", "latest"))
        for method, path in (("PUT", "/v2/app/manifests/new"), ("DELETE", f"/v2/app/manifests/{digest}"),
                             ("POST", "/v2/app/blobs/uploads/"), ("PATCH", "/v2/app/blobs/uploads/x"),
                             ("POST", f"/v2/new/blobs/uploads/?mount={digest}&from=app")):
            status, headers, body = client.request(method, path, b"{}", expect=None)
            self.assertEqual((status, headers["allow"]), (405, "GET, HEAD"), path)
            self.assertEqual(json.loads(body)["errors"][0]["code"], "UNSUPPORTED")
        self.assertEqual(client.tags("app"), ["latest"])

    def test_clients_say_why(self):
        server = self.serve("--read-only", "--load", f"{SAMPLE}=app")
        done = self.box.cosign_run("sign", "--key", f"{KEYS}/p256.key", "--tlog-upload=false", f"{server.host}/app",
                                   env={"COSIGN_PASSWORD": "correct-horse"})
        self.assertNotEqual(done.code, 0, done)
        self.assertIn("this registry is read-only", done.err)

    def test_crane_says_why(self):
        server = self.serve("--read-only", "--load", f"{SAMPLE}=app")
        crane = reference.program("crane")
        done = self.box.run(crane, "copy", "--insecure", f"{server.host}/app:latest", f"{server.host}/copy")
        self.assertNotEqual(done.code, 0, done)
        self.assertIn("this registry is read-only", done.err)

    def test_a_token_is_still_given(self):
        server = self.serve("--read-only", "--tokens", "--load", f"{SAMPLE}=app", user="dev:word")
        done = self.box.cosign_run("login", server.host, "-u", "dev", "--password-stdin", "--allow-http-registry",
                                   input="word")
        self.assertEqual(done.code, 0, done)
        self.assertEqual(self.box.cosign_run("digest", "--allow-http-registry", f"{server.host}/app").code, 0)


class QuotaTest(LimitsCase):
    def test_a_blob_that_is_too_large_is_refused_before_it_is_sent(self):
        server = self.serve("--upload-limit", "1Mi")
        answer = self.raw(server, "POST /v2/app/blobs/uploads/?digest=sha256:" + 64 * "0" + " HTTP/1.1\nHost: HOST\n"
                          "Expect: 100-continue\nContent-Length: 1048577\n")
        self.assertRegex(answer, rb"\AHTTP/1\.1 413 ")
        self.assertIn(b"at most 1048576 bytes", answer)

    def test_one_that_does_not_say_its_size_is_cut_off_while_it_comes(self):
        server = self.serve("--upload-limit", "1Mi", "--dir", self.box.path("kept"))
        host, port = server.host.split(":")
        with socket.create_connection((host, int(port)), 30) as connection:
            connection.sendall(f"POST /v2/app/blobs/uploads/?digest=sha256:{64 * '0'} HTTP/1.1\r\nHost: {server.host}\r\n"
                               "Transfer-Encoding: chunked\r\n\r\n".encode())
            sent = 0
            try:
                while sent < 64 << 20:
                    connection.sendall(b"10000\r\n" + bytes(1 << 16) + b"\r\n")
                    sent += 1 << 16
            except OSError:
                pass
            self.assertLess(sent, 16 << 20, "it took all of it")
            try:
                self.assertRegex(connection.makefile("rb").readline(), rb"\AHTTP/1\.1 413 ")
            except ConnectionResetError:
                pass  # over what was still being sent
        self.assertEqual([f for f in files_below(self.box.path("kept")) if "upload" in f], [])

    def test_chunks_count_together_and_nothing_is_left(self):
        server = self.serve("--upload-limit", "100k", "--dir", self.box.path("kept"))
        client = server.client()
        path = client.request("POST", "/v2/app/blobs/uploads/")[1]["location"]
        client.request("PATCH", path, bytes(60000))
        status, _, body = client.request("PATCH", path, bytes(60000), expect=None)
        self.assertEqual((status, json.loads(body)["errors"][0]["code"]), (413, "SIZE_INVALID"))
        self.assertEqual(client.request("GET", path, expect=None)[0], 404, "it is given up")
        self.assertEqual([f for f in files_below(self.box.path("kept")) if "upload" in f], [])
        client.push_blob("app", bytes(100000))

    def test_all_content_is_bounded_and_counted_again_at_the_start(self):
        options = ("--storage-limit", "1.3MB", "--dir", self.box.path("kept"))
        server = self.serve(*options)
        client = server.client()
        digest = client.push_blob("app", bytes(600000))
        client.push_blob("other", bytes(600000))  # the same content: it stays there once
        refused = lambda: client.request("POST", "/v2/app/blobs/uploads/?digest=" + oci.digest_of(b"x" * 800000),
                                         b"x" * 800000, expect=None)[0]
        self.assertEqual(refused(), 507)
        server.stop()
        client = self.serve(*options).client()
        self.assertEqual(refused(), 507)
        path = client.request("POST", "/v2/app/blobs/uploads/")[1]["location"]
        client.request("PATCH", path, b"y" * 300000)
        self.assertEqual(client.request("POST", "/v2/app/blobs/uploads/?digest=" + oci.digest_of(b"z" * 500000),
                                        b"z" * 500000, expect=None)[0], 507, "uploads under way count")
        client.request("DELETE", path, expect=(204,))
        client.push_blob("app", b"z" * 500000)
        self.assertEqual(client.blob("app", digest), bytes(600000))

    def test_our_client_says_why(self):
        blobs = os.path.join(SAMPLE, "blobs", "sha256")
        used = sum(os.path.getsize(os.path.join(blobs, name)) for name in os.listdir(blobs))
        server = self.serve("--storage-limit", str(used + 100), "--load", f"{SAMPLE}=app")
        done = self.box.cosign_run("sign", "--key", f"{KEYS}/p256.key", "--tlog-upload=false", f"{server.host}/app",
                                   env={"COSIGN_PASSWORD": "correct-horse"})
        self.assertNotEqual(done.code, 0, done)
        self.assertIn("no room left", done.err)
        self.assertEqual(server.client().request("GET", "/healthz", expect=None)[0], 200, "full, and well")

    def test_a_size_that_is_none_is_an_error(self):
        done = self.box.cosign_run("registry", "serve", "--storage-limit", "much")
        self.assertEqual(done.code, 1, done)
        self.assertIn("must be a size such as", done.err)


class RateTest(LimitsCase):
    def ask(self, client, count):
        answers = [client.request("GET", "/v2/", expect=None)[:2] for _ in range(count)]
        return [status for status, _ in answers], answers[-1][1]

    def test_a_client_that_asks_too_often_is_told_when_to_ask_again(self):
        server = self.serve("--rate-limit", "2", user="dev:word")
        statuses, headers = self.ask(server.client(), 40)
        self.assertEqual(statuses[:20], 20 * [200])
        self.assertGreater(statuses.count(429), 10)
        self.assertRegex(headers["retry-after"], r"\A[1-9]\d*\Z")
        self.assertEqual(self.ask(oci.Client(server.host), 1)[0], [401], "those without a login count by themselves")

    def test_guessing_a_password_is_slowed(self):
        server = self.serve(user="dev:word")
        statuses, headers = self.ask(oci.Client(server.host, "dev:guess"), 40)
        self.assertEqual(set(statuses), {401, 429})
        self.assertLess(statuses.count(401), 30)
        self.assertIn("retry-after", headers)


if __name__ == "__main__":
    unittest.main()
