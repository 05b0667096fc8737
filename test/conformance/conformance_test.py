"""The official suites for registries find nothing to say against ours: 0 failed, and nearly nothing left out.

OCI_CONFORMANCE names the suite of the distribution specification's current draft, OCI_CONFORMANCE_1_1 that of its
release 1.1.1, each a program that was built from conformance/ of that repository. Covers: issue 4, "the official OCI
conformance suites with 0 failures".
"""
import json
import os
import re
import shutil
import unittest
import xml.etree.ElementTree

from harness import registry
from harness.sandbox import Sandbox

USER = "tester:a password"
EVERY_OPTION = {"OCI_VERSION": "dev", **{f"OCI_{name}": "true" for name in (
    "API_BLOBS_ATOMIC", "API_BLOBS_DELETE", "API_BLOBS_DIGEST_HEADER", "API_BLOBS_MOUNT_ANONYMOUS",
    "API_BLOBS_UPLOAD_CANCEL", "API_MANIFESTS_ATOMIC", "API_MANIFESTS_DELETE", "API_MANIFESTS_DIGEST_HEADER",
    "API_MANIFESTS_TAG_PARAM", "API_TAGS_ATOMIC", "API_TAGS_DELETE", "API_TAGS_LIST", "API_REFERRER", "DATA_SPARSE",
    "DATA_SHA512", "DATA_NONDISTRIBUTABLE", "DATA_EMPTY_BLOB", "DATA_SUBJECT_MISSING")}}


def suite(variable):
    path = os.environ.get(variable)
    if not path or not os.access(path, os.X_OK):
        raise unittest.SkipTest(f"{variable} names no program: no conformance suite to run")
    return path


def counts(path):
    """What a report in JUnit's form says of each test: ({"passed": N, "failed": N, "skipped": N}, names skipped)."""
    found, skipped = {"passed": 0, "failed": 0, "skipped": 0}, []
    for case in xml.etree.ElementTree.parse(path).iter("testcase"):
        kind = "passed"
        if case.find("skipped") is not None:
            kind = "skipped"
            skipped.append(case.get("name"))
        elif case.find("failure") is not None or case.find("error") is not None:
            kind = "failed"
        found[kind] += 1
    return found, skipped


class SuiteCase(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)

    def kept(self):
        """Each way of keeping things: the options for it."""
        yield "memory", []
        yield "folder", ["--dir", self.box.path("kept")]

    def run_suite(self, program, options, variables, user=None, prepare=None):
        results = self.box.path("results")
        shutil.rmtree(results, ignore_errors=True)
        os.mkdir(results)
        with registry.ours(self.box, *options, user=user) as ours:
            variables = {**variables, **(prepare(ours.client()) if prepare else {})}
            done = self.box.run(program, cwd=results, env={k: v.replace("$HOST", ours.host)
                                                           for k, v in variables.items()})
        self.assertEqual(done.code, 0, done)
        return done, counts(os.path.join(results, "junit.xml"))


class DraftTest(SuiteCase):
    """The current draft's suite counts for itself: what it skips or leaves disabled is no testcase of its report."""

    def check(self, least, variables=(), options=(), user=None, disabled=0, skipped=0):
        program = suite("OCI_CONFORMANCE")
        settings = {"OCI_REGISTRY": "$HOST", "OCI_TLS": "disabled", "OCI_RESULTS_DIR": ".", "OCI_VERSION": "1.1",
                    **dict(variables)}
        if user:
            settings["OCI_USERNAME"], settings["OCI_PASSWORD"] = user.split(":")
        for name, where in self.kept():
            with self.subTest(kept=name):
                done, (found, _) = self.run_suite(program, [*where, *options], settings, user)
                said = dict(re.findall(r"^  (\w+)\.+: +(\d+)$", done.out, re.M))
                self.assertEqual([said.get(kind) for kind in ("FAIL", "Error", "Skip", "Disabled")],
                                 ["0", "0", str(skipped), str(disabled)], done)
                self.assertEqual(found["failed"], 0)
                self.assertGreaterEqual(int(said["Pass"]), least)

    def test_version_1_1(self):
        self.check(850, disabled=2)  # cancelling an upload is not of that version

    def test_draft(self):
        self.check(980, {"OCI_VERSION": "dev"})

    def test_every_option(self):
        self.check(1020, EVERY_OPTION, ["--sparse"])

    def test_with_a_password(self):
        self.check(1020, EVERY_OPTION, ["--sparse"], user=USER)

    def test_with_tokens(self):
        # A token mounts nothing from repositories that it does not name: to mount without one becomes an upload.
        self.check(1020, EVERY_OPTION, ["--sparse", "--tokens"], user=USER, skipped=2)


class ReleaseTest(SuiteCase):
    """Release 1.1.1. What it skips are the other halves of either-or tests. Two of these halves are left: they are for
    a registry that cannot mount a blob."""

    FLOWS = {f"OCI_TEST_{name}": "1" for name in ("PULL", "PUSH", "CONTENT_DISCOVERY", "CONTENT_MANAGEMENT")}

    def check(self, least, skipped, variables=(), options=(), user=None, prepare=None):
        program = suite("OCI_CONFORMANCE_1_1")
        settings = {"OCI_ROOT_URL": "http://$HOST", "OCI_NAMESPACE": "team/app", "OCI_REPORT_DIR": ".", **self.FLOWS,
                    **dict(variables)}
        if user:
            settings["OCI_USERNAME"], settings["OCI_PASSWORD"] = user.split(":")
        for name, where in self.kept():
            with self.subTest(kept=name):
                _, (found, left_out) = self.run_suite(program, [*where, *options], settings, user, prepare)
                self.assertEqual(found["failed"], 0)
                self.assertGreaterEqual(found["passed"], least)
                self.assertLessEqual(len(left_out), skipped, left_out)

    def test_every_flow(self):
        self.check(74, 5)

    def test_mounts_from_anywhere(self):
        self.check(75, 4, {"OCI_AUTOMATIC_CROSSMOUNT": "1", "OCI_CROSSMOUNT_NAMESPACE": "team/other"})

    def test_blobs_are_deleted_before_manifests(self):
        self.check(75, 4, {"OCI_DELETE_MANIFEST_BEFORE_BLOBS": "0", "OCI_AUTOMATIC_CROSSMOUNT": "1"})

    def test_manifests_are_deleted_before_blobs(self):
        self.check(75, 4, {"OCI_DELETE_MANIFEST_BEFORE_BLOBS": "1", "OCI_AUTOMATIC_CROSSMOUNT": "1"})

    def test_what_was_there_before(self):
        def prepare(client):
            digest = client.push_image("team/app")
            config = json.loads(client.manifest("team/app", digest))["config"]["digest"]
            return {"OCI_TAG_NAME": "latest", "OCI_MANIFEST_DIGEST": digest, "OCI_BLOB_DIGEST": config,
                    "OCI_TAG_LIST": "latest"}

        others = {f"OCI_TEST_{name}": "0" for name in ("PUSH", "CONTENT_DISCOVERY", "CONTENT_MANAGEMENT")}
        self.check(10, 80, others, prepare=prepare)

    def test_with_a_password(self):
        self.check(75, 4, {"OCI_AUTOMATIC_CROSSMOUNT": "1"}, user=USER)

    def test_with_tokens(self):
        self.check(75, 4, {"OCI_AUTOMATIC_CROSSMOUNT": "0"}, ["--anonymous-pull"], user=USER)


if __name__ == "__main__":
    unittest.main()
