"""Keys in SoftHSM's tokens: made there or put there, they sign and verify images and files, and real cosign verifies it.

Covers: issue 6, item 2 and "Done when"; cosign.md 2k.
"""
import os
import re
import unittest
import urllib.parse

from harness import reference, registry
from harness.interop import DEAD_PROXY, TRUSTED_ROOT, WRITE
from harness.sandbox import Sandbox
from harness.terminal import Terminal
from harness.tokens import PIN, SoftHsm

IGNORE_LOG = "--insecure-ignore-tlog=true"
NO_LOG = "--tlog-upload=false"
# label, id: how openssl makes it.
KEYS = {
    ("p256", "0a"): ("genpkey", "-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
    ("p384", "0b"): ("genpkey", "-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"),
    ("p521", "0c"): ("genpkey", "-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"),
    ("rsa2048", "0d"): ("genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048"),
    ("rsa3072", "0e"): ("genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:3072"),
}


class TokenCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.box.variables |= {"COSIGN_PKCS11_PIN": PIN, "HTTPS_PROXY": DEAD_PROXY, "HTTP_PROXY": DEAD_PROXY}
        cls.hsm = SoftHsm(cls.box)
        cls.slot = cls.hsm.token("first")
        cls.server = registry.ours(cls.box)
        cls.addClassCleanup(cls.server.stop)
        cls.box.write("file", "content")

    def good(self, *arguments, **options):
        done = self.box.cosign_run(*arguments, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def refused(self, said, *arguments, **options):
        """One error, with these words; the PIN in none of them."""
        done = self.box.cosign_run(*arguments, **options)
        self.assertEqual(done.code, 1, done)
        self.assertTrue(done.err.startswith(said), done)
        self.assertEqual(done.err.count("error: "), 1, done)
        return done

    def image(self, name):
        return f"{self.server.host}/{name}@{self.server.client().push_image(name, seed=name)}"

    def sign_blob(self, key, **options):
        return self.box.cosign_run("sign-blob", "--key", key, NO_LOG, "-y", "--bundle", "file.json", "file", **options)


class KindsTest(TokenCase):
    """Every kind of key, put there by others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public = {}
        for (label, key_id), how in KEYS.items():
            cls.public[label] = cls.hsm.make(label, *how)
            cls.hsm.load(label, "first", label, key_id)

    def test_the_public_key_by_label_id_and_slot(self):
        for (label, key_id), _ in KEYS.items():
            for key in (f"token=first;object={label}", f"token=first;id=%{key_id}", f"slot-id={self.slot};id=%{key_id}",
                        f"token=first;slot-id={self.slot};object={label}",
                        f"token=first;id=%{key_id};object=no-such",  # the id counts
                        f"manufacturer=SoftHSM%20project;token=first;object={label};type=private"):
                with self.subTest(key=key):
                    done = self.good("public-key", "--key", f"pkcs11:{key}", env={"COSIGN_PKCS11_PIN": None})
                    self.assertEqual(done.out, self.public[label])

    def test_images_and_files(self):
        for label in self.public:
            with self.subTest(key=label):
                key, image = f"pkcs11:token=first;object={label}", self.image(label)
                self.box.write(f"{label}.pub", self.public[label])
                for form in WRITE["ours"]["sig"] + WRITE["ours"]["bundle"]:
                    self.good("sign", "--key", key, NO_LOG, "-y", *form, image)
                self.good("verify", "--key", f"{label}.pub", IGNORE_LOG, image)
                self.good("verify", "--key", key, IGNORE_LOG, image, env={"COSIGN_PKCS11_PIN": None})
                self.assertEqual(self.sign_blob(key).code, 0)
                for verifier in (key, f"{label}.pub"):
                    self.good("verify-blob", "--key", verifier, IGNORE_LOG, "--bundle", "file.json", "file")
                self.box.write("other", "other content")
                done = self.box.cosign_run("verify-blob", "--key", key, IGNORE_LOG, "--bundle", "file.json", "other")
                self.assertNotEqual(done.code, 0, done)

    def test_images_at_once(self):
        images = [self.image(f"many-{number}") for number in range(20)]
        self.good("sign", "--key", "pkcs11:token=first;object=p256", NO_LOG, "-y", *images)
        self.good("verify", "--key", "pkcs11:token=first;object=p256", IGNORE_LOG, *images)

    def test_attestations(self):
        image = self.image("attested")
        self.box.write("predicate.json", '{"a": 1}')
        self.good("attest", "--key", "pkcs11:token=first;object=p256", NO_LOG, "-y", "--predicate", "predicate.json",
                  "--type", "custom", image)
        self.good("verify-attestation", "--key", "pkcs11:token=first;object=p256", IGNORE_LOG, "--type", "custom", image)

    def test_verified_by_3_1_2(self):
        self.verified_by("3.1.2")

    def test_verified_by_2_6_5(self):
        self.verified_by("2.6.5")

    def verified_by(self, program):
        reference.need(program)
        self.box.write("root.json", TRUSTED_ROOT)
        for label in ("p256", "rsa2048", "rsa3072"):  # of the others it takes no signature without more flags
            with self.subTest(key=label):
                key, image = f"pkcs11:token=first;object={label}", self.image(f"{label}-{program}")
                self.good("public-key", "--key", key, "--outfile", f"{label}.pub")
                self.good("sign", "--key", key, NO_LOG, "-y", *WRITE["ours"]["sig"][0], image)
                self.assertEqual(self.sign_blob(key).code, 0)
                for words in (("verify", "--key", f"{label}.pub", IGNORE_LOG, image),
                              ("verify-blob", "--key", f"{label}.pub", IGNORE_LOG, "--bundle", "file.json", "file")):
                    if program == "2.6.5" and words[0] == "verify-blob":
                        words = ("verify-blob", "--new-bundle-format", "--trusted-root", "root.json", *words[1:])
                    done = self.box.run(reference.program(program), *words)
                    self.assertEqual(done.code, 0, done)


class PublicHalfTest(TokenCase):
    """Where the public half is, if not beside the private one."""

    def load(self, label, key_id, how):
        public = self.hsm.make(label, *how)
        self.hsm.load(label, "first", label, key_id)
        self.hsm.tool("--delete-object", "--type", "pubkey", "--id", key_id)
        return public

    def test_the_private_key_says_it(self):
        public = self.load("alone-rsa", "21", KEYS["rsa2048", "0d"])
        self.assertEqual(self.good("public-key", "--key", "pkcs11:token=first;object=alone-rsa").out, public)
        self.assertEqual(self.sign_blob("pkcs11:token=first;object=alone-rsa").code, 0)

    def test_a_certificate_says_it(self):
        public = self.load("certified", "22", KEYS["p256", "0a"])
        key = "pkcs11:token=first;id=%22"
        self.refused("error: token \"first\" has no public half of key with id 22\n", "public-key", "--key", key)
        self.hsm.good("openssl", "req", "-x509", "-key", "certified", "-subj", "/CN=x", "-out", "certificate.pem")
        self.hsm.good("openssl", "x509", "-in", "certificate.pem", "-outform", "der", "-out", "certificate.der")
        self.hsm.tool("--write-object", "certificate.der", "--type", "cert", "--id", "22")
        self.assertEqual(self.good("public-key", "--key", key).out, public)
        self.assertEqual(self.sign_blob(key).code, 0)
        self.assertNotIn("ertificate", self.box.read("file.json"))
        self.good("verify-blob", "--key", key, IGNORE_LOG, "--bundle", "file.json", "file")


class NewKeyTest(TokenCase):
    def test_a_key_is_made_in_the_token(self):
        key = "pkcs11:token=first;object=made;id=%31"
        done = self.good("generate-key-pair", "--kms", key, "--output-key-prefix", "made")
        self.assertEqual(done.err, "Public key written to made.pub\n")
        self.assertEqual(self.good("public-key", "--key", key).out, self.box.read("made.pub"))
        image = self.image("made")
        self.good("sign", "--key", key, NO_LOG, "-y", image)
        self.good("verify", "--key", "made.pub", IGNORE_LOG, image)
        os.remove(self.box.path("made.pub"))
        self.refused("error: there is a key of that id in token \"first\" already\n", "generate-key-pair", "--kms", key,
                     "--output-key-prefix", "made", "--yes")
        self.refused("error: there is a key of that object in token \"first\" already\n", "generate-key-pair", "--kms",
                     "pkcs11:token=first;object=made", "--output-key-prefix", "made", "--yes")
        self.assertFalse(os.path.exists(self.box.path("made.pub")))

    def test_of_each_kind(self):
        for kind in ("ecdsa-p384", "ecdsa-p521", "rsa-2048"):
            key = f"pkcs11:token=first;object={kind}"
            self.good("generate-key-pair", "--kms", key, "--algorithm", kind, "--output-key-prefix", kind)
            self.assertEqual(self.sign_blob(key).code, 0)
            self.good("verify-blob", "--key", f"{kind}.pub", IGNORE_LOG, "--bundle", "file.json", "file")
        self.refused("error: no such kind of key: dsa\n", "generate-key-pair", "--kms", "pkcs11:token=first;object=dsa",
                     "--algorithm", "dsa", "--output-key-prefix", "dsa")

    def test_the_private_key_stays_there(self):
        self.good("generate-key-pair", "pkcs11:token=first;object=kept", "--output-key-prefix", "kept")
        shown = self.hsm.tool("--list-objects", "--type", "privkey", "--label", "kept").out
        self.assertIn("sensitive", shown)
        self.assertIn("never extractable", shown)


class PinTest(TokenCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good(cls(), "generate-key-pair", "--kms", "pkcs11:token=first;object=k", "--output-key-prefix", "k")

    KEY = "pkcs11:token=first;object=k"

    def test_a_wrong_pin(self):
        said = "error: the PIN is not that of token \"first\"\ncause: it was taken from "
        env = {"COSIGN_PKCS11_PIN": "s3cret"}
        self.assertNotIn("s3cret", self.refused(said + "COSIGN_PKCS11_PIN", "public-key", "--key", self.KEY + "x", env=env).err)
        done = self.sign_blob(self.KEY, env=env)
        self.assertTrue(done.err.startswith(said + "COSIGN_PKCS11_PIN"), done)
        done = self.sign_blob(f"{self.KEY}?pin-value=s3cret")
        self.assertTrue(done.err.startswith(said + "the pin-value of the key's URI"), done)
        self.assertNotIn("s3cret", done.err)
        self.assertEqual(self.sign_blob(self.KEY).code, 0)

    def test_where_it_comes_from(self):
        self.box.write("pin", PIN + "\n")
        for key, env in ((f"{self.KEY}?pin-value={PIN}", {"COSIGN_PKCS11_PIN": "wrong"}),
                         (f"{self.KEY}?pin-source=file:{self.box.path('pin')}", {"COSIGN_PKCS11_PIN": "wrong"}),
                         (self.KEY, {})):
            with self.subTest(key=key):
                self.assertEqual(self.sign_blob(key, env=env).code, 0)
        done = self.sign_blob(self.KEY, env={"COSIGN_PKCS11_PIN": None}, input=PIN + "\n")
        self.assertEqual(done.code, 0, done)

    def test_it_is_asked_for(self):
        terminal = Terminal(self.box, ["cosign", "sign-blob", "--key", self.KEY, NO_LOG, "-y", "--bundle", "file.json", "file"],
                            env={"COSIGN_PKCS11_PIN": None})
        terminal.expect("Enter PIN for key 'k' in PKCS11 token 'first': ")
        terminal.type(PIN)
        done = terminal.finish()
        self.assertEqual(done.code, 0, done)
        self.assertNotIn(PIN, terminal.text())

    def test_it_is_nowhere_to_be_seen(self):
        """Neither in what is printed, nor in the arguments of the helper; and a report names the key without it."""
        image, key = self.image("pin"), f"{self.KEY}?pin-value={PIN}56"
        public = f"{self.KEY}?pin-value={PIN}"
        self.good("sign", "--key", public, NO_LOG, "-y", image)
        for words in (("verify", "--key", key, IGNORE_LOG, "--output", "report", image),
                      ("verify", "--verbose", "--key", key, IGNORE_LOG, "-a", "no=such", image),
                      ("sign", "--verbose", "--key", key, NO_LOG, "-y", image)):
            with self.subTest(words=words):
                done = self.box.cosign_run(*words)
                self.assertNotIn(f"{PIN}56", done.out + done.err)
        done = self.box.run("strace", "-f", "-s", "4000", "-e", "trace=execve", "cosign", "sign-blob", "--key", self.KEY, NO_LOG,
                            "-y", "--bundle", "file.json", "file", env={"COSIGN_PKCS11_PIN": None}, input=PIN)
        self.assertEqual(done.code, 0, done)
        started = [line for line in done.err.splitlines() if "cosign-pkcs11" in line]
        self.assertGreaterEqual(len(started), 2, done)
        self.assertNotIn(PIN, "".join(started))


    def test_a_rotation_names_its_keys_without_it(self):
        self.box.write("new.pub", self.hsm.make("new", *KEYS["p256", "0a"]))
        self.hsm.make("other", *KEYS["p256", "0a"])
        self.hsm.load("other", "first", "other", "0a")
        other = "pkcs11:token=first;object=other"
        self.good("sign", "--key", other, NO_LOG, "-y", self.image("of-others"))
        done = self.box.cosign_run("rotate", "--old-key", f"{self.KEY}?pin-value={PIN}56", "--new-key", "new.pub", "--dry-run",
                                   f"{self.server.host}/of-others")
        self.assertEqual(done.code, 12, done)
        self.assertIn(f"({self.KEY}?pin-value=******)", done.err)
        self.assertNotIn(PIN, done.err)


class ManyTokensTest(TokenCase):
    def test_several_tokens(self):
        second = self.hsm.token("second", pin="5678")
        keys = {}
        for token, pin in (("first", PIN), ("second", "5678")):
            key = f"pkcs11:token={token};object=same"
            keys[token] = self.good("generate-key-pair", "--kms", f"{key}?pin-value={pin}", "--output-key-prefix", token)
            keys[token] = self.box.read(f"{token}.pub")
        self.assertNotEqual(keys["first"], keys["second"])
        self.assertEqual(self.good("public-key", "--key", f"pkcs11:slot-id={second};object=same").out, keys["second"])
        twin = self.hsm.token("second")
        self.assertEqual(self.good("public-key", "--key", f"pkcs11:slot-id={second};object=same").out, keys["second"])
        done = self.refused("error: 2 tokens are called \"second\"\n", "public-key", "--key", "pkcs11:token=second;object=same")
        self.assertIn("slot-id=", done.err)
        listed = self.good("pkcs11-tool", "list-tokens").out
        serial = re.search(rf"Token in slot {second}\n(?:\t.*\n)*?\tS/N: (\w+)", listed)[1]
        self.assertEqual(self.good("public-key", "--key", f"pkcs11:token=second;serial={serial};object=same").out, keys["second"])
        self.assertIn(f"Token in slot {twin}\n\tLabel: second\n", listed)

    def test_two_keys_of_one_name(self):
        for key_id in ("41", "42"):
            self.hsm.make(f"twin-{key_id}", *KEYS["p256", "0a"])
            self.hsm.load(f"twin-{key_id}", "first", "twin", key_id)
        done = self.sign_blob("pkcs11:token=first;object=twin")
        self.assertTrue(done.err.startswith("error: 2 keys in token \"first\" are meant by key \"twin\"\n"), done)
        self.assertEqual(self.sign_blob("pkcs11:token=first;object=twin;id=%42").code, 0)


    def test_the_slot_has_another_token(self):
        """Slots change when tokens are plugged in: the PIN of one token is not tried on another."""
        other = self.hsm.token("other", pin="5678")
        done = self.sign_blob(f"pkcs11:token=first;slot-id={other};object=k")
        self.assertEqual(done.code, 1, done)
        self.assertTrue(done.err.startswith(f"error: slot {other} does not hold the token \"first\"\n"
                                            "cause: the one there is called \"other\""), done)
        done = self.sign_blob(f"pkcs11:serial=0000;slot-id={self.slot};object=k")
        self.assertTrue(done.err.startswith(f"error: slot {self.slot} does not hold the token with serial number \"0000\"\n"), done)


class ListTest(TokenCase):
    def test_the_lists(self):
        self.hsm.make("listed", *KEYS["p256", "0a"])
        self.hsm.load("listed", "first", "my key+1", "51")
        tokens = self.good("pkcs11-tool", "list-tokens").out
        self.assertTrue(tokens.startswith(
            f"\nListing tokens of PKCS11 module '{self.hsm.module}'\nToken in slot {self.slot}\n\tLabel: first\n"
            "\tManufacturer: SoftHSM project\n\tModel: SoftHSM v2\n\tS/N: "), tokens)
        keys = self.good("pkcs11-tool", "list-keys-uris", "--module-path", self.hsm.module, "--slot-id", self.slot, "--pin", PIN,
                         env={"COSIGN_PKCS11_PIN": None, "COSIGN_PKCS11_MODULE_PATH": None}).out
        uri = f"pkcs11:token=first;slot-id={self.slot};id=%51;object=my%20key%2b1?module-path={self.hsm.module}"
        self.assertEqual(keys, f"\nListing URIs of keys in slot '{self.slot}' of PKCS11 module '{self.hsm.module}'\n"
                         f"Object 0\n\tLabel: my key+1\n\tID: 51\n\tURI: {uri}\n")
        self.assertEqual(self.good("pkcs11-tool", "list-keys-uris", "-f", "--slot-id", self.slot).out, keys)
        self.assertEqual(self.sign_blob(uri).code, 0)
        self.assertEqual(urllib.parse.unquote(uri.split("object=")[1].split("?")[0]), "my key+1")

    def test_a_slot_whose_token_is_not_initialized(self):
        free = re.findall(r"Token in slot (\d+)\n\tLabel: \n", self.good("pkcs11-tool", "list-tokens").out)[0]
        done = self.sign_blob(f"pkcs11:slot-id={free};object=k")
        self.assertTrue(done.err.startswith(f"error: slot {free} is not recognized\n"), done)
        self.assertIn("\ntry: initialize it", done.err)

    def test_a_slot_without_a_token(self):
        self.refused("error: there is no slot 99999\n", "pkcs11-tool", "list-keys-uris", "--slot-id", "99999")
        self.refused("error: --slot-id must be the number of a slot\n", "pkcs11-tool", "list-keys-uris", "--slot-id", "x")

    def test_a_wrong_pin(self):
        done = self.refused("error: the PIN is not that of slot", "pkcs11-tool", "list-keys-uris", "--slot-id", self.slot,
                            "--pin", "s3cret")
        self.assertIn("cause: it was taken from --pin", done.err)
        self.assertNotIn("s3cret", done.err)


class RealTest(TokenCase):
    """Real cosign on the same token, where a build of it can."""

    REAL = "3.1.2 with PKCS#11"

    def setUp(self):
        reference.need(self.REAL)

    def real(self, *arguments, **options):
        done = self.box.run(reference.program(self.REAL), *arguments, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def test_the_lists_are_the_same_but_for_the_pin(self):
        self.hsm.make("listed", *KEYS["p256", "0a"])
        self.hsm.load("listed", "first", "plain", "51")
        self.hsm.load("listed", "first", "odd &+;%/ä", "52")
        self.assertEqual(self.real("pkcs11-tool", "list-tokens").out, self.good("pkcs11-tool", "list-tokens").out)
        words = ("pkcs11-tool", "list-keys-uris", "--slot-id", self.slot)
        theirs, ours = self.real(*words).out, self.good(*words).out
        self.assertIn(f"&pin-value={PIN}\n", theirs)
        self.assertEqual(re.sub(r"\tURI: .*", "", theirs), re.sub(r"\tURI: .*", "", ours))
        self.assertEqual([uri for uri in re.findall(r"URI: (.*)&pin-value", theirs) if "plain" in uri],
                         [uri for uri in re.findall(r"URI: (.*)", ours) if "plain" in uri])
        for uri in re.findall(r"URI: (.*)", ours):
            with self.subTest(uri=uri):
                self.assertEqual(self.real("public-key", "--key", uri).out, self.good("public-key", "--key", uri).out)

    def test_what_either_signs_the_other_verifies(self):
        for label, key_id, how in (("p256", "61", KEYS["p256", "0a"]), ("rsa", "62", KEYS["rsa2048", "0d"])):
            self.hsm.make(label, *how)
            self.hsm.load(label, "first", label, key_id)
            # To verify, the real one wants the PIN in the URI.
            key = f"pkcs11:token=first;object={label}?module-path={self.hsm.module}&pin-value={PIN}"
            for name, signer, verifier, flags in (("theirs", self.real, self.good, WRITE["3.1.2"]["sig"][0]),
                                                  ("ours", self.good, self.real, WRITE["ours"]["sig"][0])):
                with self.subTest(key=label, signed=name):
                    image = self.image(f"{name}-{label}")
                    signer("sign", "--key", key, NO_LOG, "-y", *flags, image)
                    verifier("verify", "--key", key, IGNORE_LOG, image)


class GoneTest(TokenCase):
    def test_a_token_that_is_pulled_out(self):
        key = "pkcs11:token=first;object=k"
        self.good("generate-key-pair", "--kms", key, "--output-key-prefix", "k")
        self.assertEqual(self.sign_blob(key).code, 0)
        self.hsm.pull_out()
        os.remove(self.box.path("file.json"))
        for words in (("public-key", "--key", key), ("verify-blob", "--key", key, IGNORE_LOG, "--bundle", "k.pub", "file"),
                      ("sign-blob", "--key", key, NO_LOG, "-y", "--bundle", "file.json", "file"),
                      ("generate-key-pair", "--kms", key, "--output-key-prefix", "again")):
            with self.subTest(words=words):
                done = self.refused("error: there is no token \"first\"\n", *words)
                self.assertIn("\ntry: cosign pkcs11-tool list-tokens --module-path " + self.hsm.module, done.err)
        self.assertFalse(os.path.exists(self.box.path("file.json")))


if __name__ == "__main__":
    unittest.main()
