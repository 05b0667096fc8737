"""Many signers of one image at once: no signature is lost.

Covers: issue 3, "No signature is lost"; docs/design/decisions/0002-shared-tags.md. --long: 50 processes, three runs;
else 12 processes, one run.
"""
import http.client
import http.server
import json
import os
import re
import signal
import threading
import time
import unittest

from harness import registry
from harness.sandbox import FIXTURES, Sandbox

KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
LONG = os.environ.get("COSIGN_LONG_TESTS") == "yes"
SIGNERS, RUNS = (50, 3) if LONG else (12, 1)
PAUSE = 6.0  # of the one that is stopped between its read and its write
SHARED_TAG = re.compile(r"/manifests/sha256-[0-9a-f]{64}(\.sig)?$")
FORMS = {"sig": "--new-bundle-format=false", "bundle": "--new-bundle-format=true"}


class Obstacle(http.server.ThreadingHTTPServer):
    """Passes requests on to a registry, and stops once: where `stops(method, path)` says so it calls `stop()` first."""

    daemon_threads = True

    def __init__(self, upstream, stops, stop):
        super().__init__(("127.0.0.1", 0), ObstacleHandler)
        self.upstream, self.stops, self.stop = upstream, stops, stop
        self.stopped, self.lock = threading.Event(), threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    @property
    def host(self):
        return "%s:%d" % self.server_address

    def meet(self, method, path):
        with self.lock:
            if self.stopped.is_set() or not self.stops(method, path):
                return
            self.stopped.set()
        self.stop()


class ObstacleHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.meet(self.command, self.path)
        connection = http.client.HTTPConnection(self.server.upstream, timeout=60)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("connection", "content-length")}
        connection.request(self.command, self.path, body if body or self.command in ("PUT", "POST", "PATCH") else None,
                           {**headers, "Host": self.server.upstream})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection"):
                self.send_header(name, value.replace(self.server.upstream, self.server.host))
        if answer.getheader("Content-Length") is None:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = forward

    def log_message(self, *_):
        pass


class RacesTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)

    def start_signer(self, image, number, form, *flags):
        """One signer with its own HOME and TMPDIR: they share nothing but the registry."""
        own = {name: self.box.path(f"signer-{number}", name.lower()) for name in ("HOME", "TMPDIR")}
        for folder in own.values():
            os.makedirs(folder, exist_ok=True)
        words = ["cosign", "sign", "--key", f"{KEYS}/p256.key", "--tlog-upload=false", FORMS[form], "-t", "5m",
                 "-a", f"n={number}", *flags, image]
        return self.box.start(words, env={"COSIGN_PASSWORD": "correct-horse", **own}, cwd=own["HOME"])

    def finish(self, signers):
        for number, signer in enumerate(signers):
            out, err = signer.communicate(timeout=400)
            self.assertEqual(signer.returncode, 0, f"signer {number}: {out.decode()}{err.decode()}")

    def verified(self, image):
        """The n= annotations that verify."""
        done = self.box.cosign_run("verify", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true", image)
        self.assertEqual(done.code, 0, done)
        return sorted(int(entry["optional"]["n"]) for entry in json.loads(done.out))

    def race(self, server, form, run):
        repository = f"race/{form}{run}"
        image = f"{server.host}/{repository}@{server.client().push_image(repository)}"
        started = time.monotonic()
        self.finish([self.start_signer(image, number, form) for number in range(SIGNERS)])
        print(f"\n  {SIGNERS} signers, {form}: {time.monotonic() - started:.1f} s", flush=True)
        self.assertEqual(self.verified(image), list(range(SIGNERS)))

    def race_on(self, server, forms=FORMS):
        self.addCleanup(server.stop)
        for form in forms:
            for run in range(RUNS):
                with self.subTest(form=form, run=run):
                    self.race(server, form, run)

    def test_on_ours(self):
        self.race_on(registry.ours(self.box))

    def test_on_ours_without_the_referrers_api(self):
        self.race_on(registry.ours(self.box, "--referrers=false"), ["bundle"])

    def test_on_docker_registry(self):
        self.race_on(registry.docker(self.box))

    def ten_signers(self, server, form, moment, stop, go_on, run=0, flags=()):
        """Ten signers. The first is stopped at this moment, (method, how manieth) request for the shared tag, for PAUSE
        seconds and until the others are done. Returns what verifies."""
        repository = f"stopped/{moment[0].lower()}-{form}{run}-{len(flags)}"
        digest = server.client().push_image(repository)
        started, seen = threading.Event(), []

        def is_moment(method, path):
            if method == moment[0] and SHARED_TAG.search(path):
                seen.append(path)
            return len(seen) == moment[1]

        with Obstacle(server.host, is_moment, lambda: started.wait(60) and stop(first)) as way:
            first = self.start_signer(f"{way.host}/{repository}@{digest}", 0, form, *flags)
            started.set()
            self.assertTrue(way.stopped.wait(60), "the first signer never came to the shared tag")
            stopped_at = time.monotonic()
            self.finish([self.start_signer(f"{server.host}/{repository}@{digest}", n, form, *flags) for n in range(1, 10)])
            time.sleep(max(0, stopped_at + PAUSE - time.monotonic()))
            self.assertIsNone(first.poll(), "it was not stopped")
            go_on(first)
            self.finish([first])
        return self.verified(f"{server.host}/{repository}@{digest}")

    def stopped_signer(self, server, form, run=0, flags=()):
        """Its write is under way all the time, and nobody can call it back."""
        gate = threading.Event()
        return self.ten_signers(server, form, ("PUT", 1), lambda _: gate.wait(300), lambda _: gate.set(), run, flags)

    def suspended_signer(self, server, form):
        """The process itself stands still, between its read and its write: absent is what two answers say."""
        return self.ten_signers(server, form, ("GET", 2), lambda signer: signer.send_signal(signal.SIGSTOP),
                                lambda signer: signer.send_signal(signal.SIGCONT), flags=["--force"])

    def test_a_stopped_signer_on_ours(self):
        with registry.ours(self.box, "--referrers=false") as server:
            for form in FORMS:
                with self.subTest(form=form):
                    self.assertEqual(self.stopped_signer(server, form), list(range(10)))

    def test_a_stopped_signer_on_docker_registry_with_own_tags(self):
        """The cure: docker-registry ignores conditions, and still nothing is lost."""
        with registry.docker(self.box) as server:
            for form in FORMS:
                for run in range(RUNS):
                    with self.subTest(form=form, run=run):
                        left = self.stopped_signer(server, form, run, ["--own-tags"])
                        self.assertEqual(left, list(range(10)))

    def test_a_suspended_signer_on_docker_registry(self):
        """Whoever was suspended notices that its read is old, and reads again before it writes."""
        with registry.docker(self.box) as server:
            for form in FORMS:
                with self.subTest(form=form):
                    self.assertEqual(self.suspended_signer(server, form), list(range(10)))

    if LONG:  # a measurement, and half a minute each

        def test_a_stopped_signer_on_docker_registry(self):
            """Without the cure a late write can undo the others': measured, not promised."""
            with registry.docker(self.box) as server:
                for form in FORMS:
                    for run in range(RUNS):
                        left = self.stopped_signer(server, form, run)
                        print(f"\n  docker-registry, {form}: {len(left)} of 10 are left: {left}", flush=True)
                        self.assertIn(0, left)


if __name__ == "__main__":
    unittest.main()
