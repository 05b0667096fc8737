"""Keys that openssl made, in every container it writes, become key files that sign here and with real cosign.

Covers: issue 5, item 3 (import-key-pair); cosign.md 2j.
"""
import os
import shutil
import unittest

from harness import reference, registry
from harness.interop import WRITE
from harness.sandbox import SYSTEM_PATH, Sandbox

IGNORE_LOG = "--insecure-ignore-tlog=true"
OLD, NEW = {"COSIGN_IMPORT_PASSWORD": "old word"}, {"COSIGN_PASSWORD": "new word"}
KEYS = {
    "p256": ("ecparam", "-name", "prime256v1", "-genkey"),  # SEC1 after EC PARAMETERS
    "p384": ("ecparam", "-name", "secp384r1", "-genkey", "-noout"),
    "p521": ("ecparam", "-name", "secp521r1", "-genkey", "-noout"),
    "rsa2048": ("genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048"),
    "rsa3072": ("genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:3072"),
    "rsa4096": ("genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:4096"),
    "ed25519": ("genpkey", "-algorithm", "ed25519"),
}
PASSWORD = ("-passout", "pass:old word")
CONTAINERS = {
    "PKCS#8": ("pkey",),
    "PKCS#1 or SEC1": ("pkey", "-traditional"),
    "PBKDF2, AES-256": ("pkcs8", "-topk8", *PASSWORD),
    "PBKDF2, 3DES": ("pkcs8", "-topk8", "-v2", "des3", *PASSWORD),
    "scrypt": ("pkcs8", "-topk8", "-scrypt", *PASSWORD),
    "headers, AES-128": ("pkey", "-traditional", "-aes128", *PASSWORD),
    "headers, 3DES": ("pkey", "-traditional", "-des3", *PASSWORD),
}
SIGNING = ("p256", "rsa2048", "rsa4096", "p384", "p521", "ed25519")


class ImportedKeysTest(unittest.TestCase):
    def setUp(self):
        if not shutil.which("openssl", path=SYSTEM_PATH):
            self.skipTest("no openssl is installed")
        self.box = Sandbox()
        self.addCleanup(self.box.close)

    def good(self, *argv, **options):
        done = self.box.run(*argv, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def make(self, key):
        """The private key as openssl makes it, and its public half."""
        self.good("openssl", *KEYS[key], "-out", "made.pem")
        return self.good("openssl", "pkey", "-in", "made.pem", "-pubout").out

    def containers(self, key):
        """Ed25519 came after the forms of its own that other types have."""
        return {name: words for name, words in CONTAINERS.items() if key != "ed25519" or "-traditional" not in words}

    def imports(self, program, path, **options):
        self.good(reference.program(program), "import-key-pair", "--key", path, "--yes", env={**OLD, **NEW}, **options)
        return self.box.read("import-cosign.pub")

    def opens(self, program, public):
        done = self.good(reference.program(program), "public-key", "--key", "import-cosign.key", env=NEW)
        self.assertEqual(done.out, public)

    def test_every_type_in_every_container(self):
        for key in KEYS:
            public = self.make(key)
            self.assertEqual(self.imports("ours", "made.pem"), public)
            for name, words in self.containers(key).items():
                with self.subTest(key=key, container=name):
                    self.good("openssl", *words, "-in", "made.pem", "-out", "kept.pem")
                    self.assertEqual(self.imports("ours", "kept.pem"), public)
            self.opens("ours", public)

    def test_a_wrong_password_changes_nothing(self):
        self.make("p256")
        for name, words in CONTAINERS.items():
            if PASSWORD[1] not in words:
                continue
            with self.subTest(container=name):
                self.good("openssl", *words, "-in", "made.pem", "-out", "kept.pem")
                done = self.box.cosign_run("import-key-pair", "--key", "kept.pem", env={**NEW, "COSIGN_IMPORT_PASSWORD": "x"})
                self.assertEqual(done.code, 1, done)
                self.assertTrue(done.err.startswith("error: the password does not open kept.pem\n"), done)
                self.assertEqual(sorted(os.listdir(self.box.work)), ["kept.pem", "made.pem"])

    def used_by(self, program):
        """What ours imports, the other signs with; and ours verifies it, and the other way round."""
        reference.need(program)
        for key in SIGNING:
            with self.subTest(key=key):
                public = self.make(key)
                self.assertEqual(self.imports("ours", "made.pem"), public)
                self.opens(program, public)
                self.signs(program, "ours")
                if key in ("p256", "rsa2048", "rsa4096"):  # what real cosign verifies of its own, too
                    self.signs("ours", program)

    def signs(self, signer, verifier):
        with registry.ours(self.box) as server:
            image = f"{server.host}/app@{server.client().push_image('app')}"
            self.good(reference.program(signer), "sign", "--key", "import-cosign.key", *WRITE[signer]["sig"][0],
                      "--tlog-upload=false", "-y", image, env=NEW)
            self.good(reference.program(verifier), "verify", "--key", "import-cosign.pub", IGNORE_LOG, image)

    def test_ours_used_by_3_1_2(self):
        self.used_by("3.1.2")

    def test_ours_used_by_2_6_5(self):
        self.used_by("2.6.5")

    def imported_by(self, program):
        """What the other imports, ours opens; of what it takes at all: neither EC PARAMETERS nor a password."""
        reference.need(program)
        for key in SIGNING:
            for container in {"PKCS#8", "PKCS#1 or SEC1"} & self.containers(key).keys():
                with self.subTest(key=key, container=container):
                    public = self.make(key)
                    self.good("openssl", *CONTAINERS[container], "-in", "made.pem", "-out", "kept.pem")
                    self.assertEqual(self.imports(program, "kept.pem"), public)
                    self.opens("ours", public)

    def test_3_1_2_used_by_ours(self):
        self.imported_by("3.1.2")

    def test_2_6_5_used_by_ours(self):
        self.imported_by("2.6.5")

    def test_a_size_of_rsa_that_real_cosign_does_not_sign_with(self):
        self.good("openssl", "genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2560",
                  "-out", "made.pem")
        done = self.good(reference.program("ours"), "import-key-pair", "--key", "made.pem", env=NEW)
        self.assertIn("note: Sigstore's cosign signs with RSA keys of 2048, 3072 and 4096 bits alone; this one has 2560\n",
                      done.err)
        self.signs("ours", "ours")


if __name__ == "__main__":
    unittest.main()
