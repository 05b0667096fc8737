"""PKCS#11 modules that hang, crash, lie about sizes or sign with another key, and tokens whose PIN is locked or which go away.

Covers: issue 6, item 2 and "Bad input".
"""
import os
import re
import shutil
import time
import unittest

from harness.sandbox import FIXTURES, Sandbox

KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
PIN = {"COSIGN_PKCS11_PIN": "1234"}
GARBAGE = "error: the PKCS#11 module MODULE answers nonsense\n"
# What is played: what is said when a file is signed with it.
SIGNING = {
    "": "error: token \"hostile\" signed with another key than the one it gave out\n",
    "prints": "error: token \"hostile\" signed with another key than the one it gave out\n",
    "always asks": "error: token \"hostile\" signed with another key than the one it gave out\n",
    "no login": "error: token \"hostile\" signed with another key than the one it gave out\n",
    "crashes": "error: the PKCS#11 module MODULE crashed\ncause: cosign-pkcs11 was ended by signal 6\n",
    "exits": "error: the program cosign-pkcs11 gave no usable answer for the PKCS#11 module MODULE\n",
    "does not start": "error: the PKCS#11 module MODULE refused\ncause: C_Initialize returned CKR_GENERAL_ERROR (0x5)\n",
    "no list": "error: cannot open the PKCS#11 module MODULE\ncause: its list of functions is not complete\n",
    "half a list": "error: cannot open the PKCS#11 module MODULE\ncause: its list of functions is not complete\n",
    "endless slots": GARBAGE,
    "more slots than it said": GARBAGE,
    "endless objects": GARBAGE,
    "more objects than asked for": GARBAGE,
    "huge attribute": GARBAGE,
    "attribute that grows": GARBAGE,
    "huge signature": GARBAGE,
    "short signature": "error: the token made a signature that is none\ncause: 10 bytes in place of 64\n",
    "absent": "error: there is no token \"hostile\"\n",
    "no sessions": "error: the PKCS#11 module MODULE refused\ncause: C_OpenSession returned CKR_SESSION_COUNT (0xb1)\n",
    "locked": "error: the PIN of token \"hostile\" is locked\ncause: it was taken from COSIGN_PKCS11_PIN; it is locked now\n",
    "locked now": "error: the PIN of token \"hostile\" is locked\n",
    "declined": "error: it was declined at token \"hostile\"\n",
    "no PIN yet": "error: token \"hostile\" has no PIN yet\n",
    "two keys": "error: 2 keys in token \"hostile\" are meant by key \"key\"\n",
    "goes away": "error: token \"hostile\" went away\n",
    "not for signing": "error: key \"key\" of token \"hostile\" may not be used to sign\n",
    "no mechanism": "error: token \"hostile\" cannot do that with such a key\n",
    "unknown curve": "error: the key in the token is of a kind that is not used here\n",
    "point off the curve": "error: the token gives out a public key that is none\n",
    "GOST key": "error: token \"hostile\" has no public half of key \"key\"\n",
}


# Of these, those that show only when the file has been read.
LATE = {"", "prints", "always asks", "no login", "crashes", "huge signature", "short signature", "goes away", "not for signing",
        "no mechanism"}


def late(said):
    return "error: signing file failed\ncause: " + said.removeprefix("error: ").rstrip("\n").replace("\ncause: ", ": ")


def wait_until(condition):
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until, "not in time"
        time.sleep(0.02)


class HostileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.module = os.path.join(os.path.dirname(cls.box.cosign), "hostile-pkcs11.so")
        cls.box.write("file", "content")
        cls.key = f"pkcs11:token=hostile;object=key?module-path={cls.module}"

    def play(self, behaviour, *arguments, env=None, **options):
        return self.box.cosign_run(*arguments, env={"HOSTILE_PKCS11": behaviour, **PIN, **(env or {})}, **options)

    def sign(self, behaviour, *more, **options):
        return self.play(behaviour, "sign-blob", "--key", self.key, "--tlog-upload=false", "-y",
                         "--bundle", "out.json", "file", *more, **options)

    def test_each_is_one_clear_error(self):
        for behaviour, said in SIGNING.items():
            with self.subTest(behaviour=behaviour):
                done = self.sign(behaviour)
                self.assertEqual(done.code, 1, done)
                said = late(said) if behaviour in LATE else said
                self.assertTrue(done.err.startswith(said.replace("MODULE", self.module)), done)
                self.assertEqual(done.err.count("error: "), 1, done)
                self.assertEqual(done.out, "")
                self.assertFalse(os.path.exists(self.box.path("out.json")))

    def test_a_module_that_hangs_is_ended_with_the_run(self):
        for behaviour in ("hangs at once", "hangs", "hangs while it signs", "hangs at the end"):
            with self.subTest(behaviour=behaviour):
                done = self.sign(behaviour, "--timeout", "2s")
                self.assertEqual(done.code, 1, done)
                self.assertIn(f"the PKCS#11 module {self.module} cannot be asked", done.err)
                self.assertIn("the program cosign-pkcs11 did not end in time", done.err)
                self.assertLess(done.seconds, 20)

    def test_a_crash_leaves_no_core_with_the_pin(self):
        done = self.sign("wants a core")
        self.assertIn("cause: C_Initialize returned CKR_HOST_MEMORY", done.err, done)

    def test_a_module_that_hangs_does_not_outlive_cosign(self):
        process = self.box.start(["cosign", "public-key", "--key", self.key],
                                 env={"HOSTILE_PKCS11": "hangs alone", "HOSTILE_PKCS11_PID": self.box.path("pid")})
        wait_until(lambda: os.path.exists(self.box.path("pid")) and self.box.read("pid"))
        process.kill()
        process.communicate()
        wait_until(lambda: not os.path.exists("/proc/" + self.box.read("pid")))

    def public_key(self, behaviour, **options):
        done = self.play(behaviour, "public-key", "--key", self.key, **options)
        self.assertEqual(done.code, 0, done)
        with open(f"{KEYS}/p256.pub", encoding="utf-8") as file:
            self.assertEqual(done.out, file.read())

    def test_the_public_key(self):
        """With what some modules do otherwise; a PIN is needed only where nothing is seen without."""
        for behaviour in ("", "bare point", "prints", "no login", "keypad"):
            self.public_key(behaviour, env={"COSIGN_PKCS11_PIN": None})
        self.public_key("hidden")
        done = self.play("hidden", "public-key", "--key", self.key, env={"COSIGN_PKCS11_PIN": None})
        self.assertTrue(done.err.startswith("error: nobody answered \"Enter PIN for key 'key' in PKCS11 token 'hostile'\"\n"), done)
        self.assertIn("\ntry: set COSIGN_PKCS11_PIN, or pipe the PIN to standard input\n", done.err)

    def test_a_wrong_pin_says_how_many_are_left(self):
        done = self.sign("last try", env={"COSIGN_PKCS11_PIN": "s3cret"})
        self.assertEqual(done.err, "error: the PIN is not that of token \"hostile\"\n"
                         "cause: it was taken from COSIGN_PKCS11_PIN; one try is left before it is locked\n"
                         "try: correct COSIGN_PKCS11_PIN, or leave it out to be asked\n")

    def test_a_keypad_is_where_the_pin_is_typed(self):
        done = self.sign("keypad", env={"COSIGN_PKCS11_PIN": None})
        self.assertTrue(done.err.startswith(late(SIGNING[""])), done)

    def test_a_locked_pin_is_not_asked_for(self):
        done = self.sign("locked", env={"COSIGN_PKCS11_PIN": None})
        self.assertTrue(done.err.startswith("error: the PIN of token \"hostile\" is locked\n"), done)

    def test_what_a_token_says_moves_no_cursor(self):
        done = self.play("escapes", "pkcs11-tool", "list-tokens", "--module-path", self.module)
        self.assertEqual(done.code, 0, done)
        self.assertIn("\tLabel: \\x1b[2Jhostile\n", done.out)

    def test_a_key_that_cannot_be_made(self):
        done = self.play("", "generate-key-pair", "--kms", f"pkcs11:token=hostile;id=%02?module-path={self.module}")
        self.assertTrue(done.err.startswith("error: there is a key of that id in token \"hostile\" already\n"), done)
        self.assertFalse(os.path.exists(self.box.path("cosign.pub")))

    def test_what_is_no_module(self):
        for path, said in ((f"{KEYS}/p256.pub", f"error: cannot open the PKCS#11 module {KEYS}/p256.pub\n"),
                           ("/no/such.so", "error: there is no PKCS#11 module /no/such.so\n"),
                           ("/usr", "error: cannot open the PKCS#11 module /usr\n"),
                           ("libm.so.6", "error: the path of the PKCS#11 module is not absolute: libm.so.6\n"),
                           ("/lib/x86_64-linux-gnu/libm.so.6", "error: cannot open the PKCS#11 module /lib/x86_64-linux-gnu/libm.so.6\n")):
            with self.subTest(path=path):
                done = self.play("", "public-key", "--key", f"pkcs11:token=T;object=k?module-path={path}")
                self.assertTrue(done.err.startswith(said), done)

    def test_the_helper_needs_glibc_alone(self):
        helper = os.path.join(os.path.dirname(self.box.cosign), "cosign-pkcs11")
        done = self.box.run("readelf", "-d", helper)
        needed = re.findall(r"\(NEEDED\).*\[(.*)\]", done.out)
        self.assertIn("libc.so.6", needed)
        self.assertEqual([name for name in needed if name != "libc.so.6" and not name.startswith("ld-linux")], [])
        versions = re.findall(r"GLIBC_2\.(\d+)", self.box.run("readelf", "-V", helper).out)
        self.assertEqual(max(map(int, versions)), 35)  # as docs/pkcs11.md says

    def test_the_helper_is_not_there(self):
        alone = os.path.join(self.box.top, "alone")
        os.mkdir(alone)
        shutil.copy(self.box.cosign, f"{alone}/cosign")
        done = self.box.run(f"{alone}/cosign", "public-key", "--key", self.key)
        self.assertTrue(done.err.startswith("error: keys in tokens need the program cosign-pkcs11, and it is not installed\n"), done)
        self.assertIn("\ntry: put cosign-pkcs11", done.err)


if __name__ == "__main__":
    unittest.main()
