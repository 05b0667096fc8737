"""docs/parity.md and docs/registry.md name a test for each behaviour: every one of them is there.

Covers: issue 3, "docs/parity.md"; issue 4, "OCI distribution 1.1 whole".
"""
import glob
import os
import re
import unittest

from harness.sandbox import ROOT

PAGE = os.path.join(ROOT, "docs", "parity.md")
CLAUSES = os.path.join(ROOT, "docs", "registry.md")
SCENARIO = re.compile(r"[a-z-]+/[a-z-]+")
SYSTEM = re.compile(r"([a-z_]+_test)(?::(\w+))?")
UNIT = re.compile(r"([A-Z]\w+)\.([A-Z]\w+)")


def text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def named():
    """Everything on the page that has the form of a test's name."""
    words = re.findall(r"`([^`]+)`", text(PAGE).split("## Who reads what", 1)[1])
    return sorted({word for word in words if any(form.fullmatch(word) for form in (SCENARIO, SYSTEM, UNIT))})


class ParityTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        sources = (text(path) for tree in ("sigstore", "cosign", "server")
                   for path in glob.glob(f"{ROOT}/{tree}/**/*_test.cc", recursive=True))
        cls.units = {match for source in sources
                     for match in re.findall(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)", source, re.M)}

    def is_there(self, name):
        if unit := UNIT.fullmatch(name):
            return unit.groups() in self.units
        if system := SYSTEM.fullmatch(name):
            files = glob.glob(f"{ROOT}/test/*/{system[1]}.py")
            return any(not system[2] or f"class {system[2]}(" in text(file) for file in files)
        return any(os.path.exists(f"{ROOT}/{tree}/{name}.scenario") for tree in ("cosign/commands", "test"))

    def test_every_test_it_names_is_there(self):
        names = named()
        self.assertGreater(len(names), 100)
        self.assertEqual([name for name in names if not self.is_there(name)], [])

    def test_every_clause_of_the_registry_names_one_that_is_there(self):
        table = text(CLAUSES).split("| clause | test |", 1)[1].split("\n\n", 1)[0]
        rows = [line.rstrip(" |").rsplit(" | ", 1)[-1] for line in table.splitlines()[2:]]
        self.assertGreater(len(rows), 25)
        for row in rows:
            self.assertRegex(row, r"^`[^`]+`(, `[^`]+`)*$")
            for name in re.findall(r"`([^`]+)`", row):
                self.assertTrue(self.is_there(name), name)

    def test_every_row_of_a_table_of_behaviours_names_one(self):
        rows = [line for line in text(PAGE).splitlines() if line.startswith("| ") and line.count(" | ") == 3]
        self.assertGreater(len(rows), 80)
        for row in rows:
            last = row.rstrip(" |").rsplit(" | ", 1)[-1]
            if last not in ("test", "---") and not row.startswith(("| 0 |", "| 13, ")):
                self.assertRegex(last, r"^`[^`]+`(, `[^`]+`)*$", row)

    def test_its_links_lead_somewhere(self):
        for target in re.findall(r"\]\(([^)#]+)\)", text(PAGE)):
            self.assertTrue(os.path.exists(os.path.join(ROOT, "docs", target)), target)


if __name__ == "__main__":
    unittest.main()
