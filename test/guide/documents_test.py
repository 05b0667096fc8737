"""What the documents say to type can be typed: commands and flags exist, and links lead somewhere.

Covers: issue 3, README, docs/guide.md, docs/from-cosign.md, and the examples of `--help`.
"""
import glob
import os
import re
import unittest

from harness.sandbox import ROOT, Sandbox

PAGES = [f"{ROOT}/{name}" for name in ("README.md", "docs/guide.md", "docs/from-cosign.md", "docs/parity.md",
                                     "docs/registry.md", "docs/keys.md", "docs/trust.md")]
HELP = sorted(glob.glob(f"{ROOT}/cosign/commands/*/help.md"))
FLAG = re.compile(r"(?<![\w-])(--[a-z][a-z0-9-]+)")
# Of docker, sha256sum, crane, systemd and chown; and in docs/parity.md what is no flag.
FOREIGN = {"--format", "--version", "--bool", "--ojson", "--ignore-missing", "--all-tags", "--now", "--wait", "--pipe",
           "--reference", "--referrer"}


def text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def blocks(page):
    """The lines of fenced blocks, a continued one as one."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text(page), re.M | re.S)
    return [line for block in fenced for line in block.replace("\\\n", " ").splitlines()]


class DocumentsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        listed = cls.box.cosign_run("--help").out.split("Commands:\n", 1)[1].split("\n\n", 1)[0]
        cls.commands = re.findall(r"^  ([a-z0-9-]+(?: [a-z0-9-]+)*)  ", listed, re.M)
        cls.flags = {command: set(FLAG.findall(cls.box.cosign_run(*command.split(), "--help").out))
                     for command in cls.commands}
        cls.every_flag = set().union(*cls.flags.values())

    def command_of(self, words):
        """The longest command that the words begin with."""
        return max((c for c in self.commands if (words + " ").startswith(c + " ")), key=len, default=None)

    def check_line(self, line):
        code = line.split("#", 1)[0]
        for call in re.split(r"(?<=\W)(?=cosign )|^(?=cosign )", code):
            if not call.startswith("cosign "):
                continue
            command = self.command_of(call.removeprefix("cosign "))
            self.assertIsNotNone(command, line)
            # Only as far as the next program.
            for flag in FLAG.findall(re.split(r"[|;&)]", call)[0]):
                self.assertIn(flag, self.flags[command], line)

    def test_lines_to_type(self):
        seen = 0
        for page in PAGES + HELP:
            for line in blocks(page):
                with self.subTest(page=os.path.relpath(page, ROOT)):
                    self.check_line(line)
                    seen += "cosign " in line
        self.assertGreater(seen, 40)

    def test_flags_in_the_text(self):
        """Every flag that is named anywhere is a flag of some command."""
        for page in PAGES + HELP:
            unknown = set(FLAG.findall(text(page))) - self.every_flag - FOREIGN
            self.assertEqual(unknown, set(), page)

    def test_links(self):
        pages = [*PAGES, *glob.glob(f"{ROOT}/docs/**/*.md", recursive=True), *glob.glob(f"{ROOT}/*.md"),
                 f"{ROOT}/test/README.md"]
        for page in sorted(set(pages)):
            for target in set(re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text(page))):
                with self.subTest(page=os.path.relpath(page, ROOT), target=target):
                    self.assertTrue(os.path.exists(os.path.join(os.path.dirname(page), target)))


if __name__ == "__main__":
    unittest.main()
