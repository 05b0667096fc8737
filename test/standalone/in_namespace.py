"""Names of hosts, in the namespace that static_test.py makes, with an /etc as a desktop has it.

`listed.test` stands in /etc/hosts, `asked.test` is known to a name server on 127.0.0.1:53, which says nothing at all
about `silent.test`.
"""
import re
import signal
import socket
import subprocess
import threading
import time
import unittest

from harness import registry
from harness.sandbox import FIXTURES, Sandbox

KEY = f"{FIXTURES}/cosign-3.1.2/keys/p256"
IMAGES = f"{FIXTURES}/cosign-3.1.2/images"
SWITCH = """passwd: files systemd sss
group: files systemd sss
hosts: files mymachines mdns4_minimal [NOTFOUND=return] resolve [!UNAVAIL=return] dns myhostname wins
"""


class NameServer(threading.Thread):
    """Answers questions for A of asked.test, and that there is nothing else; silent.test is not answered."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        self.asked = []
        self.start()

    def run(self):
        while True:
            question, client = self.socket.recvfrom(4096)
            name, kind = self.read(question)
            self.asked.append(name)
            if name != "silent.test":
                self.socket.sendto(self.answer(question, name == "asked.test", kind), client)

    @staticmethod
    def read(question):
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1:at + 1 + question[at]].decode())
            at += 1 + question[at]
        return ".".join(labels), int.from_bytes(question[at + 1:at + 3], "big")

    @staticmethod
    def answer(question, known, kind):
        section = question[12:question.index(b"\0", 12) + 5]
        record = b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4\x7f\0\0\1" if known and kind == 1 else b""
        flags = b"\x81\x80" if known else b"\x81\x83"
        return question[:2] + flags + b"\0\1" + (b"\0\1" if record else b"\0\0") + b"\0\0\0\0" + section + record


class NamesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.box.write("etc/hosts", "127.0.0.1 localhost listed.test\n")
        cls.box.write("etc/nsswitch.conf", SWITCH)
        cls.box.write("etc/resolv.conf", "nameserver 127.0.0.1\n")
        subprocess.run(["sh", "-ec", f"ip link set lo up; mount --bind {cls.box.path('etc')} /etc"], check=True)
        cls.names = NameServer()
        cls.registry = registry.ours(cls.box, "--load", f"{IMAGES}/legacy-signature=app")
        cls.addClassCleanup(cls.registry.stop)
        cls.port = cls.registry.host.rsplit(":", 1)[1]

    def verify(self, host, *options):
        return ["cosign", "verify", "--key", KEY + ".pub", "--insecure-ignore-tlog=true", "--allow-http-registry",
                *options, f"{host}:{self.port}/app:latest"]

    def opened(self, host):
        """The files that verifying an image by this host's name opened."""
        done = self.box.run("strace", "-f", "-qq", "-e", "signal=none", "-o", "trace",
                            "-e", "trace=open,openat,connect", *self.verify(host))
        self.assertEqual(done.code, 0, done)
        return set(re.findall(r'open(?:at)?\((?:AT_FDCWD, )?"([^"]*)"', self.box.read("trace")))

    def no_plugin(self, opened):
        self.assertLessEqual({path for path in opened if not path.startswith(self.box.top)},
                             {"/etc/nsswitch.conf", "/etc/hosts", "/etc/host.conf", "/etc/resolv.conf", "/etc/gai.conf",
                              KEY + ".pub"} | {path for path in opened if path.startswith(("/etc/ssl/", "/etc/pki/"))})

    def test_a_name_in_the_file(self):
        opened = self.opened("listed.test")
        self.assertIn("/etc/hosts", opened, "the trace shows no name look-up")
        self.no_plugin(opened)
        self.assertNotIn("listed.test", self.names.asked)

    def test_a_name_of_the_name_server(self):
        opened = self.opened("asked.test")
        self.assertIn("/etc/resolv.conf", opened)
        self.no_plugin(opened)
        self.assertIn("asked.test", self.names.asked)
        # No other service of nsswitch.conf is asked: neither resolved's socket nor avahi's.
        self.assertNotIn("AF_UNIX", self.box.read("trace"))

    def test_a_name_that_nobody_knows(self):
        done = self.box.run(*self.verify("unknown.test"))
        self.assertEqual(done.code, 1, done)
        self.assertEqual(done.err.splitlines()[:2],
                         ["error: no such host: unknown.test", "cause: the name does not resolve"])

    def test_a_silent_name_server_holds_nobody_beyond_the_deadline(self):
        done = self.box.run(*self.verify("silent.test", "--timeout", "1s"))
        self.assertEqual(done.code, 1, done)
        self.assertIn("error: the time for this run is over", done.err)
        self.assertLess(done.seconds, 3)

    def test_nor_who_interrupts_it(self):
        process = self.box.start(self.verify("silent.test"))
        time.sleep(0.7)
        process.send_signal(signal.SIGINT)
        started = time.monotonic()
        _, err = process.communicate(timeout=60)
        self.assertLess(time.monotonic() - started, 2)
        self.assertEqual(err, b"error: interrupted\n")
        self.assertNotEqual(process.returncode, 0)


if __name__ == "__main__":
    unittest.main()
