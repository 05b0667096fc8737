"""Where credentials go, over TLS and under real names: to the registry, to the realm that it names, and nowhere else.

Covers: issue 3, "Registry client" ("Each refused case has a test that no header leaks"), "logged in but may not push
(which permission)", "image named without its registry"; Docker Hub's key of "login".
"""
import base64
import json
import os
import unittest
import urllib.parse

from harness import liar, oci, registry
from harness.sandbox import FIXTURES, Sandbox

KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
NAMES = ("registry.example", "auth.example", "elsewhere.example", "index.docker.io")
SECRET = "s3cret"
BASIC = "Basic " + base64.b64encode(f"dev:{SECRET}".encode()).decode()
TOKEN = "issued-token"
SCOPE = "repository:app:pull"


class CredentialsTest(unittest.TestCase):
    """`registry` is https://registry.example, `auth` and `elsewhere` are of that name; a proxy knows where they are."""

    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        ca, certificate, key = registry.make_certificate(self.box.top, NAMES)
        self.tls = (certificate, key)
        self.names = self.started(liar.Names())
        self.box.variables.update({"SSL_CERT_FILE": ca, "HTTPS_PROXY": f"http://{self.names.host}",
                                   "HTTP_PROXY": f"http://{self.names.host}", "COSIGN_PASSWORD": "correct-horse"})
        self.registry = self.serve("registry.example:443", "legacy-signature")
        self.auth, self.elsewhere = self.serve("auth.example:443"), self.serve("elsewhere.example:443")
        self.image = f"registry.example/app@{self.registry.digest}"
        self.grants = {"token": TOKEN, "expires_in": 300}
        self.auth.lies["/token"] = self.hand_out
        self.log_in({"auth": base64.b64encode(f"dev:{SECRET}".encode()).decode()})

    def started(self, server):
        self.addCleanup(server.stop)
        return server

    def serve(self, name, layout=None):
        server = self.started(liar.Liar(layout, tls=self.tls))
        self.names.routes[name] = server.host
        return server

    def log_in(self, entry, host="registry.example"):
        self.box.write("../home/.docker/config.json", json.dumps({"auths": {host: entry}}))

    def hand_out(self, handler):
        handler.reply(200, json.dumps(self.grants).encode(), "application/json")

    def wants_token(self, realm="https://auth.example/token", scope=SCOPE, prefix="/v2/"):
        """From now on the registry answers only to those who have a token."""
        challenge = f'Bearer realm="{realm}",service="registry.example",scope="{scope}"'

        def answer(handler):
            if handler.headers.get("Authorization") != f"Bearer {TOKEN}":
                return handler.reply(401, b"", "text/plain", WWW_Authenticate=challenge)
            return handler.honest()
        self.registry.lies[prefix] = answer

    def lie(self, prefix, function):
        """Before all that the registry does otherwise."""
        self.registry.lies = {prefix: function, **{k: v for k, v in self.registry.lies.items() if k != prefix}}

    def verify(self, *options):
        return self.box.cosign_run("verify", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true", "-t", "20s",
                                   *options, self.image)

    def sign(self, *options):
        return self.box.cosign_run("sign", "--key", f"{KEYS}/p256.key", "--tlog-upload=false", "-a", "n=1", "-t", "20s",
                                   *options, self.image)

    def refused(self, done, *words):
        self.assertGreater(done.code, 0, done)
        self.assertEqual(done.out, "", done)
        for word in words:
            self.assertRegex(done.err, word, done)
        self.assertNotIn(SECRET, done.err)

    def assert_nothing_leaked(self, *servers):
        """None of these got anything secret, nothing went in the clear, and the password went to `auth` alone."""
        self.assertEqual(self.names.plain, [])
        for server in servers:
            for method, path, headers, body in server.asked():
                self.assertNotIn("Authorization", headers, f"{method} {path}")
                for secret in (SECRET, TOKEN, base64.b64encode(f"dev:{SECRET}".encode()).decode()):
                    self.assertNotIn(secret, path)
                    self.assertNotIn(secret.encode(), body)
        for _, path, headers, _ in self.registry.asked():
            self.assertNotIn("Basic", headers.get("Authorization", ""), path)

    # --- the realm that the registry names

    def test_over_verified_tls_any_https_realm_gets_them(self):
        self.wants_token()
        done = self.verify()
        self.assertEqual(done.code, 0, done)
        (asked,) = self.auth.asked("/token")
        self.assertEqual(asked[2]["Authorization"], BASIC)
        sent = {headers.get("Authorization") for _, _, headers, _ in self.registry.asked("/v2/app/")}
        self.assertEqual(sent, {f"Bearer {TOKEN}"})
        self.assert_nothing_leaked(self.elsewhere)

    def test_a_wider_scope_than_asked_is_not_requested(self):
        self.wants_token(scope="repository:app:pull,push,delete repository:other:* registry:catalog:*")
        self.assertEqual(self.verify().code, 0)
        for _, path, _, _ in self.auth.asked():
            query = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query)
            self.assertEqual(query, {"service": ["registry.example"], "scope": [SCOPE]})

    def test_a_push_asks_for_push_and_for_that_repository(self):
        self.wants_token()
        done = self.sign()
        self.assertEqual(done.code, 0, done)
        scopes = {urllib.parse.parse_qs(urllib.parse.urlsplit(path).query)["scope"][0]
                  for _, path, _, _ in self.auth.asked()}
        self.assertLessEqual(scopes, {SCOPE, "repository:app:pull,push"})
        self.assertIn("repository:app:pull,push", scopes)

    def test_an_identity_token_goes_to_the_realm_in_a_form(self):
        self.log_in({"identitytoken": SECRET})
        self.wants_token()
        self.assertEqual(self.verify().code, 0)
        (asked,) = self.auth.asked()
        form = urllib.parse.parse_qs(asked[3].decode())
        self.assertEqual((asked[0], form["grant_type"], form["refresh_token"]), ("POST", ["refresh_token"], [SECRET]))
        self.assert_nothing_leaked(self.elsewhere)

    def test_realms_that_are_refused_get_nothing(self):
        inside = self.started(liar.Liar(tls=self.tls))
        port = inside.server_address[1]
        for realm in ("http://auth.example/token", "http://registry.example/token", "http://127.0.0.1/token",
                      f"https://127.0.0.1:{port}/token", f"https://localhost:{port}/token",
                      f"https://x.localhost:{port}/token", f"https://[::1]:{port}/token",
                      f"https://[::ffff:127.0.0.1]:{port}/token", f"https://0.0.0.0:{port}/token",
                      "https://10.0.0.1/token", "https://172.16.0.1/token", "https://192.168.1.1/token",
                      "https://169.254.169.254/token", "https://[fd00::1]/token", "https://[fe80::1]/token",
                      "https://2130706433/token", "https://0x7f.1/token", "https://dev:x@auth.example/token", "token"):
            with self.subTest(realm=realm):
                self.wants_token(realm)
                tunnels = len(self.names.tunnels)
                self.refused(self.verify(), r"(?m)^error: .*realm")
                self.assertEqual(set(self.names.tunnels[tunnels:]), {"registry.example:443"})
                self.assertEqual(inside.asked() + self.auth.asked(), [])
                self.assert_nothing_leaked(self.registry, self.elsewhere)

    def test_without_verified_tls_a_realm_elsewhere_gets_nothing(self):
        self.wants_token()
        self.refused(self.verify("--allow-insecure-registry"), "realm", r"(?m)^try: .*--registry-cacert")
        self.assertEqual(self.auth.asked(), [])
        self.assert_nothing_leaked(self.registry)

    def test_a_realm_that_redirects_takes_no_password_along(self):
        self.wants_token()
        self.elsewhere.lies["/token"] = self.hand_out
        self.auth.lies["/token"] = lambda h: h.reply(307, b"", "text/plain",
                                                     Location=f"https://elsewhere.example{h.path}")
        self.assertEqual(self.verify().code, 0)
        self.assertTrue(self.elsewhere.asked("/token"))
        self.assert_nothing_leaked(self.elsewhere)

    def test_a_ping_that_is_redirected_asks_for_nobodys_password(self):
        ask = 'Basic realm="elsewhere"'
        self.elsewhere.lies["/"] = lambda h: h.reply(401, b"", "text/plain", WWW_Authenticate=ask)
        self.registry.lies["/v2/"] = lambda h: h.reply(307, b"", "text/plain",
                                                       Location=f"https://elsewhere.example{h.path}")
        self.refused(self.verify())
        self.assertTrue(self.elsewhere.asked())
        self.assert_nothing_leaked(self.elsewhere, self.registry)

    # --- where the registry sends requests

    def test_a_redirect_to_another_host_carries_nothing(self):
        self.wants_token()
        self.lie("/v2/app/blobs/", self.away)
        self.elsewhere.content = self.registry.content
        done = self.verify()
        self.assertEqual(done.code, 0, done)
        self.assertTrue(self.elsewhere.asked("/v2/app/blobs/"))
        self.assert_nothing_leaked(self.elsewhere)

    def away(self, handler):
        if handler.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.registry.lies["/v2/"](handler)
        return handler.reply(307, b"", "text/plain", Location=f"https://elsewhere.example{handler.path}")

    def test_a_redirect_to_another_port_carries_nothing(self):
        other = self.serve("registry.example:8443")
        other.content = self.registry.content
        self.wants_token()
        self.lie("/v2/app/blobs/", lambda h: h.reply(307, b"", "text/plain",
                                                     Location=f"https://registry.example:8443{h.path}"))
        self.assertEqual(self.verify().code, 0)
        self.assertTrue(other.asked())
        self.assert_nothing_leaked(other)

    def test_a_redirect_from_tls_to_plain_http_is_not_followed(self):
        self.wants_token()
        self.lie("/v2/app/blobs/", lambda h: h.reply(307, b"", "text/plain",
                                                     Location=f"http://registry.example{h.path}"))
        self.refused(self.verify(), "from TLS to plain HTTP")
        self.assert_nothing_leaked(self.elsewhere)

    def upload_to(self, place):
        self.wants_token()
        self.lie("/v2/app/blobs/uploads/", lambda h: h.reply(202, b"", "text/plain", Location=place))

    def test_an_upload_to_another_host_carries_nothing(self):
        other = self.serve("registry.example:8443")
        for server, place in ((self.elsewhere, "https://elsewhere.example/u?x=y"),
                              (other, "https://registry.example:8443/u")):
            with self.subTest(place=place):
                server.content = self.registry.content  # what is PUT there is in the registry
                self.upload_to(place)
                done = self.sign("-a", f"to={place}")  # other annotations: another blob
                self.assertEqual(done.code, 0, done)
                self.assertTrue(server.asked("/u", "PUT"))
                self.assert_nothing_leaked(server)

    def test_an_upload_from_tls_to_plain_http_is_not_sent(self):
        self.upload_to("http://registry.example/u")
        self.refused(self.sign(), "from TLS to plain HTTP")
        self.assert_nothing_leaked(self.elsewhere)

    def test_a_page_elsewhere_is_not_asked_for(self):
        empty = json.dumps({"schemaVersion": 2, "mediaType": oci.INDEX, "manifests": []}).encode()
        self.wants_token()
        for place in ("https://elsewhere.example/v2/x", "//elsewhere.example/v2/x",
                      "https://registry.example:8443/v2/x", "http://registry.example/v2/x"):
            with self.subTest(place=place):
                self.registry.lies = {
                    self.registry.signature: lambda h: h.reply(404, b"", "text/plain"),
                    "/v2/app/referrers/": lambda h: h.reply(200, empty, oci.INDEX, Link=f'<{place}>; rel="next"'),
                    "/v2/": self.registry.lies["/v2/"]}
                tunnels = len(self.names.tunnels)
                self.refused(self.verify(), "more entries")
                self.assertLessEqual(set(self.names.tunnels[tunnels:]), {"registry.example:443", "auth.example:443"})
                self.assert_nothing_leaked(self.elsewhere)

    # --- permissions, and Docker Hub, which cannot be reached from here

    def test_logged_in_but_may_not_push(self):
        denied = b'{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}'
        challenge = ('Bearer realm="https://auth.example/token",service="registry.example",'
                     'scope="repository:app:pull,push",error="insufficient_scope"')
        self.wants_token()
        for status, headers in ((403, {}), (401, {"WWW_Authenticate": challenge})):
            with self.subTest(status=status):
                self.lie("/v2/app/blobs/uploads/", lambda h: h.reply(status, denied, "application/json", **headers))
                self.refused(self.sign(), r"(?m)^cause: no permission to push to registry\.example/app as dev "
                                          r"\(from .*/home/\.docker/config\.json\): .*requested access to the",
                             r"(?m)^try: ask whoever runs registry\.example for it")

    def test_a_token_server_that_does_not_accept_the_password(self):
        self.wants_token()
        self.auth.lies["/token"] = lambda h: h.reply(401, b'{"details":"incorrect username or password"}',
                                                     "application/json")
        self.refused(self.verify(), r"(?m)^error: registry\.example does not accept the credentials of dev",
                     r"(?m)^cause: token server auth\.example answers HTTP 401: incorrect username or password$",
                     r"(?m)^try: cosign login registry\.example$")

    def test_login_to_docker_hub_is_stored_under_dockers_key(self):
        hub = self.serve("index.docker.io:443")
        hub.lies["/v2/"] = lambda h: h.reply(*(
            (200, b"{}", "application/json") if h.headers.get("Authorization") == f"Bearer {TOKEN}" else
            (401, b"", "text/plain")), WWW_Authenticate='Bearer realm="https://auth.example/token",service="hub"')
        self.log_in({"auth": "b2xkOm9sZA=="}, "docker.io")
        done = self.box.cosign_run("login", "docker.io", "-u", "dev", "--password-stdin", input=SECRET)
        self.assertEqual(done.code, 0, done)
        self.assertEqual(self.auth.asked()[0][2]["Authorization"], BASIC)
        self.assertEqual(json.loads(self.box.read("../home/.docker/config.json")), {
            "auths": {"https://index.docker.io/v1/": {"auth": BASIC.split()[1]}}})

    def test_an_image_without_a_registry_that_docker_hub_refuses(self):
        hub = self.serve("index.docker.io:443")
        hub.lies["/v2/"] = lambda h: h.reply(401, b"", "text/plain", WWW_Authenticate='Basic realm="hub"')
        self.image = f"nginx@{self.registry.digest}"
        self.refused(self.verify(), r"(?m)^error: not logged in to index\.docker\.io$",
                     rf"(?m)^cause: {self.image} names no registry, so it means docker\.io/library/nginx on Docker Hub",
                     rf"(?m)^try: if it is in a registry of your own, name it: registry\.example/{self.image}$")


if __name__ == "__main__":
    unittest.main()
