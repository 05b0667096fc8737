"""How many requests a verification makes, read from the registry's access log.

Covers: issue 3, "Performance": by digest at most 3 when .sig decides, 4 for a bundle with the referrers API, 5
without; a tag adds one HEAD, never a GET; the image's own manifest only when nothing was found; none twice.
"""
import json
import os
import re
import unittest

from harness import oci, registry
from harness.sandbox import FIXTURES, Sandbox

KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
IMAGES = os.path.join(FIXTURES, "cosign-3.1.2", "images")
NAMES = ("legacy-signature", "bundle-signature", "legacy-and-bundle", "unsigned")
COMMON_LOG = re.compile(r'"([A-Z]+) (\S+) HTTP/1\.[01]" (\d+)')


def requests(log):
    """(method, path, status) of every request but GET /v2/, which is authentication."""
    for line in log.splitlines():
        found = COMMON_LOG.search(line)
        if found:
            entry = (found.group(1), found.group(2), int(found.group(3)))
        elif line.startswith("{") and '"method"' in line:
            fields = json.loads(line)
            entry = (fields["method"], fields["path"], fields["status"])
        else:
            continue
        if entry[1] != "/v2/":
            yield entry


class CountTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        loads = [word for name in NAMES for word in ("--load", f"{IMAGES}/{name}={name}")]
        cls.ours = registry.ours(cls.box, "--log", "-", *loads)
        cls.addClassCleanup(cls.ours.stop)
        cls.docker = registry.docker(cls.box)
        cls.addClassCleanup(cls.docker.stop)
        for name in NAMES:
            cls.docker.client().push_layout(name, f"{IMAGES}/{name}")

    def verify(self, server, name, by_tag=False, code=0):
        """What one verification asks the registry for; nothing may be asked twice."""
        digest = oci.layout_tags(f"{IMAGES}/{name}")["latest"]
        reference = ":latest" if by_tag else "@" + digest
        before = len(server.log())
        done = self.box.cosign_run("verify", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true",
                                   f"{server.host}/{name}{reference}")
        self.assertEqual(done.code, code, done)
        made = list(requests(server.log()[before:]))
        self.assertTrue(made, "the access log shows nothing")
        asked = [(method, path) for method, path, _ in made]
        self.assertEqual(len(asked), len(set(asked)), f"asked twice: {made}")
        if not by_tag and code == 0:
            self.assertFalse([path for _, path in asked if path.endswith(f"/manifests/{digest}")], made)
        return made

    def each_registry(self):
        for server in (self.ours, self.docker):
            with self.subTest(registry="ours" if server is self.ours else "docker-registry"):
                yield server

    def test_sig_decides(self):
        for server in self.each_registry():
            self.assertLessEqual(len(self.verify(server, "legacy-signature")), 3)
            self.assertLessEqual(len(self.verify(server, "legacy-and-bundle")), 3)

    def test_bundle_with_the_referrers_api(self):
        self.assertLessEqual(len(self.verify(self.ours, "bundle-signature")), 4)

    def test_bundle_without_the_referrers_api(self):
        self.assertLessEqual(len(self.verify(self.docker, "bundle-signature")), 5)

    def test_a_tag_adds_one_head(self):
        for server in self.each_registry():
            for name in ("legacy-signature", "bundle-signature"):
                by_digest, by_tag = self.verify(server, name), self.verify(server, name, by_tag=True)
                heads = [(m, p) for m, p, _ in by_tag if p.endswith("/manifests/latest")]
                self.assertEqual(heads, [("HEAD", f"/v2/{name}/manifests/latest")])
                self.assertEqual(len(by_tag), len(by_digest) + 1, (by_digest, by_tag))

    def test_the_image_itself_only_when_nothing_was_found(self):
        for server in self.each_registry():
            made = self.verify(server, "unsigned", code=10)
            own = [m for m, p, _ in made if re.search(r"/manifests/sha256:[0-9a-f]{64}$", p)]
            self.assertEqual(len(own), 1, made)


if __name__ == "__main__":
    unittest.main()
