"""A TUF repository (The Update Framework specification 1.0.34) that is made here, without a line of the program's own code, and
a server of it that can be slow, endless, cut off, or elsewhere."""
import datetime
import hashlib
import http.server
import json
import os
import tarfile
import time

from .liar import Server
from .services import OpensslKey

ROLES = ("root", "timestamp", "snapshot", "targets")
LIFETIMES = {"root": 365, "timestamp": 7, "snapshot": 21, "targets": 90}  # days


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def canonical(value):
    """OLPC canonical JSON, of values without control characters."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Key:
    def __init__(self):
        self.key = OpensslKey("ed25519")
        self.public = {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": self.key.public_raw().hex()}}
        self.id = sha256(canonical(self.public))

    def sign(self, data):
        return {"keyid": self.id, "sig": self.key.sign(data, "").hex()}


class Repository:
    """`files` is what a web server has: name -> bytes. A change counts once publish() has been called."""

    def __init__(self, targets=None, lifetimes=None, now=None):
        self.keys = {role: [Key()] for role in ROLES}
        self.versions = dict.fromkeys(ROLES, 0)
        self.lifetimes = {**LIFETIMES, **(lifetimes or {})}
        self.now = now or datetime.datetime.now(datetime.timezone.utc)
        self.targets, self.delegations, self.files = dict(targets or {}), {}, {}
        self.make_root([])
        self.publish()

    def expires(self, role):
        when = self.now + datetime.timedelta(days=self.lifetimes[role])
        return when.strftime("%Y-%m-%dT%H:%M:%SZ")

    def signed(self, role, signers, **body):
        """A new version of `role`."""
        self.versions[role] = self.versions.get(role, 0) + 1
        kind = role if role in ROLES else "targets"
        body = {"_type": kind, "spec_version": "1.0.31", "version": self.versions[role], "expires": self.expires(kind), **body}
        data = canonical(body)
        document = {"signatures": [key.sign(data) for key in signers], "signed": body}
        return json.dumps(document, indent=1).encode()

    def make_root(self, former):
        roles = {role: {"keyids": [key.id for key in keys], "threshold": len(keys)} for role, keys in self.keys.items()}
        public = {key.id: key.public for keys in self.keys.values() for key in keys}
        signers = {key.id: key for key in [*former, *self.keys["root"]]}
        text = self.signed("root", signers.values(), consistent_snapshot=True, keys=public, roles=roles)
        self.files[f"{self.versions['root']}.root.json"] = text

    def rotate(self, *roles, lifetimes=None):
        """A new root with new keys for these roles, signed by the former root too."""
        former = list(self.keys["root"])
        self.lifetimes.update(lifetimes or {})
        for role in roles:
            self.keys[role] = [Key() for _ in self.keys[role]]
        self.make_root(former)
        self.publish()

    @property
    def root(self):
        return self.files[f"{self.versions['root']}.root.json"]

    def delegate(self, role, pattern, targets):
        """A role of its own key that says what is there under a pattern."""
        self.delegations[role] = (Key(), pattern, targets)

    def put_targets(self, targets):
        listed = {}
        for name, content in targets.items():
            content = content if isinstance(content, bytes) else content.encode()
            digest = sha256(content)
            listed[name] = {"length": len(content), "hashes": {"sha256": digest}}
            folder, _, last = name.rpartition("/")
            self.files["targets/" + (folder + "/" if folder else "") + f"{digest}.{last}"] = content
        return listed

    def publish(self, timestamp_only=False):
        if timestamp_only:
            return self.publish_timestamp()
        more = {}
        if self.delegations:
            more["delegations"] = {
                "keys": {key.id: key.public for key, _, _ in self.delegations.values()},
                "roles": [{"name": name, "keyids": [key.id], "threshold": 1, "terminating": False, "paths": [pattern]}
                          for name, (key, pattern, _) in self.delegations.items()]}
        text = self.signed("targets", self.keys["targets"], targets=self.put_targets(self.targets), **more)
        self.files[f"{self.versions['targets']}.targets.json"] = text
        meta = {"targets.json": {"version": self.versions["targets"]}}
        for name, (key, _, targets) in self.delegations.items():
            text = self.signed(name, [key], targets=self.put_targets(targets))
            self.files[f"{self.versions[name]}.{name}.json"] = text
            meta[f"{name}.json"] = {"version": self.versions[name]}
        text = self.signed("snapshot", self.keys["snapshot"], meta=meta)
        self.files[f"{self.versions['snapshot']}.snapshot.json"] = text
        return self.publish_timestamp()

    def publish_timestamp(self):
        self.files["timestamp.json"] = self.signed("timestamp", self.keys["timestamp"],
                                                   meta={"snapshot.json": {"version": self.versions["snapshot"]}})

    def write_folder(self, path):
        for name, content in self.files.items():
            place = os.path.join(path, name)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "wb") as file:
                file.write(content)
        return path

    def read_folder(self, path):
        """In place of what it has."""
        self.files = {}
        for top, _, names in os.walk(path):
            for name in names:
                place = os.path.join(top, name)
                with open(place, "rb") as file:
                    self.files[os.path.relpath(place, path)] = file.read()

    def write_tar(self, path, folder):
        with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as file:
            for name in sorted(os.listdir(folder)):
                file.add(os.path.join(folder, name), name)
        return path


class RepositoryServer(Server):
    """Serves `repository.files`. `lies`: path prefix -> function(handler), the first that fits, instead."""

    def __init__(self, repository):
        self.repository, self.lies, self.asked = repository, {}, []
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://{self.host}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def forget(self):
        with self.lock:
            self.asked, self.lies = [], {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        with self.server.lock:
            self.server.asked.append(self.path)
        for prefix, lie in self.server.lies.items():
            if self.path.startswith(prefix):
                self.close_connection = True
                return lie(self)
        body = self.server.repository.files.get(self.path.removeprefix("/"))
        return self.reply(404 if body is None else 200, body or b"no such file\n")

    def reply(self, status, body, length=None, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


# --- lies


def cut(handler):
    """Half of it, and then the end of the connection."""
    body = handler.server.repository.files[handler.path.removeprefix("/")]
    handler.reply(200, body[:len(body) // 2], length=len(body))


def endless(handler):
    """Never ends, as long as somebody reads."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
    except OSError:
        pass


def slow(handler):
    """One byte a second."""
    body = handler.server.repository.files[handler.path.removeprefix("/")]
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    try:
        for byte in body:
            handler.wfile.write(bytes([byte]))
            time.sleep(1)
    except OSError:
        pass


def elsewhere(place):
    return lambda handler: handler.reply(302, b"", Location=place)


def failing(handler):
    handler.reply(503, b"later\n")


def waiting(event):
    """What is true, but not before `event`."""

    def lie(handler):
        event.wait(60)
        body = handler.server.repository.files.get(handler.path.removeprefix("/"))
        handler.reply(404 if body is None else 200, body or b"")

    return lie
