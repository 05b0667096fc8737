"""Registries that send their clients to another host, for blobs or for tokens, with TLS and under real names: what is
asked for arrives, and no credentials go where they do not belong. test/hostile has the hosts that lie.

Covers: issue 4, "--play QUIRK" (blob redirects to another host, token realm on another host).
"""
import base64
import json
import os
import re
import unittest

from harness import liar, oci, registry
from harness.sandbox import FIXTURES, Sandbox

IMAGES = os.path.join(FIXTURES, "cosign-3.1.2", "images")
KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
NAMES = ("registry.example", "other.example")
USER = "dev:w0rd"


class ElsewhereTest(unittest.TestCase):
    """https://registry.example plays a quirk whose other host is https://other.example; a proxy knows where they are."""

    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.ca, self.certificate, self.key = registry.make_certificate(self.box.top, NAMES, ("127.0.0.1", "127.0.0.2"))
        self.names = liar.Names()
        self.addCleanup(self.names.stop)
        self.box.variables.update({"SSL_CERT_FILE": self.ca, "HTTPS_PROXY": f"http://{self.names.host}",
                                   "HTTP_PROXY": f"http://{self.names.host}", "COSIGN_PASSWORD": "correct-horse"})
        self.image = f"registry.example/app@{oci.layout_tags(f'{IMAGES}/legacy-signature')['latest']}"

    def play(self, *options, outer="https://other.example"):
        """A registry; its address and that of its other host."""
        server = registry.ours(self.box, "--tls-cert", self.certificate, "--tls-key", self.key, "--play-elsewhere", outer,
                               "--log", "-", "--load", f"{IMAGES}/legacy-signature=app", *options, user=USER)
        self.addCleanup(server.stop)
        other = re.search(r"other host of a quirk listens on (127\.0\.0\.2:\d+)", server.log()).group(1)
        self.names.routes.update({"registry.example:443": server.host, "other.example:443": other})
        return server

    def log_in(self):
        auth = base64.b64encode(USER.encode()).decode()
        self.box.write("../home/.docker/config.json", json.dumps({"auths": {"registry.example": {"auth": auth}}}))

    def verify(self, *more):
        return self.box.cosign_run("verify", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true", *more, self.image)

    def sign(self, *more):
        return self.box.cosign_run("sign", "--key", f"{KEYS}/p256.key", "--tlog-upload=false", "-a", "n=1", *more, self.image)

    def passes(self, done):
        self.assertEqual(done.code, 0, done)
        self.assertEqual(self.names.plain, [], "nothing goes in the clear")

    def refused(self, done, *patterns):
        self.assertEqual((done.code, done.out), (1, ""), done)
        for pattern in patterns:
            self.assertRegex(done.err, pattern, done)
        self.assertNotIn(USER.split(":")[1], done.err)
        self.assertEqual(self.names.plain, [], "nothing goes in the clear")

    # --- blobs. The other host answers 400 to whoever sends it an Authorization header.

    def test_blobs_come_from_the_other_host_without_credentials(self):
        for tokens in ((), ("--tokens",)):
            with self.subTest(tokens=tokens):
                self.play("--play", "redirect-blobs", *tokens)
                self.log_in()
                for format_ in ("sig", "bundle"):
                    self.passes(self.sign("--signature-format", format_))
                self.passes(self.verify("-a", "n=1"))
                self.assertIn("other.example:443", self.names.tunnels)

    def test_blobs_at_plain_http_are_not_fetched(self):
        self.play("--play", "redirect-blobs", outer="http://other.example")
        self.log_in()
        self.refused(self.verify(), r"(?m)^error: a redirect from TLS to plain HTTP is not followed$",
                     r"(?m)^cause: registry\.example redirects to http://other\.example$")
        # Nor is anything signed beside what cannot be read.
        self.refused(self.sign(), "a redirect from TLS to plain HTTP is not followed")

    def test_another_host_that_cannot_be_reached_is_named(self):
        self.play("--play", "redirect-blobs")
        del self.names.routes["other.example:443"]
        self.log_in()
        self.refused(self.verify(), r"(?m)^error: .*other\.example")

    # --- tokens

    def test_tokens_come_from_the_other_host(self):
        server = self.play("--play", "token-realm-elsewhere", "--tokens")
        done = self.box.cosign_run("login", "registry.example", "-u", "dev", "--password-stdin", input="w0rd")
        self.passes(done)
        self.passes(self.sign())
        self.passes(self.sign("--signature-format", "bundle"))
        self.passes(self.verify("-a", "n=1"))
        self.assertIn("other.example:443", self.names.tunnels)
        self.assertIn('"user":"dev"', server.log())

    def test_whoever_is_not_logged_in_may_pull_with_a_token(self):
        self.play("--play", "token-realm-elsewhere", "--anonymous-pull")
        self.passes(self.verify())
        self.refused(self.sign(), r"registry\.example", r"(?m)^try: cosign login registry\.example$")

    def test_a_wrong_password_is_told_by_its_server(self):
        self.play("--play", "token-realm-elsewhere", "--tokens")
        done = self.box.cosign_run("login", "registry.example", "-u", "dev", "--password-stdin", input="wrong")
        self.refused(done, r"(?m)^error: registry\.example does not accept the credentials of dev",
                     r"(?m)^cause: token server other\.example answers HTTP 401")
        self.assertFalse(os.path.exists(os.path.join(self.box.home, ".docker", "config.json")))

    def test_a_realm_at_plain_http_gets_no_password(self):
        self.play("--play", "token-realm-elsewhere", "--tokens", outer="http://other.example")
        self.log_in()
        for done in (self.verify(), self.sign()):
            self.refused(done, r"no credentials of registry\.example go to the realm http://other\.example that it names",
                         "it is plain HTTP, the registry is not")

    def test_a_realm_at_an_inner_address_gets_no_password(self):
        """What a registry out there must not do: name a host of ours."""
        server = registry.ours(self.box, "--tls-cert", self.certificate, "--tls-key", self.key, "--tokens", "--play",
                               "token-realm-elsewhere", "--load", f"{IMAGES}/legacy-signature=app", user=USER)
        self.addCleanup(server.stop)
        self.names.routes["registry.example:443"] = server.host
        self.log_in()
        self.refused(self.verify(), r"no credentials of registry\.example go to the realm https://127\.0\.0\.2:\d+ that",
                     "127.0.0.2 is a private, link-local or loopback address")

    def test_both_at_once(self):
        self.play("--play", "token-realm-elsewhere", "--play", "redirect-blobs", "--play", "no-conditions", "--tokens")
        self.log_in()
        self.passes(self.sign())
        self.passes(self.verify("-a", "n=1"))

    def test_without_tokens_there_is_no_realm(self):
        done = self.box.cosign_run("registry", "serve", "--addr", "127.0.0.1:0", "--play", "token-realm-elsewhere")
        self.refused(done, r"(?m)^error: --play token-realm-elsewhere needs a registry that gives out tokens$",
                     r"(?m)^try: --tokens --htpasswd FILE$")


if __name__ == "__main__":
    unittest.main()
