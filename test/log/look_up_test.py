"""A log that is named is asked for what old signatures lack: `bundle upgrade` and `bundle create`. Real cosign writes what is
read here, and reads what is written.

Covers: issue 7, `bundle create | upgrade`, `attach`, "Online look-up"; cosign.md 1.7, 2c, 2e, 2h.
"""
import base64
import hashlib
import json
import unittest

from harness import reference, registry
from harness.interop import DEAD_PROXY, KEYS, PASSWORD
from harness.rekor import BEFORE, Rekor
from harness.sandbox import Sandbox
from harness.services import Answer, openssl

BLOB = "what is signed\n"
KEY = f"{KEYS}/p256.key"
PUB = f"{KEYS}/p256.pub"


class LogCase(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.log = Rekor()
        self.addCleanup(self.log.stop)
        self.box.variables |= {"COSIGN_PASSWORD": PASSWORD, "HTTPS_PROXY": DEAD_PROXY, "HTTP_PROXY": DEAD_PROXY}
        self.blob = self.box.write("blob", BLOB)
        self.log.append(b'{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{"of":"another"}}')

    def tearDown(self):
        self.assertEqual(self.log.violations, [])

    def read(self, path):
        with open(path, encoding="utf-8") as file:
            return file.read()

    def signed(self):
        """A signature over the file, in base64."""
        path = self.box.path("signature")
        done = self.box.cosign_run("sign-blob", "--key", KEY, "--tlog-upload=false", "--output-signature", path, self.blob)
        self.assertEqual(done.code, 0, done)
        return self.read(path).strip()

    def logged(self, signature, of=BLOB):
        """Its place in the log."""
        key = base64.b64encode(self.read(PUB).encode()).decode()
        digest = hashlib.sha256(of.encode()).hexdigest()
        spec = {"data": {"hash": {"algorithm": "sha256", "value": digest}},
                "signature": {"content": signature, "publicKey": {"content": key}}}
        body = {"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": spec}
        at = self.log.append(json.dumps(body, sort_keys=True, separators=(",", ":")).encode())
        self.log.append(b'{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{"of":"a third"}}')
        return at

    def old(self, at, signature, **entry):
        """A bundle v0.1, whose entry has no proof."""
        digest = base64.b64encode(hashlib.sha256(BLOB.encode()).digest()).decode()
        return self.box.write("old.json", json.dumps({
            "mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.1",
            "verificationMaterial": {"publicKey": {"hint": "a key"},
                                     "tlogEntries": [{**self.log.as_protobuf(at, proof=False), **entry}]},
            "messageSignature": {"messageDigest": {"algorithm": "SHA2_256", "digest": digest}, "signature": signature}}))

    def entry_of(self, path):
        (entry,) = json.loads(self.read(path))["verificationMaterial"]["tlogEntries"]
        return entry

    def whole(self, entry, at):
        """That it is the entry of the log with its proof; promises and checkpoints are signed anew each time."""
        wanted = self.log.as_protobuf(at)
        for both in (entry, wanted):
            self.assertTrue(both.pop("inclusionPromise")["signedEntryTimestamp"])
            checkpoint = both["inclusionProof"].pop("checkpoint")["envelope"]
            self.assertTrue(checkpoint.startswith("rekor.test - "))
        self.assertEqual(entry, wanted)


class UpgradeTest(LogCase):
    def setUp(self):
        super().setUp()
        self.signature = self.signed()
        self.at = self.logged(self.signature)
        self.path = self.old(self.at, self.signature)
        self.new = self.box.path("new.json")

    def upgrade(self, program="ours", url=None):
        return self.box.run(reference.program(program), "bundle", "upgrade", self.path, "--out", self.new,
                            "--rekor-url", url or self.log.url)

    def test_the_proof_is_fetched(self):
        promise = self.entry_of(self.path)["inclusionPromise"]
        done = self.upgrade()
        self.assertEqual(done.code, 0, done)
        self.assertEqual(self.log.paths(), [f"GET /api/v1/log/entries?logIndex={BEFORE + self.at}"])
        self.assertEqual(self.entry_of(self.new)["inclusionPromise"], promise)
        self.whole(self.entry_of(self.new), self.at)

    def test_as_3_1_2_does(self):
        reference.need("3.1.2")
        done = self.upgrade("3.1.2")
        self.assertEqual(done.code, 0, done)
        real = json.loads(self.read(self.new))
        self.assertEqual(self.upgrade().code, 0)
        ours = json.loads(self.read(self.new))
        for bundle in (real, ours):
            self.whole(bundle["verificationMaterial"].pop("tlogEntries")[0], self.at)
        self.assertEqual(ours, real)
        again = self.box.run(reference.program("3.1.2"), "bundle", "upgrade", self.new)
        self.assertIn("already at v0.3", again.err)
        self.assertEqual(again.out, self.read(self.new) + "\n")

    def test_no_log_is_asked_that_was_not_named(self):
        done = self.box.cosign_run("bundle", "upgrade", self.path)
        self.assertEqual(done.code, 1)
        self.assertIn("try: --rekor-url", done.err)
        self.assertEqual(self.log.asked, [])

    def test_another_entry_is_no_answer(self):
        (other,) = self.log.entry(self.at + 1).values()
        name = self.log.uuid(self.at + 1)
        for answer, why in (
                ({name: {**other, "logIndex": BEFORE + self.at}}, "another entry at the place"),
                ({name: other}, f"answered with the log entry {BEFORE + self.at + 1}"),
                ({self.log.uuid(self.at): other}, "a name that is not its own"), ({}, "0 log entries"),
                ([], "proper answer")):
            self.log.instead = {"GET .*": Answer(200, answer)}
            done = self.upgrade()
            self.assertEqual(done.code, 1, done)
            self.assertIn(why, done.err)

    def test_a_proof_that_proves_nothing(self):
        ((name, entry),) = self.log.entry(self.at).items()
        proof = entry["verification"]["inclusionProof"]
        for change in ({"logIndex": 0}, {"treeSize": 9}, {"hashes": proof["hashes"][1:]}, {"rootHash": "00" * 32},
                       {"checkpoint": ""}):
            spoilt = {**entry, "verification": {**entry["verification"], "inclusionProof": {**proof, **change}}}
            self.log.instead = {"GET .*": Answer(200, {name: spoilt})}
            done = self.upgrade()
            self.assertEqual(done.code, 1, done)
            self.assertIn("proof", done.err)

    def test_what_the_log_says_is_said(self):
        self.path = self.old(self.at, self.signature, logIndex="5")
        done = self.upgrade()
        self.assertEqual(done.code, 1)
        self.assertIn("log entry not found", done.err)
        self.log.instead = {"GET .*": Answer(503, {"code": 503, "message": "resting"})}
        done = self.upgrade()
        self.assertIn("resting", done.err)
        self.assertEqual(self.upgrade(url="http://127.0.0.1:9").code, 1)


class CreateTest(LogCase):
    def create(self, *options, program="ours"):
        self.new = self.box.path("new.json")
        return self.box.run(reference.program(program), "bundle", "create", "--artifact", self.blob, "--key", PUB,
                            "--rekor-url", self.log.url, "--out", self.new, *options)

    def test_a_signature_is_looked_for(self):
        signature = self.signed()
        path = self.box.write("signature", signature)
        done = self.create("--signature", path)
        self.assertEqual(done.code, 1, done)
        self.assertIn("has no entry of this signature", done.err)
        at = self.logged(signature)
        done = self.create("--signature", path)
        self.assertEqual(done.code, 0, done)
        self.assertEqual(self.log.paths()[-1], "POST /api/v1/log/entries/retrieve")
        self.whole(self.entry_of(self.new), at)

    def test_an_old_bundle_is_completed(self):
        signature = self.signed()
        at = self.logged(signature)
        old = self.box.write("old.json", json.dumps({"base64Signature": signature, "rekorBundle": self.log.old_bundle(at)}))
        done = self.create("--bundle", old)
        self.assertEqual(done.code, 0, done)
        self.whole(self.entry_of(self.new), at)

    def test_its_entry_is_not_ignored_as_in_3_1_2(self):
        reference.need("3.1.2")
        signature = self.signed()
        held = self.log.old_bundle(self.logged(signature))
        old = self.box.write("old.json", json.dumps({"base64Signature": signature, "rekorBundle": held}))
        for program in ("ours", "3.1.2"):
            done = self.create("--bundle", old, "--ignore-tlog", program=program)
            self.assertNotEqual(done.code, 0, done)

    def test_what_is_answered_is_about_the_signature(self):
        signature = self.signed()
        path = self.box.write("signature", signature)
        self.log.instead = {"POST .*": Answer(200, [self.log.entry(0)])}
        done = self.create("--signature", path)
        self.assertEqual(done.code, 1, done)
        self.assertIn("has no entry of this signature", done.err)

    def test_as_3_1_2_does(self):
        reference.need("3.1.2")
        signature = self.signed()
        at = self.logged(signature)
        path = self.box.write("signature", signature)
        done = self.create("--signature", path, program="3.1.2")
        self.assertEqual(done.code, 0, done)
        real = json.loads(self.read(self.new))
        self.assertEqual(self.create("--signature", path).code, 0)
        ours = json.loads(self.read(self.new))
        self.assertEqual(real.pop("mediaType"), "application/vnd.dev.sigstore.bundle+json;version=0.3")
        self.assertEqual(ours.pop("mediaType"), "application/vnd.dev.sigstore.bundle.v0.3+json")
        for bundle in (real, ours):
            self.whole(bundle["verificationMaterial"].pop("tlogEntries")[0], at)
        self.assertEqual(ours, real)


class WrittenByRealCosignTest(LogCase):
    """cosign 2.6.5 signs with this log."""

    def test_the_old_bundle_of_2_6_5_is_read_and_upgraded(self):
        reference.need("2.6.5")
        key = self.box.write("rekor.pub", self.log.key.public_pem)
        self.box.variables["SIGSTORE_REKOR_PUBLIC_KEY"] = key
        old = self.box.path("old.json")
        done = self.box.run(reference.program("2.6.5"), "sign-blob", "--key", KEY, "-y", "--rekor-url", self.log.url,
                            "--bundle", old, self.blob)
        self.assertEqual(done.code, 0, done)
        at = len(self.log.bodies) - 1
        shown = self.box.cosign_run("bundle", "inspect", "-o", "json", old)
        (entry,) = json.loads(shown.out)["verificationMaterial"]["logEntries"]
        self.assertEqual((entry["kind"], entry["version"]), ("hashedrekord", "0.0.1"))
        self.assertEqual(entry["logIndex"], str(BEFORE + at))
        new = self.box.path("new.json")
        done = self.box.cosign_run("bundle", "create", "--artifact", self.blob, "--key", PUB, "--bundle", old,
                                   "--rekor-url", self.log.url, "--out", new)
        self.assertEqual(done.code, 0, done)
        self.whole(self.entry_of(new), at)

    def test_an_attestation_of_2_6_5_is_looked_for(self):
        """Its entry is about the envelope as it was uploaded."""
        reference.need("2.6.5")
        self.box.variables["SIGSTORE_REKOR_PUBLIC_KEY"] = self.box.write("rekor.pub", self.log.key.public_pem)
        predicate, envelope, new = self.box.write("p.json", "{}"), self.box.path("envelope"), self.box.path("new.json")
        done = self.box.run(reference.program("2.6.5"), "attest-blob", "--key", KEY, "-y", "--rekor-url", self.log.url,
                            "--predicate", predicate, "--type", "custom", "--output-signature", envelope, self.blob)
        self.assertEqual(done.code, 0, done)
        at = len(self.log.bodies) - 1
        done = self.box.cosign_run("bundle", "create", "--artifact", self.blob, "--key", PUB, "--attestation", envelope,
                                   "--rekor-url", self.log.url, "--out", new)
        self.assertEqual(done.code, 0, done)
        self.whole(self.entry_of(new), at)
        self.assertEqual(self.entry_of(new)["kindVersion"]["kind"], json.loads(self.log.bodies[at])["kind"])


class AttachTest(LogCase):
    """A signature goes along with its certificate, chain, timestamp and log entry, attached by one and read by the other."""

    def setUp(self):
        super().setUp()
        self.registry = registry.ours(self.box)
        self.addCleanup(self.registry.stop)
        self.box.variables["SIGSTORE_REKOR_PUBLIC_KEY"] = self.box.write("rekor.pub", self.log.key.public_pem)

    def image(self, name):
        return f"{self.registry.host}/{name}@{self.registry.client().push_image(name, seed='logged')}"

    def signed_payload(self, image):
        """The options for a signature over the image's payload, and its place in the log."""
        payload, signature = self.box.path("payload"), self.box.path("signature")
        done = self.box.cosign_run("sign", "--key", KEY, "--tlog-upload=false", "--upload=false", "--output-payload", payload,
                                   "--output-signature", signature, image)
        self.assertEqual(done.code, 0, done)
        at = self.logged(self.read(signature).strip(), self.read(payload))
        return ["--payload", payload, "--signature", signature], at

    def layer(self, image):
        repository, digest = image.split("/", 1)[1].split("@")
        (layer,) = json.loads(self.registry.client().manifest(repository, digest.replace(":", "-") + ".sig"))["layers"]
        return layer

    def run_program(self, program, *words):
        done = self.box.run(reference.program(program), *words)
        self.assertEqual(done.code, 0, done)
        return done.out

    def check(self, version):
        reference.need(version)
        names, layers = ("ours", version), {}
        key, leaf, chain = (self.box.path(name) for name in ("ca.key", "leaf.pem", "chain.pem"))
        for path in (leaf, chain):
            openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out",
                    path, "-subj", "/CN=x", "-days", "9")
        stamp = self.box.write("stamp", b"\x30\x03\x02\x01\x05")
        given, at = self.signed_payload(self.image("first"))
        entry = self.box.write("entry", json.dumps({"base64Signature": "c2ln", "rekorBundle": self.log.old_bundle(at)}))
        for name in names:
            image = self.image("first" if name == "ours" else "second")
            self.run_program(name, "attach", "signature", *given, "--certificate", leaf, "--certificate-chain", chain, "--tsr",
                             stamp, "--rekor-response", entry, image)
            layers[name] = self.layer(image)
            lines = [self.run_program(reader, "download", "signature", image) for reader in names]
            for member in ("Base64Signature", "Payload", "Bundle", "RFC3161Timestamp"):
                self.assertEqual(json.loads(lines[0])[member], json.loads(lines[1])[member])
        self.assertEqual(layers["ours"], layers[version])

    def test_the_same_layer_as_3_1_2(self):
        self.check("3.1.2")

    def test_the_same_layer_as_2_6_5(self):
        self.check("2.6.5")

    def test_a_log_entry_that_was_attached_proves_it_to_2_6_5(self):
        reference.need("2.6.5")
        image = self.image("proven")
        given, at = self.signed_payload(image)
        answer = self.box.write("answer", json.dumps(self.log.entry(at)))
        self.run_program("ours", "attach", "signature", *given, "--rekor-response", answer, image)
        self.run_program("2.6.5", "verify", "--key", PUB, "--offline", image)
        self.run_program("ours", "attach", "signature", *given, "--rekor-response", answer, image)
        self.layer(image)  # nothing was added


class VerifyTest(LogCase):
    """A signature of the old formats that came without its log entry."""

    def setUp(self):
        super().setUp()
        self.box.variables["SIGSTORE_REKOR_PUBLIC_KEY"] = self.box.write("rekor.pub", self.log.key.public_pem)
        self.signature = self.box.write("signature", self.signed())

    def verify_blob(self, *options, key=PUB, program="ours"):
        return self.box.run(reference.program(program), "verify-blob", "--key", key, "--signature", self.signature, *options,
                            self.blob)

    def named(self):
        return ["--rekor-url", self.log.url]

    def test_a_file(self):
        done = self.verify_blob(*self.named())
        self.assertNotEqual(done.code, 0, done)
        self.assertIn("has no entry of this signature", done.err)
        self.logged(self.read(self.signature))
        done = self.verify_blob(*self.named())
        self.assertEqual(done.code, 0, done)
        self.assertEqual(set(self.log.paths()), {"POST /api/v1/log/entries/retrieve"})

    def test_a_bundle_of_cosign_1_and_2_without_an_entry(self):
        old = self.box.write("unlogged.json", json.dumps({"base64Signature": self.read(self.signature)}))
        line = ["verify-blob", "--key", PUB, "--bundle", old]
        self.assertNotEqual(self.box.cosign_run(*line, self.blob).code, 0)
        self.assertEqual(self.log.asked, [])
        self.assertNotEqual(self.box.cosign_run(*line, *self.named(), self.blob).code, 0)
        self.logged(self.read(self.signature))
        done = self.box.cosign_run(*line, *self.named(), self.blob)
        self.assertEqual(done.code, 0, done)
        self.assertEqual(set(self.log.paths()), {"POST /api/v1/log/entries/retrieve"})

    def test_a_bundle_that_has_an_entry_is_not_looked_up(self):
        at = self.logged(self.read(self.signature))
        old = self.box.write("logged.json", json.dumps({"base64Signature": self.read(self.signature),
                                                        "rekorBundle": self.log.old_bundle(at)}))
        done = self.box.cosign_run("verify-blob", "--key", PUB, "--bundle", old, *self.named(), self.blob)
        self.assertEqual(done.code, 0, done)
        self.assertEqual(self.log.asked, [])

    def test_as_2_6_5_does(self):
        reference.need("2.6.5")
        self.assertNotEqual(self.verify_blob(*self.named(), program="2.6.5").code, 0)
        self.logged(self.read(self.signature))
        done = self.verify_blob(*self.named(), program="2.6.5")
        self.assertEqual(done.code, 0, done)

    def test_no_log_is_asked_that_was_not_named(self):
        self.logged(self.read(self.signature))
        self.assertNotEqual(self.verify_blob().code, 0)
        self.assertEqual(self.verify_blob(*self.named(), "--insecure-ignore-tlog=true").code, 0)
        self.assertEqual(self.log.asked, [])

    def test_no_log_is_asked_about_a_signature_that_is_bad(self):
        self.logged(self.read(self.signature))
        self.assertNotEqual(self.verify_blob(*self.named(), key=f"{KEYS}/rsa2048.pub").code, 0)
        self.assertEqual(self.log.asked, [])

    def test_an_entry_is_judged_as_any_other(self):
        at = self.logged(self.read(self.signature))
        ((name, entry),) = self.log.entry(at).items()
        other = {**entry, "integratedTime": entry["integratedTime"] - 1}
        self.log.instead = {"POST .*": Answer(200, [{name: other}])}
        done = self.verify_blob(*self.named())
        self.assertNotEqual(done.code, 0, done)

    def test_a_log_that_is_away(self):
        done = self.verify_blob("--rekor-url", "http://127.0.0.1:9")
        self.assertNotEqual(done.code, 0, done)
        self.assertIn("Rekor at http://127.0.0.1:9", done.err)

    def test_an_image(self):
        server = registry.ours(self.box)
        self.addCleanup(server.stop)
        image = f"{server.host}/app@{server.client().push_image('app', seed='app')}"
        signature, payload = self.box.path("image.sig"), self.box.path("payload")
        done = self.box.cosign_run("sign", "--key", KEY, "--tlog-upload=false", "--output-payload", payload,
                                   "--output-signature", signature, image)
        self.assertEqual(done.code, 0, done)
        self.assertNotEqual(self.box.cosign_run("verify", "--key", PUB, *self.named(), image).code, 0)
        self.logged(self.read(signature).strip(), self.read(payload))
        done = self.box.cosign_run("verify", "--key", PUB, *self.named(), image)
        self.assertEqual(done.code, 0, done)
        self.assertIn('"Bundle"', done.out)


if __name__ == "__main__":
    unittest.main()
