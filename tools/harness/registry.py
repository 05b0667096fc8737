"""Registries to test against: our own (`cosign registry serve`) and Debian's docker-registry."""
import os
import re
import shutil
import socket
import subprocess
import time

from . import oci
from .sandbox import ROOT, SYSTEM_PATH, kill_group

ADDRESS = re.compile(r"127\.0\.0\.1:(\d+)")
START_SECONDS = 30


class NotInstalled(Exception):
    """A program that a test needs is not on this machine."""


def find_program(name):
    found = shutil.which(name, path=f"{ROOT}/.cache/tools/bin:{SYSTEM_PATH}")
    if not found:
        raise NotInstalled(f"{name} is not installed")
    return found


class Registry:
    """A running registry. `host` is its 127.0.0.1:PORT; `log()` is what it printed so far.

    `certificate` is what clients must show to it: the files of a certificate and its key. One that does not print its
    address is told `host`."""

    def __init__(self, sandbox, argv, user=None, ca=None, env=None, name="registry", certificate=None, host=None):
        self.sandbox, self.user, self.ca, self.certificate = sandbox, user, ca, certificate
        self.log_path = os.path.join(sandbox.top, f"{name}-{time.monotonic_ns()}.log")
        with open(self.log_path, "wb") as log:
            self.process = sandbox.start(argv, stdout=log, stderr=subprocess.STDOUT, env=env)
        self.host = self.wait_for_address(host)

    def wait_for_address(self, host=None):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            found = ADDRESS.search(self.log())
            if host is None and found and found.group(1) != "0":
                return found.group(0)
            if host is not None and answers(host):
                return host
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        self.stop()
        raise RuntimeError(f"the registry did not start: {self.log()[-2000:]}")

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def client(self):
        return oci.Client(self.host, self.user, self.ca, self.certificate)

    def stop(self):
        kill_group(self.process)
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def answers(host):
    address, port = host.rsplit(":", 1)
    with socket.socket() as attempt:
        return attempt.connect_ex((address, int(port))) == 0


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def ours(sandbox, *options, user=None):
    """Our own registry; `options` as for `cosign registry serve`, `user` is NAME:PASSWORD."""
    argv = ["cosign", "registry", "serve", "--addr", "127.0.0.1:0", *options]
    if user:
        argv += ["--htpasswd", write_htpasswd(sandbox, user)]
    return Registry(sandbox, argv, user)


def docker(sandbox, user=None, tls=False, port=0, names=("localhost",), client_tls=False, upstream=None, quick=False):
    """Debian's docker-registry, in a folder of the sandbox; with `tls`, its certificate is for `names`, and with
    `client_tls` too it wants one of its clients. With `upstream` it is a cache of that registry. `quick`: without a log,
    and with the cache that Debian gives it."""
    program = find_program("docker-registry")
    folder = os.path.join(sandbox.top, f"docker-registry-{time.monotonic_ns()}")
    os.makedirs(folder)
    port = port or (free_port() if quick else 0)
    log = "level: error, accesslog: {disabled: true}" if quick else "level: info, accesslog: {disabled: false}"
    cache = ", cache: {blobdescriptor: inmemory}" if quick else ""
    config = ["version: 0.1", f"log: {{{log}}}",
              f"storage: {{filesystem: {{rootdirectory: {folder}/data}}, delete: {{enabled: true}}{cache}}}",
              "http:", f"  addr: 127.0.0.1:{port}"]
    if upstream:
        config.append(f"proxy: {{remoteurl: 'http://{upstream}'}}")
    ca = clients = None
    if tls:
        ca, certificate, key = make_certificate(folder, names)
        config += ["  tls:", f"    certificate: {certificate}", f"    key: {key}"]
    if client_tls:
        authority, *clients = make_certificate(os.path.join(folder, "clients"))
        config.append(f"    clientcas: [{authority}]")
    if user:
        config.append(f"auth: {{htpasswd: {{realm: test, path: {write_htpasswd(sandbox, user)}}}}}")
    path = os.path.join(folder, "config.yml")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(config) + "\n")
    # OTEL_*: newer builds of it would look for a tracing collector.
    return Registry(sandbox, [program, "serve", path], user, ca, {"OTEL_TRACES_EXPORTER": "none"},
                    certificate=clients, host=f"127.0.0.1:{port}" if quick else None)


def write_htpasswd(sandbox, user):
    name, password = user.split(":", 1)
    made = subprocess.run([find_program("htpasswd"), "-niBC", "5", name], input=password, capture_output=True,
                          text=True, check=True)
    path = os.path.join(sandbox.top, f"htpasswd-{time.monotonic_ns()}")
    with open(path, "w", encoding="utf-8") as file:
        file.write(made.stdout)
    return path


def make_certificate(folder, names=("localhost",), addresses=("127.0.0.1",)):
    """A CA and a server certificate by it: paths of the CA, the certificate and its key."""
    openssl = find_program("openssl")
    os.makedirs(folder, exist_ok=True)
    path = lambda name: os.path.join(folder, name)
    alternatives = ",".join([f"DNS:{n}" for n in names] + [f"IP:{a}" for a in addresses])
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    run = lambda *words: subprocess.run([openssl, *words], check=True, capture_output=True)
    run("req", "-x509", *key, "-subj", "/CN=test CA", "-keyout", path("ca.key"), "-out", path("ca.pem"),
        "-addext", "basicConstraints=critical,CA:TRUE")
    run("req", *key, "-subj", "/CN=registry", "-keyout", path("tls.key"), "-out", path("tls.csr"))
    with open(path("tls.ext"), "w", encoding="utf-8") as file:
        file.write(f"subjectAltName={alternatives}\n")
    run("x509", "-req", "-in", path("tls.csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-CAcreateserial",
        "-days", "2", "-extfile", path("tls.ext"), "-out", path("tls.pem"))
    return path("ca.pem"), path("tls.pem"), path("tls.key")
