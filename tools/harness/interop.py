"""Images signed by ours and by real cosign, on registries of each kind, and readers of them; all of it offline."""
import json
import os
import unittest

from . import reference, registry
from .sandbox import FIXTURES, Sandbox

KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
PASSWORD = "correct-horse"
# The options of each run of a writer that makes a form. The real ones have none that makes both.
WRITE = {
    "ours": {"sig": [[]], "bundle": [["--new-bundle-format=true"]], "both": [["--signature-format", "both"]]},
    "3.1.2": {"sig": [["--use-signing-config=false", "--new-bundle-format=false"]],
              "bundle": [["--use-signing-config=false"]]},
    "2.6.5": {"sig": [[]], "bundle": [["--new-bundle-format=true"]]},
}
for runs in WRITE.values():
    runs.setdefault("both", runs["sig"] + runs["bundle"])
DEAD_PROXY = "http://127.0.0.1:9"  # nothing but the loopback is reached
TRUSTED_ROOT = '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}'


class InteropCase(unittest.TestCase):
    """`self.registries` by name; KINDS says which of them a class needs."""
    KINDS = ("referrers API", "fallback tag", "docker-registry")

    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.box.variables |= {"COSIGN_PASSWORD": PASSWORD, "HTTPS_PROXY": DEAD_PROXY, "HTTP_PROXY": DEAD_PROXY}
        cls.registries, cls.written = {kind: cls.start(kind) for kind in cls.KINDS}, {}

    @classmethod
    def start(cls, kind):
        if kind == "docker-registry":
            server = registry.docker(cls.box, user="dev:word", tls=True)
        else:
            server = registry.ours(cls.box, *(["--referrers=false"] if kind == "fallback tag" else []))
        cls.addClassCleanup(server.stop)
        if server.user:
            cls.log_in(server)
        return server

    @classmethod
    def log_in(cls, server):
        """With ours, for all programs: they read the file that it writes."""
        cls.box.variables["SSL_CERT_FILE"] = server.ca
        done = cls.box.cosign_run("login", server.host, "-u", "dev", "--password-stdin", input="word\n")
        if done.code:
            raise AssertionError(str(done))

    def push(self, kind, name):
        """A new image, as a reference by digest."""
        server = self.registries[kind]
        return f"{server.host}/{name}@{server.client().push_image(name, seed=name)}"

    def sign(self, writer, form, image, key="p256", *options):
        for run in WRITE[writer][form]:
            done = self.box.run(reference.program(writer), "sign", "--key", f"{KEYS}/{key}.key", *run,
                                "--tlog-upload=false", "-y", *options, image)
            self.assertEqual(done.code, 0, done)

    def image(self, writer, form, kind, key="p256", *options):
        """An image that `writer` signed, made once."""
        name = "-".join([writer, form, key, *options]).lower().replace("=", "-")
        if (name, kind) not in self.written:
            image = self.push(kind, f"interop/{name}")
            self.sign(writer, form, image, key, *options)
            self.written[name, kind] = image
        return self.written[name, kind]

    def read(self, reader, image, key="p256", *options):
        """The guide's line."""
        return self.box.run(reference.program(reader), "verify", "--key", f"{KEYS}/{key}.pub",
                            "--insecure-ignore-tlog=true", *options, image)

    def accepted(self, reader, image, key="p256", *options):
        """The entries of stdout. A reader that accepts must also refuse another key."""
        done = self.read(reader, image, key, *options)
        self.assertEqual(done.code, 0, done)
        entries = json.loads(done.out)
        for entry in entries:
            self.assertEqual(entry["critical"]["image"]["docker-manifest-digest"], image.rsplit("@", 1)[1], done)
        other = self.read(reader, image, "rsa2048" if key == "p256" else "p256", *options)
        self.assertNotEqual(other.code, 0, other)
        return entries

    def refused(self, reader, image, reason, key="p256", *options):
        done = self.read(reader, image, key, *options)
        self.assertNotEqual(done.code, 0, done)
        self.assertIn(reason, done.err, done)

    def trusted_root(self):
        """The options that make 2.6.5 read a bundle offline."""
        return ["--trusted-root", self.box.write("root.json", TRUSTED_ROOT)]


def test_name(*words):
    return "_".join(["test", *words]).replace(".", "_").replace(" ", "_").replace("-", "_")
