"""Every command starts within 5 ms: its help, and a line that cannot work.

Covers: issue 5, "Performance": "everything starts within 5 ms".

What counts is processor time, and the best of some runs: other work on the machine makes a run slower, never faster.
"""
import re
import unittest

from harness.sandbox import Sandbox

MOST_SECONDS, RUNS = 0.005, 25
COMMAND = re.compile(r"^  ([a-z][a-z-]*(?: [a-z][a-z-]*)?)  +\S", re.M)
GOES_ON = ("registry serve",)  # alone it does not end


class StartTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        listed = cls.box.cosign_run("--help").out.split("\nCommands:\n", 1)[1].split("\n\n", 1)[0]
        cls.commands = COMMAND.findall(listed)

    def best(self, *words, codes):
        """The least processor time of the runs, in seconds; no more runs than it takes to be within the bound."""
        best = None
        for _ in range(RUNS):
            done = self.box.cosign_run(*words)
            self.assertIn(done.code, codes, done)
            best = min(best or done.cpu_seconds, done.cpu_seconds)
            if best <= MOST_SECONDS:
                break
        return best

    def test_the_list_is_whole(self):
        self.assertGreater(len(self.commands), 20)
        for command in ("sign", "verify", "import-key-pair", "registry serve", "download signature"):
            self.assertIn(command, self.commands)

    def check(self, *more, codes, commands):
        slow = {command: best for command in commands
                if (best := self.best(*command.split(), *more, codes=codes)) > MOST_SECONDS}
        self.assertEqual(slow, {})

    def test_help(self):
        self.check("--help", codes=(0,), commands=self.commands)

    def test_a_flag_that_is_none(self):
        self.check("--no-such-flag", codes=(1,), commands=self.commands)

    def test_nothing_but_the_command(self):
        """Most say what is missing; the others have their whole result."""
        self.check(codes=(0, 1), commands=[command for command in self.commands if command not in GOES_ON])


if __name__ == "__main__":
    unittest.main()
