"""A registry that tells the truth until a test makes it lie, and the names under which several of them are reached."""
import contextlib
import http.server
import json
import os
import socket
import ssl
import threading
import time
import urllib.parse

from . import oci
from .sandbox import FIXTURES

IMAGES = os.path.join(FIXTURES, "cosign-3.1.2", "images")


class Server(http.server.ThreadingHTTPServer):
    """Runs in threads of its own until stop()."""

    daemon_threads = True

    def __init__(self, address, handler):
        super().__init__(address, handler)
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def host(self):
        return f"{self.server_address[0]}:{self.server_address[1]}"

    def handle_error(self, *_):
        """A client that hangs up is what these tests want."""

    def stop(self):
        self.shutdown()
        self.server_close()


class Liar(Server):
    """Serves the images of a layout as `app` and takes pushes; `lies` says where it does otherwise: path prefix ->
    function(handler), the first that fits. `tls` is (certificate, key)."""

    def __init__(self, layout=None, host="127.0.0.1", tls=None):
        self.content, self.lies, self.seen, self.tags = {}, {}, [], {}
        self.context = None
        if tls:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*tls)
        if layout:
            self.load(os.path.join(IMAGES, layout))
        super().__init__((host, 0), Handler)

    def finish_request(self, request, client_address):
        if self.context:
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def load(self, folder):
        for name in os.listdir(os.path.join(folder, "blobs", "sha256")):
            data = oci.read(folder, "blobs", "sha256", name)
            self.content[f"/v2/app/blobs/sha256:{name}"] = (data, "application/octet-stream")
            try:
                media_type = json.loads(data).get("mediaType")
            except (ValueError, AttributeError):
                continue
            if media_type:
                self.content[f"/v2/app/manifests/sha256:{name}"] = (data, media_type)
        self.tags = oci.layout_tags(folder)
        for tag, digest in self.tags.items():
            self.content[f"/v2/app/manifests/{tag}"] = self.content[f"/v2/app/manifests/{digest}"]
        self.digest = self.tags["latest"]
        self.signature = f"/v2/app/manifests/{self.digest.replace(':', '-')}.sig"

    def asked(self, prefix="", method=None):
        """(method, path with its query, headers, body) of the requests so far."""
        with self.lock:
            return [one for one in self.seen if one[1].startswith(prefix) and method in (None, one[0])]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_one(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.server.lock:
            self.server.seen.append((self.command, self.path, dict(self.headers), self.body))
        for prefix, lie in self.server.lies.items():
            if self.path.startswith(prefix):
                return lie(self)
        return self.honest()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = handle_one

    def honest(self):
        """What a registry answers that has nothing to hide."""
        if self.path == "/v2/":
            return self.reply(200, b"{}", "application/json")
        if self.command == "POST":
            return self.reply(202, b"", "text/plain", Location=self.path + "1")
        if self.command == "PUT":
            return self.store()
        data, media_type = self.server.content.get(self.path, (None, None))
        if data is None:
            return self.reply(404, b'{"errors":[{"code":"MANIFEST_UNKNOWN"}]}', "application/json")
        return self.reply(200, data, media_type)

    def store(self):
        path, _, query = self.path.partition("?")
        digest = urllib.parse.parse_qs(query).get("digest")
        where = f"/v2/app/blobs/{digest[0]}" if digest else path
        self.server.content[where] = (self.body, self.headers.get("Content-Type"))
        if "/manifests/" in path:
            by_digest = f"{os.path.dirname(path)}/{oci.digest_of(self.body)}"
            self.server.content[by_digest] = self.server.content[where]
        return self.reply(201, b"", "text/plain")

    def reply(self, status, body, media_type, **headers):
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        headers.setdefault("Content_Length", str(len(body)))
        if media_type.startswith("application/vnd"):
            headers.setdefault("Docker_Content_Digest", oci.digest_of(body))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def endless(self, media_type, chunk=b"a" * 65536, pause=0.0):
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while self.command != "HEAD":
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            time.sleep(pause)

    def log_message(self, *_):
        pass


class Names(Server):
    """A proxy that knows where names are: `routes` of "name:port" to "127.0.0.1:port". What came in the clear, and
    which tunnels were asked for, is in `plain` and `tunnels`; the first is never answered."""

    def __init__(self):
        self.routes, self.plain, self.tunnels = {}, [], []
        super().__init__(("127.0.0.1", 0), Tunnel)


class Tunnel(http.server.BaseHTTPRequestHandler):
    def do_CONNECT(self):
        with self.server.lock:
            self.server.tunnels.append(self.path)
        route = self.server.routes.get(self.path)
        if not route:
            return self.send_error(502)
        host, port = route.split(":")
        with socket.create_connection((host, int(port))) as there:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=copy, args=(there, self.connection), daemon=True)
            back.start()
            copy(self.connection, there)
            back.join()
        self.close_connection = True

    def in_the_clear(self):
        with self.server.lock:
            self.server.plain.append((self.command, self.path, dict(self.headers)))
        self.send_error(502)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = in_the_clear

    def log_message(self, *_):
        pass


def copy(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
