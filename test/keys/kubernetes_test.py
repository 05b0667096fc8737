"""Keys in Kubernetes secrets (k8s://NAMESPACE/NAME): made, used by every command that takes a key, and refused with one
clear error where something is wrong; against a double of the API server that is strict about what it is asked.

Covers: issue 6, point 4; cosign.md 2b and 2k.
"""
import json
import os
import shutil
import time
import unittest

from harness import kubernetes, oci, registry
from harness.sandbox import FIXTURES, Sandbox

REF = "k8s://default/cosign"
IGNORE_LOG = "--insecure-ignore-tlog=true"
NO_LOG = ["--tlog-upload=false", "-y"]
TOKEN, PASSWORD = "s3cret-token", "s3cret-password"
REAL = os.path.join(FIXTURES, "cosign-3.1.2", "kubernetes", "secret.json")


class KubernetesCase(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.cluster = kubernetes.Cluster(self.box.path("cluster"))
        self.addCleanup(self.cluster.stop)
        self.cluster.tokens[TOKEN] = "dev"
        self.box.variables |= {"KUBECONFIG": self.box.path("kubeconfig"), "COSIGN_PASSWORD": PASSWORD}
        self.configure({"token": TOKEN})

    def configure(self, user, **cluster):
        self.box.write("kubeconfig", self.cluster.kubeconfig(user, **cluster))

    def run_good(self, *words, **options):
        done = self.box.cosign_run(*words, **options)
        self.assertEqual(done.code, 0, done)
        self.keeps_quiet(done)
        return done

    def keeps_quiet(self, done):
        for secret in (TOKEN, PASSWORD, "czNjcmV0"):  # and in base64
            self.assertNotIn(secret, done.out + done.err)

    def refused(self, *words, error, cause=None, tries=None, code=1, **options):
        done = self.box.cosign_run(*words, **options)
        self.assertEqual((done.code, done.out), (code, ""), done)
        self.keeps_quiet(done)
        self.assertEqual(done.err.count("error: "), 1, done)
        self.assertIn(f"error: {error}", done.err, done)
        if cause:
            self.assertIn(f"cause: {cause}", done.err, done)
        if tries:
            self.assertIn(f"try: {tries}", done.err, done)
        return done

    def real_secret(self, **changes):
        """One that cosign 3.1.2 has made; its password is correct-horse."""
        with open(REAL, encoding="utf-8") as file:
            secret = json.load(file) | changes
        self.cluster.store(secret, None)
        return secret

    def lie(self, function):
        self.cluster.lies["/api/"] = function


class UseTest(KubernetesCase):
    def test_a_secret_is_made(self):
        done = self.run_good("generate-key-pair", REF)
        self.assertEqual(done.err, "Public key written to cosign.pub\n")
        data = self.cluster.data("default", "cosign")
        self.assertEqual(sorted(data), ["cosign.key", "cosign.password", "cosign.pub"])
        self.assertEqual(data["cosign.password"].decode(), PASSWORD)
        self.assertEqual(data["cosign.pub"].decode(), self.box.read("cosign.pub"))
        self.assertTrue(data["cosign.key"].startswith(b"-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"))
        self.assertIs(self.cluster.secrets["default", "cosign"]["immutable"], True)
        self.assertEqual([one[:2] for one in self.cluster.asked()],
                         [("GET", "/api/v1/namespaces/default/secrets/cosign"),
                          ("POST", "/api/v1/namespaces/default/secrets")])
        self.assertEqual(self.cluster.faults, [])
        self.assertEqual(self.run_good("public-key", "--key", REF).out, self.box.read("cosign.pub"))

    def test_every_command_takes_it(self):
        self.run_good("generate-key-pair", REF, "--output-key-prefix", "kept")
        self.box.write("file", "hello")
        self.box.write("predicate.json", "{}")
        with registry.ours(self.box) as server:
            image = f"{server.host}/app@{server.client().push_image('app')}"
            self.run_good("sign", "--key", REF, *NO_LOG, image, env={"COSIGN_PASSWORD": None})
            self.run_good("attest", "--key", REF, *NO_LOG, "--predicate", "predicate.json", "--type", "custom", image)
            self.run_good("sign-blob", "--key", REF, *NO_LOG, "--bundle", "bundle", "file")
            self.run_good("generate-key-pair", "k8s://build/other")
            for key in (REF, "kept.pub"):
                self.run_good("verify", "--key", key, IGNORE_LOG, image)
                self.run_good("verify-attestation", "--key", key, IGNORE_LOG, "--type", "custom", image)
                self.run_good("verify-blob", "--key", key, IGNORE_LOG, "--bundle", "bundle", "file")
            other = self.box.cosign_run("verify", "--key", "k8s://build/other", IGNORE_LOG, image)
            self.assertEqual(other.code, 12, other)
        self.assertEqual(self.cluster.faults, [])

    def test_a_secret_of_the_real_one(self):
        secret = self.real_secret()
        self.box.write("file", "hello")
        self.run_good("sign-blob", "--key", REF, *NO_LOG, "--bundle", "bundle", "file", env={"COSIGN_PASSWORD": None})
        self.box.write("cosign.pub", self.cluster.data("default", "cosign")["cosign.pub"])
        self.run_good("verify-blob", "--key", "cosign.pub", IGNORE_LOG, "--bundle", "bundle", "file")
        ours = "k8s://build/ours"
        self.run_good("generate-key-pair", ours, "--yes")
        made = self.cluster.secrets["build", "ours"]
        self.assertEqual(set(made), set(secret))
        self.assertEqual(set(made["data"]), set(secret["data"]))
        self.assertEqual([made[name] for name in ("apiVersion", "kind", "type", "immutable")],
                         [secret[name] for name in ("apiVersion", "kind", "type", "immutable")])

    def test_the_password_is_kept_apart(self):
        self.run_good("generate-key-pair", REF, "--password-apart")
        self.assertEqual(sorted(self.cluster.data("default", "cosign")), ["cosign.key", "cosign.pub"])
        self.assertNotIn("czNjcmV0", json.dumps(self.cluster.secrets["default", "cosign"]))
        self.box.write("file", "hello")
        sign = ["sign-blob", "--key", REF, *NO_LOG, "--bundle", "bundle", "file"]
        self.run_good(*sign)
        self.run_good("verify-blob", "--key", REF, IGNORE_LOG, "--bundle", "bundle", "file")
        self.refused(*sign, env={"COSIGN_PASSWORD": "wrong"}, error="the password does not open cosign.key in the secret")
        done = self.box.cosign_run(*sign, env={"COSIGN_PASSWORD": None})
        self.assertNotEqual(done.code, 0, done)
        self.assertIn("COSIGN_PASSWORD", done.err)

    def test_one_that_is_there(self):
        self.cluster.put("default", "cosign", {"cosign.key": b"old", "other": b"x"})
        self.cluster.secrets["default", "cosign"]["metadata"]["labels"] = {"team": "a"}
        done = self.refused("generate-key-pair", REF, error="")
        self.assertIn("--yes", done.err)
        self.assertEqual(self.cluster.data("default", "cosign"), {"cosign.key": b"old", "other": b"x"})
        self.assertFalse(os.path.exists(self.box.path("cosign.pub")))
        self.run_good("generate-key-pair", REF, "--yes")
        data = self.cluster.data("default", "cosign")
        self.assertEqual(data.pop("other"), b"x")
        self.assertEqual(sorted(data), ["cosign.key", "cosign.password", "cosign.pub"])
        self.assertEqual(self.cluster.secrets["default", "cosign"]["metadata"]["labels"], {"team": "a"})
        self.refused("generate-key-pair", REF, "--yes", error="the secret default/cosign is there, and is immutable",
                     tries="take another name, or: kubectl delete secret cosign -n default")
        self.assertEqual(data["cosign.pub"].decode(), self.box.read("cosign.pub"))
        self.assertEqual(self.cluster.faults, [])


class WhoAsksTest(KubernetesCase):
    """Every way to reach the cluster."""

    def setUp(self):
        super().setUp()
        self.secret = self.real_secret()
        self.public = self.cluster.data("default", "cosign")["cosign.pub"].decode()

    def reads(self, **options):
        self.assertEqual(self.run_good("public-key", "--key", REF, **options).out, self.public)

    def test_a_client_certificate_in_files_and_in_the_configuration(self):
        certificate, key = self.cluster.client_certificate("alice")
        self.cluster.rights = {"alice": ("get",)}
        self.configure({"client-certificate": certificate, "client-key": key})
        self.reads()
        inline = {"client-certificate-data": kubernetes.in_base64(certificate),
                  "client-key-data": kubernetes.in_base64(key)}
        self.configure(inline)
        self.reads()
        self.refused("generate-key-pair", "k8s://build/new",
                     error=f"Kubernetes at {self.cluster.url} does not let user dev of {self.box.path('kubeconfig')} "
                           "create the secret build/new",
                     cause='HTTP 403: secrets "" is forbidden: User "alice" cannot create resource "secrets"',
                     tries="see: kubectl auth can-i create secret new -n build")

    def test_a_client_certificate_of_somebody_else(self):
        _, certificate, key = registry.make_certificate(self.box.path("stranger"))
        self.configure({"client-certificate": certificate, "client-key": key})
        done = self.refused("public-key", "--key", REF, error=f"Kubernetes at {self.cluster.url} could not be asked")
        self.assertIn(certificate, done.err)
        self.assertEqual(self.cluster.asked(), [])

    def test_nobody(self):
        self.configure({})
        self.refused("public-key", "--key", REF, error=f"Kubernetes at {self.cluster.url} does not let",
                     cause='HTTP 403: secrets "cosign" is forbidden: User "system:anonymous"')

    def test_a_token_in_a_file(self):
        self.box.write("token", TOKEN + "\n")
        self.configure({"tokenFile": "token"})
        self.reads()
        self.reads(cwd=self.box.home)
        self.cluster.tokens = {"renewed": "dev"}
        self.box.write("token", "renewed")
        self.reads()

    def test_another_authority_is_not_trusted(self):
        other = registry.make_certificate(self.box.path("other"))[0]
        self.configure({"token": TOKEN}, **{"certificate-authority": other})
        self.refused("public-key", "--key", REF, error="Kubernetes at",
                     tries=f"see certificate-authority-data in cluster double of {self.box.path('kubeconfig')}")
        self.assertEqual(self.cluster.asked(), [], "nothing was sent to somebody who is not trusted")
        self.configure({"token": TOKEN}, **{"insecure-skip-tls-verify": True})
        self.reads()

    def test_a_name_for_its_certificate(self):
        self.configure({"token": TOKEN}, **{"tls-server-name": "kubernetes.default"})
        self.refused("public-key", "--key", REF, error="Kubernetes at", cause="the certificate of")
        self.configure({"token": TOKEN}, **{"tls-server-name": "localhost"})
        self.reads()

    def test_acting_as_somebody_else(self):
        self.cluster.rights = {"build": ()}
        self.configure({"token": TOKEN, "as": "build"})
        self.refused("public-key", "--key", REF, error=f"Kubernetes at {self.cluster.url} does not let user dev of "
                     f"{self.box.path('kubeconfig')}, acting as build get the secret default/cosign")

    def test_several_files(self):
        first = self.box.write("first", "current-context: test\n")
        second = self.box.path("kubeconfig")
        self.reads(env={"KUBECONFIG": f"{first}:/nowhere:{second}"})
        os.makedirs(os.path.join(self.box.home, ".kube"))
        shutil.copy(second, os.path.join(self.box.home, ".kube", "config"))
        self.reads(env={"KUBECONFIG": None})

    def test_the_pod_that_it_runs_in(self):
        """With /run/secrets of its own; /var/run leads there."""
        account = "run/secrets/kubernetes.io/serviceaccount"
        self.box.write(f"{account}/token", TOKEN + "\n")
        shutil.copy(self.cluster.ca, self.box.path(account, "ca.crt"))
        host, port = self.cluster.host.split(":")
        pod = {"KUBECONFIG": None, "KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": port}
        line = f'mount --bind {self.box.path("run")} /run && exec "$@"'
        inside = ["unshare", "--map-root-user", "--mount", "sh", "-ec", line, "sh", "cosign"]
        done = self.box.run(*inside, "public-key", "--key", REF, env=pod)
        self.assertEqual((done.code, done.out, done.err), (0, self.public, ""), done)
        self.box.write(f"{account}/token", "old")
        done = self.box.run(*inside, "public-key", "--key", REF, env=pod)
        self.assertIn(f"error: Kubernetes at {self.cluster.url} does not know the pod's service account", done.err)
        self.refused("public-key", "--key", REF, env=pod,
                     error="the token of the pod's service account cannot be read",
                     tries="does the pod have automountServiceAccountToken: false?")

    def plugin(self, script, **more):
        path = self.box.write("bin/login", "#!/bin/sh\n" + script, 0o755)
        self.configure({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": path, "args": ["a b"],
                                 "env": [{"name": "TENANT", "value": "it's"}], "interactiveMode": "IfAvailable",
                                 **more}})
        return path

    def test_a_program_that_gives_the_token(self):
        answer = json.dumps({"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1",
                             "status": {"token": TOKEN}})
        self.plugin(f"[ \"$1\" = 'a b' ] && [ \"$TENANT\" = \"it's\" ] || exit 3\n"
                    "echo \"$KUBERNETES_EXEC_INFO\" > info\necho 'logging in' >&2\n"
                    f"echo '{answer}'\n", provideClusterInfo=True)
        done = self.run_good("public-key", "--key", REF)
        self.assertEqual((done.out, done.err), (self.public, "logging in\n"))
        info = json.loads(self.box.read("info"))
        self.assertEqual(info["spec"]["cluster"]["server"], self.cluster.url)
        self.assertEqual(info["spec"]["cluster"]["certificate-authority-data"],
                         kubernetes.in_base64(self.cluster.ca))
        self.assertIs(info["spec"]["interactive"], False)

    def test_a_program_that_gives_a_certificate(self):
        certificate, key = self.cluster.client_certificate("alice")
        status = {name: open(path, encoding="utf-8").read()
                  for name, path in (("clientCertificateData", certificate), ("clientKeyData", key))}
        answer = self.box.write("answer", json.dumps({
            "kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1", "status": status}))
        self.plugin(f"cat {answer}\n")
        self.reads()

    def test_programs_that_do_not(self):
        path = self.plugin(f"echo {TOKEN}\n")
        whose = f"{path} (the exec plugin of user dev of {self.box.path('kubeconfig')})"
        self.refused("public-key", "--key", REF, error=f"{whose} gave no usable answer",
                     cause="it is no JSON object")
        self.plugin("exit 3\n")
        self.refused("public-key", "--key", REF, error=f"{whose} failed", cause="it ended with exit code 3")
        self.plugin("yes\n")
        self.refused("public-key", "--key", REF, error=f"{whose} gave no answer")
        self.plugin("exec sleep 60\n")
        started = time.monotonic()
        self.refused("public-key", "--key", REF, "-t", "2s", error=f"{whose} gave no answer")
        self.assertLess(time.monotonic() - started, 30)
        self.plugin("", installHint="get it from login.example")
        os.remove(path)
        self.refused("public-key", "--key", REF, error=f"{whose} cannot be run",
                     cause="there is no such program on PATH", tries="get it from login.example")
        self.assertEqual(self.cluster.asked(), [])


class BadInputTest(KubernetesCase):
    def setUp(self):
        super().setUp()
        self.box.write("file", "hello")
        self.at = f"Kubernetes at {self.cluster.url} "

    def sign_refused(self, error, cause=None, tries=None, options=(), **more):
        done = self.refused("sign-blob", "--key", REF, *NO_LOG, *options, "--bundle", "bundle", "file", error=error,
                            cause=cause, tries=tries, **more)
        self.assertFalse(os.path.exists(self.box.path("bundle")))
        return done

    def test_names(self):
        for reference in ("k8s://", "k8s://a", "k8s://a/b/c", "k8s:///b", "k8s://a/../b", "k8s://A/b", "k8s://a/b?x=1"):
            self.refused("public-key", "--key", reference, error="a Kubernetes secret is named as k8s://NAMESPACE/NAME",
                         tries="for example k8s://default/cosign")
        self.assertEqual(self.cluster.asked(), [])

    def test_kubeconfigs(self):
        path = self.box.path("kubeconfig")
        for text, error in (("a: [", f"the kubeconfig {path} cannot be used"),
                            ("- a", f"{path} is no kubeconfig"),
                            ("kind: Pod", f"{path} is no kubeconfig"),
                            ("x" * (5 << 20), f"the kubeconfig {path} cannot be read"),
                            ("current-context: x", "there is no context x in the kubeconfig"),
                            ("contexts: [{name: a, context: {}}]", "no Kubernetes context is chosen"),
                            ("", "there is no Kubernetes cluster to ask"),
                            ("a: &a [" + "x," * 99 + "]\n" + "".join(
                                f"{chr(98 + i)}: &{chr(98 + i)} [" + f"*{chr(97 + i)}," * 99 + "]\n" for i in range(6)),
                             f"the kubeconfig {path} cannot be used")):
            with self.subTest(text=text[:40]):
                self.box.write("kubeconfig", text)
                self.sign_refused(error)
        self.sign_refused("there is no Kubernetes cluster to ask",
                          cause="/nowhere, which KUBECONFIG names, does not exist, and this is no pod of a cluster",
                          tries="set KUBECONFIG to a kubeconfig file that is there", env={"KUBECONFIG": "/nowhere"})

    def test_no_server(self):
        self.cluster.stop()
        self.sign_refused(self.at + "could not be asked to get the secret default/cosign", cause="cannot connect to",
                          tries="is the server of cluster double of " + self.box.path("kubeconfig") + " right?")

    def test_answers(self):
        """Each with one error; what may be repeated is."""
        def says(status, message, **headers):
            return lambda handler: handler.reply(
                status, json.dumps({"kind": "Status", "message": message}).encode(), "application/json", **headers)
        get = "get the secret default/cosign"
        for lie, error, cause in (
                (says(401, "Unauthorized"), "does not know user dev of", "HTTP 401: Unauthorized"),
                (says(403, "forbidden: no"), "does not let user dev of", "HTTP 403: forbidden: no"),
                (says(429, "slow down", Retry_After="0"), "limits how often it is asked", "HTTP 429: slow down"),
                (says(500, "etcd is away", Retry_After="0"), f"failed to {get}", "HTTP 500: etcd is away"),
                (says(302, "", Location="http://127.0.0.1:9/x?token=t"), f"sends us elsewhere when asked to {get}",
                 "HTTP 302 to http://127.0.0.1:9/x\n"),
                (lambda handler: handler.reply(200, b'{"kind":"Secret","da', "application/json"),
                 f"gave no proper answer when asked to {get}", None),
                (lambda handler: handler.reply(200, b"<html>log in</html>", "text/html"),
                 f"gave no proper answer when asked to {get}", None),
                (lambda handler: handler.endless("application/json"), f"could not be asked to {get}", None)):
            with self.subTest(error=error):
                self.lie(lie)
                self.sign_refused(self.at + error, cause=cause)
        self.lie(lambda handler: handler.reply(200, b'{"kind":"ConfigMap"}', "application/json"))
        self.sign_refused("what the server gave is not the secret default/cosign",
                          cause="it is no object of the kind Secret")
        self.cluster.lies.clear()
        self.sign_refused("there is no secret default/cosign in " + self.at.strip(),
                          cause='HTTP 404: secrets "cosign" not found',
                          tries=f"cosign generate-key-pair {REF} makes one")

    def test_half_a_body(self):
        def half(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            handler.wfile.write(b'{"kind":"Secret"')
            handler.close_connection = True
        self.lie(half)
        self.sign_refused(self.at + "could not be asked to get the secret default/cosign")

    def test_one_that_never_answers(self):
        self.lie(lambda handler: time.sleep(20))
        started = time.monotonic()
        self.sign_refused(self.at + "could not be asked to get the secret default/cosign", options=["-t", "2s"])
        self.assertLess(time.monotonic() - started, 10)

    def test_secrets_without_a_key(self):
        for data, error in (({}, "the secret default/cosign has no cosign.key"),
                            ({"cosign.key": b"junk", "cosign.password": b""}, "cosign.key in the secret default/cosign"),
                            ({"cosign.key": b""}, "cosign.key in the secret default/cosign")):
            with self.subTest(data=data):
                self.cluster.put("default", "cosign", data)
                self.sign_refused(error)
        self.cluster.secrets["default", "cosign"]["data"] = {"cosign.key": "%%", "cosign.pub": "%%"}
        self.sign_refused("cosign.key in the secret default/cosign is no base64")
        self.refused("public-key", "--key", REF, error="cosign.key in the secret default/cosign is no base64")

    def test_a_wrong_password_in_it(self):
        secret = self.real_secret()
        secret["data"]["cosign.password"] = "d3Jvbmc="
        self.sign_refused("the password does not open cosign.key in the secret default/cosign",
                          cause="the password is cosign.password of the same secret",
                          tries="correct it, or take it out to be asked")

    def test_the_halves_of_two_keys(self):
        secret = self.real_secret()
        self.box.cosign_run("generate-key-pair")
        secret["data"]["cosign.pub"] = kubernetes.in_base64(self.box.path("cosign.pub"))
        self.sign_refused("cosign.pub in the secret default/cosign is not the public half of its cosign.key")

    def test_making_one_where_it_cannot_be(self):
        self.refused("generate-key-pair", "k8s://none/cosign",
                     error=self.at + "did not create the secret none/cosign",
                     cause='HTTP 404: namespaces "none" not found', tries="kubectl create namespace none")
        def beaten(handler):
            handler.server.lies.clear()
            handler.refuse(404, "NotFound", "not yet")
            handler.server.put("default", "cosign", {"cosign.key": b"theirs"})
        self.lie(beaten)
        self.refused("generate-key-pair", REF, error=self.at + "did not create the secret default/cosign",
                     cause='HTTP 409: secrets "cosign" already exists', tries="somebody else made it")
        self.assertEqual(self.cluster.data("default", "cosign"), {"cosign.key": b"theirs"})
        self.assertFalse(os.path.exists(self.box.path("cosign.pub")))

    def test_nothing_secret_is_traced(self):
        self.run_good("generate-key-pair", REF, "-d")
        done = self.run_good("sign-blob", "--key", REF, *NO_LOG, "--bundle", "bundle", "file", "-d")
        self.assertIn("/api/v1/namespaces/default/secrets/cosign", done.err)
        self.assertNotIn("LS0tLS1CRUdJTiBFTkNS", done.err)


if __name__ == "__main__":
    unittest.main()
