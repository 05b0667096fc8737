"""TLS as users of private registries have it: whom is trusted, and which certificate is shown, by which files.

Every run has an /etc of its own, so that nothing of this machine counts. Covers: issue 3, "Registry client".
"""
import os
import shutil
import subprocess
import sys
import unittest

from harness import registry
from harness.sandbox import FIXTURES, ROOT, Sandbox

HERE = os.path.dirname(os.path.abspath(__file__))
KEY = os.path.join(FIXTURES, "cosign-3.1.2", "keys", "p256")
BUNDLES = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
           "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"]


class TlsCase(unittest.TestCase):
    client_tls = False

    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.server = registry.docker(cls.box, tls=True, names=("localhost", "registry.internal"),
                                     client_tls=cls.client_tls)
        cls.addClassCleanup(cls.server.stop)
        cls.host, cls.ca = cls.server.host, cls.server.ca
        cls.digest = cls.server.client().push_image("app")
        cls.other_ca = registry.make_certificate(cls.box.path("other"))[0]

    def run_with(self, files, *words, env=None):
        """Runs cosign where /etc and HOME hold just these files: {"/etc/…" or "~/…": a file to copy}."""
        home, etc = self.box.path("home"), self.box.path("etc")
        for folder in (home, etc):
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
        for name, source in files.items():
            path = name.replace("~", home) if name.startswith("~") else self.box.path(name.lstrip("/"))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            shutil.copy(source, path)
        line = f'mount --bind {etc} /etc && exec "$@"'
        return self.box.run("unshare", "--map-root-user", "--mount", "sh", "-ec", line, "sh", "cosign", *words,
                            env={"HOME": home, **(env or {})})

    def digest_with(self, files, *flags, env=None, host=None):
        return self.run_with(files, "digest", *flags, f"{host or self.host}/app:latest", env=env)

    def trusted(self, files, *flags, **more):
        done = self.digest_with(files, *flags, **more)
        self.assertEqual((done.code, done.err), (0, ""), done)
        self.assertIn(self.digest, done.out)

    def refused(self, files, *flags, error, cause=None, **more):
        done = self.digest_with(files, *flags, **more)
        self.assertEqual((done.code, done.out), (1, ""), done)
        self.assertIn(f"error: {error}\n", done.err)
        if cause:
            self.assertIn(f"cause: {cause}", done.err)

    def not_trusted(self, files, *flags, **more):
        self.refused(files, *flags, error=f"the certificate of {more.get('host', self.host)} is not trusted", **more)


class TrustTest(TlsCase):
    def test_the_bundle_of_each_distribution(self):
        for bundle in BUNDLES:
            with self.subTest(bundle=bundle):
                self.trusted({bundle: self.ca})
                self.not_trusted({bundle: self.other_ca}, cause=f'its authority "test CA" is not in {bundle}')

    def test_no_bundle_at_all(self):
        self.refused({}, error="no certificate authorities to verify the connection with",
                     cause="SSL_CERT_FILE and SSL_CERT_DIR are not set, and there are none in " + ", ".join(BUNDLES))

    def test_a_bundle_that_is_none_is_passed_over(self):
        self.trusted({BUNDLES[0]: KEY + ".pub", BUNDLES[1]: self.ca})

    def test_variables_replace_the_bundle(self):
        system = {BUNDLES[0]: self.other_ca}
        self.trusted(system, env={"SSL_CERT_FILE": self.ca})
        folder = os.path.dirname(shutil.copy(self.ca, self.box.write("certificates/ca.pem", "")))
        self.trusted(system, env={"SSL_CERT_DIR": f"/nowhere:{folder}"})
        self.not_trusted({BUNDLES[0]: self.ca}, env={"SSL_CERT_FILE": self.other_ca},
                         cause=f'its authority "test CA" is not in {self.other_ca} (SSL_CERT_FILE)')
        self.refused({BUNDLES[0]: self.ca}, env={"SSL_CERT_FILE": "/nowhere.pem"},
                     error="the CA certificates in /nowhere.pem (SSL_CERT_FILE) cannot be used")

    def test_certs_d_adds_authorities_for_a_registry(self):
        for folder in ("/etc/docker/certs.d", "/etc/containers/certs.d", "~/.config/docker/certs.d",
                       "~/.config/containers/certs.d"):
            for system in ({}, {BUNDLES[0]: self.other_ca}):
                with self.subTest(folder=folder, system=system):
                    self.trusted({**system, f"{folder}/{self.host}/any.crt": self.ca})
                    self.not_trusted({**system, f"{folder}/{self.host}/a.crt": self.other_ca})
        self.trusted({BUNDLES[0]: self.ca, f"/etc/docker/certs.d/{self.host}/any.crt": self.other_ca})

    def test_certs_d_of_others_does_not_count(self):
        system = {BUNDLES[0]: self.other_ca}
        port = self.host.split(":")[1]
        for place in (f"localhost:{port}/ca.crt", "127.0.0.1/ca.crt", "127.0.0.1:1/ca.crt", "ca.crt",
                      f"{self.host}/ca.pem"):
            with self.subTest(place=place):
                self.not_trusted({**system, f"/etc/docker/certs.d/{place}": self.ca})

    def test_a_file_in_certs_d_that_is_no_certificate(self):
        path = f"/etc/docker/certs.d/{self.host}/ca.crt"
        self.refused({BUNDLES[0]: self.ca, path: KEY + ".pub"}, error=f"the CA certificates in {path} cannot be used")

    def test_the_flag_replaces_every_pool(self):
        right = {BUNDLES[0]: self.ca, f"/etc/docker/certs.d/{self.host}/ca.crt": self.ca}
        self.trusted({}, "--registry-cacert", self.ca)
        self.not_trusted(right, "--registry-cacert", self.other_ca)
        self.refused(right, "--registry-cacert", "nowhere.pem",
                     error="--registry-cacert names a file that does not exist", cause="nowhere.pem")
        self.trusted({}, env={"COSIGN_REGISTRY_CACERT": self.ca})

    def test_a_server_name(self):
        self.trusted({}, "--registry-cacert", self.ca, "--registry-server-name", "registry.internal")
        self.not_trusted({}, "--registry-cacert", self.ca, "--registry-server-name", "other.internal",
                         cause="it is for localhost, registry.internal, 127.0.0.1, not for other.internal")

    def test_unverified_when_told_so(self):
        self.trusted({}, "--allow-insecure-registry")

    def test_http_2_is_spoken(self):
        self.trusted({BUNDLES[0]: self.ca})
        self.assertRegex(self.server.log(), r'"HEAD /v2/app/manifests/latest HTTP/2\.0" 200')

    def test_without_a_folder_etc_and_a_home(self):
        self.trusted({}, "--registry-cacert", self.ca, env={"HOME": None})

    def test_the_port_that_nobody_writes(self):
        done = subprocess.run(["unshare", "--map-root-user", "--net", "--mount", sys.executable,
                               f"{ROOT}/tools/system_test", f"{HERE}/in_namespace.py"], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)


class ClientCertificateTest(TlsCase):
    client_tls = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificate, cls.key = cls.server.certificate
        cls.system = {BUNDLES[0]: cls.ca}

    def test_it_is_wanted(self):
        self.refused(self.system, error=f"{self.host} wants a client certificate")

    def test_by_flags(self):
        flags = ["--registry-client-cert", self.certificate, "--registry-client-key", self.key]
        self.trusted(self.system, *flags)
        self.refused(self.system, *flags[:2],
                     error="--registry-client-cert and --registry-client-key belong together")
        self.refused(self.system, *flags[:3], "nowhere.key",
                     error="--registry-client-key names a file that does not exist")

    def test_by_certs_d(self):
        for folder in ("/etc/docker/certs.d", "/etc/containers/certs.d", "~/.config/containers/certs.d"):
            with self.subTest(folder=folder):
                place = f"{folder}/{self.host}/"
                pair = {place + "client.cert": self.certificate, place + "client.key": self.key}
                self.trusted({place + "ca.crt": self.ca, **pair})
                self.trusted(pair, "--registry-cacert", self.ca)
                half = dict(list(pair.items())[:1])
                self.refused({**self.system, **half}, error="the key for the client certificate "
                             f"{place.replace('~', self.box.path('home'))}client.cert is missing")

    def test_a_key_of_another(self):
        place = f"/etc/docker/certs.d/{self.host}/"
        other = os.path.join(os.path.dirname(self.other_ca), "tls.key")
        self.refused({**self.system, place + "client.cert": self.certificate, place + "client.key": other},
                     error=f"the client key in {place}client.key cannot be used",
                     cause=f"it does not belong to the certificate in {place}client.cert")

    def test_signing_and_verifying(self):
        place = f"/etc/docker/certs.d/{self.host}/"
        files = {place + "ca.crt": self.ca, place + "a.cert": self.certificate, place + "a.key": self.key}
        image = f"{self.host}/app@{self.digest}"
        for form in ("--new-bundle-format=false", "--new-bundle-format=true"):
            done = self.run_with(files, "sign", "--key", KEY + ".key", "--tlog-upload=false", form, image,
                                 env={"COSIGN_PASSWORD": "correct-horse"})
            self.assertEqual(done.code, 0, done)
        done = self.run_with(files, "verify", "--key", KEY + ".pub", "--insecure-ignore-tlog=true", image)
        self.assertEqual(done.code, 0, done)
        self.assertIn(self.digest, done.out)


if __name__ == "__main__":
    unittest.main()
