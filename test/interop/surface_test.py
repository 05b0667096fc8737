"""Every flag that real cosign shows for a command that ours has too is there, with its short form.

Covers: issue 3, "v2 and v3 flag sets are both accepted"; docs/parity.md. What 3.1 hides as deprecated, 2.6 still shows.
"""
import re
import unittest

from harness import reference
from harness.sandbox import Sandbox

COMMANDS = ("", "version", "login", "generate-key-pair", "public-key", "sign", "verify", "sign-blob", "verify-blob", "attest-blob",
            "verify-blob-attestation", "attest", "verify-attestation", "tree", "triangulate",
            "generate", "env", "download signature", "download attestation", "download sbom",
            "manifest verify", "dockerfile verify", "import-key-pair", "trusted-root create", "signing-config create",
            "initialize", "bundle inspect", "bundle create", "bundle upgrade", "attach signature",
            "completion bash", "completion zsh", "completion fish")
FLAG = re.compile(r"^\s+(?:(-\w), )?--([\w-]+)(?:, --([\w-]+))?", re.M)


class SurfaceTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)

    def flags(self, program, command):
        """Each flag with its short form, or None."""
        done = self.box.run(reference.program(program), *command.split(), "--help")
        self.assertEqual(done.code, 0, done)
        found = FLAG.findall(done.out)
        self.assertTrue(found, done)
        return {(name, short or None) for short, *names in found for name in names if name}

    def check(self, version):
        for command in COMMANDS:
            with self.subTest(command=command):
                theirs, ours = self.flags(version, command), self.flags("ours", command)
                self.assertEqual(theirs - ours, set())

    def test_all_of_3_1_2(self):
        reference.need("3.1.2")
        self.check("3.1.2")

    def test_all_of_2_6_5(self):
        reference.need("2.6.5")
        self.check("2.6.5")

    def commands(self, program):
        done = self.box.run(reference.program(program), "--help")
        listed = done.out.split("Available Commands:", 1)[1].split("\nFlags:", 1)[0]
        return re.findall(r"^([a-z][a-z-]+) ", listed, re.M)

    def knows_every_command(self, version):
        """Each is there, or is said to be missing yet; none is a word that ours does not know."""
        reference.need(version)
        commands = self.commands(version)
        self.assertGreater(len(commands), 20)
        for command in commands:
            with self.subTest(command=command):
                done = self.box.cosign_run(command, "--help")
                self.assertNotIn("unknown command", done.err, done)

    def test_knows_every_command_of_3_1_2(self):
        self.knows_every_command("3.1.2")

    def test_knows_every_command_of_2_6_5(self):
        self.knows_every_command("2.6.5")


if __name__ == "__main__":
    unittest.main()
