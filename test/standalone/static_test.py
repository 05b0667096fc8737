"""The static file stands alone: no loader, no libraries, no files of the system that it cannot do without.

Covers: issue 3, "The static file stands alone".
"""
import os
import re
import shutil
import subprocess
import unittest

from harness import oci, registry
from harness.sandbox import FIXTURES, Sandbox

IMAGES = os.path.join(FIXTURES, "cosign-3.1.2", "images")
KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
DESKTOP = """passwd: files systemd sss
group: files systemd sss
hosts: files mdns4_minimal [NOTFOUND=return] resolve [!UNAVAIL=return] dns myhostname
"""


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

    def arguments(self, key=None, host=None):
        return ["verify", "--key", key or self.key, "--insecure-ignore-tlog=true",
                f"{host or self.registry.host}/app@{self.digest}"]

    def verified(self, done):
        self.assertEqual(done.code, 0, done)
        self.assertIn(self.digest, done.out)

    def test_no_interpreter_and_no_needed_library(self):
        shown = subprocess.run(["readelf", "-ld", self.box.cosign], capture_output=True, text=True, check=True).stdout
        self.assertNotIn("INTERP", shown)
        self.assertNotIn("NEEDED", shown)

    def test_an_empty_root_directory(self):
        root = self.box.path("root")
        os.makedirs(root)
        shutil.copy(self.box.cosign, f"{root}/cosign")
        shutil.copy(self.key, f"{root}/p256.pub")
        done = self.box.run("unshare", "--map-root-user", "chroot", root, "/cosign", *self.arguments("/p256.pub"))
        self.verified(done)
        self.assertEqual(sorted(os.listdir(root)), ["cosign", "p256.pub"])

    def test_an_unknown_user_without_home(self):
        done = self.box.run("unshare", "--map-user=54321", "--map-group=54321", self.program, *self.arguments(),
                            env={"HOME": None, "TMPDIR": None})
        self.verified(done)

    def test_a_current_folder_that_cannot_be_written(self):
        self.verified(self.box.run("cosign", *self.arguments(), cwd="/proc"))

    def test_no_environment_at_all(self):
        self.verified(self.box.run("env", "-i", self.program, *self.arguments()))

    def test_closed_stdin(self):
        self.verified(self.box.run("sh", "-c", 'exec cosign "$@" <&-', "sh", *self.arguments()))

    def test_closed_stderr_and_stdin(self):
        self.verified(self.box.run("sh", "-c", 'exec cosign "$@" <&- 2>&-', "sh", *self.arguments()))

    def test_any_locale(self):
        plain = self.box.cosign_run(*self.arguments())
        self.verified(plain)
        for locale in ("C", "tr_TR.UTF-8", "xx_YY.nothing", "", "/../../etc/passwd", "a" * 5000):
            with self.subTest(locale=locale[:20]):
                done = self.box.cosign_run(*self.arguments(), env={"LC_ALL": locale, "LANGUAGE": locale})
                self.assertEqual((done.code, done.out, done.err), (0, plain.out, plain.err), done)

    def opened(self, trace):
        return re.findall(r'open(?:at)?\((?:AT_FDCWD, )?"([^"]*)"', trace)

    def test_no_shared_library_is_opened_under_a_desktop_nsswitch(self):
        switch = self.box.write("nsswitch.conf", DESKTOP)
        port = self.registry.host.rsplit(":", 1)[1]
        line = (f"mount --bind {switch} /etc/nsswitch.conf && exec strace -f -qq -e signal=none -o trace "
                "-e trace=open,openat cosign \"$@\"")
        done = self.box.run("unshare", "--map-root-user", "--mount", "sh", "-ec", line, "sh",
                            *self.arguments(host=f"localhost:{port}"))
        self.verified(done)
        opened = self.opened(self.box.read("trace"))
        self.assertIn("/etc/hosts", opened, "the trace shows no name look-up")
        self.assertEqual([path for path in opened if ".so" in path or "gconv" in path or "locale" in path], [])


if __name__ == "__main__":
    unittest.main()
