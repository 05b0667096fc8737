"""Silent: signing and verifying send nothing but to the registry.

The guide is played in a network namespace whose only way out drops every packet, and counts them; where namespaces
are forbidden, sign and verify run under strace. Covers: issue 3, "Silent".
"""
import ipaddress
import os
import re
import subprocess
import sys
import unittest

from harness import registry
from harness.sandbox import FIXTURES, ROOT, Sandbox

HERE = os.path.dirname(os.path.abspath(__file__))
UNSHARE = ["unshare", "--map-root-user", "--net", "--mount"]
ADDRESS = re.compile(r'sa_family=(AF_\w+)(?:, sin6?_port=htons\((\d+)\).*?"([0-9a-f.:]+)")?')


def namespaces_allowed():
    try:
        probe = UNSHARE + ["sh", "-c", "ip link set lo up && ip link add out type veth peer name nowhere"]
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


class SilentTest(unittest.TestCase):
    def test_the_guide_sends_nothing_outside(self):
        if namespaces_allowed():
            done = subprocess.run(UNSHARE + [sys.executable, f"{ROOT}/tools/system_test", f"{HERE}/in_namespace.py"],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
        else:
            self.under_strace()

    def under_strace(self):
        with Sandbox() as box, registry.docker(box) as server:
            digest = server.client().push_image("devops/nginx")
            image = f"{server.host}/devops/nginx@{digest}"
            keys = os.path.join(FIXTURES, "cosign-3.1.2", "keys", "p256")
            for words in (["sign", "--key", keys + ".key", "--tlog-upload=false", image],
                          ["verify", "--key", keys + ".pub", "--insecure-ignore-tlog=true", image]):
                done = box.run("strace", "-f", "-qq", "-e", "signal=none", "-o", "trace", "-e", "trace=connect,sendto,sendmsg,sendmmsg",
                               "cosign", *words, env={"COSIGN_PASSWORD": "correct-horse"})
                self.assertEqual(done.code, 0, done)
                spoken = self.spoken_to(box.read("trace"))
                self.assertEqual(spoken, {server.host}, box.read("trace"))

    def spoken_to(self, trace):
        """Every HOST:PORT that a socket was connected to or sent to; a local socket counts as its family."""
        found = set()
        for family, port, address in ADDRESS.findall(trace):
            found.add(f"{ipaddress.ip_address(address)}:{port}" if address else family)
        return found

    def test_strace_sees_only_the_registry(self):
        self.under_strace()


if __name__ == "__main__":
    unittest.main()
