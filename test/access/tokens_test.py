"""Bearer tokens of our registry, as our own client, crane, skopeo and the real cosign ask for them: log in, push, sign,
verify; and who does not come in.

Covers: issue 4, item 3: "bearer tokens with its own token endpoint, anonymous pull with authenticated push".
"""
import json
import os
import time
import unittest
import urllib.parse

from harness import oci, reference, registry
from harness.sandbox import FIXTURES, Sandbox

KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
USER = "dev:correct-horse"


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


class TokenCase(unittest.TestCase):
    OPTIONS = ("--tokens",)

    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.log = self.box.path("access.log")
        self.server = registry.ours(self.box, *self.OPTIONS, "--log", self.log, user=USER)
        self.addCleanup(self.server.stop)
        self.host = self.server.host
        self.anybody = oci.Client(self.host)

    def token(self, *scopes, user=USER, expect=(200,)):
        query = urllib.parse.urlencode([("service", "cosign-registry"), *(("scope", scope) for scope in scopes)])
        client = oci.Client(self.host, user)
        status, _, body = client.request("GET", f"/token?{query}", expect=expect)
        return json.loads(body)["token"] if status == 200 else status

    def status(self, method, path, headers=None, body=None):
        return self.anybody.request(method, path, body, headers, expect=None)[0]

    def done(self, *argv, **options):
        done = self.box.run(*argv, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def signed_and_verified(self, cosign, image, *options):
        environment = {"COSIGN_PASSWORD": "correct-horse"}
        self.done(cosign, "sign", "--key", f"{KEYS}/p256.key", "--yes", *options, image, env=environment)
        ignore = "--insecure-ignore-tlog=true"
        self.done(cosign, "verify", "--key", f"{KEYS}/p256.pub", ignore, "--allow-http-registry", image)
        wrong = self.box.run(cosign, "verify", "--key", f"{KEYS}/p384.pub", ignore, "--allow-http-registry", image)
        self.assertNotEqual(wrong.code, 0, wrong)


class TokensTest(TokenCase):
    def test_the_challenge_leads_to_a_token_and_the_token_in(self):
        status, headers, _ = self.anybody.request("GET", "/v2/", expect=None)
        self.assertEqual((status, headers["www-authenticate"]),
                         (401, f'Bearer realm="http://{self.host}/token",service="cosign-registry"'))
        digest = self.server.client().push_image("app")  # by password alone
        token = bearer(self.token("repository:app:pull"))
        self.assertEqual(self.status("GET", "/v2/", token), 200)
        self.assertEqual(self.status("GET", f"/v2/app/manifests/{digest}", token), 200)
        self.assertEqual(self.status("PUT", "/v2/app/manifests/new", token, b"{}"), 401)
        self.assertEqual(self.status("GET", "/v2/other/tags/list", token), 401)

    def test_a_wrong_password_gets_no_token(self):
        for user in ("dev:wrong", "nobody:correct-horse", None):
            self.assertEqual(self.token("repository:app:pull", user=user, expect=(401,)), 401)
        self.assertEqual(self.status("GET", "/v2/", bearer("AAAA.AAAA")), 401)
        with open(self.log, encoding="utf-8") as log:
            self.assertNotRegex(log.read(), "wrong|correct-horse")

    def refusal(self, token):
        status, headers, _ = self.anybody.request("GET", "/v2/app/tags/list", None, bearer(token), expect=None)
        return status, headers["www-authenticate"].rsplit(",", 1)[-1]

    def test_a_token_ends_with_its_time_and_with_its_process(self):
        token = self.token("repository:app:pull")
        if os.environ.get("COSIGN_LONG_TESTS") == "yes":
            self.assertEqual(self.status("GET", "/v2/", bearer(token)), 200)
            time.sleep(300)
            self.assertEqual(self.refusal(token), (401, 'error="invalid_token"'))
            token = self.token("repository:app:pull")
        other = registry.ours(self.box, *self.OPTIONS, user=USER)
        self.addCleanup(other.stop)
        self.anybody = oci.Client(other.host)
        self.assertEqual(self.refusal(token), (401, 'error="invalid_token"'))

    def test_a_mount_needs_both_repositories(self):
        digest = self.server.client().push_blob("from", b"a blob")
        path = f"/v2/app/blobs/uploads/?mount={digest}&from=from"
        alone = bearer(self.token("repository:app:push,pull"))
        status, headers, _ = self.anybody.request("POST", path, None, alone, expect=None)
        self.assertEqual(status, 401)
        self.assertIn('scope="repository:app:push repository:from:pull",error="insufficient_scope"',
                      headers["www-authenticate"])
        both = bearer(self.token("repository:app:push,pull", "repository:from:pull"))
        self.assertEqual(self.status("POST", path, both), 201)
        secret = self.server.client().push_blob("from", b"another blob")
        anywhere = f"/v2/app/blobs/uploads/?mount={secret}"
        self.assertEqual(self.status("POST", anywhere, alone), 202, "no token names where it would come from")
        self.assertEqual(self.status("GET", f"/v2/app/blobs/{secret}", alone), 404)

    def test_a_changed_file_of_users_counts(self):
        token = bearer(self.token("repository:app:pull"))
        self.assertEqual(self.status("GET", "/v2/", token), 200)
        path = self.server.process.args[self.server.process.args.index("--htpasswd") + 1]
        os.replace(registry.write_htpasswd(self.box, "ops:another"), path)
        time.sleep(1.1)
        self.assertEqual(self.status("GET", "/v2/", token), 401, "it was given for a password that is gone")
        self.assertEqual(self.token(user=USER, expect=(401,)), 401)
        self.assertEqual(self.status("GET", "/v2/", bearer(self.token(user="ops:another"))), 200)
        self.box.write("bad", "ops:plain")
        os.replace(self.box.path("bad"), path)
        time.sleep(1.1)
        self.assertEqual(self.status("GET", "/v2/", bearer(self.token(user="ops:another"))), 200)
        self.assertIn("the users stay as they were", self.server.log())

    def test_our_client(self):
        self.server.client().push_image("app")
        image = f"{self.host}/app:latest"
        wrong = self.box.cosign_run("login", self.host, "-u", "dev", "--password-stdin", "--allow-http-registry",
                                    input="wrong")
        self.assertNotEqual(wrong.code, 0, wrong)
        self.done("cosign", "login", self.host, "-u", "dev", "--password-stdin", "--allow-http-registry",
                  input="correct-horse")
        options = ("--allow-http-registry", "--tlog-upload=false")
        self.signed_and_verified("cosign", image, *options)

    def test_the_real_cosign_3_1_2(self):
        cosign = reference.program("3.1.2")
        self.server.client().push_image("app")
        image = f"{self.host}/app:latest"
        self.done(cosign, "login", self.host, "-u", "dev", "-p", "correct-horse")
        self.signed_and_verified(cosign, image, "--allow-http-registry", "--use-signing-config=false",
                                 "--tlog-upload=false")

    def test_crane(self):
        crane = reference.program("crane")
        self.done(crane, "auth", "login", self.host, "-u", "dev", "-p", "correct-horse")
        self.server.client().push_image("app")
        self.done(crane, "copy", "--insecure", f"{self.host}/app:latest", f"{self.host}/copy:latest")
        self.done(crane, "pull", "--insecure", "--format", "oci", f"{self.host}/copy:latest", "pulled")
        digest = self.done(crane, "digest", "--insecure", f"{self.host}/copy:latest").out.strip()
        self.done(crane, "delete", "--insecure", f"{self.host}/copy@{digest}")
        self.done(crane, "auth", "login", self.host, "-u", "dev", "-p", "wrong")  # it does not look
        refused = self.box.run(crane, "ls", "--insecure", f"{self.host}/app")
        self.assertNotEqual(refused.code, 0, refused)
        self.assertIn("UNAUTHORIZED", refused.err)

    def test_skopeo(self):
        skopeo = registry.find_program("skopeo")
        self.server.client().push_image("app")
        place = f"docker://{self.host}"
        copied = ("copy", "--src-tls-verify=false", "--dest-tls-verify=false")
        self.done(skopeo, "--insecure-policy", *copied, "--src-creds", USER, "--dest-creds", USER,
                  f"{place}/app:latest", f"{place}/copy:latest")
        refused = self.box.run(skopeo, "--insecure-policy", *copied, "--src-creds", "dev:wrong", "--dest-creds", USER,
                               f"{place}/app:latest", f"{place}/copy:latest")
        self.assertNotEqual(refused.code, 0, refused)


class AnonymousTest(TokenCase):
    OPTIONS = ("--anonymous-pull",)

    def test_everybody_pulls_and_users_push(self):
        digest = self.server.client().push_image("app")
        self.assertEqual(self.status("GET", "/v2/"), 401, "clients that find it open never log in")
        token = bearer(self.token("repository:app:pull,push", user=None))
        self.assertEqual(self.status("GET", "/v2/", token), 200)
        for headers in (token, {}):
            self.assertEqual(self.status("GET", f"/v2/app/manifests/{digest}", headers), 200)
            self.assertEqual(self.status("POST", "/v2/app/blobs/uploads/", headers), 401)
            self.assertEqual(self.status("DELETE", f"/v2/app/manifests/{digest}", headers), 401)
        self.assertEqual(self.token(user="dev:wrong", expect=(401,)), 401)
        self.assertEqual(self.status("GET", "/metrics"), 401, "figures are for users")
        self.assertEqual(self.status("GET", "/metrics", token), 401)
        self.assertEqual(self.server.client().request("GET", "/metrics")[0], 200)

    def test_our_client_verifies_without_and_signs_with_a_login(self):
        self.server.client().push_image("app")
        image = f"{self.host}/app:latest"
        sign = ("sign", "--key", f"{KEYS}/p256.key", "--tlog-upload=false", "--allow-http-registry", image)
        refused = self.box.cosign_run(*sign, env={"COSIGN_PASSWORD": "correct-horse"})
        self.assertNotEqual(refused.code, 0, refused)
        self.assertIn(f"cosign login {self.host}", refused.err)
        self.done("cosign", "login", self.host, "-u", "dev", "--password-stdin", "--allow-http-registry",
                  input="correct-horse")
        self.signed_and_verified("cosign", image, "--tlog-upload=false", "--allow-http-registry")
        self.done("cosign", "logout", self.host)
        self.done("cosign", "verify", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true", image)

    def test_crane_pulls_without_a_login(self):
        crane = reference.program("crane")
        self.server.client().push_image("app")
        self.done(crane, "pull", "--insecure", "--format", "oci", f"{self.host}/app:latest", "pulled")
        refused = self.box.run(crane, "copy", "--insecure", f"{self.host}/app:latest", f"{self.host}/copy:latest")
        self.assertNotEqual(refused.code, 0, refused)

    def test_skopeo_pulls_without_a_login(self):
        skopeo = registry.find_program("skopeo")
        self.server.client().push_image("app")
        self.done(skopeo, "--insecure-policy", "copy", "--src-tls-verify=false", f"docker://{self.host}/app:latest",
                  f"dir:{self.box.path('pulled')}")


if __name__ == "__main__":
    unittest.main()
