"""TLS of our registry: certificates of clients, and files that change while clients are connected.

Covers: issue 4, item 3: "--tls-cert/--tls-key (reloaded on change), client certificates".
"""
import http.client
import json
import os
import shutil
import socket
import ssl
import time
import unittest

from harness import registry
from harness.sandbox import Sandbox

NOTICED = 1.1  # seconds until changed files count


class TlsCase(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.first = registry.make_certificate(self.box.path("first"))
        self.second = registry.make_certificate(self.box.path("second"))
        self.certificate, self.key = self.box.path("tls.pem"), self.box.path("tls.key")
        self.install(*self.first[1:])
        self.log = self.box.path("access.log")
        argv = ["cosign", "registry", "serve", "--addr", "127.0.0.1:0", "--tls-cert", self.certificate,
                "--tls-key", self.key, "--log", self.log, *self.options()]
        self.server = registry.Registry(self.box, argv, ca=self.first[0])
        self.addCleanup(self.server.stop)

    def options(self):
        return []

    def install(self, certificate=None, key=None):
        """Files change as most tools do it: written beside, and renamed."""
        for source, target in ((certificate, self.certificate), (key, self.key)):
            if source:
                shutil.copy(source, target + ".new")
                os.replace(target + ".new", target)

    def connect(self, pair, certificate=None):
        trust = ssl.create_default_context(cafile=pair[0])
        if certificate:
            trust.load_cert_chain(*certificate)
        connection = http.client.HTTPSConnection(self.server.host, timeout=30, context=trust)
        self.addCleanup(connection.close)
        return connection

    def status(self, connection):
        connection.request("GET", "/v2/")
        answer = connection.getresponse()
        answer.read()
        return answer.status

    def users(self):
        with open(self.log, encoding="utf-8") as log:
            return [json.loads(line)["user"] for line in log]


class ReloadTest(TlsCase):
    def test_a_new_pair_counts_for_new_connections_and_old_ones_stay(self):
        kept = self.connect(self.first)
        self.assertEqual(self.status(kept), 200)
        self.install(*self.second[1:])
        time.sleep(NOTICED)
        self.assertEqual(self.status(self.connect(self.second)), 200)
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.status(self.connect(self.first))
        self.assertEqual(self.status(kept), 200, "the connection was cut")
        self.assertEqual(self.server.process.poll(), None)

    def test_a_session_of_the_old_pair_is_not_taken_up(self):
        trust = ssl.create_default_context(cafile=self.first[0])
        trust.load_verify_locations(self.second[0])
        host, port = self.server.host.split(":")

        def session(resume=None):
            raw = socket.create_connection((host, int(port)), 30)
            with trust.wrap_socket(raw, server_hostname=host, session=resume) as wrapped:
                wrapped.sendall(f"GET /v2/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                self.assertIn(b" 200 ", wrapped.makefile("rb").readline())
                return wrapped.session, wrapped.session_reused

        first, _ = session()
        self.assertTrue(session(first)[1], "sessions are resumed at all")
        self.install(*self.second[1:])
        time.sleep(NOTICED)
        self.assertFalse(session(first)[1])

    def test_a_pair_that_cannot_be_used_changes_nothing_and_is_told_once(self):
        self.install(self.second[1])  # and not its key
        for _ in range(3):
            time.sleep(NOTICED)
            self.assertEqual(self.status(self.connect(self.first)), 200)
        self.assertEqual(self.server.log().count("the certificate stays as it was"), 1, self.server.log())
        self.install(None, self.second[2])
        time.sleep(NOTICED)
        self.assertEqual(self.status(self.connect(self.second)), 200)

    def test_between_the_two_files_nobody_complains(self):
        self.install(self.second[1])
        time.sleep(NOTICED)
        self.assertEqual(self.status(self.connect(self.first)), 200)
        self.install(None, self.second[2])
        time.sleep(NOTICED)
        self.assertEqual(self.status(self.connect(self.second)), 200)
        self.assertNotIn("certificate stays", self.server.log())

    def test_files_that_are_gone(self):
        os.remove(self.certificate)
        for _ in range(4 if os.environ.get("COSIGN_LONG_TESTS") == "yes" else 2):
            time.sleep(NOTICED)
            self.assertEqual(self.status(self.connect(self.first)), 200)
        self.assertEqual(self.server.log().count("the certificate stays as it was"), 1, self.server.log())


class ClientCertificateTest(TlsCase):
    def options(self):
        self.clients = registry.make_certificate(self.box.path("clients"))  # its subject is CN=registry
        return ["--client-ca", self.clients[0]]

    def test_only_clients_of_the_ca_come_in_and_the_log_names_them(self):
        self.assertEqual(self.status(self.connect(self.first, self.clients[1:])), 200)
        self.assertEqual(self.users(), ["registry"])
        for certificate in (None, self.second[1:]):
            with self.assertRaises(OSError):  # in TLS 1.3 a client learns of it when it reads
                self.status(self.connect(self.first, certificate))
        self.assertEqual(self.users(), ["registry"])

    def test_our_client(self):
        client = registry.oci.Client(self.server.host, ca=self.first[0], certificate=self.clients[1:])
        client.push_image("app")
        reference = f"{self.server.host}/app:latest"
        done = self.box.cosign_run("digest", "--registry-cacert", self.first[0], "--registry-client-cert",
                                   self.clients[1], "--registry-client-key", self.clients[2], reference)
        self.assertEqual(done.code, 0, done)
        refused = self.box.cosign_run("digest", "--registry-cacert", self.first[0], reference)
        self.assertNotEqual(refused.code, 0, refused)

    def test_another_ca_counts_when_its_file_changes(self):
        shutil.copy(self.second[0], self.clients[0])
        time.sleep(NOTICED)
        self.assertEqual(self.status(self.connect(self.first, self.second[1:])), 200)
        with self.assertRaises(OSError):
            self.status(self.connect(self.first, self.clients[1:]))


if __name__ == "__main__":
    unittest.main()
