"""Signatures by a Sigstore in memory, good and deliberately bad, put to ours and to real cosign.

`sigstore_cases` writes them (sigstore/authority/testing/cases.h says what each is); every one is asked of both
programs with the same words, and a difference stands here with its reason. Covers: issue 7, "A Sigstore in memory for
the tests", "Lessons of the field, a test each".
"""
import concurrent.futures
import json
import os
import textwrap
import unittest

from harness import reference
from harness.interop import DEAD_PROXY
from harness.sandbox import Sandbox

PREDICATE = "https://example.test/predicate/v1"
# What real cosign 3.1.2 answers otherwise than ours, and why.
CLAIMS = "it verifies by the checkpoint and the body, and never compares what the bundle claims beside them"
TOKENS = "RFC 3161 and RFC 5652 demand it; without it another certificate, or another content, may be meant"
REAL_ACCEPTS = {
    "leaf-is-ca": "Go's x509 asks nothing of the last certificate of a chain; an authority's key is no signer's",
    "leaf-no-eku": "to Go a certificate for no named use is for every use",
    "times-disagree-timestamp": "it looks at no timestamp where Rekor v1 gives a time; the specification has the "
                                "certificate valid at every time that is proven",
    "timestamp-content-type": TOKENS,
    "timestamp-no-certificate-id": TOKENS,
    "v1-entry-other-kind": CLAIMS,
    "v1-entry-other-version": CLAIMS,
    "v1-proof-size": CLAIMS,
    "v2-entry-other-kind": CLAIMS,
    "v2-entry-other-version": CLAIMS,
    "v2-proof-index": CLAIMS,
    "v2-proof-root": CLAIMS,
    "v2-proof-size": CLAIMS,
}
WITNESS = "it gives a checkpoint of Rekor v1 up at the first signature of another"
REAL_REFUSES = {
    "name-dns": "it knows no DNS names in certificates of signers",
    "v1-checkpoint-cosigned": WITNESS,
    "v1-checkpoint-cosigned-first": WITNESS,
    "v1-no-promise": "where there is an entry of Rekor v1 it wants the time from there, unless "
                     "--use-signed-timestamps names the timestamp",
    "world-p384-v1": "it checks the promise of Rekor v1 by SHA-256 and the checkpoint by the digest of the curve: only "
                     "with P-256 both are the same",
}


class CasesTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.box.variables |= {"HTTPS_PROXY": DEAD_PROXY, "HTTP_PROXY": DEAD_PROXY}
        cls.folder = cls.box.path("cases")
        program = os.path.join(os.path.dirname(cls.box.cosign), "sigstore_cases")
        done = cls.box.run(program, cls.folder)
        if done.code:
            raise AssertionError(str(done))
        cls.cases = {name: json.loads(cls.box.read(f"cases/{name}/case.json")) for name in sorted(os.listdir(cls.folder))}

    def ask(self, program, name, *more):
        case, folder = self.cases[name], os.path.join(self.folder, name)
        words = ["verify-blob-attestation", "--type", PREDICATE] if case["form"] == "envelope" else ["verify-blob"]
        if case["ask"] == "key":
            words += ["--key", f"{folder}/key.pub"]
        else:
            words += ["--certificate-identity", case["identity"], "--certificate-oidc-issuer", case["issuer"]]
        return self.box.run(program, *words, *more, "--bundle", f"{folder}/bundle.json",
                            "--trusted-root", f"{folder}/trusted_root.json", f"{folder}/artifact")

    def answers(self, program):
        """Name -> how it ended. A signal, or an exit that no command has, is no answer."""
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            done = dict(zip(self.cases, pool.map(lambda name: self.ask(program, name), self.cases)))
        for name, one in done.items():
            self.assertIn(one.code, (0, 1, 12), f"{name}: {one}")
        return done

    def test_ours(self):
        self.assertGreater(len(self.cases), 100)
        wrong = {name: f"{self.cases[name]['what']}: {done}" for name, done in self.answers(self.box.cosign).items()
                 if (done.code == 0) != self.cases[name]["good"]}
        self.assertEqual(wrong, {}, "\n".join(f"{name}: {text}" for name, text in wrong.items()))

    def test_as_3_1_2(self):
        answers = self.answers(reference.program("3.1.2"))
        accepted = {name for name, done in answers.items() if done.code == 0}
        good = {name for name, case in self.cases.items() if case["good"]}
        details = "\n".join(f"{name}: {self.cases[name]['what']}: {answers[name].err.strip()[-300:]}"
                            for name in sorted(accepted ^ good))
        self.assertEqual(sorted(accepted - good), sorted(REAL_ACCEPTS), details)
        self.assertEqual(sorted(good - accepted), sorted(REAL_REFUSES), details)

    def test_timestamp_named_to_3_1_2(self):
        """With the flag that real cosign wants for it, its answer to `v1-no-promise` is ours."""
        done = self.ask(reference.program("3.1.2"), "v1-no-promise", "--use-signed-timestamps")
        self.assertEqual(done.code, 0, done)
        self.assertEqual(self.ask(self.box.cosign, "v1-no-promise", "--use-signed-timestamps").code, 0)

class OpensslTest(unittest.TestCase):
    """openssl reads and verifies the certificates: those of v1-message, at the time of signing."""
    SIGNED = "1780315200"  # 2026-06-01T12:00:00Z

    @classmethod
    def setUpClass(cls):
        CasesTest.setUpClass.__func__(cls)
        bundle = json.loads(cls.box.read("cases/v1-message/bundle.json"))
        root = json.loads(cls.box.read("cases/v1-message/trusted_root.json"))
        chains = [root[kind][0]["certChain"]["certificates"] for kind in
                  ("certificateAuthorities", "timestampAuthorities")]
        cls.leaf = cls.pem("leaf", bundle["verificationMaterial"]["certificate"])
        cls.intermediate, cls.root = cls.pem("intermediate", chains[0][0]), cls.pem("root", chains[0][1])
        cls.tsa, cls.tsa_root = cls.pem("tsa", chains[1][0]), cls.pem("tsa-root", chains[1][1])

    @classmethod
    def pem(cls, name, certificate):
        lines = textwrap.wrap(certificate["rawBytes"], 64)
        return cls.box.write(f"{name}.pem", "\n".join(["-----BEGIN CERTIFICATE-----", *lines,
                                                       "-----END CERTIFICATE-----", ""]))

    def verify(self, *words, at=SIGNED):
        return self.box.run("openssl", "verify", "-x509_strict", "-attime", at, *words)

    def test_a_signers_chain(self):
        chain = ["-CAfile", self.root, "-untrusted", self.intermediate, self.leaf]
        self.assertEqual(self.verify(*chain).code, 0, self.verify(*chain))
        self.assertIn("certificate has expired", self.verify(*chain, at=str(int(self.SIGNED) + 601)).err)
        self.assertNotEqual(self.verify("-CAfile", self.tsa_root, "-untrusted", self.intermediate, self.leaf).code, 0)

    def test_a_timestamp_authority(self):
        done = self.verify("-purpose", "timestampsign", "-CAfile", self.tsa_root, self.tsa)
        self.assertEqual(done.code, 0, done)

    def test_what_a_signers_certificate_says(self):
        text = self.box.run("openssl", "x509", "-in", self.leaf, "-noout", "-text").out
        for part in ("Version: 3 (0x2)", "Issuer: O = sigstore.test, CN = intermediate", "Subject: \n",
                     "Not Before: Jun  1 12:00:00 2026 GMT", "Not After : Jun  1 12:10:00 2026 GMT",
                     "X509v3 Key Usage: critical\n                Digital Signature\n", "Code Signing",
                     "X509v3 Subject Alternative Name: critical\n                URI:https://ci.test/team/app@refs",
                     "1.3.6.1.4.1.57264.1.1: \n                https://issuer.test", "1.3.6.1.4.1.57264.1.8: ",
                     "CT Precertificate SCTs: ", "Timestamp : Jun  1 12:00:00.000 2026 GMT"):
            self.assertIn(part, text)


if __name__ == "__main__":
    unittest.main()
