"""GitHub's API for the secrets of Actions, of a repository and an organization, as it is documented."""
import base64
import os
import re

from . import nacl
from .services import Answer, Double, Refused, decoded

TOKEN = "ghp_a-token-of-the-test"
KEY_ID = "568250167242549743"


class GitHub(Double):
    """`secrets` maps "repos/dev/app" or "orgs/team" to what was sealed, opened. A server of one's own has its API below
    /api/v3, as GITHUB_HOST means it."""

    def __init__(self, certificate=None):
        super().__init__(certificate)
        self.secrets, self.visibility = {"repos/dev/app": {}, "orgs/team": {}}, {}
        self.secret = os.urandom(32)

    def answer(self, asked):
        self.need(asked.path.startswith("/api/v3/"), f"{asked}: not below /api/v3")
        self.need(re.fullmatch(r"application/vnd\.github(\.v3)?\+json", asked.headers["Accept"] or ""), f"{asked}: Accept")
        self.need(asked.headers["X-GitHub-Api-Version"] == "2022-11-28", f"{asked}: version")
        self.need(asked.headers["User-Agent"], f"{asked}: no User-Agent, which GitHub wants")
        if asked.headers["Authorization"] != f"Bearer {TOKEN}":
            raise Refused(401, {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest"})
        found = re.fullmatch(r"/api/v3/(repos/[\w.-]+/[\w.-]+|orgs/[\w.-]+|repositories/\d+)/actions/secrets/([\w-]+)", asked.path)
        if not found or found[1] not in self.secrets:
            raise Refused(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})
        if found[2] == "public-key":
            self.need(asked.method == "GET", f"{asked}: a method that is not documented")
            return Answer(200, {"key_id": KEY_ID, "key": base64.b64encode(nacl.public_key(self.secret)).decode()})
        return self.one(asked, found[1], self.secrets[found[1]], found[2])

    def one(self, asked, place, secrets, name):
        if asked.method == "PUT":
            return self.put(asked, place, secrets, name)
        if name not in secrets:
            raise Refused(404, {"message": "Not Found"})
        if asked.method == "DELETE":
            del secrets[name]
            return Answer(204)
        self.need(asked.method == "GET" and not asked.body, f"{asked}: not documented")
        return Answer(200, {"name": name, "created_at": "2026-11-28T12:00:00Z", "updated_at": "2026-11-28T12:00:00Z"})

    def put(self, asked, place, secrets, name):
        fields = asked.json
        known = {"encrypted_value", "key_id"} | ({"visibility", "selected_repository_ids"} if place.startswith("orgs") else set())
        self.need(set(fields) <= known, f"{asked}: fields {sorted(fields)}")
        self.need(fields["key_id"] == KEY_ID, f"{asked}: key_id")
        if place.startswith("orgs") and fields.get("visibility") not in ("all", "private", "selected"):
            raise Refused(422, {"message": "Invalid request.\n\n\"visibility\" wasn't supplied."})
        box = decoded(fields["encrypted_value"])
        message = nacl.open_sealed(box, self.secret) if box and len(box) >= 48 else None
        if message is None:
            raise Refused(422, {"message": "Bad request - The value you provided is not properly encrypted."})
        self.visibility[place] = fields.get("visibility")
        new = name not in secrets
        secrets[name] = message
        return Answer(201, {}) if new else Answer(204)
