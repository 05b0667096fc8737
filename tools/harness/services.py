"""Key services that check what they are asked. Each answers as its documentation says, really signs, and keeps in
`violations` whatever a real one would not have taken, or would not have been sent."""
import base64
import http.server
import json
import os
import re
import ssl
import subprocess
import sys
import tempfile
import threading


class Answer:
    """What a service says instead of what it should. `cut`: so many bytes of the body, then the end of the connection."""

    def __init__(self, status=200, body=b"", headers=None, cut=None):
        self.status, self.headers, self.cut = status, headers or {}, cut
        self.body = json.dumps(body).encode() if isinstance(body, (dict, list)) else body


class Refused(Exception):
    """Ends the handling of a request with an answer."""

    def __init__(self, status, body, headers=None):
        super().__init__(status)
        self.answer = Answer(status, body, headers)


class Asked:
    """One request. `json` is its body; None where there is none."""

    def __init__(self, method, path, headers, body):
        self.method, self.headers, self.body = method, headers, body
        self.path, _, self.query = path.partition("?")
        self.json = json.loads(body) if body else None

    def __str__(self):
        return f"{self.method} {self.path}{'?' + self.query if self.query else ''}"


class Server(http.server.ThreadingHTTPServer):
    """A client that goes away, as one does that has heard enough, is nothing to speak of."""

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Double:
    """A service on 127.0.0.1. `answer(asked)` is the subclass's. `instead` maps a pattern of "METHOD PATH" to answers
    that are given first, each once, or for ever where it is no list. `asked` has all requests."""
    name = "service"

    def __init__(self, certificate=None):
        self.violations, self.asked, self.instead, self.lock = [], [], {}, threading.Lock()
        self.server = Server(("127.0.0.1", 0), self.handler())
        scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            scheme = "https"
        self.url = f"{scheme}://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def forget(self):
        with self.lock:
            self.asked, self.violations, self.instead = [], [], {}

    def paths(self):
        return [str(asked) for asked in self.asked]

    def need(self, holds, what):
        if not holds:
            self.violations.append(what)

    def spoilt(self, line):
        for pattern, answers in self.instead.items():
            if re.fullmatch(pattern, line):
                if not isinstance(answers, list):
                    return answers
                if answers:
                    return answers.pop(0)
        return None

    def respond(self, asked):
        with self.lock:
            self.asked.append(asked)
            spoilt = self.spoilt(f"{asked.method} {asked.path}")
            if spoilt:
                return spoilt
            try:
                return self.answer(asked)
            except Refused as refused:
                return refused.answer

    def handler(self):
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                answer = double.respond(Asked(self.command, self.path, self.headers, body))
                self.send_response(answer.status)
                for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                    self.send_header(name, value)
                if answer.status != 204:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.close_connection = answer.cut is not None
                self.wfile.write(answer.body[:answer.cut])

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = serve

            def log_message(self, *_):
                pass

        return Handler


def decoded(text):
    """The bytes of standard base64 with its padding; None for anything else."""
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        return None


def openssl(*words, stdin=None):
    return subprocess.run(["openssl", *words], input=stdin, check=True, capture_output=True).stdout


class OpensslKey:
    """A private key that openssl made and signs with."""
    MAKE = {
        "ecdsa-p256": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
        "ecdsa-p384": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"),
        "ecdsa-p521": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"),
        "ed25519": ("-algorithm", "ed25519"),
        "rsa-2048": ("-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048"),
        "rsa-3072": ("-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:3072"),
        "rsa-4096": ("-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:4096"),
    }

    def __init__(self, kind):
        self.kind = kind
        self.pem = openssl("genpkey", *self.MAKE[kind])
        self.public_pem = openssl("pkey", "-pubout", stdin=self.pem).decode()

    def public_raw(self):
        """Of Ed25519: the last 32 bytes of its SubjectPublicKeyInfo."""
        return openssl("pkey", "-pubout", "-outform", "DER", stdin=self.pem)[-32:]

    def sign(self, data, digest):
        """`data` is a digest by `digest` ("sha256"), or the message of an Ed25519 key."""
        with tempfile.TemporaryDirectory() as folder:
            key, message = os.path.join(folder, "key"), os.path.join(folder, "message")
            for path, content in ((key, self.pem), (message, data)):
                with open(path, "wb") as file:
                    file.write(content)
            words = ["-rawin"] if self.kind == "ed25519" else ["-pkeyopt", f"digest:{digest}"]
            if self.kind.startswith("rsa"):
                words += ["-pkeyopt", "rsa_padding_mode:pkcs1"]
            return openssl("pkeyutl", "-sign", "-inkey", key, "-in", message, *words)

    def verify(self, data, digest, signature):
        with tempfile.TemporaryDirectory() as folder:
            paths = {}
            for name, content in (("key", self.pem), ("message", data), ("signature", signature)):
                paths[name] = os.path.join(folder, name)
                with open(paths[name], "wb") as file:
                    file.write(content)
            words = ["-rawin"] if self.kind == "ed25519" else ["-pkeyopt", f"digest:{digest}"]
            if self.kind.startswith("rsa"):
                words += ["-pkeyopt", "rsa_padding_mode:pkcs1"]
            done = subprocess.run(["openssl", "pkeyutl", "-verify", "-inkey", paths["key"], "-in", paths["message"],
                                   "-sigfile", paths["signature"], *words], check=False, capture_output=True)
            return done.returncode == 0
