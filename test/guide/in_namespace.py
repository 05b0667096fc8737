"""The guide as it is printed, host name and all, inside the namespace that silent_test.py makes.

`registry.example.com` is docker-registry with TLS and a password on 127.0.0.1:443. The only way out is an interface
that drops and counts; a name server stands behind it too, so that a question to it would be counted.
"""
import subprocess
import time
import unittest

from harness import registry
from harness.sandbox import Sandbox
from harness.terminal import Terminal

HOST = "registry.example.com"
PASSWORD = "correct horse"


def sh(line):
    subprocess.run(["sh", "-ec", line], check=True)


def sent():
    """Packets that were sent to the way out so far."""
    done = subprocess.run(["ip", "-s", "-o", "link", "show", "out"], capture_output=True, text=True, check=True)
    return int(done.stdout.split("TX:")[1].split("\\")[1].split()[1])


class InNamespace(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        hosts = cls.box.write("hosts", f"127.0.0.1 localhost {HOST}\n")
        resolver = cls.box.write("resolv.conf", "nameserver 10.99.0.53\noptions timeout:1 attempts:1\n")
        sh("ip link set lo up; ip link add out type veth peer name nowhere; sysctl -qw net.ipv6.conf.all.disable_ipv6=1 || true;"
           "ip addr add 10.99.0.2/24 dev out; ip link set nowhere up; ip link set out arp off up;"
           "ip route add default via 10.99.0.1;"
           f"mount --bind {hosts} /etc/hosts; mount --bind {resolver} $(realpath /etc/resolv.conf)")
        cls.registry = registry.docker(cls.box, user="dev:word", tls=True, port=443, names=(HOST,))
        cls.addClassCleanup(cls.registry.stop)
        cls.registry.host = HOST
        cls.box.variables["SSL_CERT_FILE"] = cls.registry.ca
        cls.digest = cls.registry.client().push_image("devops/nginx")

    def run_ok(self, *words, **options):
        done = self.box.run(*words, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def on_terminal(self, words, answers):
        session = Terminal(self.box, words)
        for answer in answers:
            session.expect(": ")
            session.type(answer)
        done = session.finish()
        self.assertEqual(done.code, 0, done)

    def test_the_counter_counts(self):
        before = sent()
        self.box.run("python3", "-c", "import socket; socket.socket(2, 2).sendto(b'x', ('192.0.2.1', 9))")
        time.sleep(0.2)
        self.assertEqual(sent(), before + 1)

    def test_the_guide(self):
        before = sent()
        image = f"{HOST}/devops/nginx@{self.digest}"
        self.run_ok("cosign", "version")
        self.run_ok("cosign", "login", HOST, "--username", "dev", "--password-stdin", input="word")
        self.on_terminal(["cosign", "generate-key-pair"], [PASSWORD, PASSWORD])
        self.on_terminal(["cosign", "sign", "--key", "cosign.key", "--tlog-upload=false", image], [PASSWORD])
        done = self.run_ok("cosign", "verify", "--key", "cosign.pub", "--insecure-ignore-tlog=true", image)
        self.assertIn(self.digest, done.out)
        time.sleep(0.2)
        self.assertEqual(sent(), before, "something was sent outside")


if __name__ == "__main__":
    unittest.main()
