"""Images that are signed and attested by certificate, in each form in which that stands beside them.

`sigstore_image` signs with a Sigstore in memory (sigstore/authority/testing). Covers: issue 7, "What is verified";
cosign.md 2c, 2d, 2l.11 (the output).
"""
import base64
import json
import os
import unittest

from harness import oci, reference, registry, tuf
from harness.interop import DEAD_PROXY
from harness.sandbox import FIXTURES, Sandbox

IDENTITY, ISSUER = "https://ci.test/team/app@refs/heads/main", "https://issuer.test"
PREDICATE = "https://example.test/predicate/v1"
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
WORKFLOW = {"trigger": "push", "sha": "abc123", "name": "release", "repository": "team/app", "ref": "refs/heads/main"}
SIGNER = {"Subject": IDENTITY, "Issuer": ISSUER, "1.3.6.1.4.1.57264.1.1": ISSUER,
          "1.3.6.1.4.1.57264.1.2": "push", "githubWorkflowTrigger": "push",
          "1.3.6.1.4.1.57264.1.3": "abc123", "githubWorkflowSha": "abc123",
          "1.3.6.1.4.1.57264.1.4": "release", "githubWorkflowName": "release",
          "1.3.6.1.4.1.57264.1.5": "team/app", "githubWorkflowRepository": "team/app",
          "1.3.6.1.4.1.57264.1.6": "refs/heads/main", "githubWorkflowRef": "refs/heads/main"}
LAYERS = {"sig": ("layer.json", "application/vnd.dev.cosign.simplesigning.v1+json"),
          "att": ("attestation-layer.json", "application/vnd.dsse.envelope.v1+json")}
BUNDLES = {"signature": "signature.json", "attestation": "attestation.json"}


class ImagesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.box.variables |= {"HTTPS_PROXY": DEAD_PROXY, "HTTP_PROXY": DEAD_PROXY}
        cls.server = registry.ours(cls.box)
        cls.addClassCleanup(cls.server.stop)
        cls.client, cls.images = cls.server.client(), {}
        for form in (*LAYERS, *BUNDLES, "all"):
            cls.images[form] = cls.push(form)

    @classmethod
    def push(cls, form):
        """A new image with what `form` says beside it."""
        name = f"app-{form}"
        digest = cls.client.push_image(name, seed=form)
        manifest = cls.box.write(f"{form}.json", cls.client.manifest(name, digest))
        folder = cls.box.path(form)
        done = cls.box.run(os.path.join(os.path.dirname(cls.box.cosign), "sigstore_image"), manifest, folder)
        if done.code:
            raise AssertionError(str(done))
        for suffix, (file, media_type) in LAYERS.items():
            if form in (suffix, "all"):
                cls.push_layer(name, digest, suffix, json.loads(cls.box.read(f"{form}/{file}")), media_type)
        for kind, file in BUNDLES.items():
            if form in (kind, "all"):
                cls.push_bundle(name, digest, cls.box.read(f"{form}/{file}").encode())
        return f"{cls.server.host}/{name}@{digest}", f"{folder}/trusted_root.json"

    @classmethod
    def descriptor(cls, name, media_type, data, **more):
        return {"mediaType": media_type, "size": len(data), "digest": cls.client.push_blob(name, data), **more}

    @classmethod
    def push_layer(cls, name, digest, suffix, layer, media_type):
        payload = base64.b64decode(layer["payload"])
        data = json.dumps({"schemaVersion": 2, "mediaType": oci.MANIFEST,
                           "config": cls.descriptor(name, "application/vnd.oci.image.config.v1+json", b"{}"),
                           "layers": [cls.descriptor(name, media_type, payload, annotations=layer["annotations"])]})
        cls.client.push_manifest(name, f"{digest.replace(':', '-')}.{suffix}", data.encode())

    @classmethod
    def push_bundle(cls, name, digest, bundle):
        subject = {"mediaType": oci.MANIFEST, "digest": digest, "size": len(cls.client.manifest(name, digest))}
        data = json.dumps({"schemaVersion": 2, "mediaType": oci.MANIFEST, "artifactType": BUNDLE,
                           "config": cls.descriptor(name, "application/vnd.oci.empty.v1+json", b"{}"),
                           "layers": [cls.descriptor(name, BUNDLE, bundle)], "subject": subject,
                           "annotations": {"dev.sigstore.bundle.content": "dsse-envelope"}}).encode()
        cls.client.push_manifest(name, oci.digest_of(data), data)

    def ask(self, command, form, *more, identity=IDENTITY, issuer=ISSUER, program="ours"):
        image, root = self.images[form]
        return self.box.run(reference.program(program), *command.split(), "--certificate-identity", identity,
                            "--certificate-oidc-issuer", issuer, "--trusted-root", root, *more, image)

    def good(self, command, form, *more, **options):
        done = self.ask(command, form, *more, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def refused(self, command, form, *more, code=12, **options):
        done = self.ask(command, form, *more, **options)
        self.assertEqual((done.code, done.out), (code, ""), done)
        return done

    def optional(self, form):
        entries = json.loads(self.good("verify", form).out)
        self.assertEqual(len(entries), 1)
        self.assertEqual(entries[0]["critical"]["image"]["docker-manifest-digest"],
                         self.images[form][0].rsplit("@", 1)[1])
        return entries[0]["optional"]

    def test_whom_to_trust_comes_through_tuf(self):
        """From a repository in a folder; without it nobody is trusted."""
        who = ["--certificate-identity", IDENTITY, "--certificate-oidc-issuer", ISSUER]
        for command, form in (("verify", "sig"), ("verify", "signature"), ("verify-attestation", "att"),
                              ("verify-attestation", "attestation")):
            image, root = self.images[form]
            with open(root, encoding="utf-8") as file:
                repository = tuf.Repository({"trusted_root.json": file.read()})
            env = {"TUF_MIRROR": repository.write_folder(self.box.path(f"tuf-{form}")), "SIGSTORE_NO_CACHE": "true",
                   "TUF_ROOT_JSON": self.box.write(f"root-{form}.json", repository.root)}
            done = self.box.cosign_run(command, *who, image, env=env)
            self.assertEqual(done.code, 0, done)
            done = self.box.cosign_run(command, *who, image)
            self.assertEqual((done.code, done.err.count("error: ")), (1, 1), done)
            done = self.box.cosign_run(command, "--key", os.path.join(FIXTURES, "cosign-3.1.2", "keys", "p256.pub"), image)
            self.assertEqual(done.code, 12, "another key needs nobody to trust: " + str(done))

    def test_signatures(self):
        of_tag = self.optional("sig")
        self.assertEqual({key: of_tag[key] for key in SIGNER}, SIGNER)
        self.assertEqual(set(of_tag) - set(SIGNER), {"Bundle", "RFC3161Timestamp"})
        self.assertEqual(self.optional("signature"), SIGNER)

    def test_who_signed_and_what_was_checked_is_said(self):
        for form in ("sig", "signature"):
            lines = self.good("verify", form).err.splitlines()
            for line in ("  - Existence of the claims in the transparency log was verified offline",
                         "  - The time of the signatures was verified",
                         "  - The code-signing certificate was verified using trusted certificate authority certificates",
                         "  - Existence of the certificates in a certificate log was verified offline",
                         "  - The identity of the signer was verified", f"  - {IDENTITY} (issuer {ISSUER})"):
                self.assertIn(line, lines)
            self.assertNotIn("  - The signatures were verified against the specified public key", lines)
        lines = self.good("verify", "sig", "--insecure-ignore-sct").err.splitlines()
        self.assertNotIn("  - Existence of the certificates in a certificate log was verified offline", lines)

    def test_text(self):
        lines = self.good("verify", "sig", "-o", "text").err.splitlines()
        at = lines.index(f"Certificate subject: {IDENTITY}")
        self.assertEqual(lines[at + 1:at + 7],
                         [f"Certificate issuer URL: {ISSUER}", "GitHub Workflow Trigger: push", "GitHub Workflow SHA: abc123",
                          "GitHub Workflow Name: release", "GitHub Workflow Repository: team/app",
                          "GitHub Workflow Ref: refs/heads/main"])

    def test_attestations(self):
        for form in ("att", "attestation"):
            done = self.good("verify-attestation", form, "--type", PREDICATE)
            self.assertEqual(json.loads(base64.b64decode(json.loads(done.out)["payload"]))["predicateType"], PREDICATE)
            self.refused("verify-attestation", form, "--type", "spdxjson")
            self.refused("verify-attestation", form, identity="somebody")
        self.refused("verify", "attestation", code=10)  # no signature of an image
        self.refused("verify-attestation", "signature", code=10)

    def test_somebody_else(self):
        for command, form in (("verify", "sig"), ("verify", "signature"), ("verify-attestation", "att"),
                              ("verify-attestation", "attestation")):
            self.assertIn(IDENTITY, self.refused(command, form, identity="https://ci.test/other").err)
            self.assertIn(ISSUER, self.refused(command, form, issuer="https://issuer.test/other").err)
            self.refused(command, form, "--trusted-root", self.box.write(
                "empty.json", '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}'))

    def test_workflows(self):
        for form in ("sig", "signature"):
            for name, value in WORKFLOW.items():
                self.good("verify", form, f"--certificate-github-workflow-{name}", value)
                self.refused("verify", form, f"--certificate-github-workflow-{name}", value + "x")
            self.good("verify", form, *(word for name, value in WORKFLOW.items()
                                        for word in (f"--certificate-github-workflow-{name}", value)))

    def test_both_forms_on_one_image(self):
        report = json.loads(self.good("verify", "all", "-o", "report").out)
        accepted = [one["format"] for one in report["images"][0]["candidates"] if one["accepted"]]
        self.assertEqual(sorted(accepted), ["bundle", "sig"])

    def test_manifests_and_dockerfiles(self):
        for form in ("sig", "signature"):
            image, root = self.images[form]
            pod = self.box.write("pod.yaml", f"kind: Pod\napiVersion: v1\nspec:\n  containers:\n  - image: {image}\n")
            dockerfile = self.box.write("Dockerfile", f"FROM {image}\n")
            for words in (["manifest", "verify", pod], ["dockerfile", "verify", dockerfile]):
                who = ["--certificate-identity", IDENTITY, "--certificate-oidc-issuer", ISSUER, "--trusted-root", root]
                self.assertEqual(self.box.cosign_run(*words, *who).code, 0)
                self.assertEqual(self.box.cosign_run(*words, *who, "--certificate-identity", "x").code, 12)

    def test_saved_and_loaded(self):
        image, root = self.images["all"]
        who = ["--certificate-identity", IDENTITY, "--certificate-oidc-issuer", ISSUER, "--trusted-root", root]
        self.assertEqual(self.box.cosign_run("save", "--dir", "saved", image).code, 0)
        done = self.box.cosign_run("verify", "--local-image", *who, "saved")
        self.assertEqual(done.code, 0, done)
        to = f"{self.server.host}/loaded:1"
        refused = self.box.cosign_run("load", "--dir", "saved", *who, "--certificate-identity", "x", to)
        self.assertEqual(refused.code, 12, refused)
        self.assertEqual(self.box.cosign_run("digest", to).code, 1)
        done = self.box.cosign_run("load", "--dir", "saved", *who, to)
        self.assertEqual(done.code, 0, done)

    def test_what_3_1_2_says_of_them(self):
        reference.need("3.1.2")
        ours, real = (json.loads(self.good("verify", "sig", program=name).out) for name in ("ours", "3.1.2"))
        self.assertEqual(ours, real)
        ours, real = (json.loads(self.good("verify", "signature", program=name).out)[0] for name in ("ours", "3.1.2"))
        self.assertEqual(ours["critical"], real["critical"])
        self.assertEqual(real["optional"], {})  # it does not say who signed
        for form in ("att", "attestation"):
            self.good("verify-attestation", form, "--type", PREDICATE, program="3.1.2")


if __name__ == "__main__":
    unittest.main()
