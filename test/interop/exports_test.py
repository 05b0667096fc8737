"""What `cosign keyset export` writes, read by the programs that it is for.

Covers: issue 6, item 5 "Exports as PEM list, trusted_root.json, podman policy.json".
"""
import json
import shutil
import unittest

from harness import reference, registry
from harness.interop import KEYS, PASSWORD, InteropCase
from harness.sandbox import SYSTEM_PATH, Sandbox


def export(case, keys, form, *scope):
    """A key set of these keys, exported; the path of the file."""
    box, name = case.box, f"set-{form}.json"
    for words in [("create", name)] + [("add", "--key", f"{KEYS}/{key}.pub", *scope, name) for key in keys]:
        done = box.cosign_run("keyset", *words)
        case.assertEqual(done.code, 0, done)
    done = box.cosign_run("keyset", "export", "--format", form, name)
    case.assertEqual(done.code, 0, done)
    return box.write(f"exported-{form}", done.out)


class RealTest(InteropCase):
    KINDS = ("referrers API",)

    def test_2_6_5_verifies_a_bundle_with_the_trusted_root(self):
        image = self.image("ours", "bundle", *self.KINDS)
        root = export(self, ["p256"], "trusted-root")
        self.accepted("2.6.5", image, "p256", "--trusted-root", root)

    def test_2_6_5_and_3_1_2_take_the_first_key_of_the_list(self):
        image = self.image("ours", "sig", *self.KINDS)
        pem = export(self, ["p256", "p384"], "pem")
        for reader in ("2.6.5", "3.1.2"):
            with self.subTest(reader=reader):
                done = self.box.run(reference.program(reader), "verify", "--key", pem, "--insecure-ignore-tlog=true", image)
                self.assertEqual(done.code, 0, done)


class SkopeoTest(unittest.TestCase):
    """Debian's skopeo cannot verify, and yet reads what it is told to; of a scope with several keys it knows nothing."""

    def setUp(self):
        if not shutil.which("skopeo", path=SYSTEM_PATH):
            self.skipTest("no skopeo is installed")
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.box.variables |= {"COSIGN_PASSWORD": PASSWORD, "COSIGN_ALLOW_HTTP_REGISTRY": "true"}
        self.server = registry.ours(self.box)
        self.addCleanup(self.server.stop)

    def copy(self, repository, policy):
        return self.box.run("skopeo", "--policy", policy, "copy", "--src-tls-verify=false",
                            f"docker://{self.server.host}/{repository}:v1", f"dir:{self.box.path('copied')}")

    def test_a_policy(self):
        policy = export(self, ["p256"], "containers-policy", "--scope", f"{self.server.host}/team/**")
        self.server.client().push_image("team/app", "v1")
        self.server.client().push_image("other", "v1")
        done = self.copy("team/app", policy)
        self.assertNotEqual(done.code, 0, done)
        self.assertNotIn("invalid policy", done.err, done)
        self.assertRegex(done.err, "signature|sigstore", done)
        done = self.copy("other", policy)
        self.assertNotEqual(done.code, 0, done)
        self.assertIn("rejected by policy", done.err, done)
        with open(policy, encoding="utf-8") as file:
            self.assertEqual(list(json.load(file)["transports"]["docker"]), [f"{self.server.host}/team"])


if __name__ == "__main__":
    unittest.main()
