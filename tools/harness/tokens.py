"""Tokens for tests: SoftHSM's, in a folder of their own, and those of the hostile module of test/tokens."""
import os
import re
import shutil

from . import registry

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
PIN, SO_PIN = "1234", "987654"


def softhsm_module():
    for path in MODULES:
        if os.path.exists(path):
            return path
    raise registry.NotInstalled("softhsm2 is not installed")


class SoftHsm:
    """Tokens in `sandbox`, whose programs all see them from now on."""

    def __init__(self, sandbox, name="tokens"):
        self.sandbox, self.module, self.util = sandbox, softhsm_module(), registry.find_program("softhsm2-util")
        self.folder = sandbox.path(name)
        os.mkdir(self.folder)
        configuration = sandbox.write(f"{name}.conf", f"directories.tokendir = {self.folder}\nobjectstore.backend = file\n"
                                      "log.level = ERROR\nslots.removable = false\n")
        sandbox.variables |= {"SOFTHSM2_CONF": configuration, "COSIGN_PKCS11_MODULE_PATH": self.module}

    def good(self, *argv):
        done = self.sandbox.run(*argv)
        if done.code != 0:
            raise AssertionError(str(done))
        return done

    def token(self, label, pin=PIN):
        """A new token; its slot."""
        done = self.good(self.util, "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", SO_PIN)
        return int(re.search(r"reassigned to slot (\d+)", done.out + done.err)[1])

    def make(self, path, *openssl):
        """A private key of openssl's as PKCS#8, and its public half as PEM."""
        self.good("openssl", *openssl, "-out", f"{path}.tmp")
        self.good("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", f"{path}.tmp", "-out", path)
        return self.good("openssl", "pkey", "-in", path, "-pubout").out

    def load(self, path, token, label, key_id, pin=PIN):
        """Puts that private key into a token, as a pair."""
        self.good(self.util, "--import", path, "--token", token, "--label", label, "--id", key_id, "--pin", pin)

    def tool(self, *arguments, pin=PIN):
        """OpenSC's pkcs11-tool, for what softhsm2-util cannot do."""
        return self.good(registry.find_program("pkcs11-tool"), "--module", self.module, "--login", "--pin", pin, *arguments)

    def pull_out(self):
        """All tokens are gone."""
        shutil.rmtree(self.folder)
        os.mkdir(self.folder)
