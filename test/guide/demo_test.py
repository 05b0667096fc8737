"""`./dev demo` plays to its end, and each step of it ends as the guide says. Covers: issue 3, "Done when"."""
import os
import subprocess
import sys
import unittest

from harness.sandbox import ROOT


class DemoTest(unittest.TestCase):
    def test_it_plays_to_its_end(self):
        done = subprocess.run([sys.executable, f"{ROOT}/tools/demo", os.environ["COSIGN"]], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for word in ("GitVersion", "cosign tree", "(exit 12)", "That was the guide"):
            self.assertIn(word, done.stdout)


if __name__ == "__main__":
    unittest.main()
