"""A service manager starts the registry: it hands over sockets, is told when it works, and stops it in order.

Covers: issue 4, "Operation": systemd socket and unit file. The test plays systemd's part.
"""
import glob
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import unittest

from harness import oci
from harness.sandbox import ROOT, Sandbox, kill_group

UNITS = os.path.join(ROOT, "packaging", "systemd")
# What systemd does between fork and exec: the sockets become 3, 4, …, and the variables say so.
CHILD = """
import os, sys
fds, words = [int(n) for n in sys.argv[1].split(",") if n], sys.argv[2:]
for number, fd in enumerate(fds):
    os.dup2(fd, 100 + number)
for number in range(len(fds)):
    os.dup2(100 + number, 3 + number)
    os.close(100 + number)
os.environ["LISTEN_PID"] = str(os.getpid() + int(os.environ.pop("WRONG_PID", "0")))
os.environ["LISTEN_FDS"] = str(len(fds))
os.closerange(3 + len(fds), 100)
os.execvp(words[0], words)
"""


def listening(family=socket.AF_INET, address="127.0.0.1"):
    one = socket.socket(family, socket.SOCK_STREAM)
    one.bind((address, 0))
    one.listen(5)
    return one


class ManagerTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.notify.close)
        self.notify.bind(self.box.path("notify"))
        self.notify.settimeout(20)

    def start(self, sockets, *options, names="", **env):
        words = [sys.executable, "-c", CHILD, ",".join(str(one.fileno()) for one in sockets),
                 "cosign", "registry", "serve", *options]
        process = self.box.start(words, env={"NOTIFY_SOCKET": self.box.path("notify"), "LISTEN_FDNAMES": names, **env},
                                 pass_fds=[one.fileno() for one in sockets])
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(kill_group, process)
        for one in sockets:
            self.addCleanup(one.close)
        return process

    def get(self, one, path="/v2/"):
        host, port = one.getsockname()[:2]
        connection = http.client.HTTPConnection(host, port, timeout=20)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status

    def test_sockets_are_taken_over(self):
        four, six = listening(), listening(socket.AF_INET6, "::1")
        process = self.start([four, six])
        self.assertEqual(self.notify.recv(100), b"READY=1")
        self.assertEqual((self.get(four), self.get(six)), (200, 200))
        said = [process.stdout.readline().decode().rstrip("\n") for _ in range(2)]
        self.assertEqual(said, ["listening on 127.0.0.1:%d" % four.getsockname()[1],
                                "listening on [::1]:%d" % six.getsockname()[1]])

    def test_a_client_that_came_before_it(self):
        """Who connects while it starts is not turned away: that is what the sockets are for."""
        one = listening()
        early = socket.create_connection(one.getsockname(), timeout=20)
        self.addCleanup(early.close)
        early.sendall(b"GET /v2/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.start([one])
        self.assertTrue(early.recv(100).startswith(b"HTTP/1.1 200 OK\r\n"))

    def test_a_socket_for_the_metrics(self):
        public, private = listening(), listening()
        self.start([public, private], names="registry:metrics")
        self.notify.recv(100)
        self.assertEqual((self.get(public), self.get(public, "/metrics"), self.get(public, "/healthz")), (200, 404, 404))
        self.assertEqual((self.get(private, "/metrics"), self.get(private, "/healthz"), self.get(private)), (200, 200, 404))

    def test_nothing_is_passed_on(self):
        process = self.start([listening()])
        self.notify.recv(100)
        with open(f"/proc/{process.pid}/fdinfo/3", encoding="ascii") as file:
            flags = int(re.search(r"^flags:\s+(\d+)$", file.read(), re.M)[1], 8)
        self.assertTrue(flags & os.O_CLOEXEC, oct(flags))

    def refused(self, process):
        out, err = process.communicate(timeout=20)
        self.assertEqual((process.returncode, out), (1, b""), err)
        return err.decode()

    def test_what_is_no_listening_socket(self):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        unix = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        unix.bind(self.box.path("unix"))
        unix.listen(5)
        for one in (udp, unix, socket.socket(socket.AF_INET, socket.SOCK_STREAM)):
            self.assertEqual(self.refused(self.start([one])), "error: descriptor 3 is no TCP socket that listens\n")

    def test_addresses_besides_sockets(self):
        self.assertEqual(self.refused(self.start([listening()], "--addr", "127.0.0.1:0")),
                         "error: --addr and sockets of the service manager exclude each other\n"
                         "try: leave out --addr: the .socket unit names the addresses\n")

    def test_variables_for_another_process(self):
        process = self.start([listening()], "--addr", "127.0.0.1:0", WRONG_PID="1")
        self.assertEqual(self.notify.recv(100), b"READY=1")
        self.assertIn(b"listening on 127.0.0.1:", process.stdout.readline())

    def test_a_stop_while_an_upload_runs(self):
        """The manager is told at once, and what is under way ends well."""
        one = listening()
        process = self.start([one], "--dir", "kept")
        self.assertEqual(self.notify.recv(100), b"READY=1")
        data = b"x" * 100000
        client = http.client.HTTPConnection(*one.getsockname(), timeout=20)
        client.putrequest("POST", f"/v2/a/blobs/uploads/?digest={oci.digest_of(data)}")
        client.putheader("Content-Length", str(len(data)))
        client.endheaders()
        client.send(data[:50000])
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(self.notify.recv(100), b"STOPPING=1")
        self.assertIsNone(process.poll())
        client.send(data[50000:])
        self.assertEqual(client.getresponse().status, 201)
        client.close()
        self.assertEqual(process.wait(20), 0)
        self.assertTrue(os.path.exists(self.box.path("kept", "blobs", *oci.digest_of(data).split(":"))))


class UnitsTest(unittest.TestCase):
    def setUp(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd-analyze is not installed")
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        for path in glob.glob(f"{UNITS}/*"):
            with open(path, encoding="utf-8") as file:
                self.box.write(os.path.basename(path), file.read().replace("/usr/local/bin/cosign", self.box.cosign))

    def analyze(self, *words):
        return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, cwd=self.box.work,
                              env={"PATH": os.environ["PATH"], "SYSTEMD_UNIT_PATH": f"{self.box.work}:"}, check=False)

    def test_they_are_understood(self):
        done = self.analyze("verify", "--man=no", "./cosign-registry.socket", "./cosign-registry.service")
        own = [line for line in done.stderr.splitlines() if "cosign-registry" in line]
        self.assertEqual((done.returncode, own), (0, []), done.stderr)

    def test_they_are_hardened(self):
        done = self.analyze("security", "--offline=yes", "--threshold=20", "./cosign-registry.service")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
