"""A large SBOM is attested and verified in memory that grows with it no more than it must.

Covers: issue 5, "Performance": "verify-attestation of a 50 MB SBOM in at most 3 x its size".
"""
import json
import os
import re
import subprocess
import time
import unittest

from harness import registry
from harness.sandbox import FIXTURES, Sandbox

SIZE = 50_000_000
KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")


def sbom():
    """An SPDX document of that size, with as many values as one has."""
    package = json.dumps({"SPDXID": "SPDXRef-Package-000000", "name": "libexample", "versionInfo": "1.2.3-4+deb12u1",
                          "downloadLocation": "NOASSERTION", "filesAnalyzed": False, "licenseDeclared": "Apache-2.0",
                          "checksums": [{"algorithm": "SHA256", "checksumValue": "0" * 64}]})
    return '{"spdxVersion":"SPDX-2.3","packages":[' + ",".join([package] * (SIZE // (len(package) + 1))) + "]}"


class LargeAttestationTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.box.variables |= {"COSIGN_PASSWORD": "correct-horse", "COSIGN_TLOG_UPLOAD": "false",
                              "COSIGN_INSECURE_IGNORE_TLOG": "true"}
        text = sbom()
        cls.size = len(text)
        cls.file = cls.box.write("sbom.json", text)
        cls.server = registry.ours(cls.box, "--dir", cls.box.path("registry"))
        cls.addClassCleanup(cls.server.stop)

    def peak(self, *words):
        """Bytes of memory at most, sampled: what a child's usage says begins with ours."""
        process = self.box.start(["cosign", *words], stdout=subprocess.DEVNULL)
        peak = 0
        while process.poll() is None:
            try:
                with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
                    text = status.read()
            except OSError:
                break
            found = re.search(r"^VmHWM:\s+(\d+) kB", text, re.M)
            if found and not text.startswith("Name:\tpython"):
                peak = max(peak, int(found.group(1)) * 1024)
            time.sleep(0.002)
        err = process.stderr.read().decode()
        process.stderr.close()
        self.assertEqual(process.wait(), 0, err)
        print(f"\n  {words[0]}: {peak / self.size:.2f} x the SBOM", flush=True)
        self.assertGreater(peak, 1024 * 1024, "nothing was measured")
        return peak

    def within_bounds(self, form):
        server = self.server.client()
        image = f"{self.server.host}/{form}@{server.push_image(form)}"
        self.peak("attest", "--key", f"{KEYS}/p256.key", "--type", "spdxjson", "--predicate", self.file,
                  "--signature-format", form, image)
        verify = ["verify-attestation", "--key", f"{KEYS}/p256.pub", "--type", "spdxjson"]
        self.assertLessEqual(self.peak(*verify, image), 3 * self.size)
        saved = self.box.path(f"saved-{form}")
        done = self.box.cosign_run("save", "--dir", saved, image)
        self.assertEqual(done.code, 0, done)
        self.assertLessEqual(self.peak(*verify, "--local-image", saved), 3 * self.size)

    def test_in_the_tag(self):
        self.within_bounds("att")

    def test_as_a_bundle(self):
        self.within_bounds("bundle")


if __name__ == "__main__":
    unittest.main()
