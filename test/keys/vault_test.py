"""Keys of Vault and OpenBao: made, signed and verified with, on an image and a file; and every answer that is none.

The double checks path, method, headers and body against the documented API, and real cosign is run against it, too.
Covers: issue 6, item 3 and "Bad input"; cosign.md 2k.
"""
import base64
import json
import os
import unittest

from harness import reference, registry
from harness.interop import TRUSTED_ROOT, WRITE
from harness.sandbox import Sandbox
from harness.services import Answer, OpensslKey
from harness.vault import TOKEN, OpenBao, Vault

IGNORE_LOG = "--insecure-ignore-tlog=true"
REAL = {"ours": [], "3.1.2": ["--use-signing-config=false"], "2.6.5": ["--new-bundle-format"]}
READ = {"ours": [], "3.1.2": [], "2.6.5": ["--new-bundle-format", "--trusted-root", "root.json"]}
WHERE = "Vault at http://127.0.0.1:"


class ServiceCase(unittest.TestCase):
    """`self.url` and `self.token` are those of the service."""
    SCHEME, DEAD = "hashivault", "http://127.0.0.1:9"

    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.url, self.token = self.begin()
        self.box.variables |= {"VAULT_ADDR": self.url, "VAULT_TOKEN": self.token, "HTTP_PROXY": self.DEAD,
                               "HTTPS_PROXY": self.DEAD}
        self.box.write("file", "a file\n")
        self.box.write("root.json", TRUSTED_ROOT)  # without one 2.6.5 wants the network

    def key(self, name):
        return f"{self.SCHEME}://{name}"

    def good(self, *argv, **options):
        done = self.box.run(*argv, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def public_key(self, name, program="ours"):
        return self.good(reference.program(program), "public-key", "--key", self.key(name)).out

    def signs_and_verifies(self, name, signer="ours", verifier="ours", key=None):
        """An image and a file, by the service's key; verified with `key`, or by the service's key again."""
        signer_program, verifier_program = reference.program(signer), reference.program(verifier)
        key = key or self.key(name)
        with registry.ours(self.box) as server:
            image = f"{server.host}/app@{server.client().push_image('app')}"
            self.good(signer_program, "sign", "--key", self.key(name), *WRITE[signer]["bundle"][0],
                      "--tlog-upload=false", "-y", image)
            self.good(verifier_program, "verify", "--key", key, IGNORE_LOG, *READ[verifier], image)
        self.good(signer_program, "sign-blob", "--key", self.key(name), "--bundle", "file.json", "--tlog-upload=false",
                  "-y", *REAL[signer], "file")
        self.good(verifier_program, "verify-blob", "--key", key, "--bundle", "file.json", IGNORE_LOG, *READ[verifier], "file")

    def exported(self, name):
        return self.box.write(f"{name}.pub", self.public_key(name))


class VaultTest(ServiceCase):
    def begin(self):
        self.vault = Vault()
        self.addCleanup(self.vault.stop)
        self.addCleanup(lambda: self.assertEqual(self.vault.violations, []))
        return self.vault.url, TOKEN

    def refused(self, *argv, code=1, env=None):
        """The one error: its lines by their first word."""
        done = self.box.cosign_run(*(argv or ("public-key", "--key", "hashivault://k")), env=env)
        self.assertEqual(done.code, code, done)
        self.assertNotIn(TOKEN, done.err)
        lines = dict(line.split(": ", 1) for line in done.err.splitlines() if ": " in line)
        self.assertEqual(done.err.count("error: "), 1, done)
        return lines

    def test_every_type_signs_an_image_and_a_file(self):
        for kind in OpensslKey.MAKE:
            with self.subTest(kind=kind):
                self.vault.make(kind, kind)
                self.signs_and_verifies(kind)
                self.signs_and_verifies(kind, key=self.exported(kind))

    def test_what_is_asked(self):
        self.vault.make("k")
        self.signs_and_verifies("k")
        sign = [asked for asked in self.vault.asked if asked.method != "GET"]
        self.assertEqual([str(asked) for asked in sign], ["POST /v1/transit/sign/k/sha2-256"] * 2)
        self.assertEqual(set(self.vault.paths()) - {str(sign[0])}, {"GET /v1/transit/keys/k"})
        self.assertEqual({key: value for key, value in sign[0].json.items() if key != "input"},
                         {"prehashed": True, "key_version": 1, "marshaling_algorithm": "asn1"})

    def test_a_key_is_made(self):
        done = self.good("cosign", "generate-key-pair", "--kms", "hashivault://new")
        self.assertEqual(done.err, "Public key written to cosign.pub\n")
        self.assertEqual(self.box.read("cosign.pub"), self.vault.keys["new"][0].public_pem)
        self.assertEqual(self.vault.types["new"], "ecdsa-p256")
        # One that is there stays, as the engine has it.
        self.good("cosign", "generate-key-pair", "--kms", "hashivault://new", "--yes")
        self.assertEqual(self.box.read("cosign.pub"), self.vault.keys["new"][0].public_pem)
        self.signs_and_verifies("new", key="cosign.pub")
        self.vault.make("rsa", "rsa-2048")
        lines = self.refused("generate-key-pair", "--kms", "hashivault://rsa", "--yes")
        self.assertRegex(lines["error"], f"^the key rsa of {WHERE}\\d+ is there already, of another type$")
        self.assertEqual(lines["cause"], "rsa-2048 instead of ecdsa-p256")

    def test_images_at_once(self):
        """By several threads, one of which is told to wait and another that it failed: the rest is signed."""
        self.vault.make("k")
        with registry.ours(self.box) as server:
            images = [f"{server.host}/app{n}@{server.client().push_image(f'app{n}')}" for n in range(8)]
            sign = ("cosign", "sign", "--key", "hashivault://k", "--tlog-upload=false", "-y", *images)
            self.vault.instead = {"POST .*": [Answer(429, {"errors": []}, {"Retry-After": "0"}), Answer(500, {"errors": ["no"]})]}
            done = self.box.run(*sign)
            self.assertEqual((done.code, done.err.count("Pushed"), done.err.count("error: ")), (1, 7, 1), done)
            done = self.good(*sign)
            self.assertEqual((done.err.count("Pushed"), done.err.count("Already signed")), (1, 7), done)
            self.good("cosign", "verify", "--key", "hashivault://k", IGNORE_LOG, *images)

    def test_another_type_is_made(self):
        self.good("cosign", "generate-key-pair", "--kms", "hashivault://rsa", "--algorithm", "rsa-2048")
        self.assertEqual(self.vault.types["rsa"], "rsa-2048")
        lines = self.refused("generate-key-pair", "--kms", "hashivault://x", "--algorithm", "morse", "--yes")
        self.assertEqual(lines["cause"], "HTTP 400: unknown key type morse")

    def test_attestations(self):
        self.box.write("said", '{"a": 1}')
        for kind in ("ecdsa-p256", "ed25519"):
            self.vault.make(kind, kind)
            key = ("--key", f"hashivault://{kind}", "--type", "custom")
            with registry.ours(self.box) as server:
                image = f"{server.host}/app@{server.client().push_image('app')}"
                self.good("cosign", "attest", *key, "--predicate", "said", "--tlog-upload=false", "-y", image)
                self.good("cosign", "verify-attestation", *key, IGNORE_LOG, image)
            self.good("cosign", "attest-blob", *key, "--predicate", "said", "--tlog-upload=false", "-y", "--bundle", "b", "file")
            self.good("cosign", "verify-blob-attestation", *key, IGNORE_LOG, "--bundle", "b", "file")

    def test_the_token_is_in_no_trace(self):
        self.vault.make("k")
        done = self.good("cosign", "sign-blob", "-d", "--key", "hashivault://k", "--bundle", "b", "--tlog-upload=false", "file")
        self.assertIn(f"GET {self.url}/v1/transit/keys/k -> 200\n", done.err)
        self.assertNotIn(TOKEN, done.err + done.out)

    def test_versions(self):
        self.vault.make("k")
        old = self.exported("k")
        self.vault.rotate("k")
        self.signs_and_verifies("k/versions/1", key=old)
        self.signs_and_verifies("k")
        self.good("cosign", "sign-blob", "--key", "hashivault://k", "--bundle", "b", "--tlog-upload=false", "file")
        verify = ("verify-blob", "--bundle", "b", IGNORE_LOG, "--key")
        self.good("cosign", *verify, "hashivault://k/versions/2", "file")
        self.assertNotEqual(self.box.cosign_run(*verify, old, "file").code, 0)
        self.assertNotEqual(self.box.cosign_run(*verify, "hashivault://k/versions/1", "file").code, 0)
        self.assertNotEqual(self.box.cosign_run(*verify, "hashivault://k", "file", env={"VAULT_KEY_PREFIX": "vault:v1:"}).code, 0)
        self.good("cosign", *verify, "hashivault://k", "file", env={"VAULT_KEY_PREFIX": "vault:v2:"})
        lines = self.refused("public-key", "--key", "hashivault://k/versions/7")
        self.assertRegex(lines["error"], f"^the key k of {WHERE}\\d+ has no version 7$")
        self.assertEqual(lines["cause"], "its latest version is 2")
        lines = self.refused(env={"VAULT_KEY_PREFIX": "v2"})
        self.assertEqual(lines["error"], "VAULT_KEY_PREFIX names no version of a key")

    def test_another_engine_and_a_namespace(self):
        self.vault.engine, self.vault.namespace = "team/transit", "ns1/"
        self.vault.make("k")
        self.box.variables |= {"TRANSIT_SECRET_ENGINE_PATH": "team/transit", "VAULT_NAMESPACE": "ns1/"}
        self.signs_and_verifies("k")
        lines = self.refused(env={"TRANSIT_SECRET_ENGINE_PATH": None})
        self.assertRegex(lines["cause"], "^HTTP 404: no handler for route \"transit/keys/k\"")
        self.assertIn('TRANSIT_SECRET_ENGINE_PATH names an engine that is not at "transit"', lines["try"])

    def test_openbao(self):
        self.vault.make("k")
        env = {"VAULT_ADDR": None, "VAULT_TOKEN": None, "BAO_ADDR": self.vault.url, "BAO_TOKEN": TOKEN}
        self.good("cosign", "public-key", "--key", "openbao://k", env=env)
        lines = self.refused("public-key", "--key", "openbao://k", env={**env, "BAO_TOKEN": "x"})
        self.assertRegex(lines["error"], "^OpenBao at http://127.0.0.1:\\d+ does not let the token read the key k$")

    def test_where_the_token_comes_from(self):
        self.vault.make("k")
        lines = self.refused(env={"VAULT_TOKEN": None})
        self.assertEqual(lines["error"], "there is no token for Vault")
        with open(f"{self.box.home}/.vault-token", "w", encoding="utf-8") as file:
            file.write(TOKEN + "\n")
        self.good("cosign", "public-key", "--key", "hashivault://k", env={"VAULT_TOKEN": None})
        helper = self.box.write("helper", f"#!/bin/sh\ntest \"$1\" = get && echo {TOKEN}\n", 0o755)
        with open(f"{self.box.home}/.vault-token", "w", encoding="utf-8") as file:
            file.write("wrong")
        config = self.box.write("config", f"# ours\ntoken_helper = \"{helper}\"\n")
        env = {"VAULT_TOKEN": None, "VAULT_CONFIG_PATH": config}
        self.good("cosign", "public-key", "--key", "hashivault://k", env=env)
        self.box.write("helper", "#!/bin/sh\necho no keyring >&2; exit 3\n", 0o755)
        lines = self.refused(env=env)
        self.assertEqual(lines["error"], f"the token helper {helper} gave no token")
        self.assertEqual(lines["cause"], "no keyring")

    def test_answers_that_are_none(self):
        key = "GET /v1/transit/keys/k"
        good = {"data": {"type": "ecdsa-p256", "latest_version": 1, "keys": {"1": {"public_key": "x"}}}}
        for answer, what, cause, hint in (
                (Answer(403, {"errors": ["permission denied"]}), "does not let the token read the key k",
                 "HTTP 403: permission denied", "is the token still valid"),
                (Answer(404, {"errors": []}), "there is no key k in ", "HTTP 404", "cosign generate-key-pair --kms"),
                (Answer(429, {"errors": []}, {"Retry-After": "0"}), "limits how often", "HTTP 429", "try again in a while"),
                (Answer(503, {"errors": ["Vault is sealed"]}, {"Retry-After": "0"}), "failed to read the key k",
                 "HTTP 503: Vault is sealed", "try again in a while"),
                (Answer(200, b'{"data": {"keys": {"1": {', cut=15), "could not be asked to read the key k", "broke", ""),
                (Answer(200, b'{"data": {"keys"'), "gave no proper answer", "JSON", "is this its address"),
                (Answer(200, b"<html>log in</html>"), "gave no proper answer", "JSON", "is this its address"),
                (Answer(200, {"data": []}), "is not described as a transit key is", "latest_version", ""),
                (Answer(200, {"data": {"latest_version": 2, "keys": {"1": 1}}}), "is not described", "is missing", ""),
                (Answer(200, good), "the key k of", "", ""),
                (Answer(200, b" " * (1 << 21)), "could not be asked", "more than the 1048576 bytes", ""),
                (Answer(302, b"", {"Location": "https://elsewhere.example/login?x=1"}), "sends us elsewhere",
                 "HTTP 302 to https://elsewhere.example/login", "is this its address"),
                (Answer(307, b"", {"Location": "http://localhost:9/v1/x"}), "sends us elsewhere", "HTTP 307", "")):
            with self.subTest(what=what, cause=cause):
                self.vault.instead = {key: answer}
                lines = self.refused()
                self.assertIn(what, lines["error"])
                self.assertIn(cause, lines.get("cause", ""))
                self.assertIn(hint, lines.get("try", ""))

    def test_signatures_that_are_none(self):
        self.vault.make("k")
        stranger = base64.b64encode(OpensslKey("ecdsa-p256").sign(b"\1" * 32, "sha256")).decode()

        def data(signature):
            return Answer(200, {"data": {"signature": signature}})
        for answer, error, cause in (
                (Answer(200, {"data": {}}), "did not sign with the key k", "the answer is no signature"),
                (data("vault:v1:***"), "did not sign with the key k", "not base64"),
                (data("vault:v0:aaaa"), "did not sign with the key k", "which version"),
                (data("vault:v1:" + "A" * 20000), "did not sign with the key k", "too large"),
                (data("vault:v3:YWFh"), "signed with another version than it was asked to", "version 3 instead of 1"),
                (data("vault:v1:YWFh"), "is not by the public key it gave out", ""),
                (data(f"vault:v1:{stranger}"), "is not by the public key it gave out", ""),
                (Answer(403, {"errors": ["permission denied"]}), "does not let the token sign with the key k", "403"),
                (Answer(500, {"errors": ["internal error"]}), "failed to sign with the key k", "internal error")):
            with self.subTest(error=error, cause=cause):
                self.vault.instead = {"POST /v1/transit/sign/.*": answer}
                lines = self.refused("sign-blob", "--key", "hashivault://k", "--bundle", "b", "--tlog-upload=false", "file")
                self.assertEqual(lines["error"], "signing file failed")
                self.assertIn(error, lines["cause"])
                self.assertIn(cause, lines["cause"])
                self.assertFalse(os.path.exists(self.box.path("b")))

    def test_a_standby_sends_to_the_active_one(self):
        self.vault.make("k")
        standby = Vault()
        self.addCleanup(standby.stop)
        for method, path in (("GET", "keys/k"), ("POST", "sign/k/sha2-256")):
            standby.instead[f"{method} /v1/transit/{path}"] = Answer(
                307, b"", {"Location": f"{self.vault.url}/v1/transit/{path}"})
        self.box.variables["VAULT_ADDR"] = standby.url
        self.signs_and_verifies("k")
        self.assertEqual(len(standby.asked), len(self.vault.asked))

    def test_tls(self):
        ca, *certificate = registry.make_certificate(self.box.path("tls"), ("vault.example",), ())
        vault = Vault(certificate=certificate)
        self.addCleanup(vault.stop)
        vault.make("k")
        self.box.variables["VAULT_ADDR"] = vault.url
        lines = self.refused()
        self.assertRegex(lines["error"], "^Vault at https://127.0.0.1:\\d+ could not be asked to read the key k$")
        self.assertIn("is not trusted", lines["cause"])
        self.assertIn("export VAULT_CACERT=FILE", lines["try"])
        named = {"VAULT_TLS_SERVER_NAME": "vault.example"}
        os.mkdir(self.box.path("authorities"))
        self.box.write("authorities/one.pem", self.box.read(ca))
        for env in ({"VAULT_CACERT": ca}, {"VAULT_CAPATH": self.box.path("authorities")},
                    {"VAULT_CACERT_BYTES": self.box.read(ca)}):
            self.good("cosign", "public-key", "--key", "hashivault://k", env={**env, **named})
            self.assertIn("not trusted", self.refused(env=env)["cause"])
        self.good("cosign", "public-key", "--key", "hashivault://k", env={"VAULT_SKIP_VERIFY": "1"})

    def test_another_scheme_and_nobody_there(self):
        vault = self.box.variables["VAULT_ADDR"].split("://")[1]
        lines = self.refused(env={"VAULT_ADDR": f"https://{vault}"})
        self.assertIn("does not speak TLS on an https connection", lines["cause"])
        self.assertEqual(lines["try"], f"is it http://? then export VAULT_ADDR=http://{vault}")
        lines = self.refused(env={"VAULT_ADDR": "http://127.0.0.1:9"})
        self.assertEqual(lines["try"], "is VAULT_ADDR right?")

    def test_addresses_and_switches_that_cannot_be(self):
        for env, error in (({"VAULT_ADDR": None}, "nothing says where Vault is"),
                           ({"VAULT_ADDR": "vault.example"}, "VAULT_ADDR is no address of Vault"),
                           ({"VAULT_ADDR": "unix:///run/vault"}, "VAULT_ADDR is no address of Vault"),
                           ({"VAULT_SKIP_VERIFY": "maybe"}, "VAULT_SKIP_VERIFY is neither true nor false"),
                           ({"VAULT_CLIENT_CERT": "c.pem"}, "a client certificate needs its key, and a key its certificate"),
                           ({"VAULT_HEADERS": '{"X-Vault-Token":"x"}'}, "VAULT_HEADERS cannot be used"),
                           ({"VAULT_CAPATH": "/none"}, "VAULT_CAPATH cannot be read")):
            with self.subTest(env=env):
                self.assertEqual(self.refused(env=env)["error"], error)
        for key in ("hashivault://", "hashivault://a/b", "hashivault://-a", "hashivault://a/versions/0", "openbao://a?b"):
            with self.subTest(key=key):
                self.assertEqual(self.refused("public-key", "--key", key)["error"], f'"{key}" names no key')
        self.assertEqual(self.vault.asked, [])

    def speaks_to_the_double(self, real):
        """The real one does, and ours and it verify each other's."""
        reference.need(real)
        self.good(reference.program(real), "generate-key-pair", "--kms", "hashivault://theirs")
        public = self.box.read("cosign.pub")
        self.assertEqual(self.public_key("theirs"), public)
        self.signs_and_verifies("theirs", real, real)
        self.signs_and_verifies("theirs", real, "ours")
        self.signs_and_verifies("theirs", "ours", real)
        self.assertTrue(any("/verify/" in path for path in self.vault.paths()))
        for kind in ("ecdsa-p256", "rsa-2048", "rsa-4096"):
            self.vault.make(kind, kind)
            self.signs_and_verifies(kind, "ours", real, self.exported(kind))

    def test_with_3_1_2(self):
        self.speaks_to_the_double("3.1.2")

    def test_with_2_6_5(self):
        self.speaks_to_the_double("2.6.5")


class OpenBaoTest(ServiceCase):
    def begin(self):
        self.bao = OpenBao(self.box)
        self.addCleanup(self.bao.stop)
        return self.bao.url, OpenBao.TOKEN

    def test_a_real_server(self):
        self.good("cosign", "generate-key-pair", "--kms", "openbao://made")
        self.signs_and_verifies("made", key="cosign.pub")
        for kind in OpensslKey.MAKE:
            with self.subTest(kind=kind):
                self.bao.ask("POST", f"transit/keys/{kind}", json.dumps({"type": kind}).encode())
                self.signs_and_verifies(kind)
        old = self.exported("made")
        self.bao.ask("POST", "transit/keys/made/rotate", b"{}")
        self.assertNotEqual(self.public_key("made"), self.box.read("made.pub"))
        self.signs_and_verifies("made/versions/1", key=old)
        self.signs_and_verifies("made")
        self.assertEqual(self.box.cosign_run("public-key", "--key", "openbao://none").err.splitlines()[0],
                         f"error: there is no key none in OpenBao at {self.url}")

    def used_with(self, real):
        reference.need(real)
        self.good(reference.program(real), "generate-key-pair", "--kms", "hashivault://theirs")
        self.signs_and_verifies("theirs", "ours", real, "cosign.pub")
        self.signs_and_verifies("theirs", "ours", real)
        self.signs_and_verifies("theirs", real, "ours")

    def test_with_3_1_2(self):
        self.used_with("3.1.2")

    def test_with_2_6_5(self):
        self.used_with("2.6.5")


if __name__ == "__main__":
    unittest.main()
