"""A registry on port 443, which its name is written without: inside the namespace that tls_test.py makes."""
import subprocess
import unittest

from harness import registry
from harness.sandbox import Sandbox

HOST = "registry.example.com"


class DefaultPortTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        hosts = cls.box.write("etc/hosts", f"127.0.0.1 localhost {HOST}\n")
        subprocess.run(["sh", "-ec", f"ip link set lo up; mount --bind {hosts} /etc/hosts"], check=True)
        cls.registry = registry.docker(cls.box, tls=True, port=443, names=(HOST,))
        cls.addClassCleanup(cls.registry.stop)
        cls.registry.host = HOST
        cls.digest = cls.registry.client().push_image("app")

    def trusted(self, folder, image):
        with open(self.registry.ca, encoding="utf-8") as file:
            path = self.box.write(f"home-{folder}/.config/docker/certs.d/{folder}/ca.crt", file.read())
        done = self.box.cosign_run("digest", image, env={"HOME": path.split("/.config")[0]})
        if done.code != 0:
            self.assertIn("is not trusted", done.err)
        return done.code == 0

    def test_a_folder_counts_with_and_without_the_port(self):
        for image in (f"{HOST}/app:latest", f"{HOST}:443/app:latest"):
            with self.subTest(image=image):
                self.assertTrue(self.trusted(HOST, image))
                self.assertTrue(self.trusted(f"{HOST}:443", image))
                self.assertFalse(self.trusted(f"{HOST}:5000", image))
                self.assertFalse(self.trusted("registry.example", image))


if __name__ == "__main__":
    unittest.main()
