"""Who reads what was written: every form by every writer, read by every reader, with the guide's verify line.

The table of docs/parity.md, one cell a check. Skipped where COSIGN_REFERENCE (3.1.2) or COSIGN_REFERENCE_2 (2.6.5)
name no program. Covers: issue 3, "what they write is read by real cosign 2.6.5 and 3.1.2, and the other way round".
"""
import json
import os
import unittest

from harness import registry
from harness.sandbox import FIXTURES, Sandbox

PASSWORD = "correct-horse"
KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
# What reads a form offline with `verify --key K --insecure-ignore-tlog=true`. One bundle beside a .sig makes 2.6.5
# refuse the image: it finds the bundle first and then asks for a trusted root.
READ_BY = {
    "sig": {"ours", "3.1.2", "2.6.5"},
    "bundle": {"ours", "3.1.2"},
    "both": {"ours", "3.1.2"},
}
# A writer's options for each form.
WRITE = {
    "ours": {"sig": [], "bundle": ["--new-bundle-format=true"], "both": ["--signature-format", "both"]},
    "3.1.2": {
        "sig": ["--new-bundle-format=false", "--use-signing-config=false"],
        "bundle": ["--use-signing-config=false"],
    },
    "2.6.5": {"sig": [], "bundle": ["--new-bundle-format=true"]},
}


def program(name):
    variable = {"3.1.2": "COSIGN_REFERENCE", "2.6.5": "COSIGN_REFERENCE_2"}.get(name)
    path = os.environ.get(variable) if variable else os.environ["COSIGN"]
    if not path or not os.access(path, os.X_OK):
        raise unittest.SkipTest(f"{variable} names no program: no real cosign {name} to compare with")
    return path


class ReadersTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.box.variables["COSIGN_PASSWORD"] = PASSWORD
        self.registries = {"referrers API": registry.ours(self.box)}
        self.addCleanup(self.registries["referrers API"].stop)
        self.registries["fallback tag"] = registry.docker(self.box)
        self.addCleanup(self.registries["fallback tag"].stop)

    def write(self, writer, form, host, name, key="p256"):
        repository = f"{writer}/{form}/{name}"
        client = next(r for r in self.registries.values() if r.host == host).client()
        image = f"{host}/{repository}@{client.push_image(repository, seed=repository)}"
        done = self.box.run(program(writer), "sign", "--key", f"{KEYS}/{key}.key", "--tlog-upload=false", "-y",
                            *WRITE[writer][form], image)
        self.assertEqual(done.code, 0, done)
        return image

    def read(self, reader, image, key="p256", *options):
        return self.box.run(program(reader), "verify", "--key", f"{KEYS}/{key}.pub", "--insecure-ignore-tlog=true",
                            *options, image)

    def check(self, writer, reader):
        for form in WRITE[writer]:
            for kind, server in self.registries.items():
                with self.subTest(writer=writer, form=form, reader=reader, registry=kind):
                    image = self.write(writer, form, server.host, "matrix")
                    done = self.read(reader, image)
                    self.assertEqual(done.code == 0, reader in READ_BY[form], done)
                    if done.code == 0:
                        self.assertIn(image.rsplit("@", 1)[1], done.out)

    def test_ours_by_ours(self):
        self.check("ours", "ours")

    def test_ours_by_3_1_2(self):
        self.check("ours", "3.1.2")

    def test_ours_by_2_6_5(self):
        self.check("ours", "2.6.5")

    def test_3_1_2_by_ours(self):
        self.check("3.1.2", "ours")

    def test_2_6_5_by_ours(self):
        self.check("2.6.5", "ours")

    def test_every_key_type_in_sig_is_read_by_both(self):
        for key in ("p256", "p384", "p521", "rsa2048", "ed25519"):
            image = self.write("ours", "sig", self.registries["referrers API"].host, key, key)
            for reader in ("ours", "2.6.5", "3.1.2"):
                with self.subTest(key=key, reader=reader):
                    done = self.read(reader, image, key)
                    self.assertEqual(done.code, 0, done)

    def test_key_types_in_bundles_that_3_1_2_reads(self):
        for key in ("p256", "p384", "p521", "rsa2048", "ed25519"):
            image = self.write("ours", "bundle", self.registries["referrers API"].host, key, key)
            with self.subTest(key=key, reader="ours"):
                self.assertEqual(self.read("ours", image, key).code, 0)
            with self.subTest(key=key, reader="3.1.2"):
                done = self.read("3.1.2", image, key)
                self.assertEqual(done.code == 0, key in ("p256", "rsa2048", "p384", "p521"), done)

    def test_a_key_pair_of_ours_signs_there(self):
        self.assertEqual(self.box.cosign_run("generate-key-pair").code, 0)
        client = self.registries["referrers API"].client()
        image = f"{self.registries['referrers API'].host}/app@{client.push_image('app')}"
        for writer in ("2.6.5", "3.1.2"):
            with self.subTest(writer=writer):
                done = self.box.run(program(writer), "sign", "--key", "cosign.key", "--tlog-upload=false", "-y",
                                    *WRITE[writer]["sig"], image)
                self.assertEqual(done.code, 0, done)
        done = self.box.cosign_run("verify", "--key", "cosign.pub", "--insecure-ignore-tlog=true", image)
        self.assertEqual(done.code, 0, done)

    def test_a_saved_image_of_the_real_one(self):
        for version, form in (("2.6.5", "sig"), ("3.1.2", "sig"), ("3.1.2", "bundle")):
            with self.subTest(version=version, form=form):
                image = self.write(version, form, self.registries["referrers API"].host, "saved")
                folder = self.box.path(f"saved-{version}-{form}")
                saved = self.box.run(program(version), "save", "--dir", folder, image)
                self.assertEqual(saved.code, 0, saved)
                done = self.box.cosign_run("verify", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true",
                                           "--local-image", folder)
                self.assertEqual(done.code, 0, done)

    def test_skopeo_carries_image_and_signature_through_our_registry(self):
        """Debian's skopeo is built without sigstore, so it cannot judge; it must be able to push, pull and list."""
        skopeo = registry.find_program("skopeo")
        source, target = self.registries["fallback tag"].host, self.registries["referrers API"].host
        image = self.write("ours", "sig", source, "skopeo")
        repository, digest = image.split("/", 1)[1].split("@")
        plain = ["--src-tls-verify=false", "--dest-tls-verify=false"]
        for tag in ("latest", digest.replace(":", "-") + ".sig"):
            done = self.box.run(skopeo, "--insecure-policy", "copy", *plain, f"docker://{source}/{repository}:{tag}",
                                f"docker://{target}/{repository}:{tag}")
            self.assertEqual(done.code, 0, done)
        self.assertEqual(self.read("ours", f"{target}/{repository}@{digest}").code, 0)
        listed = self.box.run(skopeo, "list-tags", "--tls-verify=false", f"docker://{target}/{repository}")
        self.assertEqual(sorted(json.loads(listed.out)["Tags"]), sorted(["latest", digest.replace(":", "-") + ".sig"]))


if __name__ == "__main__":
    unittest.main()
