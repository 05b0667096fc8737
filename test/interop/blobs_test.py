"""Files signed by ours and by real cosign, and readers of each: every type of key, every form of signature.

Covers: issue 5, item 1, "all key types", "Ed25519: what real 3.1.2 verifies"; cosign.md 2a and 2g.
"""
import json
import unittest

from harness import reference
from harness.interop import DEAD_PROXY, KEYS, PASSWORD, TRUSTED_ROOT, test_name
from harness.sandbox import Sandbox

ALL_KEYS = ("p256", "p384", "p521", "rsa2048", "ed25519")
FORMS = ("signature", "bundle", "old bundle")
NO_SERVICE = {"ours": [], "3.1.2": ["--use-signing-config=false"], "2.6.5": []}
# What real cosign signs and no real cosign verifies without more flags: the curve's own digest.
NOT_READ_BY_REAL = {(key, form) for key in ("p384", "p521") for form in FORMS}


class BlobsTest(unittest.TestCase):
    attests = False

    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.box.variables |= {"COSIGN_PASSWORD": PASSWORD, "HTTPS_PROXY": DEAD_PROXY, "HTTP_PROXY": DEAD_PROXY}
        cls.blob = cls.box.write("blob", "what is signed\n")
        cls.other = cls.box.write("other", "another\n")
        cls.root = cls.box.write("root.json", TRUSTED_ROOT)
        cls.written = {}

    def output(self, form, path):
        if form == "signature":
            return ["--new-bundle-format=false", "--output-signature", path]
        return [f"--new-bundle-format={'true' if form == 'bundle' else 'false'}", "--bundle", path]

    def sign(self, writer, form, key):
        """The file with the signature, made once."""
        if (writer, form, key) not in self.written:
            path = self.box.path(f"{writer}-{form}-{key}".replace(" ", "-"))
            done = self.box.run(reference.program(writer), "sign-blob", "--key", f"{KEYS}/{key}.key", "-y",
                                "--tlog-upload=false", *NO_SERVICE[writer], *self.output(form, path), self.blob)
            self.assertEqual(done.code, 0, done)
            self.written[writer, form, key] = path
        return self.written[writer, form, key]

    def verb(self):
        return ["verify-blob"]

    def read(self, reader, form, path, key, blob):
        given = ["--signature", path] if form == "signature" else ["--bundle", path]
        if reader != "ours" and form == "bundle":
            given += ["--new-bundle-format", "--trusted-root", self.root]
        return self.box.run(reference.program(reader), *self.verb(), "--key", f"{KEYS}/{key}.pub",
                            "--insecure-ignore-tlog=true", *given, blob)

    def reads(self, writer, reader, form, key):
        """Whether it is known to: every form that ours writes or reads is, with every key."""
        if "ours" in (writer, reader):
            return True
        if writer == "3.1.2" and (reader, form) == ("2.6.5", "old bundle"):
            return False  # it takes the key that 3.1.2 puts there for a certificate
        if key == "ed25519" and self.attests:
            return False  # it signs with Ed25519ph, and verifies the pure form
        if writer == reader == "3.1.2" and (form, key) == ("bundle", "ed25519"):
            return False  # it writes no digest, and needs one
        return (key, form) not in NOT_READ_BY_REAL

    def each(self, writer, reader):
        reference.need(writer)
        reference.need(reader)
        for form in FORMS:
            for key in ALL_KEYS:
                if (writer, key) == ("2.6.5", "ed25519"):
                    continue  # it crashes
                with self.subTest(form=form, key=key):
                    path = self.sign(writer, form, key)
                    done = self.read(reader, form, path, key, self.blob)
                    if not self.reads(writer, reader, form, key):
                        self.assertNotEqual(done.code, 0, done)
                        continue
                    self.assertEqual((done.code, done.out), (0, ""), done)
                    self.assertIn("Verified OK", done.err, done)
                    self.assertNotEqual(self.read(reader, form, path, key, self.other).code, 0)
                    if reader != "ours" and form == "old bundle":
                        continue  # real cosign verifies with the key that stands in it (GHSA-fx35-mq7g-6g98)
                    wrong = "rsa2048" if key == "p256" else "p256"
                    self.assertNotEqual(self.read(reader, form, path, wrong, self.blob).code, 0)

    def printed(self, writer):
        """The signature on stdout: a line for each file, and nothing else."""
        reference.need(writer)
        done = self.box.run(reference.program(writer), "sign-blob", "--key", f"{KEYS}/p256.key", "-y",
                            "--tlog-upload=false", *NO_SERVICE[writer], "--new-bundle-format=false", self.blob,
                            self.other)
        self.assertEqual(done.code, 0, done)
        self.assertRegex(done.out, r"\A(M[A-Za-z0-9+/]+=*\n){2}\Z", done)


class AttestationsTest(BlobsTest):
    """What is attested of a file, with each key in each form."""
    TYPE = "https://example.com/p"
    attests = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.predicate = cls.box.write("predicate.json", '{"a": 1}')

    def sign(self, writer, form, key):
        if (writer, form, key) not in self.written:
            path = self.box.path(f"{writer}-{form}-{key}".replace(" ", "-"))
            done = self.box.run(reference.program(writer), "attest-blob", "--key", f"{KEYS}/{key}.key", "-y",
                                "--predicate", self.predicate, "--type", self.TYPE, "--tlog-upload=false",
                                *NO_SERVICE[writer], *self.output(form, path), self.blob)
            self.assertEqual(done.code, 0, done)
            self.written[writer, form, key] = path
        return self.written[writer, form, key]

    def verb(self):
        return ["verify-blob-attestation", "--type", self.TYPE]

    def printed(self, writer):
        """The envelope on stdout, and nothing else."""
        reference.need(writer)
        done = self.box.run(reference.program(writer), "attest-blob", "--key", f"{KEYS}/p256.key", "-y", "--predicate",
                            self.predicate, "--type", self.TYPE, "--tlog-upload=false", *NO_SERVICE[writer],
                            "--new-bundle-format=false", self.blob)
        self.assertEqual(done.code, 0, done)
        self.assertEqual(json.loads(done.out)["payloadType"], "application/vnd.in-toto+json")
        self.assertEqual(done.out.count("\n"), 1)


for a in ("ours", "3.1.2", "2.6.5"):
    for b in ("ours", "3.1.2", "2.6.5"):
        def both(self, a=a, b=b):
            self.each(a, b)
        setattr(BlobsTest, test_name("by", a, "read_by", b), both)

    def prints(self, a=a):
        self.printed(a)
    setattr(BlobsTest, test_name("printed_by", a), prints)

if __name__ == "__main__":
    unittest.main()
