"""Keys of a KMS plugin: made, shown, signed and verified with, by ours and by real cosign; and plugins that misbehave.

Covers: issue 6, item 1 and "Bad input"; cosign.md 2k, "Plugin protocol v1".
"""
import json
import os
import re
import shutil
import signal
import time
import unittest

from harness import reference, registry
from harness.interop import DEAD_PROXY
from harness.sandbox import ROOT, SYSTEM_PATH, Sandbox

IGNORE_LOG = "--insecure-ignore-tlog=true"
NO_LOG = ("--tlog-upload=false", "-y")
NO_SERVICE = {"ours": (), "3.1.2": ("--use-signing-config=false",), "2.6.5": ()}
ALGORITHMS = ("ecdsa-p256", "ecdsa-p384", "rsa-2048", "ed25519")
# Of an image: real cosign tells the plugin to sign a SHA-512 digest, which an Ed25519 key does not.
NOT_SIGNED_BY_REAL = {("3.1.2", "ed25519")}


class PluginCase(unittest.TestCase):
    def setUp(self):
        if not shutil.which("openssl", path=SYSTEM_PATH):
            self.skipTest("no openssl is installed, which is what the plugin of this test signs with")
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        os.symlink(os.path.join(ROOT, "test", "plugin", "sigstore-kms-test"),
                   os.path.join(self.box.top, "bin", "sigstore-kms-test"))
        self.store = self.box.path("store")
        os.mkdir(self.store)
        self.box.variables |= {"SIGSTORE_KMS_TEST_STORE": self.store, "SIGSTORE_KMS_TEST_LOG": self.box.path("log"),
                               "HTTPS_PROXY": DEAD_PROXY, "HTTP_PROXY": DEAD_PROXY}
        self.blob = self.box.write("blob", "what is signed\n")

    def good(self, program, *arguments, **options):
        done = self.box.run(reference.program(program), *arguments, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def bad(self, *arguments, **options):
        done = self.box.cosign_run(*arguments, **options)
        self.assertEqual(done.code, 1, done)
        self.assertEqual(len(re.findall("^error: ", done.err, re.MULTILINE)), 1, done)
        self.assertNotIn("\x1b", done.err, done)
        return done

    def make(self, name="release", algorithm=None, program="ours"):
        """A key of the store; its public half is NAME.pub."""
        if algorithm:
            call = {"initOptions": {"protocolVersion": "v1", "keyResourceID": name, "hashFunc": 5},
                    "methodName": "createKey", "createKey": {"algorithm": algorithm}}
            done = self.box.run("sigstore-kms-test", "v1", json.dumps(call))
            self.assertNotIn("errorMessage", done.out, done)
            self.box.write(f"{name}.pub", self.good("ours", "public-key", "--key", f"test://{name}").out)
        else:
            self.good(program, "generate-key-pair", "--kms", f"test://{name}", "--output-key-prefix", name)
        return f"test://{name}"

    def calls(self):
        """What the plugin was told since this was last asked."""
        with open(self.box.path("log"), encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        os.remove(self.box.path("log"))
        return lines

    def methods(self):
        return [json.loads(line["call"])["methodName"] for line in self.calls()]


class KeysTest(PluginCase):
    def test_generate_and_public_key(self):
        done = self.good("ours", "generate-key-pair", "--kms", "test://release")
        self.assertEqual((done.out, done.err), ("", "Public key written to cosign.pub\n"))
        self.assertEqual(self.methods(), ["defaultAlgorithm", "createKey"])
        self.assertEqual(os.listdir(self.store), ["release.pem"])
        shown = self.good("ours", "public-key", "--key", "test://release").out
        self.assertEqual(shown, self.box.read("cosign.pub"))
        self.assertEqual(shown, self.box.run("openssl", "pkey", "-in", "store/release.pem", "-pubout").out)
        self.good("ours", "public-key", "--key", "test://release", "--outfile", "again.pub")
        self.assertEqual(shown, self.box.read("again.pub"))

    def test_a_key_that_is_there(self):
        self.make()
        made = self.box.read("release.pub")
        done = self.bad("generate-key-pair", "--kms", "test://release", "--output-key-prefix", "release", "--yes")
        self.assertIn("error: the plugin sigstore-kms-test cannot make the key release\n"
                      "cause: the key release is there already\n", done.err)
        self.assertEqual(self.box.read("release.pub"), made)

    def test_no_key_is_made_without_a_file_for_its_public_half(self):
        self.bad("generate-key-pair", "--kms", "test://release", "--output-key-prefix", "no/such/folder")
        self.box.write("cosign.pub", "there\n")
        self.bad("generate-key-pair", "--kms", "test://release")
        self.assertEqual(self.box.read("cosign.pub"), "there\n")
        self.assertEqual(os.listdir(self.store), [])
        self.assertFalse(os.path.exists(self.box.path("log")))

    def test_it_speaks_to_the_person(self):
        self.make()
        done = self.good("ours", "public-key", "--key", "test://release", env={"SIGSTORE_KMS_TEST_BAD": "speak"})
        self.assertEqual(done.err, "Touch the token\n")
        self.assertEqual(done.out, self.box.read("release.pub"))


class SigningTest(PluginCase):
    """One image and one blob with each type of key: signed by a plugin's key, verified with it and with its public half."""

    def setUp(self):
        super().setUp()
        self.registry = registry.ours(self.box)
        self.addCleanup(self.registry.stop)

    def image(self, name):
        return f"{self.registry.host}/{name}@{self.registry.client().push_image(name, seed=name)}"

    def sign_image(self, program, key, image):
        self.good(program, "sign", "--key", key, *NO_SERVICE[program], *NO_LOG, image)

    def verify_image(self, program, key, image):
        self.good(program, "verify", "--key", key, IGNORE_LOG, image)

    def sign_blob(self, program, key, bundle):
        self.good(program, "sign-blob", "--key", key, *NO_SERVICE[program], *NO_LOG, "--bundle", bundle, self.blob)

    def verify_blob(self, program, key, bundle):
        self.good(program, "verify-blob", "--key", key, IGNORE_LOG, "--bundle", bundle, self.blob)

    def other_is_refused(self, key, image, bundle):
        self.make("other")
        for other in ("test://other", "other.pub"):
            done = self.box.cosign_run("verify", "--key", other, IGNORE_LOG, image)
            self.assertEqual(done.code, 12, done)
            done = self.box.cosign_run("verify-blob", "--key", other, IGNORE_LOG, "--bundle", bundle, self.blob)
            self.assertEqual(done.code, 12, done)

    def test_every_type_of_key(self):
        for algorithm in ALGORITHMS:
            with self.subTest(algorithm):
                key, image = self.make(algorithm, algorithm), self.image(f"app-{algorithm}")
                bundle = self.box.path(f"{algorithm}.json")
                self.sign_image("ours", key, image)
                self.sign_blob("ours", key, bundle)
                for given in (key, f"{algorithm}.pub"):
                    self.verify_image("ours", given, image)
                    self.verify_blob("ours", given, bundle)
        self.other_is_refused(key, image, bundle)

    def test_the_program_is_asked_for_its_key_once_and_for_each_signature(self):
        key = self.make()
        images = [self.image("app-1"), self.image("app-2")]
        self.calls()
        self.good("ours", "sign", "--key", key, *NO_LOG, *images)
        calls = self.calls()
        self.assertEqual([json.loads(call["call"])["methodName"] for call in calls],
                         ["publicKey", "signMessage", "signMessage"])
        self.assertTrue(all(call["stdin"] > 0 for call in calls[1:]), calls)  # the payload itself
        self.verify_image("ours", key, images[0])
        self.assertEqual(self.methods(), ["publicKey"])

    def test_attestations(self):
        key, image = self.make(), self.image("app")
        predicate = self.box.write("predicate.json", '{"built": "here"}')
        attested = ("--predicate", predicate, "--type", "https://example.com/p/v1")
        self.good("ours", "attest", "--key", key, *attested, *NO_LOG, image)
        self.good("ours", "attest-blob", "--key", key, *attested, *NO_LOG, "--bundle", "a.json", self.blob)
        for given in (key, "release.pub"):
            about = ("--key", given, IGNORE_LOG, "--type", "https://example.com/p/v1")
            self.good("ours", "verify-attestation", *about, image)
            self.good("ours", "verify-blob-attestation", *about, "--bundle", "a.json", self.blob)

    def test_a_blob_of_stdin(self):
        key = self.make()
        self.good("ours", "sign-blob", "--key", key, *NO_LOG, "--bundle", "b.json", "-", input="what is signed\n")
        self.verify_blob("ours", "release.pub", "b.json")

    def both_ways(self, version):
        reference.need(version)
        for algorithm in ALGORITHMS:
            with self.subTest(algorithm):
                key, image = self.make(algorithm, algorithm), self.image(f"app-{algorithm}")
                public = f"{algorithm}.pub"
                self.assertEqual(self.good(version, "public-key", "--key", key).out, self.box.read(public))
                self.sign_image("ours", key, image)
                for given in (key, public):
                    self.verify_image(version, given, image)
                if (version, algorithm) in NOT_SIGNED_BY_REAL:
                    continue
                theirs = self.image(f"theirs-{algorithm}")
                self.sign_image(version, key, theirs)
                self.verify_image("ours", public, theirs)

    def test_images_with_real_3_1_2(self):
        self.both_ways("3.1.2")

    def test_images_with_real_2_6_5(self):
        self.both_ways("2.6.5")

    def test_blobs_with_real_3_1_2(self):
        reference.need("3.1.2")
        key = self.make(program="3.1.2")  # it drives our plugin
        self.assertEqual(self.methods(), ["defaultAlgorithm", "createKey"])
        self.sign_blob("3.1.2", key, "theirs.json")
        self.assertIn("signMessage", self.methods())
        for given in (key, "release.pub"):
            self.verify_blob("ours", given, "theirs.json")
        self.sign_blob("ours", key, "ours.json")
        self.calls()
        for given in (key, "release.pub"):
            self.verify_blob("3.1.2", given, "ours.json")
        self.assertIn("verifySignature", self.methods())

    def test_the_calls_are_those_of_real_3_1_2(self):
        reference.need("3.1.2")
        told = {}
        for program in ("ours", "3.1.2"):
            key = self.make(f"key-{program}", program=program)
            self.good(program, "public-key", "--key", key)
            self.sign_blob(program, key, f"{program}.json")
            told[program] = {}
            for line in self.calls():
                call = json.loads(line["call"])
                deadlines = re.compile(r'"ctxDeadline":"[^"]*",')  # ours has one always
                words = deadlines.sub("", line["call"].replace(call["initOptions"]["keyResourceID"], "KEY"))
                told[program][call["methodName"]] = (line["version"], words, line["stdin"])
        self.assertEqual(told["ours"], told["3.1.2"])


class BadTest(PluginCase):
    """Each in one sentence, and nothing is written."""

    def each(self, bad, *expected, method="publicKey", more=(), **options):
        env = {"SIGSTORE_KMS_TEST_BAD": f"{bad}@{method}"}
        for line in (["public-key", "--key", "test://release", "--outfile", "out"],
                     ["verify-blob", "--key", "test://release", IGNORE_LOG, "--bundle", "good.json", self.blob],
                     ["sign-blob", "--key", "test://release", *NO_LOG, "--bundle", "out", self.blob]):
            if method == "signMessage" and line[0] != "sign-blob":
                continue
            with self.subTest(f"{bad} {line[0]}"):
                done = self.bad(*line, *more, env=env, **options)
                for text in expected:
                    self.assertIn(text, done.err, done)
                self.assertFalse(os.path.exists(self.box.path("out")), done)

    def setUp(self):
        super().setUp()
        key = self.make()
        self.good("ours", "sign-blob", "--key", key, *NO_LOG, "--bundle", "good.json", self.blob)

    def test_no_program(self):
        for scheme in ("awskms", "gcpkms", "azurekms", "nothing"):
            done = self.bad("public-key", "--key", f"{scheme}:///alias/k")
            self.assertIn(f"error: there is no program sigstore-kms-{scheme} on PATH\n", done.err)

    def test_no_program_that_can_be_run(self):
        path = os.path.join(self.box.top, "bin", "sigstore-kms-broken")
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/no/such/interpreter\n")
        os.chmod(path, 0o755)
        done = self.bad("public-key", "--key", "broken://k")
        self.assertIn("error: the plugin sigstore-kms-broken cannot be used\n"
                      f"cause: cannot start {path}: the interpreter that it names is not there\n", done.err)

    def test_a_program_that_is_not_executable(self):
        path = os.path.join(self.box.top, "bin", "sigstore-kms-plain")
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n")
        os.chmod(path, 0o644)
        done = self.bad("public-key", "--key", "plain://k")
        self.assertIn("error: the plugin sigstore-kms-plain cannot be used\n"
                      f"cause: the program {path} is not executable\ntry: chmod +x {path}\n", done.err)

    def test_answers_that_are_none(self):
        for method in ("publicKey", "signMessage"):
            self.each("garbage", "gave no usable answer", method=method)
            self.each("half", "gave no usable answer", method=method)
            self.each("twice", "gave no usable answer", method=method)
            self.each("flood", "gave no usable answer", "more than 1048576 bytes", method=method)
            self.each("wrong-type", "gave no usable answer", "is no text", method=method)
            self.each("silent", "gave no answer", "exit code 0", method=method)
            self.each("crash", "gave no answer", "exit code 134", method=method)
        self.each("private-key", "gave a public key that cannot be used")

    def test_its_own_error(self):
        self.each("error", "cannot give the public key of release\ncause: no\\x1b[2J\\u202e such\\nerror: key\n")
        self.each("error", f"error: signing {self.blob} failed\n"
                  "cause: the plugin sigstore-kms-test cannot sign with the key release: no\\x1b[2J\\u202e such\\nerror: key\n",
                  method="signMessage")

    def test_another_key(self):
        words = "the plugin sigstore-kms-test signed with another key than it gave"
        env = {"SIGSTORE_KMS_TEST_BAD": "other-key"}
        done = self.bad("sign-blob", "--key", "test://release", *NO_LOG, "--bundle", "out", self.blob, env=env)
        self.assertIn(words, done.err, done)
        self.assertFalse(os.path.exists(self.box.path("out")))
        self.each("bad-signature", words, method="signMessage")
        done = self.box.cosign_run("verify-blob", "--key", "test://release", IGNORE_LOG, "--bundle", "good.json",
                                   self.blob, env=env)
        self.assertEqual(done.code, 12, done)

    def test_the_exit_code_is_not_looked_at(self):
        self.good("ours", "public-key", "--key", "test://release", env={"SIGSTORE_KMS_TEST_BAD": "exit-1"})

    def test_it_is_interrupted(self):
        """Ctrl-C: the plugin goes, too, and nothing is written."""
        pid = self.box.path("pid")
        process = self.box.start(["cosign", "sign-blob", "--key", "test://release", *NO_LOG, "--bundle", "out", self.blob],
                                 env={"SIGSTORE_KMS_TEST_BAD": "hang@signMessage", "SIGSTORE_KMS_TEST_PID": pid})
        until = time.monotonic() + 30
        while not os.path.exists(pid) and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, err)
        self.assertEqual((out, err), (b"", b"error: interrupted\n"))
        with self.assertRaises(ProcessLookupError):
            os.kill(int(self.box.read("pid")), 0)
        self.assertFalse(os.path.exists(self.box.path("out")))

    def test_it_hangs(self):
        for bad in ("hang", "hang-after"):
            self.each(bad, "the plugin sigstore-kms-test did not answer in time", more=("--timeout", "2s"), timeout=20)


if __name__ == "__main__":
    unittest.main()
