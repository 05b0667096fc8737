"""The installed library: the examples build against it, outside this tree, and work.

Covers: issue 3, "The library installs as a CMake package with components; an example builds against the installed
tree in the tests".
"""
import json
import os
import re
import subprocess
import unittest

from harness import oci, registry
from harness.sandbox import FIXTURES, ROOT, Sandbox

IMAGE = os.path.join(FIXTURES, "cosign-3.1.2", "images", "bundle-signature")
KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")


class ConsumerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.prefix = cls.box.path("prefix")
        build = os.path.dirname(cls.box.cosign)
        cls.must("cmake", "--install", build, "--component", "library", "--prefix", cls.prefix)
        cls.digest = oci.layout_tags(IMAGE)["latest"]

    @classmethod
    def must(cls, *words):
        done = cls.box.run(*words, timeout=600, env={"CCACHE_DISABLE": None})
        if done.code:
            raise AssertionError(str(done))
        return done

    def build(self, example):
        folder = self.box.path(example)
        self.must("cmake", "-S", f"{ROOT}/examples/{example}", "-B", folder, "-G", "Ninja",
                  f"-DCMAKE_PREFIX_PATH={self.prefix}", "-DCMAKE_CXX_COMPILER=g++")
        self.must("cmake", "--build", folder)
        return os.path.join(folder, example)

    def bundle_file(self):
        """The bundle beside the image, as a file."""
        tags = oci.layout_tags(IMAGE)
        blob = lambda digest: oci.read(IMAGE, "blobs", *digest.split(":"))
        index = json.loads(blob(tags[self.digest.replace(":", "-")]))
        manifest = json.loads(blob(index["manifests"][0]["digest"]))
        return self.box.write("bundle.json", blob(manifest["layers"][0]["digest"]))

    def test_verify_without_a_network(self):
        program, bundle = self.build("verify_bundle"), self.bundle_file()
        good = self.box.run(program, f"{KEYS}/p256.pub", bundle, self.digest)
        self.assertEqual(good.code, 0, good)
        self.assertRegex(good.out, r"passed  signature")
        self.assertEqual(self.box.run(program, f"{KEYS}/p384.pub", bundle, self.digest).code, 1)
        self.assertEqual(self.box.run(program, f"{KEYS}/p256.pub", bundle, "sha256:" + "0" * 64).code, 1)
        symbols = subprocess.run(["nm", "-C", "--defined-only", program], capture_output=True, text=True, check=True).stdout
        self.assertIsNone(re.search(r"curl_easy|sigstore::net::|sigstore::remote::", symbols), "the network is linked")

    def test_verify_by_who_signed(self):
        program, folder = self.build("verify_keyless"), self.box.path("cases")
        self.must(os.path.join(os.path.dirname(self.box.cosign), "sigstore_cases"), folder)
        tried = set()
        for name in sorted(os.listdir(folder)):
            case = json.loads(self.box.read(f"cases/{name}/case.json"))
            if (case["ask"], case["form"]) != ("identity", "message"):
                continue
            files = [f"{folder}/{name}/{file}" for file in ("trusted_root.json", "bundle.json", "artifact")]
            done = self.box.run(program, *files[:2], case["identity"], case["issuer"], files[2])
            self.assertEqual(done.code == 0, case["good"], f"{name}: {done}")
            tried.add(case["good"])
        self.assertEqual(tried, {True, False})

    def test_list_what_a_registry_has(self):
        program = self.build("list_signatures")
        with registry.ours(self.box, "--load", f"{IMAGE}=app") as server:
            done = self.box.run(program, f"{server.host}/app@{self.digest}")
        self.assertEqual(done.code, 0, done)
        self.assertRegex(done.out, r"^bundle  .*/app@sha256:[0-9a-f]{64}\n$")

    def test_no_foreign_header_is_installed(self):
        for folder, _, names in os.walk(os.path.join(self.prefix, "include")):
            self.assertTrue(set(folder.split("/")).isdisjoint({"internal", "testing"}), folder)
            for name in names:
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    self.assertNotRegex(file.read(), r"#include <(openssl|curl|boost|sodium)", name)


if __name__ == "__main__":
    unittest.main()
