"""The part of a Kubernetes API server that keeps secrets, as it is documented (kubernetes.io, API reference, core/v1
Secret; "API concepts"), and strict about what it is asked: it stands in for a cluster, and says in `faults` what no
client should have sent."""
import base64
import json
import os
import re
import ssl
import subprocess
import urllib.parse

from . import liar, registry

GOOD_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
SECRETS = re.compile(r"/api/v1/namespaces/([^/]+)/secrets(?:/([^/]+))?")
MOST_BYTES = 1024 * 1024  # of a secret's data
# What kubectl looks at first.
DISCOVERY = {
    "/api": {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []},
    "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": []},
    "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1",
                "resources": [{"name": "secrets", "singularName": "secret", "namespaced": True, "kind": "Secret",
                               "verbs": ["create", "get", "update"]}]}}


class Refusal(Exception):
    def __init__(self, status, reason, message):
        super().__init__(message)
        self.status, self.reason = status, reason


class Cluster(liar.Server):
    """`secrets` by (namespace, name), as the server gives them out. `tokens` says who a token is for, `rights` which
    verbs a user has (absent: all), `lies` as for liar.Liar. With `tls`, clients may show a certificate of `clients`."""

    def __init__(self, folder, tls=True, namespaces=("default", "build")):
        self.secrets, self.namespaces = {}, set(namespaces)
        self.tokens, self.rights, self.lies, self.seen, self.faults = {}, {}, {}, [], []
        self.version, self.context, self.folder = "v1.33.2", None, str(folder)
        if tls:
            self.ca, certificate, key = registry.make_certificate(os.path.join(self.folder, "server"))
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate, key)
            self.clients = os.path.join(self.folder, "clients")
            self.context.load_verify_locations(registry.make_certificate(self.clients)[0])
            self.context.verify_mode = ssl.CERT_OPTIONAL
        super().__init__(("127.0.0.1", 0), Handler)

    def finish_request(self, request, client_address):
        if self.context:
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    @property
    def url(self):
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.server_address[1]}"

    def client_certificate(self, user):
        """The files of a certificate for that user, and of its key."""
        openssl = registry.find_program("openssl")
        path = lambda ending: os.path.join(self.clients, f"{user}.{ending}")
        run = lambda *words: subprocess.run([openssl, *words], check=True, capture_output=True)
        run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/O=team/CN={user}",
            "-keyout", path("key"), "-out", path("csr"))
        run("x509", "-req", "-in", path("csr"), "-CA", os.path.join(self.clients, "ca.pem"), "-CAkey",
            os.path.join(self.clients, "ca.key"), "-CAcreateserial", "-days", "2", "-out", path("pem"))
        return path("pem"), path("key")

    def kubeconfig(self, user, **cluster):
        """The text of one, as JSON, with these members of the user."""
        if self.context and not {"insecure-skip-tls-verify", "certificate-authority"} & set(cluster):
            cluster.setdefault("certificate-authority-data", in_base64(self.ca))
        return json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "test", "preferences": {},
            "clusters": [{"name": "double", "cluster": {"server": self.url, **cluster}}],
            "users": [{"name": "dev", "user": user}],
            "contexts": [{"name": "test", "context": {"cluster": "double", "user": "dev"}}]})

    def asked(self, method=None):
        """(method, path, headers, body) of the requests so far."""
        with self.lock:
            return [one for one in self.seen if method in (None, one[0])]

    def data(self, namespace, name):
        """What is in a secret, decoded."""
        return {key: base64.b64decode(value, validate=True)
                for key, value in self.secrets[namespace, name]["data"].items()}

    def put(self, namespace, name, data, **more):
        """A secret that is there already."""
        data = {key: base64.b64encode(value).decode() for key, value in data.items()}
        self.store({"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "data": data,
                    "metadata": {"name": name, "namespace": namespace}, **more}, None)

    def store(self, secret, before):
        """As the server keeps it: with what it adds itself."""
        metadata = secret["metadata"]
        old = before["metadata"] if before else {}
        self.count = getattr(self, "count", 100) + 1
        metadata["uid"] = old.get("uid", f"7c1a6d5e-0000-4000-8000-{self.count:012d}")
        metadata["creationTimestamp"] = old.get("creationTimestamp", "2026-11-28T20:00:00Z")
        metadata["resourceVersion"] = str(self.count)
        metadata["managedFields"] = [{"manager": "cosign", "operation": "Update", "apiVersion": "v1",
                                      "time": "2026-11-28T20:00:00Z", "fieldsType": "FieldsV1",
                                      "fieldsV1": {"f:data": {".": {}}}}]
        secret.setdefault("type", "Opaque")
        self.secrets[metadata["namespace"], metadata["name"]] = secret
        return secret


class Handler(liar.Handler):
    def honest(self):
        try:
            status, answer = self.answer()
        except Refusal as refusal:
            return self.refuse(refusal.status, refusal.reason, str(refusal))
        return self.json(status, answer)

    do_DELETE = liar.Handler.handle_one

    def json(self, status, answer):
        return self.reply(status, json.dumps(answer).encode() + b"\n", "application/json")

    def refuse(self, status, reason, message):
        return self.json(status, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
                                  "message": message, "reason": reason, "code": status})

    def fault(self, text):
        """Not what a client of this API does."""
        with self.server.lock:
            self.server.faults.append(f"{self.command} {self.path}: {text}")
        raise Refusal(400, "BadRequest", text)

    def user(self):
        """Who asks: by certificate or token; nobody else is let in."""
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        certificate = self.connection.getpeercert() if isinstance(self.connection, ssl.SSLSocket) else None
        if scheme and scheme != "Bearer" or scheme and token not in self.server.tokens:
            raise Refusal(401, "Unauthorized", "Unauthorized")
        if scheme:
            user = self.server.tokens[token]
        elif certificate:
            user = dict(pair[0] for pair in certificate["subject"])["commonName"]
        else:
            user = "system:anonymous"
        return self.headers.get("Impersonate-User", user)

    def answer(self):
        path = urllib.parse.urlsplit(self.path)
        if path.path == "/version" and self.command == "GET":
            return 200, self.version()
        if path.path in DISCOVERY and self.command == "GET":
            return 200, DISCOVERY[path.path]
        user, found = self.user(), SECRETS.fullmatch(path.path)
        if not found:
            raise Refusal(404, "NotFound", "the server could not find the requested resource")
        namespace, name = found.groups()
        for part in (namespace, name or "a"):
            if not GOOD_NAME.fullmatch(part):
                self.fault(f"{part!r} is no name")
        if path.query:
            self.fault("a query that is not known here")
        verb = {"GET": "get" if name else "list", "POST": "create", "PUT": "update"}.get(self.command)
        if verb is None or (self.command == "POST") == bool(name):
            self.fault("a method that keys do not need")
        if user == "system:anonymous" or verb not in self.server.rights.get(user, ("get", "create", "update")):
            raise Refusal(403, "Forbidden",
                          f'secrets "{name or ""}" is forbidden: User "{user}" cannot {verb} resource "secrets" in API '
                          f'group "" in the namespace "{namespace}"')
        with self.server.lock:
            return getattr(self, verb)(namespace, name)

    def version(self):
        major, minor = self.server.version.strip("v").split(".")[:2]
        return {"major": major, "minor": minor, "gitVersion": self.server.version, "gitCommit": "0" * 40,
                "gitTreeState": "clean", "buildDate": "2026-01-01T00:00:00Z", "goVersion": "go1.24",
                "compiler": "gc", "platform": "linux/amd64"}

    def known(self, namespace, name):
        if (namespace, name) not in self.server.secrets:
            raise Refusal(404, "NotFound", f'secrets "{name}" not found')
        return self.server.secrets[namespace, name]

    def get(self, namespace, name):
        if self.body:
            self.fault("a body of a GET")
        return 200, self.known(namespace, name)

    def create(self, namespace, _):
        secret = self.sent(namespace, None)
        name = secret["metadata"]["name"]
        if namespace not in self.server.namespaces:
            raise Refusal(404, "NotFound", f'namespaces "{namespace}" not found')
        if (namespace, name) in self.server.secrets:
            raise Refusal(409, "AlreadyExists", f'secrets "{name}" already exists')
        if secret["metadata"].get("resourceVersion"):
            raise Refusal(500, "InternalError", "resourceVersion should not be set on objects to be created")
        return 201, self.server.store(secret, None)

    def update(self, namespace, name):
        before, secret = self.known(namespace, name), self.sent(namespace, name)
        version = secret["metadata"].get("resourceVersion", "")
        if version not in ("", before["metadata"]["resourceVersion"]):
            raise Refusal(409, "Conflict",
                          f'Operation cannot be fulfilled on secrets "{name}": the object has been modified; please '
                          "apply your changes to the latest version and try again")
        if before.get("immutable") and (secret["data"] != before["data"] or not secret.get("immutable")):
            raise Refusal(422, "Invalid", f'Secret "{name}" is invalid: data: Forbidden: field is immutable when '
                                          "`immutable` is set")
        if secret.get("type", "Opaque") != before["type"]:
            raise Refusal(422, "Invalid", f'Secret "{name}" is invalid: type: Invalid value: field is immutable')
        return 200, self.server.store(secret, before)

    def sent(self, namespace, name):
        """The Secret of the body, looked at closely."""
        kind = self.headers.get("Content-Type", "").split(";")[0]
        if kind not in READERS:
            raise Refusal(415, "UnsupportedMediaType", f"the body of the request was in an unknown format: {kind}")
        try:
            secret = READERS[kind](self.body)
        except (ValueError, IndexError):
            self.fault(f"a body that is no {kind}")
        if (secret.get("apiVersion"), secret.get("kind")) != ("v1", "Secret"):
            self.fault("no Secret of v1")
        metadata = secret.get("metadata", {})
        if metadata.get("namespace", namespace) != namespace or metadata.get("name") != (name or metadata.get("name")):
            self.fault("a secret of another name than the path's")
        if not GOOD_NAME.fullmatch(metadata.get("name") or ""):
            self.fault("a secret without a name")
        unknown = set(secret) - {"apiVersion", "kind", "metadata", "data", "immutable", "type"}
        if unknown:
            self.fault(f"members that a Secret does not have here: {sorted(unknown)}")
        data = secret.setdefault("data", {})
        try:
            size = sum(len(base64.b64decode(value, validate=True)) for value in data.values())
        except ValueError:
            self.fault("data that is no base64")
        if size > MOST_BYTES:
            raise Refusal(422, "Invalid", f'Secret "{metadata["name"]}" is invalid: data: Too long')
        metadata["namespace"] = namespace
        return secret


def fields(data):
    """The fields of a protobuf message: numbers, and bytes of those with a length."""
    def varint(at):
        value = shift = 0
        while True:
            value |= (data[at] & 0x7f) << shift
            at, shift, more = at + 1, shift + 7, data[at] & 0x80
            if not more:
                return value, at
    at, found = 0, []
    while at < len(data):
        key, at = varint(at)
        value, at = varint(at)
        if key & 7 == 2:
            value, at = data[at:at + value], at + value
        elif key & 7:
            raise ValueError("a wire type that no Secret has")
        found.append((key >> 3, value))
    return found


def protobuf_secret(body):
    """The Secret in the envelope of application/vnd.kubernetes.protobuf (runtime.Unknown): what client-go sends."""
    if not body.startswith(b"k8s\0"):
        raise ValueError("no envelope")
    envelope = dict(fields(body[4:]))
    kind, message = dict(fields(envelope[1])), fields(envelope[2])
    metadata = dict(fields(dict(message)[1]))
    names = {1: "name", 3: "namespace", 6: "resourceVersion"}
    pairs = [dict(fields(value)) for number, value in message if number == 2]
    secret = {"apiVersion": kind[1].decode(), "kind": kind[2].decode(),
              "metadata": {names[n]: v.decode() for n, v in metadata.items() if n in names and v},
              "data": {pair[1].decode(): base64.b64encode(pair[2]).decode() for pair in pairs}}
    rest = dict(message)
    if 5 in rest:
        secret["immutable"] = bool(rest[5])
    if rest.get(3):
        secret["type"] = rest[3].decode()
    return secret


READERS = {"application/json": json.loads, "application/vnd.kubernetes.protobuf": protobuf_secret}


def in_base64(path):
    with open(path, "rb") as file:
        return base64.b64encode(file.read()).decode()
