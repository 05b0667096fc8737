"""The guide, word for word, against Debian's docker-registry with a password.

Covers: issue 3, "The guide (these lines must work exactly as written)"; for `docker login`, the file it leaves.
"""
import base64
import json
import os
import re
import stat
import unittest

from harness import registry
from harness.sandbox import Sandbox
from harness.terminal import Terminal

USER = "dev:s3cret word"
PASSWORD = "correct horse"


class GuideTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.registry = registry.docker(self.box, user=USER, tls=True)
        self.addCleanup(self.registry.stop)
        self.box.variables["SSL_CERT_FILE"] = self.registry.ca
        self.digest = self.registry.client().push_image("devops/nginx")
        self.image = f"{self.registry.host}/devops/nginx@{self.digest}"

    def run_ok(self, *words, **options):
        done = self.box.run(*words, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def generate_key_pair(self):
        session = Terminal(self.box, ["cosign", "generate-key-pair"])
        session.expect("Enter password for private key: ")
        session.type(PASSWORD)
        session.expect("Enter password for private key again: ")
        session.type(PASSWORD)
        done = session.finish()
        self.assertEqual(done.code, 0, done)
        self.assertNotIn(PASSWORD, done.err, "the password was echoed")

    def sign(self):
        session = Terminal(self.box, ["cosign", "sign", "--key", "cosign.key", "--tlog-upload=false", self.image])
        session.expect("Enter password for private key: ")
        session.type(PASSWORD)
        done = session.finish()
        self.assertEqual(done.code, 0, done)

    def verify(self):
        return self.box.run("cosign", "verify", "--key", "cosign.pub", "--insecure-ignore-tlog=true", self.image)

    def check_key_files(self):
        self.assertEqual(stat.S_IMODE(os.stat(self.box.path("cosign.key")).st_mode), 0o600)
        self.assertTrue(self.box.read("cosign.key").startswith("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"))
        self.assertTrue(self.box.read("cosign.pub").startswith("-----BEGIN PUBLIC KEY-----\n"))

    def check_verified(self):
        done = self.verify()
        self.assertEqual(done.code, 0, done)
        (entry,) = json.loads(done.out)
        self.assertEqual(entry["critical"]["image"]["docker-manifest-digest"], self.digest)
        self.assertEqual(entry["critical"]["identity"]["docker-reference"], f"{self.registry.host}/devops/nginx")
        self.assertIsNone(entry["optional"])

    def test_with_cosign_login(self):
        self.assertRegex(self.run_ok("cosign", "version").out, r"(?m)^GitVersion: +v\d+\.\d+\.\d+")
        self.run_ok("cosign", "login", self.registry.host, "-u", "dev", "--password-stdin", input="s3cret word\n")
        self.generate_key_pair()
        self.check_key_files()
        self.sign()
        self.check_verified()

    def test_with_the_file_docker_login_leaves(self):
        auth = base64.b64encode(USER.encode()).decode()
        self.box.write("../home/.docker/config.json", json.dumps({"auths": {self.registry.host: {"auth": auth}}}))
        self.generate_key_pair()
        self.sign()
        self.check_verified()

    def test_login_on_a_terminal_asks_for_what_is_missing(self):
        session = Terminal(self.box, ["cosign", "login", self.registry.host])
        session.expect("sername")
        session.type("dev")
        session.expect("assword")
        session.type("s3cret word")
        done = session.finish()
        self.assertEqual(done.code, 0, done)
        self.assertNotIn("s3cret word", done.err)
        config = json.loads(self.box.read("../home/.docker/config.json"))
        self.assertEqual(base64.b64decode(config["auths"][self.registry.host]["auth"]).decode(), USER)

    def test_a_wrong_password_is_not_stored(self):
        before = '{"auths": {"other.example": {"auth": "eDp5"}}}'
        path = self.box.write("../home/.docker/config.json", before)
        done = self.box.run("cosign", "login", self.registry.host, "-u", "dev", "--password-stdin", input="wrong")
        self.assertEqual(done.code, 1, done)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), before)

    def test_without_login_says_how_to(self):
        self.generate_key_pair()
        done = self.verify()
        self.assertEqual((done.code, done.out), (1, ""), done)
        self.assertRegex(done.err, re.compile(r"^try: .*cosign login " + re.escape(self.registry.host), re.M))

    def test_credentials_do_not_travel_in_the_clear_unasked(self):
        with registry.docker(self.box, user=USER) as plain:
            login = ["cosign", "login", plain.host, "-u", "dev", "--password-stdin"]
            refused = self.box.run(*login, input="s3cret word")
            self.assertEqual(refused.code, 1, refused)
            self.assertIn("--allow-http-registry", refused.err)
            self.assertNotIn("s3cret", plain.log())
            self.assertFalse(os.path.exists(os.path.join(self.box.home, ".docker", "config.json")))
            self.run_ok(*login, "--allow-http-registry", input="s3cret word")

    def test_digest_and_logout(self):
        self.run_ok("cosign", "login", self.registry.host, "-u", "dev", "--password-stdin", input="s3cret word")
        done = self.run_ok("cosign", "digest", f"{self.registry.host}/devops/nginx:latest")
        self.assertEqual(done.out, self.image + "\n")
        self.run_ok("cosign", "logout", self.registry.host)
        self.assertNotEqual(self.box.run("cosign", "digest", f"{self.registry.host}/devops/nginx:latest").code, 0)


if __name__ == "__main__":
    unittest.main()
