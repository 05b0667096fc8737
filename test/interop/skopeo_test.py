"""skopeo and what is built on the same library (podman, CRI-O): carries our signatures, and judges them by policy.

Debian's skopeo is built without sigstore: it can carry but not judge. COSIGN_REFERENCE_SKOPEO names one that can.
Covers: issue 3, "the one form that … podman, skopeo … read offline".
"""
import json
import os
import unittest

from harness import reference, registry
from harness.interop import KEYS, InteropCase


class CarryTest(InteropCase):
    KINDS = ("referrers API", "fallback tag")

    def test_image_and_signature_from_one_registry_to_another(self):
        skopeo = registry.find_program("skopeo")
        source, target = self.registries["fallback tag"].host, self.registries["referrers API"].host
        image = self.image("ours", "sig", "fallback tag")
        repository, digest = image.split("/", 1)[1].split("@")
        tags = ("latest", digest.replace(":", "-") + ".sig")
        for tag in tags:
            done = self.box.run(skopeo, "--insecure-policy", "copy", "--src-tls-verify=false",
                                "--dest-tls-verify=false", f"docker://{source}/{repository}:{tag}",
                                f"docker://{target}/{repository}:{tag}")
            self.assertEqual(done.code, 0, done)
        self.accepted("ours", f"{target}/{repository}@{digest}")
        listed = self.box.run(skopeo, "list-tags", "--tls-verify=false", f"docker://{target}/{repository}")
        self.assertEqual(sorted(json.loads(listed.out)["Tags"]), sorted(tags))


class JudgeTest(InteropCase):
    KINDS = ("referrers API",)

    def pull(self, image, key, policy=None):
        """Under a policy that asks for a signature by this key; True when it lets the image in."""
        skopeo, host = reference.program("skopeo"), image.split("/", 1)[0]
        signed = {"type": "sigstoreSigned", "keyPath": f"{KEYS}/{key}.pub",
                  "signedIdentity": {"type": "matchRepository"}}
        policy = policy or json.dumps({"default": [{"type": "reject"}], "transports": {"docker": {host: [signed]}}})
        self.box.write("policy.json", policy)
        self.box.write("registries.d/default.yaml", f"docker:\n  {host}:\n    use-sigstore-attachments: true\n")
        folder = self.box.path(f"pulled-{key}-{len(os.listdir(self.box.work))}")
        done = self.box.run(skopeo, "--policy", "policy.json", "--registries.d", "registries.d", "copy",
                            "--src-tls-verify=false", f"docker://{image}", f"dir:{folder}")
        if done.code:
            self.assertIn("Source image rejected", done.err, done)
        return done.code == 0

    def test_each_type_of_key(self):
        for key in ("p256", "p384", "p521", "rsa2048", "rsa4096", "ed25519"):
            with self.subTest(key=key):
                image = self.image("ours", "sig", *self.KINDS, key)
                self.assertTrue(self.pull(image, key))
                self.assertFalse(self.pull(image, "rsa2048" if key == "p256" else "p256"))

    def test_the_policy_of_a_key_set(self):
        """`cosign keyset export`: what the set accepts is let in, and nothing else."""
        reference.program("skopeo")
        host = self.registries["referrers API"].host
        for words in (("create", "set.json"),
                      ("add", "--key", f"{KEYS}/p256.pub", "--scope", f"{host}/team/**", "set.json"),
                      ("add", "--key", f"{KEYS}/p384.pub", "--name", "exact", "--scope", f"{host}/team/app", "set.json"),
                      ("add", "--key", f"{KEYS}/rsa2048.pub", "--name", "lost", "set.json"),
                      ("revoke", "--key", "lost", "--reason", "lost", "set.json")):
            done = self.box.cosign_run("keyset", *words)
            self.assertEqual(done.code, 0, done)
        policy = self.box.cosign_run("keyset", "export", "--format", "containers-policy", "set.json").out
        accepted = set()
        for name in ("team/app", "team/web", "other"):
            for key in ("p256", "p384", "rsa2048"):
                server = self.registries["referrers API"]
                image = f"{host}/{name}@{server.client().push_image(name, key, name + key)}"
                self.sign("ours", "sig", image, key)
                by_set = self.read("ours", image, key).code == 0 and self.box.cosign_run(
                    "verify", "--key", "set.json", "--insecure-ignore-tlog=true", image).code == 0
                self.assertEqual(self.pull(image, key, policy), by_set, (name, key))
                if by_set:
                    accepted.add((name, key))
        self.assertEqual(accepted, {("team/app", "p256"), ("team/app", "p384"), ("team/web", "p256")})

    def test_what_has_no_sig_is_refused(self):
        self.assertFalse(self.pull(self.push(*self.KINDS, "unsigned"), "p256"))
        self.assertFalse(self.pull(self.image("ours", "bundle", *self.KINDS), "p256"))


if __name__ == "__main__":
    unittest.main()
