"""Signatures of a Sigstore in memory (`sigstore_cases`, sigstore/authority/testing/cases.h), for tests of what they are judged by."""
import atexit
import json
import os
import shutil
import tempfile


class Case:
    """`artifact` and `bundle` are files, `root` the text of the trusted root that it verifies with."""

    def __init__(self, box, name):
        self.folder = box.path("cases", name)
        self.case = json.loads(box.read(f"cases/{name}/case.json"))
        self.artifact, self.bundle = f"{self.folder}/artifact", f"{self.folder}/bundle.json"
        self.root = box.read(f"cases/{name}/trusted_root.json")
        self.key = f"{self.folder}/key.pub"

    def who(self):
        return ["--certificate-identity", self.case["identity"], "--certificate-oidc-issuer", self.case["issuer"]]


made = []  # the folder of all cases, once there is one


def write_cases(box):
    """As `cases` in a sandbox; they are made once in a run, and nobody writes there."""
    if not made:
        folder = tempfile.mkdtemp(prefix="cosign-cases-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        done = box.run(os.path.join(os.path.dirname(box.cosign), "sigstore_cases"), folder)
        if done.code:
            raise AssertionError(str(done))
        os.chmod(folder, 0o755)
        made.append(folder)
    os.symlink(made[0], box.path("cases"))


def pick(box, ask, logged=True):
    """A good signature of a file that is verified by an "identity" or a "key", and has a log entry or none."""
    for name in sorted(os.listdir(box.path("cases"))):
        case = Case(box, name)
        with open(case.bundle, encoding="utf-8") as file:
            entries = json.load(file)["verificationMaterial"].get("tlogEntries", [])
        if (case.case["good"], case.case["ask"], case.case["form"]) == (True, ask, "message") and bool(entries) == logged:
            return case
    raise AssertionError("no such case")
