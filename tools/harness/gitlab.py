"""GitLab's API for projects, groups and their CI/CD variables, as it is documented."""
import re
import urllib.parse

from .services import Answer, Double, Refused

TOKEN = "glpat-a-token-of-the-test"
FIELDS = {"key", "value", "description", "environment_scope", "masked", "masked_and_hidden", "protected", "raw",
          "variable_type", "hidden"}
NAME = re.compile(r"[A-Za-z0-9_]{1,255}")
LONGEST_VALUE = 10000


class GitLab(Double):
    """`variables` maps ("projects" or "groups", its path) to its variables by key; there is one project, one group."""

    def __init__(self, certificate=None):
        super().__init__(certificate)
        self.variables = {("projects", "team/app"): {}, ("groups", "team"): {}}
        self.numbers = {("projects", "42"): ("projects", "team/app"), ("groups", "7"): ("groups", "team")}

    def answer(self, asked):
        self.need(asked.path.startswith("/api/v4/"), f"{asked}: not below /api/v4")
        self.need(not asked.body or asked.headers["Content-Type"] == "application/json", f"{asked}: no JSON")
        if asked.headers["PRIVATE-TOKEN"] != TOKEN:
            raise Refused(401, {"message": "401 Unauthorized"})
        parts = [urllib.parse.unquote(part) for part in asked.path.removeprefix("/api/v4/").split("/")]
        self.need(len(parts) in (2, 3, 4) and parts[0] in ("projects", "groups"), f"{asked}: not documented")
        place = (parts[0], parts[1])
        place = self.numbers.get(place, place)
        if place not in self.variables:
            raise Refused(404, {"message": f"404 {parts[0][:-1].capitalize()} Not Found"})
        if len(parts) == 2:
            self.need(asked.method == "GET", f"{asked}: a method that is not documented")
            return Answer(200, {"id": 42, "path_with_namespace": place[1], "full_path": place[1]})
        self.need(parts[2] == "variables", f"{asked}: not documented")
        return self.one(asked, self.variables[place], parts[3]) if len(parts) == 4 else self.all(asked, self.variables[place])

    def checked(self, asked):
        fields = asked.json
        self.need(set(fields) <= FIELDS, f"{asked}: fields {sorted(fields)}")
        self.need(isinstance(fields.get("value"), str), f"{asked}: no value")
        for name in ("masked", "protected"):
            self.need(isinstance(fields.get(name, False), bool), f"{asked}: {name} is no boolean")
        self.need(fields.get("variable_type", "env_var") in ("env_var", "file"), f"{asked}: variable_type")
        if len(fields["value"]) > LONGEST_VALUE:
            raise Refused(400, {"message": {"value": ["is too long (maximum is 10000 characters)"]}})
        return fields

    @staticmethod
    def kept(fields):
        return {"variable_type": "env_var", "protected": False, "masked": False, "hidden": False, "raw": False,
                "environment_scope": "*", "description": None, **fields}

    def all(self, asked, variables):
        if asked.method == "GET":
            return Answer(200, list(variables.values()))
        self.need(asked.method == "POST", f"{asked}: a method that is not documented")
        fields = self.checked(asked)
        self.need(NAME.fullmatch(fields["key"]), f"{asked}: key")
        if fields["key"] in variables:
            raise Refused(400, {"message": {"key": [f"({fields['key']}) has already been taken"]}})
        variables[fields["key"]] = self.kept(fields)
        return Answer(201, variables[fields["key"]])

    def one(self, asked, variables, key):
        if key not in variables:
            raise Refused(404, {"message": "404 Variable Not Found"})
        if asked.method == "PUT":
            variables[key] = {**variables[key], **self.checked(asked)}
        elif asked.method == "DELETE":
            del variables[key]
            return Answer(204)
        else:
            self.need(asked.method == "GET" and not asked.body, f"{asked}: not documented")
        return Answer(200, variables[key])
