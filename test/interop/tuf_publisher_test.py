"""What our side of a TUF repository publishes is read by real cosign 3.1.2: through rotations, delegations and hash bins.

Covers: issue 8, "A repository side as `authority/tufrepo`"; cosign.md 2i.
"""
import os
import unittest

from harness import reference
from harness.interop import DEAD_PROXY
from harness.sandbox import Sandbox
from harness.tufrepo import TufServer, publish

ROOT = ('{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1","tlogs":[],'
        '"certificateAuthorities":[],"ctlogs":[],"timestampAuthorities":[]}')
CONFIG = ('{"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json","caUrls":[],"oidcUrls":[],'
          '"rekorTlogUrls":[],"tsaUrls":[],"rekorTlogConfig":{"selector":"ANY"},"tsaConfig":{"selector":"ANY"}}')


class PublisherTest(unittest.TestCase):
    def setUp(self):
        reference.need("3.1.2")
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.box.variables |= {"HTTPS_PROXY": DEAD_PROXY, "HTTP_PROXY": DEAD_PROXY}

    def initialized(self, *script, by="targets"):
        """Real cosign believes the whole. What it asked for, once each: it begins anew for each target that it keeps."""
        folder = publish(self.box, ["create", *script, f"target {by} trusted_root.json {ROOT}",
                                    f"target {by} signing_config.v0.2.json {CONFIG}", "publish", "save all"])
        server = TufServer(os.path.join(folder, "all"))
        self.addCleanup(server.stop)
        done = self.box.run(reference.program("3.1.2"), "initialize", "--mirror", server.url, "--root",
                            os.path.join(folder, "all.root.json"))
        self.assertEqual(done.code, 0, done)
        cache = os.path.join(self.box.home, ".sigstore", "root", server.url.removeprefix("http://").replace("/", "-")
                             .replace(":", "-"))
        with open(os.path.join(cache, "targets", "trusted_root.json"), encoding="utf-8") as file:
            self.assertEqual(file.read(), ROOT)
        return list(dict.fromkeys(path for path in server.asked if not path.startswith("targets/")))

    def test_read_by_3_1_2(self):
        self.assertEqual(self.initialized(),
                         ["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"])

    def test_rotated_read_by_3_1_2(self):
        asked = self.initialized("publish", "rotate root", "publish", "rotate root timestamp snapshot targets")
        self.assertEqual(asked[:3], ["2.root.json", "3.root.json", "4.root.json"])
        self.assertEqual(asked[3:], ["timestamp.json", "2.snapshot.json", "2.targets.json"])

    def test_delegated_read_by_3_1_2(self):
        asked = self.initialized("delegate targets first key-1 nothing/*", "delegate targets team key-2 *.json",
                                 "terminate team deeper key-3 t*.json s*.json", by="deeper")
        self.assertEqual(asked[4:6], ["1.team.json", "1.deeper.json"])

    def test_hash_bins_read_by_3_1_2(self):
        asked = self.initialized("bins targets bin 5 key-1")
        self.assertEqual(len([path for path in asked if path.startswith("1.bin-")]), 2)


if __name__ == "__main__":
    unittest.main()
