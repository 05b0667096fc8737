"""Programs to compare with, named by the environment. A test that needs one that is not there is skipped."""
import os
import shutil
import unittest

VARIABLES = {"3.1.2": "COSIGN_REFERENCE", "2.6.5": "COSIGN_REFERENCE_2", "skopeo": "COSIGN_REFERENCE_SKOPEO",
             "crane": "COSIGN_REFERENCE_CRANE",
             "3.1.2 with PKCS#11": "COSIGN_REFERENCE_PKCS11", "oras": "COSIGN_REFERENCE_ORAS"}
INSTALLED = ("crane", "oras")  # these may be on PATH instead


def program(name):
    """The path of a program: "ours", a version of real cosign, or a skopeo that was built with sigstore."""
    variable = VARIABLES.get(name, "COSIGN")
    path = os.environ.get(variable) or (shutil.which(name) if name in INSTALLED else None)
    if not path or not os.access(path, os.X_OK):
        raise unittest.SkipTest(f"{variable} names no program: no real {name} to compare with")
    return path


def need(*names):
    """Skips the test that calls it (not one of its subtests) unless all of them are there."""
    for name in names:
        program(name)
