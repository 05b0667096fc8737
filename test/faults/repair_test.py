"""`cosign repair`: a list of referrers that is no list any more, on registries that keep it as it is; and while others
sign, so that what they add stays.

Covers: issue 5, 6 "cosign repair IMAGE"; cosign.md 5.11, 5.29.
"""
import json
import os
import threading
import unittest

from harness import oci, reference, registry
from harness.liar import Liar
from harness.sandbox import FIXTURES, Sandbox

IMAGES = os.path.join(FIXTURES, "cosign-3.1.2", "images")
KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
SIGN = ["sign", "--key", f"{KEYS}/p256.key", "--tlog-upload=false", "--signature-format", "bundle"]
VERIFY = ["verify", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true"]
INDEX = "application/vnd.oci.image.index.v1+json"


class RepairCase(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.box.variables["COSIGN_PASSWORD"] = "correct-horse"

    def repair(self, image, *more, code=0):
        done = self.box.cosign_run("repair", "-o", "json", *more, image)
        self.assertEqual(done.code, code, done)
        return json.loads(done.out) if done.out else None

    def states(self, report):
        return [entry["state"] for entry in report["entries"]]


class BrokenTest(RepairCase):
    """What Docker's registry would not take, and a disk or a proxy makes of it."""

    def setUp(self):
        super().setUp()
        self.server = Liar("bundle-signature")
        self.addCleanup(self.server.stop)
        self.image = f"{self.server.host}/app@{self.server.digest}"
        self.place = "/v2/app/manifests/" + self.server.digest.replace(":", "-")
        self.good, _ = self.server.content[self.place]
        self.before = [entry["digest"] for entry in json.loads(self.good)["manifests"]]

    def puts(self):
        return self.server.asked("/v2/app/manifests/", "PUT")

    def check(self, broken, media_type=INDEX):
        """Refused by whoever signs, shown, repaired, and verified again."""
        self.server.content[self.place] = (broken, media_type)
        signed = self.box.cosign_run(*SIGN, self.image)
        self.assertEqual(signed.code, 1)
        self.assertEqual(self.server.content[self.place][0], broken, "what cannot be read is not overwritten")
        self.server.seen.clear()
        report = self.repair(self.image, code=1)
        self.assertTrue(report["needed"] and report["damage"] and not report["written"], report)
        self.assertEqual(self.puts(), [])
        report = self.repair(self.image, "--write")
        self.assertTrue(report["written"])
        now = json.loads(self.server.content[self.place][0])
        self.assertEqual([entry["digest"] for entry in now["manifests"]], self.before)
        self.assertEqual(now["mediaType"], INDEX)
        self.assertFalse(self.repair(self.image)["needed"])
        self.assertEqual(self.box.cosign_run(*VERIFY, self.image).code, 0)

    def test_cut_off(self):
        self.check(self.good[:-2])

    def test_no_json_at_all_around_it(self):
        self.check(b"<html>" + self.good + b"</html>", "text/html")

    def test_a_member_twice(self):
        self.check(self.good[:-1] + b',"schemaVersion":2}')

    def test_the_media_type_of_another_kind(self):
        listed = json.loads(self.good)
        listed["mediaType"] = "application/vnd.oci.image.manifest.v1+json"
        self.check(json.dumps(listed).encode())

    def test_members_of_another_kind(self):
        self.check(self.good[:-1] + b',"config":{},"layers":[]}')

    def test_a_registry_that_does_not_give_it_out(self):
        self.server.lies = {self.place: lambda handler: handler.reply(500, b"", "text/plain")}
        done = self.box.cosign_run("repair", "--write", self.image, "-t", "20s")
        self.assertEqual((done.code, self.puts()), (1, []), done)

    def test_an_endless_one(self):
        self.server.lies = {self.place: lambda handler: handler.endless(INDEX)}
        done = self.box.cosign_run("repair", "--write", self.image)
        self.assertEqual((done.code, self.puts()), (1, []), done)
        self.assertIn("too large", done.err)


class WhileOthersSignTest(RepairCase):
    """Signers and menders at the same time, the list damaged meanwhile: no signature is lost."""

    SIGNERS = 4

    def check(self, server):
        digest = server.client().push_image("app")
        image = f"{server.host}/app@{digest}"
        self.assertEqual(self.box.cosign_run(*SIGN, "-a", "n=first", image).code, 0)
        tag = digest.replace(":", "-")
        listed = json.loads(server.client().manifest("app", tag))
        listed["manifests"] += listed["manifests"]
        server.client().push_manifest("app", tag, json.dumps(listed).encode())
        results = []
        run = lambda *argv: results.append(self.box.cosign_run(*argv))
        threads = [threading.Thread(target=run, args=(*SIGN, "-a", f"n={n}", image)) for n in range(self.SIGNERS)]
        threads += [threading.Thread(target=run, args=("repair", "--write", image)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([done.code for done in results], [0] * len(threads), [str(done) for done in results])
        for n in ("first", *range(self.SIGNERS)):
            done = self.box.cosign_run(*VERIFY, "-a", f"n={n}", image)
            self.assertEqual(done.code, 0, done)
        self.assertFalse(self.repair(image)["needed"])

    def test_ours(self):
        with registry.ours(self.box, "--referrers=false") as server:
            self.check(server)

    def test_docker(self):
        with registry.docker(self.box) as server:
            self.check(server)


class QuirksTest(RepairCase):
    """A list with an entry twice, on registries that deviate: mended, or explained and left as it was."""

    MENDED = ("no-referrers", "referrers-keep-nothing", "referrers-in-html", "no-conditions", "absent-403", "absent-401",
              "no-head", "bare-head", "no-content-digest", "small-pages", "tag-write-500-before", "tag-write-500-after",
              "too-many-requests", "accepted-not-created", "index-needs-children", "no-delete",
              "no-conditions tag-write-500-after absent-403")
    FIXED = ("immutable-tags", "immutable-tags-403", "immutable-tags-409", "immutable-tags-412", "locked-tags")

    def damaged(self, quirks):
        """The registry, its image, and what stands in the list's place."""
        with registry.ours(self.box, "--dir", self.box.path(quirks.replace(" ", "-")), "--load",
                           f"{IMAGES}/bundle-signature=app") as server:
            client, digest = server.client(), oci.layout_tags(f"{IMAGES}/bundle-signature")["latest"]
            tag = digest.replace(":", "-")
            listed = json.loads(client.manifest("app", tag))
            listed["manifests"] *= 2
            client.push_manifest("app", tag, json.dumps(listed).encode())
        plays = [word for quirk in quirks.split() for word in ("--play", quirk)]
        return registry.ours(self.box, "--dir", self.box.path(quirks.replace(" ", "-")), *plays), digest, tag

    def run_on(self, quirks):
        started, digest, tag = self.damaged(quirks)
        with started as server:
            done = self.box.cosign_run("repair", "--write", f"{server.host}/app@{digest}")
            return done, len(json.loads(server.client().manifest("app", tag))["manifests"])

    def test_mended(self):
        for quirks in self.MENDED:
            with self.subTest(quirks):
                done, listed = self.run_on(quirks)
                self.assertEqual((done.code, listed), (0, 1), done)

    def test_tags_that_do_not_move(self):
        for quirk in self.FIXED:
            with self.subTest(quirk):
                done, listed = self.run_on(quirk)
                self.assertEqual((done.code, listed), (1, 2), done)
                self.assertRegex(done.err, "(?m)^error: .*(immutable|does not let it change)")

    def test_tags_that_may_not_be_listed(self):
        done, listed = self.run_on("no-tags-list")
        self.assertEqual((done.code, listed), (1, 1), "mended, and what is missing is not known")
        self.assertRegex(done.err, "(?m)^error: cannot list the tags of ")


class DockerTest(RepairCase):
    def test_a_lost_update_is_found_again(self):
        """Without a tag of its own a referrer is found by its digest alone; the earlier list knows it."""
        with registry.docker(self.box) as server:
            client = server.client()
            digest = client.push_image("app")
            image, tag = f"{server.host}/app@{digest}", digest.replace(":", "-")
            self.assertEqual(self.box.cosign_run(*SIGN, "-a", "n=1", image).code, 0)
            one = client.manifest("app", tag)
            self.assertEqual(self.box.cosign_run(*SIGN, "-a", "n=2", image).code, 0)
            both = client.manifest("app", tag)
            client.push_manifest("app", tag, one)
            self.assertFalse(self.repair(image)["needed"], "nobody can know")
            report = self.repair(image, "--write", "--also", oci.digest_of(both))
            self.assertEqual(self.states(report), ["good", "restored"])
            self.assertEqual(self.box.cosign_run(*VERIFY, "-a", "n=2", image).code, 0)

    def test_deleted_manifests_are_dropped(self):
        with registry.docker(self.box) as server:
            client = server.client()
            digest = client.push_image("app")
            image, tag = f"{server.host}/app@{digest}", digest.replace(":", "-")
            for n in (1, 2):
                self.assertEqual(self.box.cosign_run(*SIGN, "-a", f"n={n}", image).code, 0)
            first = json.loads(client.manifest("app", tag))["manifests"][0]["digest"]
            client.request("DELETE", f"/v2/app/manifests/{first}")
            self.assertEqual(self.states(self.repair(image, code=1)), ["gone", "good"])
            self.assertEqual(self.states(self.repair(image, "--write")), ["gone", "good"])
            self.assertEqual(self.states(self.repair(image)), ["good"])


class RealTest(RepairCase):
    def test_what_copy_of_3_1_2_leaves_and_what_3_1_2_reads(self):
        """It copies no bundle and puts the image where their list belongs; what is signed then is found by nobody."""
        real = reference.program("3.1.2")
        with registry.docker(self.box) as server:
            client = server.client()
            source = client.push_image("source")
            done = self.box.run(real, "copy", f"{server.host}/source:latest", f"{server.host}/app:latest")
            self.assertEqual(done.code, 0, done)
            image, tag = f"{server.host}/app@{source}", source.replace(":", "-")
            self.assertEqual(oci.digest_of(client.manifest("app", tag)), source)
            self.assertEqual(self.box.cosign_run(*SIGN, image).code, 1, "the list that is none is not overwritten")
            self.assertTrue(self.repair(image, "--write")["written"])
            self.assertEqual(self.box.cosign_run(*SIGN, "-a", "n=2", image).code, 0)
            listed = json.loads(client.manifest("app", tag))
            listed["manifests"] *= 2
            client.push_manifest("app", tag, json.dumps(listed).encode())
            self.assertTrue(self.repair(image, "--write")["written"])
            done = self.box.run(real, *VERIFY, image)
            self.assertEqual(done.code, 0, done)


if __name__ == "__main__":
    unittest.main()
