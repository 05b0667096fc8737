"""Single parts of what is stored, by ours and by real cosign in turn: what one puts there the other gets out.

Covers: issue 5, item 3; cosign.md 2b-2j.
"""
import json
import unittest

from harness import reference, registry
from harness.interop import DEAD_PROXY, KEYS, PASSWORD
from harness.sandbox import FIXTURES, Sandbox

IMAGES = f"{FIXTURES}/cosign-3.1.2/images"
KINDS = {"referrers API": [], "fallback tag": ["--referrers=false"]}


class PartsCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.box.variables |= {"COSIGN_PASSWORD": PASSWORD, "HTTPS_PROXY": DEAD_PROXY, "HTTP_PROXY": DEAD_PROXY}
        cls.registries = {kind: registry.ours(cls.box, *options) for kind, options in KINDS.items()}
        for server in cls.registries.values():
            cls.addClassCleanup(server.stop)

    def load(self, server, fixture):
        server.client().push_layout(fixture, f"{IMAGES}/{fixture}")
        return f"{server.host}/{fixture}"

    def image(self, kind, name):
        """A new image, as a reference by digest."""
        server = self.registries[kind]
        return f"{server.host}/{name}@{server.client().push_image(name, seed=name)}"

    def run_program(self, program, *words, **options):
        done = self.box.run(reference.program(program), *words, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def verified(self, program, image, *options):
        done = self.run_program(program, "verify", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true", *options,
                                image)
        return json.loads(done.out)


class DownloadTest(PartsCase):
    """The same lines; the real one's envelopes come in any order."""

    def check(self, version, what, fixtures):
        reference.need(version)
        for kind, server in self.registries.items():
            for fixture in fixtures:
                with self.subTest(registry=kind, fixture=fixture):
                    image = self.load(server, fixture)
                    ours = self.run_program("ours", "download", what, image).out
                    theirs = self.run_program(version, "download", what, image).out
                    self.assertEqual(sorted(ours.splitlines()), sorted(theirs.splitlines()))
                    self.assertTrue(ours)

    def test_signatures_of_3_1_2(self):
        self.check("3.1.2", "signature", ["bundle-signature", "legacy-signature", "legacy-two-keys", "legacy-rsa"])

    def test_signatures_of_2_6_5(self):
        self.check("2.6.5", "signature", ["legacy-signature", "legacy-two-keys"])

    def test_attestations_of_3_1_2(self):
        self.check("3.1.2", "attestation", ["bundle-attestation-only", "legacy-attestations"])

    def test_attestations_of_2_6_5(self):
        self.check("2.6.5", "attestation", ["legacy-attestations"])


if __name__ == "__main__":
    unittest.main()
