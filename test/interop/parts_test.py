"""Single parts of what is stored, by ours and by real cosign in turn: what one puts there the other gets out.

Covers: issue 5, item 3; cosign.md 2b-2j.
"""
import base64
import json
import unittest

from harness import interop, reference, registry
from harness.interop import DEAD_PROXY, KEYS, PASSWORD
from harness.sandbox import FIXTURES, Sandbox

IMAGES = f"{FIXTURES}/cosign-3.1.2/images"
KINDS = {"referrers API": [], "fallback tag": ["--referrers=false"]}


class PartsCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.box.variables |= {"COSIGN_PASSWORD": PASSWORD, "HTTPS_PROXY": DEAD_PROXY, "HTTP_PROXY": DEAD_PROXY}
        cls.registries = {kind: registry.ours(cls.box, *options) for kind, options in KINDS.items()}
        for server in cls.registries.values():
            cls.addClassCleanup(server.stop)

    def load(self, server, fixture):
        server.client().push_layout(fixture, f"{IMAGES}/{fixture}")
        return f"{server.host}/{fixture}"

    def image(self, kind, name):
        """A new image, as a reference by digest."""
        server = self.registries[kind]
        return f"{server.host}/{name}@{server.client().push_image(name, seed=name)}"

    def run_program(self, program, *words, **options):
        done = self.box.run(reference.program(program), *words, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def verified(self, program, image, *options):
        done = self.run_program(program, "verify", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true", *options,
                                image)
        return json.loads(done.out)


class DownloadTest(PartsCase):
    """The same lines; the real one's envelopes come in any order."""

    def check(self, version, what, fixtures):
        reference.need(version)
        for kind, server in self.registries.items():
            for fixture in fixtures:
                with self.subTest(registry=kind, fixture=fixture):
                    image = self.load(server, fixture)
                    ours = self.run_program("ours", "download", what, image).out
                    theirs = self.run_program(version, "download", what, image).out
                    self.assertEqual(sorted(ours.splitlines()), sorted(theirs.splitlines()))
                    self.assertTrue(ours)

    def test_signatures_of_3_1_2(self):
        self.check("3.1.2", "signature", ["bundle-signature", "legacy-signature", "legacy-two-keys", "legacy-rsa"])

    def test_signatures_of_2_6_5(self):
        self.check("2.6.5", "signature", ["legacy-signature", "legacy-two-keys"])

    def test_attestations_of_3_1_2(self):
        self.check("3.1.2", "attestation", ["bundle-attestation-only", "legacy-attestations"])

    def test_attestations_of_2_6_5(self):
        self.check("2.6.5", "attestation", ["legacy-attestations"])


class AttachTest(PartsCase):
    """What was made with openssl or elsewhere is attached by one program and read by the other."""
    PAYLOAD_TYPE = "application/vnd.in-toto+json"

    def signed(self, image):
        """A key pair of openssl, and its signature over the payload for `image`, as paths."""
        payload = self.box.path("payload")
        self.run_program("ours", "generate", "--output-file", payload, image)
        for line in (f"openssl ecparam -name prime256v1 -genkey -noout -out {self.box.path('k.pem')}",
                     f"openssl ec -in {self.box.path('k.pem')} -pubout -out {self.box.path('k.pub')}",
                     f"openssl dgst -sha256 -sign {self.box.path('k.pem')} -out {self.box.path('raw')} {payload}",
                     f"base64 -w0 {self.box.path('raw')} > {self.box.path('signature')}"):
            self.assertEqual(self.box.run("/bin/sh", "-c", line).code, 0, line)
        return ["--payload", payload, "--signature", self.box.path("signature")]

    def layers(self, server, image, suffix):
        repository, digest = image.split("/", 1)[1].split("@")
        return json.loads(server.client().manifest(repository, digest.replace(":", "-") + suffix))["layers"]

    def check_signature(self, version, writer, reader):
        reference.need(version)
        for kind in self.registries:
            with self.subTest(registry=kind):
                image = self.image(kind, f"attached-by-{writer}-read-by-{reader}")
                self.run_program(writer, "attach", "signature", *self.signed(image), image)
                done = self.run_program(reader, "verify", "--key", self.box.path("k.pub"),
                                        "--insecure-ignore-tlog=true", image)
                self.assertEqual(len(json.loads(done.out)), 1)

    def check_twice(self, version):
        """By the real one, then by ours: nothing is added."""
        reference.need(version)
        server = self.registries["referrers API"]
        image = self.image("referrers API", f"twice-{version}")
        given = self.signed(image)
        self.run_program(version, "attach", "signature", *given, image)
        self.assertIn("nothing added", self.run_program("ours", "attach", "signature", *given, image).err)
        self.assertEqual(len(self.layers(server, image, ".sig")), 1)
        envelopes = self.attestations(version, image)
        self.run_program(version, "attach", "attestation", "--attestation", envelopes, image)
        done = self.run_program("ours", "attach", "attestation", "--attestation", envelopes, image)
        self.assertEqual(done.err.count("nothing added"), 2, done)
        self.assertEqual(len(self.layers(server, image, ".att")), 2)

    def attestations(self, version, image):
        """Two envelopes about `image`, as its real signer makes them."""
        lines = []
        for name in ("one", "two"):
            statement = {"_type": "https://in-toto.io/Statement/v0.1", "predicateType": "https://example.com/p",
                         "subject": [{"name": name, "digest": {"sha256": image.rsplit(":", 1)[1]}}], "predicate": {}}
            payload = json.dumps(statement).encode()
            pae = b"DSSEv1 %d %s %d %s" % (len(self.PAYLOAD_TYPE), self.PAYLOAD_TYPE.encode(), len(payload), payload)
            signature = self.openssl_sign(pae)
            lines.append(json.dumps({"payloadType": self.PAYLOAD_TYPE, "payload": base64.b64encode(payload).decode(),
                                     "signatures": [{"sig": signature}]}))
        return self.box.write("envelopes", "\n".join(lines) + "\n")

    def openssl_sign(self, data):
        with open(self.box.path("pae"), "wb") as file:
            file.write(data)
        line = f"openssl dgst -sha256 -sign {self.box.path('k.pem')} {self.box.path('pae')} | base64 -w0"
        return self.box.run("/bin/sh", "-c", line).out

    def check_attestation(self, version, writer, reader):
        reference.need(version)
        for kind in self.registries:
            with self.subTest(registry=kind):
                image = self.image(kind, f"attested-by-{writer}-read-by-{reader}")
                self.signed(image)
                self.run_program(writer, "attach", "attestation", "--attestation",
                                 self.attestations(version, image), image)
                done = self.run_program(reader, "download", "attestation", image)
                self.assertEqual(len(done.out.splitlines()), 2)

    def check_real_verifies(self, version):
        """Envelopes and a bundle that ours attached satisfy the real verify-attestation."""
        reference.need(version)
        for kind in self.registries:
            with self.subTest(registry=kind):
                image = self.image(kind, f"verified-by-{version}")
                self.signed(image)
                envelopes = self.attestations(version, image)
                self.run_program("ours", "attach", "attestation", "--attestation", envelopes, image)
                done = self.run_program(version, "verify-attestation", "--key", self.box.path("k.pub"), "--type",
                                        "https://example.com/p", "--insecure-ignore-tlog=true", image)
                self.assertEqual(len(done.out.splitlines()), 2, done)

    def check_sbom(self, version, writer, reader, *mode):
        reference.need(version)
        bom = self.box.write("bom.json", '{"spdxVersion":"SPDX-2.3"}\n')
        for kind, server in self.registries.items():
            with self.subTest(registry=kind):
                image = self.image(kind, f"bom-by-{writer}-read-by-{reader}")
                words = ["attach", "sbom", *mode, "--sbom", bom, image]
                self.box.variables["COSIGN_EXPERIMENTAL"] = "1"
                self.run_program(writer, *words)
                if not mode:
                    done = self.run_program(reader, "download", "sbom", image)
                    self.assertEqual(done.out, '{"spdxVersion":"SPDX-2.3"}\n')
                before = self.manifests(server, image)
                self.run_program(reader, *words)  # both write the same manifest
                self.assertEqual(self.manifests(server, image), before)

    def manifests(self, server, image):
        client, (repository, digest) = server.client(), image.split("/", 1)[1].split("@")
        return [client.request("GET", f"/v2/{repository}/referrers/{digest}", expect=(200, 404))[2],
                client.manifest(repository, digest.replace(":", "-") + ".sbom"),
                client.manifest(repository, digest.replace(":", "-"))]

    def test_signature_by_ours_read_by_3_1_2(self):
        self.check_signature("3.1.2", "ours", "3.1.2")

    def test_signature_by_3_1_2_read_by_ours(self):
        self.check_signature("3.1.2", "3.1.2", "ours")

    def test_signature_by_ours_read_by_2_6_5(self):
        self.check_signature("2.6.5", "ours", "2.6.5")

    def test_attestation_by_ours_read_by_3_1_2(self):
        self.check_attestation("3.1.2", "ours", "3.1.2")

    def test_attestation_by_3_1_2_read_by_ours(self):
        self.check_attestation("3.1.2", "3.1.2", "ours")

    def test_attestation_by_ours_verified_by_3_1_2(self):
        self.check_real_verifies("3.1.2")

    def test_attestation_by_ours_verified_by_2_6_5(self):
        self.check_real_verifies("2.6.5")

    def test_again_after_3_1_2(self):
        self.check_twice("3.1.2")

    def test_sbom_by_ours_and_3_1_2(self):
        self.check_sbom("3.1.2", "ours", "3.1.2")

    def test_sbom_by_3_1_2_and_ours(self):
        self.check_sbom("3.1.2", "3.1.2", "ours")

    def test_sbom_as_referrer_by_ours_and_3_1_2(self):
        self.check_sbom("3.1.2", "ours", "3.1.2", "--registry-referrers-mode", "oci-1-1")


class CleanTest(PartsCase):
    """What the real one wrote is removed; afterwards the real one finds nothing, and no list names what is gone."""

    def check(self, version):
        reference.need(version)
        for kind, server in self.registries.items():
            with self.subTest(registry=kind):
                image = self.image(kind, f"cleaned-{version}")
                repository, digest = image.split("/", 1)[1].split("@")
                self.sign(version, image)
                self.run_program("ours", "clean", "--force", image)
                done = self.box.run(reference.program(version), "verify", "--key", f"{KEYS}/p256.pub",
                                    "--insecure-ignore-tlog=true", image)
                self.assertIn("no signatures found", done.err, done)
                left = server.client().manifest(repository, digest.replace(":", "-"))
                self.assertEqual(json.loads(left)["manifests"] if left else [], [])

    def sign(self, version, image):
        for form in interop.WRITE[version]["both"]:
            self.run_program(version, "sign", "--key", f"{KEYS}/p256.key", *form, "--tlog-upload=false", "-y", image)

    def test_signed_by_3_1_2(self):
        self.check("3.1.2")

    def test_signed_by_2_6_5(self):
        self.check("2.6.5")


class UploadTest(PartsCase):
    """Both make the same of the same files."""
    CONTENTS = {"text": b"hello\n", "page": b"<html><body>", "gzip": b"\x1f\x8b\x08\0", "elf": b"\x7fELF\2\1\1\0",
                "wasm": b"\0asm\1\0\0\0", "zip": b"PK\3\4", "empty": b"", "json": b'{"a":1}', "png": b"\x89PNG\r\n\x1a\n"}

    def both(self, version, *words):
        """The manifest that each pushed for `words`."""
        reference.need(version)
        server, made = self.registries["referrers API"], []
        for program in (version, "ours"):
            name = "upload-" + program.replace(".", "-")
            self.run_program(program, *words, f"{server.host}/{name}:1")
            made.append(server.client().manifest(name, "1"))
        return made

    def test_each_kind_of_file_by_3_1_2(self):
        for name, content in self.CONTENTS.items():
            with self.subTest(file=name):
                theirs, ours = self.both("3.1.2", "upload", "blob", "-a", "k=v", "-f", self.box.write(name, content))
                self.assertEqual(ours, theirs)

    def test_several_by_3_1_2(self):
        files = [f"{self.box.write('one', b'1')}:linux/amd64", f"{self.box.write('two', b'2')}:darwin"]
        theirs, ours = self.both("3.1.2", "upload", "blob", "-f", files[0], "-f", files[1])
        self.assertEqual(ours, theirs)

    def test_wasm_by_3_1_2(self):
        theirs, ours = self.both("3.1.2", "upload", "wasm", "-f", self.box.write("m.wasm", self.CONTENTS["wasm"]))
        self.assertEqual(ours, theirs)


class BundleTest(PartsCase):
    """A bundle that `bundle create` made is read by the real verify-blob, and the other way round."""

    def check(self, version, writer, reader):
        reference.need(version)
        box = self.box
        box.write("artifact", "hello")
        for line in (f"openssl ecparam -name prime256v1 -genkey -noout -out {box.path('b.pem')}",
                     f"openssl ec -in {box.path('b.pem')} -pubout -out {box.path('b.pub')}",
                     f"openssl dgst -sha256 -sign {box.path('b.pem')} {box.path('artifact')} | base64 -w0 > {box.path('b.sig')}"):
            self.assertEqual(box.run("/bin/sh", "-c", line).code, 0, line)
        self.run_program(writer, "bundle", "create", "--artifact", box.path("artifact"), "--signature", box.path("b.sig"),
                         "--key", box.path("b.pub"), "--ignore-tlog", "--out", box.path("made.json"))
        self.run_program(reader, "verify-blob", "--key", box.path("b.pub"), "--bundle", box.path("made.json"),
                         "--insecure-ignore-tlog=true", box.path("artifact"))
        self.run_program(reader, "bundle", "inspect", box.path("made.json"))

    def test_by_ours_read_by_3_1_2(self):
        self.check("3.1.2", "ours", "3.1.2")

    def test_by_3_1_2_read_by_ours(self):
        self.check("3.1.2", "3.1.2", "ours")


if __name__ == "__main__":
    unittest.main()
