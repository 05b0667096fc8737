"""The static file stands alone: no loader, no libraries, no files of the system that it cannot do without.

Covers: issue 3, "The static file stands alone".
"""
import os
import re
import shutil
import subprocess
import sys
import unittest

from harness import oci, registry
from harness.sandbox import FIXTURES, ROOT, Sandbox

HERE = os.path.dirname(os.path.abspath(__file__))
IMAGES = os.path.join(FIXTURES, "cosign-3.1.2", "images")
KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
PASSWORD = {"COSIGN_PASSWORD": "correct-horse"}
# What getpw*, setlocale, iconv and dlopen would read.
FOREIGN = re.compile(r"\.so\b|/etc/(passwd|group|shadow|localtime|locale)|gconv|/locale|/zoneinfo|ld\.so|openssl\.cnf")


class StaticTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        os.chmod(cls.box.top, 0o755)
        cls.registry = registry.ours(cls.box, "--load", f"{IMAGES}/legacy-signature=app")
        cls.addClassCleanup(cls.registry.stop)
        cls.digest = oci.layout_tags(f"{IMAGES}/legacy-signature")["latest"]
        cls.key = shutil.copy(f"{KEYS}/p256.pub", cls.box.path("p256.pub"))
        cls.program = shutil.copy(cls.box.cosign, cls.box.path("cosign-copy"))

    def verify(self, key=None):
        return ["verify", "--key", key or self.key, "--insecure-ignore-tlog=true",
                f"{self.registry.host}/app@{self.digest}"]

    def guide(self, folder=""):
        """The walk of the guide: a key, a signature, its check."""
        image = f"{self.registry.host}/{self.id().rsplit('.', 1)[1]}@" + \
            self.registry.client().push_image(self.id().rsplit(".", 1)[1])
        return [["version"], ["generate-key-pair"],
                ["sign", "--key", f"{folder}cosign.key", "--tlog-upload=false", image],
                ["verify", "--key", f"{folder}cosign.pub", "--insecure-ignore-tlog=true", image]]

    def succeeded(self, done):
        self.assertEqual(done.code, 0, done)

    def verified(self, done):
        self.succeeded(done)
        self.assertIn(self.digest, done.out)

    def test_no_interpreter_and_no_needed_library(self):
        shown = subprocess.run(["readelf", "-ld", self.box.cosign], capture_output=True, text=True, check=True).stdout
        self.assertNotIn("INTERP", shown)
        self.assertNotIn("NEEDED", shown)

    def empty_root(self):
        root = self.box.path(f"root-{self.id().rsplit('.', 1)[1]}")
        os.makedirs(root)
        shutil.copy(self.box.cosign, f"{root}/cosign")
        shutil.copy(self.key, f"{root}/p256.pub")
        return root

    def test_an_empty_root_directory(self):
        root = self.empty_root()
        inside = ["unshare", "--map-root-user", "chroot", root, "/cosign"]
        self.verified(self.box.run(*inside, *self.verify("/p256.pub")))
        self.assertEqual(sorted(os.listdir(root)), ["cosign", "p256.pub"])
        for words in self.guide("/"):
            self.succeeded(self.box.run(*inside, *words, env={**PASSWORD, "HOME": None}))
        self.assertEqual(sorted(os.listdir(root)), ["cosign", "cosign.key", "cosign.pub", "p256.pub"])

    def test_an_empty_root_directory_and_closed_streams(self):
        # There is no /dev/null to take their places.
        root = self.empty_root()
        inside = ["unshare", "--map-root-user", "chroot", root, "/cosign"]
        for closed in ("<&-", "<&- 2>&-"):
            with self.subTest(closed=closed):
                done = self.box.run("sh", "-c", f'exec "$@" {closed}', "sh", *inside, *self.verify("/p256.pub"))
                self.verified(done)
        done = self.box.run("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *inside, *self.verify("/p256.pub"))
        self.succeeded(done)
        self.assertEqual(sorted(os.listdir(root)), ["cosign", "p256.pub"])

    def test_an_unknown_user_without_home(self):
        work = self.box.path("unknown")
        os.makedirs(work)
        for words in [self.verify(), *self.guide()]:
            done = self.box.run("unshare", "--map-user=54321", "--map-group=54321", self.program, *words, cwd=work,
                                env={"HOME": None, "TMPDIR": None, **PASSWORD})
            self.succeeded(done)

    def test_a_home_that_is_not_there(self):
        self.verified(self.box.cosign_run(*self.verify(), env={"HOME": "/nowhere/at/all"}))

    def test_a_current_folder_that_cannot_be_written(self):
        folder = self.box.path("read-only")
        os.makedirs(folder)
        line = f'mount --bind {folder} {folder} && mount -o remount,bind,ro {folder} && cd {folder} && exec cosign "$@"'
        inside = ["unshare", "--map-root-user", "--mount", "sh", "-ec", line, "sh"]
        self.verified(self.box.run(*inside, *self.verify()))
        done = self.box.run(*inside, "generate-key-pair", env=PASSWORD)
        self.assertEqual(done.code, 1, done)
        self.assertIn("cosign.key", done.err)
        self.assertEqual(os.listdir(folder), [])

    def test_a_current_folder_that_is_gone(self):
        line = 'mkdir gone && cd gone && rmdir ../gone && exec cosign "$@"'
        self.verified(self.box.run("sh", "-ec", line, "sh", *self.verify()))

    def test_no_environment_at_all(self):
        self.verified(self.box.run("env", "-i", self.program, *self.verify()))

    def test_closed_streams(self):
        for closed in ("<&-", "<&- 2>&-", "2>&-"):
            with self.subTest(closed=closed):
                self.verified(self.box.run("sh", "-c", f'exec cosign "$@" {closed}', "sh", *self.verify()))

    def test_signing_with_closed_stdin(self):
        work = self.box.path("closed")
        os.makedirs(work)
        for words in self.guide():
            self.succeeded(self.box.run("sh", "-c", 'exec cosign "$@" <&-', "sh", *words, cwd=work, env=PASSWORD))

    def test_any_locale(self):
        plain = self.box.cosign_run(*self.verify())
        self.verified(plain)
        for locale in ("C", "tr_TR.UTF-8", "xx_YY.nothing", "", "/../../etc/passwd", "a" * 5000):
            with self.subTest(locale=locale[:20]):
                env = {"LC_ALL": locale, "LANGUAGE": locale, "LOCPATH": "/tmp"}
                done = self.box.cosign_run(*self.verify(), env=env)
                self.assertEqual((done.code, done.out, done.err), (0, plain.out, plain.err), done)

    def test_no_file_of_the_c_library_is_looked_for(self):
        work = self.box.path("traced")
        os.makedirs(work)
        for words in self.guide():
            done = self.box.run("strace", "-f", "-qq", "-e", "signal=none", "-o", "trace", "-e", "trace=%file",
                                "cosign", *words, cwd=work,
                                env={**PASSWORD, "LC_ALL": "de_DE.ISO-8859-1", "TZ": "Europe/Berlin"})
            self.succeeded(done)
            named = re.findall(r'"([^"]*)"', self.box.read("traced/trace"))[2:]  # after execve
            self.assertEqual([path for path in named if FOREIGN.search(path)], [], words)

    def test_names_under_a_desktop_nsswitch(self):
        done = subprocess.run(["unshare", "--map-root-user", "--net", "--mount", sys.executable,
                               f"{ROOT}/tools/system_test", f"{HERE}/in_namespace.py"], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
