"""Results in the shape of GoogleTest's JSON, so that one report reads all."""
import json
import os


class Results:
    def __init__(self, suite):
        self.suite, self.cases = suite, []

    def add(self, name, seconds, failure=None, skipped=None):
        case = {"name": name, "result": "SKIPPED" if skipped else "COMPLETED", "time": f"{seconds:.3f}s"}
        if failure:
            case["failures"] = [{"failure": failure}]
        if skipped:
            case["skipped"] = [{"message": skipped}]
        self.cases.append(case)

    def write(self, path):
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"tests": len(self.cases), "testsuites": [{"name": self.suite, "testsuite": self.cases}]}, file)

    @property
    def failed(self):
        return any("failures" in case for case in self.cases)
