"""The image of the program: made without an engine, pushed to our registry, signed, verified, and run.

Covers: issue 4, "Operation": a container recipe without an engine being needed.
"""
import http.client
import json
import os
import re
import subprocess
import tarfile
import unittest

from harness import registry
from harness.sandbox import FIXTURES, ROOT, Sandbox

KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
NOBODY = 65534


class ContainerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.program = cls.box.path("program")
        subprocess.run(["strip", "-o", cls.program, cls.box.cosign], check=True)
        cls.digest = cls.pack("image")

    @classmethod
    def pack(cls, target, **env):
        done = cls.box.run(f"{ROOT}/tools/pack_image", cls.program, cls.box.path(target), env=env)
        if done.code != 0:
            raise RuntimeError(str(done))
        return done.out.strip()

    def blob(self, digest, folder="image"):
        with open(self.box.path(folder, "blobs", *digest.split(":")), "rb") as file:
            return file.read()

    def manifest(self):
        return json.loads(self.blob(self.digest))

    def test_the_same_bytes_each_time(self):
        self.assertEqual(self.pack("one.tar"), self.digest)
        self.pack("two.tar")
        with open(self.box.path("one.tar"), "rb") as one, open(self.box.path("two.tar"), "rb") as two:
            self.assertEqual(one.read(), two.read())
        self.assertNotEqual(self.pack("three.tar", SOURCE_DATE_EPOCH="1700000000"), self.digest)
        with tarfile.open(self.box.path("one.tar")) as tar:
            self.assertEqual([name for name in tar.getnames() if not name.startswith("blobs")], ["index.json", "oci-layout"])

    def test_it_is_what_the_recipe_says(self):
        config = json.loads(self.blob(self.manifest()["config"]["digest"]))
        self.assertEqual(config["config"]["User"], f"{NOBODY}:{NOBODY}")
        self.assertEqual(config["config"]["Entrypoint"] + config["config"]["Cmd"],
                         ["/cosign", "registry", "serve", "--addr", "0.0.0.0:5000", "--dir", "/data"])
        self.assertEqual((config["config"]["Volumes"], config["config"]["ExposedPorts"]), ({"/data": {}}, {"5000/tcp": {}}))
        with tarfile.open(self.layer_file()) as layer:
            found = [(one.name, oct(one.mode), one.uid, one.gid, one.isdir()) for one in layer]
        self.assertEqual(found, [("cosign", "0o755", 0, 0, False), ("data", "0o700", NOBODY, NOBODY, True)])

    def layer_file(self, folder="image"):
        return self.box.path(folder, "blobs", *self.manifest()["layers"][0]["digest"].split(":"))

    def test_through_a_registry_to_a_process(self):
        server = registry.ours(self.box)
        self.addCleanup(server.stop)
        image = f"{server.host}/tools/cosign"
        self.skopeo("copy", "--dest-tls-verify=false", f"oci:{self.box.path('image')}:latest", f"docker://{image}:v1")
        reference = f"{image}@{self.digest}"
        done = self.box.cosign_run("sign", "--key", f"{KEYS}/p256.key", "--tlog-upload=false", reference,
                                   env={"COSIGN_PASSWORD": "correct-horse"})
        self.assertEqual(done.code, 0, done)
        done = self.box.cosign_run("verify", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true", reference)
        self.assertEqual(done.code, 0, done)
        self.assertIn(self.digest, done.out)
        self.skopeo("copy", "--src-tls-verify=false", f"docker://{image}:v1", f"oci:{self.box.path('pulled')}:v1")
        root = self.box.path("root")
        with tarfile.open(self.layer_file("pulled")) as layer:
            layer.extractall(root)
        self.run_inside(root)

    def skopeo(self, *words):
        done = self.box.run(registry.find_program("skopeo"), *words)
        self.assertEqual(done.code, 0, done)

    def run_inside(self, root):
        """As an engine would start it: in that root, and as nobody where this user may become nobody."""
        inside = ["chroot", f"--userspec={NOBODY}:{NOBODY}", root] if os.geteuid() == 0 else \
            ["unshare", "--map-root-user", "chroot", root]
        os.chmod(self.box.top, 0o755)
        done = self.box.run(*inside, "/cosign", "version")
        if done.code != 0 and re.search("(unshare|chroot): .*(not permitted|Permission denied)", done.err):
            self.skipTest(f"no other root may be entered here: {done.err}")
        self.assertEqual(done.code, 0, done)
        server = registry.Registry(self.box, [*inside, "/cosign", "registry", "serve", "--addr", "127.0.0.1:0", "--dir", "/data"])
        self.addCleanup(server.stop)
        connection = http.client.HTTPConnection(server.host, timeout=20)
        connection.request("GET", "/healthz")
        self.assertEqual(connection.getresponse().read(), b'{"status":"ok"}\n')
        connection.close()
        server.client().push_image("inside")


if __name__ == "__main__":
    unittest.main()
