"""`cosign rotate` on whole repositories, and what real cosign reads afterwards.

Covers: issue 6, item 5 "cosign rotate … re-signs every digest that the old key signed and reports coverage".
"""
import json
import os
import shutil
import signal
import time
import unittest

from harness import oci, reference, registry
from harness.interop import KEYS, PASSWORD, InteropCase, test_name
from harness.sandbox import ROOT, SYSTEM_PATH, Sandbox, kill_group
from harness.terminal import Terminal

OLD, NEW = f"{KEYS}/p256", f"{KEYS}/p384"
EACH = 6  # images of each form
FORMS = ("sig", "bundle", "both")
KINDS = ("referrers API", "fallback tag", "docker-registry")


class RotateCase(unittest.TestCase):
    """A registry of each kind, made when it is needed; a repository of its own for each test."""

    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.box.variables |= {"COSIGN_PASSWORD": PASSWORD, "COSIGN_ALLOW_HTTP_REGISTRY": "true"}

    def start(self, kind):
        if kind == "docker-registry":
            server = registry.docker(self.box, quick=True)
        else:
            server = registry.ours(self.box, *(["--referrers=false"] if kind == "fallback tag" else []))
        self.addCleanup(server.stop)
        return server

    def cosign(self, *words, code=0, **options):
        done = self.box.cosign_run(*words, **options)
        self.assertEqual(done.code, code, done)
        return done

    def sign(self, images, form, key=OLD, *options):
        self.cosign("sign", "--key", f"{key}.key", "--tlog-upload=false", "--signature-format", form, *options, *images)

    def rotate(self, repository, *options, code=0, old=OLD, new=f"{NEW}.key", **more):
        """The document, and what was said."""
        done = self.cosign("rotate", "--old-key", f"{old}.pub", "--new-key", new, "-o", "json", *options, repository,
                           code=code, **more)
        return json.loads(done.out), done

    def verified(self, images, key=NEW):
        """How many entries each of them has by this key."""
        done = self.cosign("verify", "--key", f"{key}.pub", "--insecure-ignore-tlog=true", "--output", "report", *images)
        return [sum(c["accepted"] for c in image["candidates"]) for image in json.loads(done.out)["images"]]

    def push(self, server, name, tag, seed=None):
        return f"{server.host}/{name}@{server.client().push_image(name, tag, seed or name + tag)}"

    def push_index(self, server, name, tag, children):
        client = server.client()
        platforms = [{"os": "linux", "architecture": arch} for arch in ("amd64", "arm64", "s390x")]
        manifests = [{"mediaType": oci.MANIFEST, "digest": child.split("@")[1], "platform": platform,
                      "size": len(client.manifest(name, child.split("@")[1]))} for child, platform in zip(children, platforms)]
        data = json.dumps({"schemaVersion": 2, "mediaType": oci.INDEX, "manifests": manifests}).encode()
        return f"{server.host}/{name}@{client.push_manifest(name, tag, data)}"


class WholeRepositoryTest(RotateCase):
    def fill(self, server, name):
        """Images of each form, an index whose children are signed too, attestations, and what is not signed by the key."""
        images = {}
        for form in FORMS:
            images[form] = [self.push(server, name, f"{form}-{n}") for n in range(EACH)]
            self.sign(images[form], form, OLD, "-a", f"form={form}")
        children = [self.push(server, name, f"child-{n}", f"{name} child {n}") for n in range(3)]
        images["index"] = [self.push_index(server, name, "multi", children)]
        self.sign(images["index"], "both", OLD, "--recursive")
        self.sign([self.push(server, name, "foreign")], "sig", f"{KEYS}/ed25519")
        self.push(server, name, "unsigned")
        predicate = self.box.write("predicate.json", '{ "b": 1, "a": [1.50] }')
        for form in ("att", "bundle"):
            self.cosign("attest", "--key", f"{OLD}.key", "--tlog-upload=false", "--signature-format", form, "--predicate",
                        predicate, "--type", "https://example.com/p", *images["sig"][:2])
        return images, children

    def check(self, kind):
        server, name = self.start(kind), "team/app"
        repository = f"{server.host}/{name}"
        images, children = self.fill(server, name)
        covered = 3 * EACH + 4
        tags = sorted(server.client().tags(name))

        plan, _ = self.rotate(repository, "--dry-run", new=f"{NEW}.pub", env={"COSIGN_PASSWORD": None})
        self.assertEqual(plan["coverage"]["pending"], covered, plan["coverage"])
        self.assertEqual(plan["coverage"]["digests"], covered + 2, plan["coverage"])
        self.assertEqual(sorted(server.client().tags(name)), tags, "a dry run writes nothing")
        for form in FORMS:
            self.cosign("verify", "--key", f"{NEW}.pub", "--insecure-ignore-tlog=true", images[form][0], code=12)

        report, done = self.rotate(repository)
        coverage = report["coverage"]
        self.assertEqual((coverage["signedByOldKey"], coverage["covered"], coverage["rotated"]), (covered,) * 3, done)
        self.assertEqual((coverage["others"], coverage["unsigned"], coverage["failed"]), (1, 1, 0), done)
        self.assertTrue(report["complete"])
        entries = [entry for digest in report["digests"] for entry in digest["entries"]]
        self.assertEqual({entry["state"] for entry in entries}, {"made"})
        self.assertEqual(sum(entry["kind"] == "attestation" for entry in entries), 4)
        names = {digest["names"][0] for digest in report["digests"]}
        self.assertIn("multi", names)

        for form, count in {"sig": 1, "bundle": 1, "both": 2, "index": 2}.items():
            self.assertEqual(self.verified(images[form]), [count] * len(images[form]), form)
            self.assertEqual(self.verified(images[form], OLD), [count] * len(images[form]), "the old ones stay")
        self.assertEqual(self.verified(children), [2] * 3)
        self.cosign("verify", "--key", f"{NEW}.pub", "--insecure-ignore-tlog=true", "-a", "form=both", *images["both"])
        self.cosign("verify-attestation", "--key", f"{NEW}.pub", "--insecure-ignore-tlog=true", "--type",
                           "https://example.com/p", *images["sig"][:2])
        self.cosign("verify", "--key", f"{NEW}.pub", "--insecure-ignore-tlog=true", f"{repository}:foreign", code=12)
        self.cosign("verify", "--key", f"{NEW}.pub", "--insecure-ignore-tlog=true", f"{repository}:unsigned", code=10)

        before = sorted(server.client().tags(name))
        again, _ = self.rotate(repository)
        self.assertEqual((again["coverage"]["already"], again["coverage"]["rotated"]), (covered, 0))
        self.assertEqual(sorted(server.client().tags(name)), before)
        self.assertEqual(self.verified(images["both"]), [2] * EACH)


for _kind in KINDS:
    setattr(WholeRepositoryTest, test_name(_kind), lambda self, kind=_kind: self.check(kind))


class InterruptedTest(RotateCase):
    IMAGES = 40

    def interrupted(self, kind, end):
        """Ended in the middle, and started again: everything is signed, and once."""
        server, name = self.start(kind), "team/many"
        images = [self.push(server, name, f"v{n}") for n in range(self.IMAGES)]
        self.sign(images, "sig")
        process = self.box.start(["cosign", "rotate", "--old-key", f"{OLD}.pub", "--new-key", f"{NEW}.key", "-o", "json",
                                  "--max-workers", "1", f"{server.host}/{name}"])
        self.wait_for_first(server.client(), name, images)
        end(process)
        out, err = process.communicate()
        rest, done = self.rotate(f"{server.host}/{name}")
        coverage = rest["coverage"]
        self.assertEqual(coverage["covered"], self.IMAGES, done)
        self.assertGreater(coverage["already"], 0, done)
        self.assertGreater(coverage["rotated"], 0, "it was over before it was ended")
        self.assertEqual(self.verified(images), [1] * self.IMAGES)
        return process.returncode, out, err

    def wait_for_first(self, client, name, images):
        """Until the first of them is signed again, which is looked at first."""
        tag = images[0].split("@")[1].replace(":", "-") + ".sig"
        deadline = time.monotonic() + 60
        while self.signatures(client, name, tag) < 2:
            self.assertLess(time.monotonic(), deadline, "nothing was signed")

    @staticmethod
    def signatures(client, name, tag):
        """docker-registry answers 500 to who reads a tag in the moment in which it is written."""
        try:
            return len(json.loads(client.manifest(name, tag))["layers"])
        except RuntimeError as error:
            if ": 500 " not in str(error):
                raise
            return 0

    def test_a_signal(self):
        code, out, err = self.interrupted("docker-registry", lambda process: process.send_signal(signal.SIGINT))
        self.assertEqual(code, 130, err)
        report = json.loads(out)
        self.assertFalse(report["complete"])
        self.assertGreater(report["coverage"]["notReached"], 0)
        self.assertIn(b"interrupted", err)

    def test_a_kill(self):
        self.interrupted("referrers API", kill_group)


class FailureTest(RotateCase):
    def test_a_wrong_old_key(self):
        server = self.start("referrers API")
        image = self.push(server, "app", "v1")
        self.sign([image], "both")
        report, done = self.rotate(f"{server.host}/app", code=12, old=f"{KEYS}/ed25519")
        self.assertEqual(report["coverage"]["others"], 1)
        self.assertIn("the old key signed nothing in", done.err)
        self.cosign("verify", "--key", f"{NEW}.pub", "--insecure-ignore-tlog=true", image, code=12)

    def test_one_image_that_fails(self):
        for kind in KINDS:
            with self.subTest(kind=kind):
                server = self.start(kind)
                images = [self.push(server, "app", f"v{n}") for n in range(3)]
                self.sign(images, "sig")
                digest = images[1].split("@")[1]
                broken = digest.replace(":", "-") + ".sig"
                server.client().push_manifest("app", broken, json.dumps(
                    {"schemaVersion": 2, "mediaType": oci.INDEX, "manifests": []}).encode())
                report, done = self.rotate(f"{server.host}/app", code=1)
                self.assertEqual((report["coverage"]["failed"], report["coverage"]["covered"]), (1, 2), done)
                failed = [entry for entry in report["digests"] if entry["state"] == "failed"]
                self.assertEqual([entry["digest"] for entry in failed], [digest])
                self.assertIn(f"not all of {images[1]} is signed by the new key", done.err)
                self.assertEqual(self.verified([images[0], images[2]]), [1, 1])

    def test_what_is_put_beside_another_image_is_not_signed(self):
        """A registry that shows the signature of one image beside another gets nothing for it."""
        server = self.start("referrers API")
        client = server.client()
        one, two = self.push(server, "app", "v1"), self.push(server, "app", "v2")
        self.sign([one], "sig")
        tag = lambda image: image.split("@")[1].replace(":", "-") + ".sig"
        client.push_manifest("app", tag(two), client.manifest("app", tag(one)))
        report, _ = self.rotate(f"{server.host}/app")
        self.assertEqual((report["coverage"]["signedByOldKey"], report["coverage"]["covered"]), (1, 1))
        self.cosign("verify", "--key", f"{NEW}.pub", "--insecure-ignore-tlog=true", two, code=12)
        self.assertEqual(len(json.loads(client.manifest("app", tag(two)))["layers"]), 1)

    def test_signatures_that_are_kept_elsewhere(self):
        server = self.start("docker-registry")
        elsewhere = {"COSIGN_REPOSITORY": f"{server.host}/signatures"}
        image = self.push(server, "app", "v1")
        self.box.variables |= elsewhere
        self.sign([image], "both")
        report, _ = self.rotate(f"{server.host}/app")
        self.assertEqual(report["coverage"]["covered"], 1)
        self.assertEqual(report["signatures"], f"{server.host}/signatures")
        self.assertEqual(self.verified([image]), [2])
        self.assertEqual(server.client().tags("app"), ["v1"])


class NewKeyTest(RotateCase):
    def test_a_key_of_a_plugin(self):
        """The new key is kept elsewhere; what it signed is verified with the public key that it gave out."""
        if not shutil.which("openssl", path=SYSTEM_PATH):
            self.skipTest("no openssl is installed, which is what the plugin of this test signs with")
        os.symlink(os.path.join(ROOT, "test", "plugin", "sigstore-kms-test"),
                   os.path.join(self.box.top, "bin", "sigstore-kms-test"))
        os.mkdir(self.box.path("store"))
        self.box.variables["SIGSTORE_KMS_TEST_STORE"] = self.box.path("store")
        self.cosign("generate-key-pair", "--kms", "test://release", "--output-key-prefix", "new")
        server = self.start("referrers API")
        images = [self.push(server, "app", f"v{n}") for n in range(4)]
        self.sign(images, "both")
        new = self.box.path("new")
        plan, _ = self.rotate(f"{server.host}/app", "--dry-run", new=f"{new}.pub")
        report, _ = self.rotate(f"{server.host}/app", new="test://release")
        self.assertEqual(plan["newKey"], report["newKey"])
        self.assertEqual(report["coverage"]["covered"], 4)
        self.assertEqual(self.verified(images, new), [2] * 4)

    def test_what_no_tag_leads_to(self):
        """A digest that only its bundle is known of, and a look at the lines for people on a terminal."""
        server = self.start("referrers API")
        image = self.push(server, "app", "v1")
        self.sign([image], "bundle")
        self.push(server, "app", "v1", "another image takes the tag")
        digest = image.split("@")[1]
        self.rotate(f"{server.host}/app", code=10)
        seen = Terminal(self.box, ["cosign", "rotate", "--old-key", f"{OLD}.pub", "--new-key", f"{NEW}.key", "--digest",
                                       digest, f"{server.host}/app"]).finish()
        self.assertEqual(seen.code, 0, seen)
        self.assertIn("2 of 2 digests, 1 signed again", seen.err)
        self.assertIn("2 digests found, 1 signed by the old key; of these 1 by the new key as well", seen.out)
        self.assertEqual(self.verified([image]), [1])


class RealTest(InteropCase):
    """Images that each program signed, signed again by ours, read by each with the new public key."""

    def check(self, kind):
        readers = ("ours", "3.1.2", "2.6.5")
        reference.need(*readers)
        for writer in readers:
            for form in ("sig", "bundle"):
                with self.subTest(writer=writer, form=form):
                    image = self.push(kind, f"rotated/{writer}-{form}".lower())
                    # 2.6.5 writes no annotations into bundles.
                    annotated = [] if (writer, form) == ("2.6.5", "bundle") else ["-a", "env=prod"]
                    self.sign(writer, form, image, "p256", *annotated)
                    options = ["--allow-http-registry"] if kind != "docker-registry" else []
                    done = self.box.cosign_run("rotate", "--old-key", f"{KEYS}/p256.pub", "--new-key",
                                               f"{KEYS}/ed25519.key", *options, image.split("@")[0])
                    self.assertEqual(done.code, 0, done)
                    self.assertIn("1 signature (" + form + ")", done.out)
                    for reader in readers:
                        extra = self.trusted_root() if (reader, form) == ("2.6.5", "bundle") else []
                        done = self.read(reader, image, "ed25519", *annotated, *extra)
                        self.assertEqual(done.code, 0, done)
                        self.assertNotEqual(self.read(reader, image, "p384", *extra).code, 0, done)


for _kind in KINDS:
    setattr(RealTest, test_name("3.1.2", _kind), lambda self, kind=_kind: self.check(kind))


if __name__ == "__main__":
    unittest.main()
