"""`cosign doctor registry` on every quirk of `registry serve --play`, and on docker-registry: it finds what is odd and
nothing else, leaves nothing behind, and what it says of each format is what happens to whoever signs there.

Covers: issue 5, 6 "cosign doctor registry"; docs/formats/doctor-registry.md.
"""
import json
import os
import re
import unittest
from concurrent.futures import ThreadPoolExecutor

from harness import oci, registry
from harness.sandbox import FIXTURES, ROOT, Sandbox

IMAGES = os.path.join(FIXTURES, "cosign-3.1.2", "images")
KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
SIGN = ["sign", "--key", f"{KEYS}/p256.key", "--tlog-upload=false"]

FIXED = {"moveTag": "fixed", "conditions": "untried", "sigTagAgain": "fixed", "fallbackAgain": "fixed"}
NO_BUNDLE = {"subject": "refused", "subjectNamed": "untried", "referrers": "untried", "fallbackTag": "untried",
             "fallbackAgain": "untried"}
NO_API = {"subjectNamed": "absent", "referrers": "absent"}
# What each quirk changes; everything else works.
ROWS = {
    "absent-403": {"absentTag": "hidden"},
    "absent-401": {"absentTag": "hidden"},
    "no-tags-list": {"listTags": "refused"},
    "no-referrers": NO_API,
    "subject-without-api": {"referrers": "absent"},
    "referrers-keep-nothing": {"referrers": "empty"},
    "referrers-in-html": NO_API,
    "immutable-tags": FIXED,
    "immutable-tags-403": FIXED,
    "immutable-tags-409": FIXED,
    "immutable-tags-412": FIXED,
    "locked-tags": FIXED,
    "no-delete": {"deleteTag": "refused", "deleteManifest": "refused", "deleteBlob": "refused"},
    "refuse-subject": NO_BUNDLE,
    "refuse-artifact-type": NO_BUNDLE,
    "refuse-layer-types": {**NO_BUNDLE, "sigTag": "refused", "sigTagAgain": "untried"},
    "no-conditions": {"conditions": "ignored"},
    "subject-without-api immutable-tags no-conditions": {**FIXED, "referrers": "absent"},
}
UNTRIED = ("always-busy", "repository-must-exist")  # tests of their own below
ADVICE = {
    "no-conditions": "sign with --own-tags",
    "referrers-keep-nothing": "Sigstore's own cosign believes the empty list",
    "immutable-tags": "--signature-format bundle",
    "no-delete": "nothing can be deleted here",
    "refuse-layer-types": "keep the signatures where they are taken",
    "subject-without-api immutable-tags no-conditions": "let tags that begin with sha256- change",
}


def all_quirks():
    """As the help of `registry serve` lists them; those that need another host or tokens are not met alone."""
    with open(os.path.join(ROOT, "test", "quirks", "quirks_test.py"), encoding="utf-8") as file:
        rows = re.search(r"(?s)\nROWS = \{\n(.*?)\n\}", file.read()).group(1)
    return re.findall(r'(?m)^    "([a-z0-9-]+)":', rows)


def tags(server, repository):
    """None where they may not be listed."""
    status, _, body = server.client().request("GET", f"/v2/{repository}/tags/list", expect=None)
    return (json.loads(body)["tags"] or []) if status == 200 else None


class Met:
    """One registry: what the doctor says, what is left, and what comes of signing twice in each format."""

    def __init__(self, box, server, repository="app"):
        digest = oci.layout_tags(f"{IMAGES}/unsigned")["latest"]
        image = f"{server.host}/{repository}@{digest}"
        self.done = box.cosign_run("doctor", "registry", "-o", "json", f"{server.host}/{repository}", "-t", "60s")
        self.report = json.loads(self.done.out)
        self.findings = {check["id"]: check["finding"] for check in self.report["checks"]}
        self.tags = tags(server, repository)
        self.signs = {}
        for form in ("sig", "bundle"):
            runs = [box.cosign_run(*SIGN, "--signature-format", form, "-a", f"n={n}", image, "-t", "60s") for n in (1, 2)]
            self.signs[form] = [run.code == 0 for run in runs]


def meet(quirks):
    with Sandbox() as box:
        box.variables["COSIGN_PASSWORD"] = "correct-horse"
        plays = [word for quirk in quirks.split() for word in ("--play", quirk)]
        with registry.ours(box, "--load", f"{IMAGES}/unsigned=app", *plays) as server:
            return Met(box, server)


class QuirksTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        names = [*dict.fromkeys([*all_quirks(), *ROWS])]
        names = [name for name in names if name not in UNTRIED]
        with ThreadPoolExecutor(4) as pool:
            cls.met = dict(zip(names, pool.map(meet, names)))

    def test_what_is_odd_is_found_and_nothing_else(self):
        for quirks, met in self.met.items():
            with self.subTest(quirks):
                odd = {check: finding for check, finding in met.findings.items() if finding != "works"}
                self.assertEqual(odd, ROWS.get(quirks, {}), met.done)

    def test_what_it_says_of_a_format_is_what_happens(self):
        for quirks, met in self.met.items():
            for form, said in met.report["formats"].items():
                with self.subTest(quirks=quirks, form=form):
                    self.assertEqual(met.signs[form], [said["works"], said["again"]], said)

    def test_the_exit_code_tells_whether_a_format_works(self):
        for quirks, met in self.met.items():
            with self.subTest(quirks):
                works = any(form["works"] for form in met.report["formats"].values())
                self.assertEqual(met.done.code, 0 if works else 1)

    def test_nothing_is_left_but_where_nothing_is_deleted(self):
        for quirks, met in self.met.items():
            with self.subTest(quirks):
                self.assertEqual(bool(met.report["left"]), quirks == "no-delete", met.report["left"])
                ours = [tag for tag in met.tags or [] if tag.startswith("cosign-doctor-")]
                self.assertEqual(bool(ours), quirks == "no-delete", ours)

    def test_the_advice(self):
        for quirks, words in ADVICE.items():
            with self.subTest(quirks):
                self.assertTrue(any(words in each for each in self.met[quirks].report["advice"]),
                                self.met[quirks].report["advice"])


class OtherTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.box.variables["COSIGN_PASSWORD"] = "correct-horse"

    def test_a_repository_that_must_be_made_first(self):
        with registry.ours(self.box, "--play", "repository-must-exist") as server:
            done = self.box.cosign_run("doctor", "registry", f"{server.host}/new")
        self.assertEqual(done.code, 1)
        self.assertRegex(done.out, r"(?m)^  no   nothing can be pushed\n +HTTP 404: NAME_UNKNOWN")
        self.assertRegex(done.out, r"(?m)^=> make the repository \(or its project\) first")

    def test_a_registry_that_is_always_busy(self):
        with registry.ours(self.box, "--play", "always-busy") as server:
            done = self.box.cosign_run("doctor", "registry", f"{server.host}/app", "-t", "3s")
        self.assertEqual(done.code, 1)
        self.assertNotRegex(done.out, "(?m)^  (yes|no) ", "nothing is known of it")

    def test_docker_registry(self):
        with registry.docker(self.box) as server:
            met = Met(self.box, server, "team/app")
            odd = {check: finding for check, finding in met.findings.items() if finding != "works"}
            self.assertEqual({key: odd.get(key) for key in ("referrers", "conditions")},
                             {"referrers": "absent", "conditions": "ignored"}, odd)
            self.assertEqual(met.report["formats"]["bundle"]["place"], "fallbackTag")
            self.assertTrue(all(form["again"] for form in met.report["formats"].values()))
            self.assertEqual(met.done.code, 0)
            self.assertEqual([tag for tag in met.tags if tag.startswith("cosign-doctor-")], [])

    def test_what_others_have_stays(self):
        with registry.ours(self.box, "--load", f"{IMAGES}/legacy-and-bundle=app") as server:
            before = sorted(server.client().tags("app"))
            self.assertEqual(self.box.cosign_run("doctor", "registry", f"{server.host}/app").code, 0)
            self.assertEqual(sorted(server.client().tags("app")), before)
            verify = ["verify", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true", f"{server.host}/app"]
            self.assertEqual(self.box.cosign_run(*verify).code, 0)


if __name__ == "__main__":
    unittest.main()
