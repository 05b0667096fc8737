"""The protocol of the official client conformance suite, spoken by `cosign` itself, over every case that is at hand.

SIGSTORE_VECTORS names a folder whose sigstore-bundles/ has one folder a case: a bundle, and where a case has its own an
artifact, a trusted root, a key, an identity, an issuer. One that ends in `_fail` must be refused, any other must verify;
with the file and with its digest, with and without the flag that the suite's adapter for cosign adds. An end by a
signal is neither. Covers: issue 7, "the suite's protocol is spoken by cosign itself as the real one does".
"""
import hashlib
import json
import os
import unittest

from harness import reference
from harness.sandbox import Sandbox

IDENTITY = ("https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/"
            "extremely-dangerous-oidc-beacon.yml@refs/heads/main")
ISSUER = "https://token.actions.githubusercontent.com"
DEAD_PROXY = "http://127.0.0.1:9"  # nothing is fetched


def cases():
    vectors = os.environ.get("SIGSTORE_VECTORS")
    if not vectors:
        return []
    top = os.path.join(vectors, "sigstore-bundles")
    return [Case(os.path.join(top, name)) for name in sorted(os.listdir(top)) if os.path.isdir(os.path.join(top, name))]


class Case:
    def __init__(self, path):
        self.name, self.path = os.path.basename(path), path
        self.must_fail = self.name.endswith("_fail")

    def own(self, name, otherwise):
        """A file of this case, or what all others share."""
        mine = os.path.join(self.path, name)
        return mine if os.path.exists(mine) else os.path.join(os.path.dirname(self.path), otherwise)

    def text(self, name, otherwise):
        try:
            with open(os.path.join(self.path, name), encoding="utf-8") as file:
                return file.read().strip()
        except FileNotFoundError:
            return otherwise

    def artifact(self):
        return self.own("artifact", "a.txt")

    def digest(self):
        with open(self.artifact(), "rb") as file:
            return "sha256:" + hashlib.sha256(file.read()).hexdigest()

    def signer(self):
        key = os.path.join(self.path, "key.pub")
        if os.path.exists(key):
            return ["--key", key]
        return ["--certificate-identity", self.text("identity", IDENTITY),
                "--certificate-oidc-issuer", self.text("issuer", ISSUER)]

    def timestamps(self):
        """What the adapter adds where it finds timestamps: it reads the bundle for that."""
        try:
            with open(os.path.join(self.path, "bundle.sigstore.json"), encoding="utf-8") as file:
                material = json.load(file).get("verificationMaterial", {})
        except ValueError:
            return []
        found = (material.get("timestampVerificationData") or {}).get("rfc3161Timestamps")
        return ["--use-signed-timestamps"] if found else []

    def line(self, artifact, *more):
        return ["verify-blob", *more, "--bundle", os.path.join(self.path, "bundle.sigstore.json"), *self.signer(),
                "--trusted-root", self.own("trusted_root.json", "production_trusted_root.json"), artifact]


class BundlesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cases = cases()
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.box.variables |= {"HTTPS_PROXY": DEAD_PROXY, "HTTP_PROXY": DEAD_PROXY}

    def setUp(self):
        if not self.cases:
            self.skipTest("SIGSTORE_VECTORS is not set: no cases to run")

    def each(self, check):
        for case in self.cases:
            for artifact in (case.artifact(), case.digest()):
                with self.subTest(case=case.name, artifact=os.path.basename(artifact)):
                    check(case, artifact)

    def judged(self, case, done):
        self.assertGreaterEqual(done.code, 0, done)
        if not case.must_fail:
            self.assertEqual((done.code, done.out, done.err.splitlines()[:1]), (0, "", ["Verified OK"]), done)
            return
        self.assertNotEqual(done.code, 0, done)
        self.assertEqual([line.split(":")[0] for line in done.err.splitlines()][:1], ["error"], done)

    def test_every_case_is_judged_as_it_is_named(self):
        self.each(lambda case, artifact: self.judged(case, self.box.cosign_run(*case.line(artifact))))

    def test_as_the_adapter_of_the_suite_calls_it(self):
        self.each(lambda case, artifact: self.judged(
            case, self.box.cosign_run(*case.line(artifact, *case.timestamps()))))

    def test_the_report_says_the_same(self):
        def check(case, artifact):
            done = self.box.cosign_run(*case.line(artifact, "-o", "report"))
            self.assertEqual(json.loads(done.out)["accepted"], not case.must_fail, done)
            self.assertEqual(done.code == 0, not case.must_fail, done)
        self.each(check)

    def test_another_identity_issuer_or_file_is_refused(self):
        other = self.box.write("other", "another file\n")
        for case in self.cases:
            if case.must_fail or "--key" in case.signer():
                continue
            for change in (["--certificate-identity", "https://example.com/other"],
                           ["--certificate-oidc-issuer", "https://example.com"]):
                line = case.line(case.artifact())
                with self.subTest(case=case.name, change=change):
                    done = self.box.cosign_run(*line[:-1], *change, line[-1])
                    self.assertEqual(done.code, 12, done)
            with self.subTest(case=case.name, artifact="another"):
                self.assertEqual(self.box.cosign_run(*case.line(other)).code, 12)

    def test_the_judgement_is_that_of_cosign_3_1_2(self):
        reference.need("3.1.2")

        def check(case, artifact):
            ours, real = (self.box.run(reference.program(name), *case.line(artifact)) for name in ("ours", "3.1.2"))
            self.assertEqual(ours.code == 0, real.code == 0, f"{ours}\n{real}")
        self.each(check)


if __name__ == "__main__":
    unittest.main()
