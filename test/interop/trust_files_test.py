"""trusted_root.json and signing_config.json: byte for byte what real cosign makes of the same flags, and each reads the other's.

Covers: issue 7, "trusted-root create, signing-config create … files that real 3.x reads, and its files read here".
"""
import unittest

from harness import reference
from harness.interop import KEYS
from harness.sandbox import Sandbox

SERVICE = "api-version=1,start-time=2024-01-01T00:00:00Z,operator=example.com"
AUTHORITIES = """
openssl ecparam -name prime256v1 -genkey -noout -out root.key
openssl req -x509 -new -key root.key -subj '/O=Acme/O=Second/CN=root/CN=last' -days 900 -out root.pem
openssl req -new -key root.key -subj '/CN=intermediate' -out i.csr
printf basicConstraints=critical,CA:TRUE > ca.ext
openssl x509 -req -in i.csr -CA root.pem -CAkey root.key -CAcreateserial -days 800 -extfile ca.ext -out i.pem
openssl req -new -key root.key -subj '/CN=tsa' -out t.csr
openssl x509 -req -in t.csr -CA root.pem -CAkey root.key -CAcreateserial -days 700 -out t.pem
cat i.pem root.pem > chain.pem
cat t.pem root.pem > tsa.pem
"""


def joined(text):
    """protojson puts a blank behind each comma, or none: that depends on the build of the program."""
    return text.replace(", \"", ",\"").replace(", {", ",{")


class TrustFilesCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        done = cls.box.run("/bin/sh", "-ec", AUTHORITIES)
        assert done.code == 0, done

    def made(self, program, *words):
        out = self.box.path(f"made-by-{program}.json")
        done = self.box.run(reference.program(program), *words, "--out", out)
        self.assertEqual(done.code, 0, done)
        with open(out, encoding="utf-8") as file:
            return file.read()

    def same(self, version, *words):
        """Both make the same file of these words; returns it."""
        reference.need(version)
        theirs, ours = joined(self.made(version, *words)), self.made("ours", *words)
        self.assertEqual(ours, theirs)
        self.assertFalse(ours.endswith("\n"))
        return ours


class TrustedRootTest(TrustFilesCase):
    def log(self, key, start="2024-01-01T00:00:00Z", more=""):
        return f"url=https://log.example.com,public-key={KEYS}/{key}.pub,start-time={start}{more}"

    def test_logs_of_every_key_by_3_1_2(self):
        for key in ("p256", "p384", "p521", "rsa2048", "rsa4096", "ed25519"):
            with self.subTest(key=key):
                for flag in ("--rekor", "--ctfe"):
                    self.same("3.1.2", "trusted-root", "create", flag, self.log(key))
                    self.same("3.1.2", "trusted-root", "create", flag, self.log(key, more=",origin=log.example.com"))

    def test_several_of_each_by_3_1_2(self):
        root = self.same(
            "3.1.2", "trusted-root", "create",
            "--rekor", self.log("p256", "2025-06-01T02:00:00.5+02:00", ",end-time=2027-01-01T00:00:00.123456789Z"),
            "--rekor", self.log("ed25519", "2023-01-01T00:00:00Z"), "--rekor", self.log("p384", "2024-01-01T00:00:00.12Z"),
            "--rekor", self.log("p256", "2022-01-01T00:00:00Z"),  # the same log again: the later one counts
            "--ctfe", self.log("rsa2048", "1969-12-31T23:59:59.5Z"),
            "--fulcio", "url=https://ca.example.com,certificate-chain=chain.pem,start-time=2024-01-01T00:00:00Z",
            "--fulcio", " url = https://old.example.com , certificate-chain = root.pem , start-time=2020-01-01T00:00:00Z,end-time=",
            "--tsa", "url=https://tsa.example.com/api/v1/timestamp,certificate-chain=tsa.pem,end-time=2040-01-01T00:00:00Z")
        self.assertEqual(root.count("log.example.com"), 4)

    def test_a_timestamp_authority_of_one_certificate_by_3_1_2(self):
        self.same("3.1.2", "trusted-root", "create", "--tsa", "url=https://tsa.example.com,certificate-chain=t.pem")

    def test_nothing_by_3_1_2(self):
        self.same("3.1.2", "trusted-root", "create")

    OLD = ("--certificate-chain", "chain.pem", "--fulcio-uri", "https://ca.example.com", "--certificate-chain", "root.pem",
           "--rekor-key", f"{KEYS}/p256.pub", "--rekor-url", "https://rekor.example.com",
           "--ctfe-key", f"{KEYS}/p384.pub", "--ctfe-start-time", "2024-01-01T00:00:00Z",
           "--ctfe-end-time", "2025-01-01T00:00:00Z",
           "--timestamp-certificate-chain", "tsa.pem", "--timestamp-uri", "https://tsa.example.com")

    def test_the_older_flags_by_3_1_2(self):
        self.same("3.1.2", "trusted-root", "create", *self.OLD)
        self.same("3.1.2", "trusted-root", "create", "--rekor-key", f"{KEYS}/ed25519.pub,log.example.com",
                  "--rekor-url", "https://log.example.com", "--rekor-start-time", "2024-01-01T00:00:00Z")

    def test_the_older_flags_by_2_6_5(self):
        self.same("2.6.5", "trusted-root", "create", *self.OLD)

    def test_read_by_3_1_2(self):
        """The real one verifies beside a root that ours has made, and ours beside the real one's."""
        reference.need("3.1.2")
        box = self.box
        box.write("artifact", "hello")
        for line in ("openssl ecparam -name prime256v1 -genkey -noout -out b.pem; openssl ec -in b.pem -pubout -out b.pub",
                     "openssl dgst -sha256 -sign b.pem artifact | base64 -w0 > b.sig"):
            self.assertEqual(box.run("/bin/sh", "-ec", line).code, 0, line)
        made = box.cosign_run("bundle", "create", "--artifact", "artifact", "--signature", "b.sig", "--key", "b.pub",
                              "--ignore-tlog", "--out", "b.json")
        self.assertEqual(made.code, 0, made)
        for writer, reader in (("ours", "3.1.2"), ("3.1.2", "ours")):
            with self.subTest(writer=writer):
                self.made(writer, "trusted-root", "create", "--rekor", self.log("p256"), "--ctfe", self.log("p384"),
                          "--fulcio", "url=https://ca.example.com,certificate-chain=chain.pem",
                          "--tsa", "url=https://tsa.example.com,certificate-chain=tsa.pem")
                done = box.run(reference.program(reader), "verify-blob", "--key", "b.pub", "--bundle", "b.json",
                               "--trusted-root", f"made-by-{writer}.json", "--insecure-ignore-tlog=true", "artifact")
                self.assertEqual(done.code, 0, done)


class SigningConfigTest(TrustFilesCase):
    ALL = ("--fulcio", f"url=https://ca.example.com,{SERVICE}", "--oidc-provider", f"url=https://login.example.com,{SERVICE}",
           "--rekor", f"url=https://a.example.com,{SERVICE},end-time=2030-01-01T00:00:00.25Z",
           "--rekor", "url=https://b.example.com,api-version=2,start-time=2024-01-01T00:00:00.5-01:30,operator=<b&c>",
           "--rekor-config", "all", "--tsa", "url=https://tsa.example.com,api-version=0,start-time=2024-01-01T00:00:00Z,operator=x",
           "--tsa-config", "EXACT:2")

    def test_all_kinds_by_3_1_2(self):
        self.same("3.1.2", "signing-config", "create", *self.ALL)

    def test_nothing_by_3_1_2(self):
        self.same("3.1.2", "signing-config", "create")

    def test_on_top_of_the_other_ones_by_3_1_2(self):
        reference.need("3.1.2")
        for writer in ("ours", "3.1.2"):
            base = self.box.write("base.json", self.made(writer, "signing-config", "create", *self.ALL))
            for words in ([], ["--no-default-tsa"], ["--no-default-rekor", "--rekor-config", "ANY"], ["--no-default-oidc"],
                          ["--no-default-fulcio"], ["--fulcio", f"url=https://new.example.com,{SERVICE}"],
                          ["--tsa", f"url=https://new.example.com,{SERVICE}", "--tsa-config", "ANY"]):
                with self.subTest(writer=writer, words=words):
                    self.same("3.1.2", "signing-config", "create", "--base-config", base, *words)


if __name__ == "__main__":
    unittest.main()
