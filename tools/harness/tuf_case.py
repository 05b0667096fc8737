"""A repository that says whom to trust, a cache, and a signature that is verified with what came from there."""
import datetime
import json
import os
import shutil
import unittest

from . import keyless, tuf
from .interop import DEAD_PROXY
from .sandbox import Sandbox

SERVICE = {"majorApiVersion": 1, "validFor": {"start": "2024-01-01T00:00:00Z"}, "operator": "sigstore.test"}
CONFIG = json.dumps({
    "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
    "caUrls": [{"url": "https://fulcio.sigstore.test", **SERVICE}],
    "oidcUrls": [{"url": "https://issuer.test", **SERVICE}],
    "rekorTlogUrls": [{"url": "https://rekor.sigstore.test", **SERVICE}],
    "tsaUrls": [{"url": "https://tsa.sigstore.test", **SERVICE}],
    "rekorTlogConfig": {"selector": "ANY"}, "tsaConfig": {"selector": "ANY"}})


class TufCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        keyless.write_cases(cls.box)
        cls.case = keyless.pick(cls.box, "identity")

    def setUp(self):
        """A new repository, and an empty cache."""
        self.repository = tuf.Repository({"trusted_root.json": self.case.root, "signing_config.v0.2.json": CONFIG})
        self.server = tuf.RepositoryServer(self.repository)
        self.addCleanup(self.server.stop)
        self.root = self.box.write("root.json", self.repository.root)
        self.cache = self.box.path("cache")
        shutil.rmtree(self.cache, ignore_errors=True)
        self.box.variables |= {"TUF_ROOT": self.cache, "HTTPS_PROXY": DEAD_PROXY, "HTTP_PROXY": DEAD_PROXY,
                               "NO_PROXY": "127.0.0.1"}

    def folder(self, mirror=None):
        mirror = mirror or self.server.url
        name = mirror.removeprefix("http://").replace("/", "-").replace(":", "-")
        name = name if mirror.startswith("/") else name.lower()
        return os.path.join(self.cache, name)

    def run_good(self, *words, env=None):
        done = self.box.cosign_run(*words, env=env)
        self.assertEqual(done.code, 0, done)
        return done

    def run_bad(self, text, *words, env=None, code=1):
        done = self.box.cosign_run(*words, env=env)
        self.assertEqual(done.code, code, done)
        self.assertIn(text, done.err, done)
        self.assertEqual(done.err.count("error: "), 1, done)
        return done

    def assert_wrong_root(self, name, *words):
        done = self.run_bad(f"error: the root that trust begins with ({name}) does not lead to what {self.server.url} publishes\n", *words)
        self.assertIn("\ncause: ", done.err)
        self.assertIn("\ntry: name the root of this repository: --root FILE (its 1.root.json, had from somebody you trust)\n", done.err)

    def initialize(self, *words, mirror=None):
        done = self.run_good("initialize", "--mirror", mirror or self.server.url, "--root", self.root, *words)
        self.server.forget()
        return done

    def line(self, *words):
        return ["verify-blob", "--bundle", self.case.bundle, *self.case.who(), *words, self.case.artifact]

    def verify(self, *words, env=None):
        done = self.run_good(*self.line(*words), env=env)
        self.assertIn("Verified OK", done.err.splitlines(), done)
        return done

    def asked(self):
        asked = list(self.server.asked)
        self.server.forget()
        return asked

    def state(self):
        """Every file of the cache with its bytes."""
        out = {}
        for top, _, names in os.walk(self.cache):
            for name in names:
                path = os.path.join(top, name)
                with open(path, "rb") as file:
                    out[os.path.relpath(path, self.cache)] = file.read()
        return out

    def later(self, days, **lifetimes):
        """The repository of so many days ago, as it still is served today; what it says has run out by now, or has not."""
        now = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)
        return tuf.Repository({"trusted_root.json": self.case.root}, lifetimes, now)
