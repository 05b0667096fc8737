"""What whoever runs a registry sees of it: /healthz, /metrics, and the log.

Covers: issue 4, "Operation".
"""
import json
import os
import re
import shutil
import subprocess
import time
import unittest

from harness import oci, registry
from harness.sandbox import Sandbox

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (NaN|[+-]Inf|[+-]?[0-9]+(?:\.[0-9]+)?(?:e[+-][0-9]+)?)")
SUFFIXES = {"counter": [""], "gauge": [""], "histogram": ["_bucket", "_sum", "_count"]}


def parse(text):
    """Prometheus' text format 0.0.4, and nothing that only some readers let pass: {(name, labels): value}."""
    if not text.endswith("\n"):
        raise ValueError("the last line has no end")
    samples, families, name, kind, told = {}, set(), None, None, False
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            name, kind, told = line.split(" ", 3)[2], None, False
            if name in families or not re.fullmatch(NAME, name):
                raise ValueError(f"twice or no name: {line}")
            families.add(name)
        elif line.startswith("# TYPE "):
            _, _, of, kind = line.split(" ")
            if of != name or told or kind not in SUFFIXES:
                raise ValueError(f"not the type of {name}: {line}")
            told = True
        else:
            found = SAMPLE.fullmatch(line)
            if not found or not told or found[1] not in [name + suffix for suffix in SUFFIXES[kind]]:
                raise ValueError(f"not a sample of {name}: {line}")
            labels = tuple(sorted((key, value) for key, value in re.findall(LABEL, found[2] or "")))
            if (found[1], labels) in samples or len(dict(labels)) != len(labels):
                raise ValueError(f"twice: {line}")
            if kind == "counter" and not name.endswith("_total"):
                raise ValueError(f"a counter without _total: {line}")
            samples[found[1], labels] = float(found[7] if found[7] else found[0].rsplit(" ", 1)[1])
    check_histograms(samples)
    return samples


def check_histograms(samples):
    """Buckets grow, and the last one holds all."""
    buckets = {}
    for (name, labels), value in samples.items():
        if name.endswith("_bucket"):
            rest = tuple(pair for pair in labels if pair[0] != "le")
            buckets.setdefault((name[:-7], rest), []).append((float(dict(labels)["le"]), value))
    for (name, rest), found in buckets.items():
        counts = [count for _, count in sorted(found)]
        if counts != sorted(counts) or sorted(found)[-1] != (float("inf"), samples[name + "_count", rest]):
            raise ValueError(f"not a histogram: {name} {rest} {found}")


class Test(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)

    def serve(self, *options, user=None):
        server = registry.ours(self.box, *options, user=user)
        self.addCleanup(server.stop)
        return server

    def health(self, server):
        status, headers, body = server.client().request("GET", "/healthz", expect=None)
        self.assertEqual(headers["content-type"], "application/json")
        return status, json.loads(body)

    def metrics(self, client):
        _, headers, body = client.request("GET", "/metrics")
        self.assertEqual(headers["content-type"], "text/plain; version=0.0.4; charset=utf-8")
        return parse(body.decode())


class HealthTest(Test):
    def test_it_works(self):
        for options in ((), ("--dir", "kept")):
            self.assertEqual(self.health(self.serve(*options)), (200, {"status": "ok"}))
        self.assertEqual(os.listdir(self.box.path("kept", "uploads")), [], "the check leaves nothing behind")

    def test_it_is_outside_of_the_guard(self):
        server = self.serve(user="dev:word")
        server.user = None
        self.assertEqual(self.health(server)[0], 200)
        self.assertEqual(server.client().request("GET", "/v2/", expect=None)[0], 401)
        self.assertEqual(server.client().request("GET", "/metrics", expect=None)[0], 401)

    def test_a_folder_that_cannot_be_used_and_then_can(self):
        server = self.serve("--dir", "kept", "--log", "access.log")
        shutil.rmtree(self.box.path("kept", "uploads"), ignore_errors=True)
        self.box.write("kept/uploads", "in the way")
        status, document = self.health(server)
        self.assertEqual((status, document), (503, {"status": "unavailable", "reason": "the storage cannot be used"}))
        self.assertNotIn(self.box.work, json.dumps(document))
        troubles = [json.loads(line) for line in self.box.read("access.log").splitlines() if '"level"' in line]
        self.assertEqual([line["level"] for line in troubles], ["error"])
        self.assertIn("not healthy: ", troubles[0]["message"])
        self.assertIn("error: not healthy: ", server.log())
        os.remove(self.box.path("kept/uploads"))
        time.sleep(1.1)
        self.assertEqual(self.health(server)[0], 200)

    def test_read_only_it_writes_nothing(self):
        self.serve("--dir", "kept").stop()
        server = self.serve("--dir", "kept", "--read-only")
        shutil.rmtree(self.box.path("kept", "uploads"), ignore_errors=True)
        self.box.write("kept/uploads", "in the way")
        self.assertEqual(self.health(server)[0], 200)

    def test_a_disk_that_is_full(self):
        """On a file system of its own, of one MiB."""
        os.mkdir(self.box.path("small"))
        line = 'mount -t tmpfs -o size=1m none "$0" && exec "$@"'
        inside = ["unshare", "--map-root-user", "--mount", "sh", "-ec", line, self.box.path("small")]
        if subprocess.run([*inside, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no file system can be mounted here")
        server = registry.Registry(self.box, [*inside, "cosign", "registry", "serve", "--addr", "127.0.0.1:0",
                                              "--dir", self.box.path("small")])
        self.addCleanup(server.stop)
        self.assertEqual(self.health(server)[0], 200)
        for size in (1 << 20, 1 << 16, 1 << 14, 1 << 12, 1 << 12):
            for number in range(100):
                data = bytes([number]) * size
                status, _, _ = server.client().request("POST", f"/v2/a/blobs/uploads/?digest={oci.digest_of(data)}", data,
                                                       expect=None)
                if status != 201:
                    break
        time.sleep(1.1)
        self.assertEqual(self.health(server), (503, {"status": "unavailable", "reason": "the storage is full"}))


class MetricsTest(Test):
    def requests(self, samples):
        return {tuple(value for _, value in labels): count for (name, labels), count in samples.items()
                if name == "cosign_http_requests_total"}

    def test_what_was_asked_is_counted(self):
        client = self.serve().client()
        client.push_image("team/secret-project", "v1")
        for _ in range(3):
            client.manifest("team/secret-project", "v1")
        client.manifest("team/secret-project", "absent")
        samples = self.metrics(client)
        counts = self.requests(samples)
        self.assertEqual(counts["GET", "manifest", "200"], 3)
        self.assertEqual(counts["GET", "manifest", "404"], 1)
        self.assertEqual(counts["PUT", "manifest", "201"], 1)
        self.assertEqual(counts["POST", "uploads", "202"], 2)
        self.assertEqual(counts["PUT", "upload", "201"], 2)
        self.assertEqual(samples["cosign_http_request_duration_seconds_count", (("route", "manifest"),)], 5)
        self.assertGreater(samples["cosign_http_sent_bytes_total", (("route", "manifest"),)], 3 * 400)
        self.assertGreater(samples["cosign_http_received_bytes_total", (("route", "upload"),)], 100)
        self.assertEqual(samples["cosign_http_requests_in_flight", ()], 1, "this one")
        self.assertGreaterEqual(samples["cosign_connections_open", ()], 1)
        self.assertEqual(samples["cosign_registry_uploads_open", ()], 0)
        self.assertGreater(samples["cosign_registry_content_bytes", ()], 500)
        self.assertGreater(samples["process_resident_memory_bytes", ()], 1 << 20)
        self.assertLess(abs(samples["process_start_time_seconds", ()] - time.time()), 60)
        info = [labels for name, labels in samples if name == "cosign_build_info"]
        self.assertIn("+cpp.", dict(info[0])["version"])
        self.assertNotIn("secret", repr(samples))

    def test_a_page_and_a_token(self):
        client = self.serve("--tokens", user="dev:word").client()
        client.request("GET", "/")
        client.request("GET", "/token?service=x", expect=None)
        self.assertEqual({route for _, route, _ in self.requests(self.metrics(client))}, {"page", "token"})

    def test_an_upload_under_way(self):
        client = self.serve().client()
        client.request("POST", "/v2/a/blobs/uploads/")
        self.assertEqual(self.metrics(client)["cosign_registry_uploads_open", ()], 1)

    def test_nobody_can_make_them_grow(self):
        """Whatever is asked for, and however: the labels are the same few."""
        client = self.serve().client()

        def ask(name):
            for method in ("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", f"X{name.upper()}"):
                for path in ("manifests/latest", "tags/list", f"referrers/sha256:{'0' * 64}", "blobs/uploads/x", "what"):
                    client.request(method, f"/v2/{name}/{path}", b"" if method in ("PUT", "POST") else None, expect=None)

        ask("first")
        before = self.metrics(client).keys()
        for number in range(20):
            ask(f"name{number}")
        self.assertEqual(set(self.metrics(client).keys()) - set(before), {
            ("cosign_http_requests_total", (("method", "GET"), ("route", "metrics"), ("status", "200")))})

    def test_behind_the_guard(self):
        server = self.serve(user="dev:word")
        client = server.client()
        self.metrics(client)
        server.user = None
        self.assertEqual(server.client().request("GET", "/metrics", expect=None)[0], 401)
        counts = self.requests(self.metrics(client))
        self.assertEqual(counts["GET", "other", "401"], 1)

    def test_apart(self):
        server = self.serve("--metrics-addr", "127.0.0.1:0", user="dev:word")
        found = re.search(r"^metrics on (127\.0\.0\.1:\d+)$", server.log(), re.M)
        apart = oci.Client(found[1])
        self.metrics(apart)
        self.assertEqual(apart.request("GET", "/healthz")[0], 200)
        self.assertEqual(apart.request("GET", "/v2/", expect=None)[0], 404)
        for path in ("/metrics", "/healthz"):
            self.assertEqual(server.client().request("GET", path, expect=None)[0], 404)
        counts = self.requests(self.metrics(apart))
        self.assertEqual(sum(counts.values()), 2, "who watches is not counted")


class LogTest(Test):
    FIELDS = {"time", "method", "path", "status", "bytes", "duration", "user", "peer", "received", "id", "route",
              "repository", "agent", "tls"}

    def lines(self, name="access.log"):
        return [json.loads(line) for line in self.box.read(name).splitlines()]

    def test_each_request_has_a_line(self):
        client = self.serve("--log", "access.log", user="dev:word").client()
        client.push_blob("team/app", b"four")
        status, headers, _ = client.request("GET", "/v2/team/app/manifests/absent", None, {"User-Agent": "a \"test\"\t"},
                                            expect=(404,))
        lines = self.lines()
        self.assertEqual([set(line) for line in lines], [self.FIELDS] * 3)
        self.assertEqual(len({line["id"] for line in lines}), 3)
        self.assertEqual([(line["method"], line["route"], line["repository"], line["status"], line["received"])
                          for line in lines],
                         [("POST", "uploads", "team/app", 202, 0), ("PUT", "upload", "team/app", 201, 4),
                          ("GET", "manifest", "team/app", 404, 0)])
        self.assertEqual({line["user"] for line in lines}, {"dev"})
        self.assertEqual((lines[2]["agent"], lines[2]["id"]), ('a "test"', headers["x-request-id"]))
        for line in lines:
            self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")

    def test_no_secret_gets_in(self):
        client = self.serve("--log", "access.log").client()
        for path in ("/v2/?token=hunter2", "/v2/a/tags/list?n=5&sig=hunter2&last=b", "/v2/?hunter2", "/?a=b&access=hunter2"):
            client.request("GET", path, None, {"Authorization": "Bearer hunter2", "Cookie": "hunter2",
                                               "X-Secret": "hunter2"}, expect=None)
        self.assertNotIn("hunter2", self.box.read("access.log"))
        self.assertEqual(self.lines()[1]["path"], "/v2/a/tags/list?n=5&last=b")

    def test_rotated_by_renaming(self):
        """What logrotate does, without telling anybody. Both forms of it: a new file is made, or is not."""
        client = self.serve("--log", "access.log").client()
        for number, made in ((1, False), (2, True)):
            client.request("GET", "/v2/")
            os.rename(self.box.path("access.log"), self.box.path(f"access.log.{number}"))
            if made:
                self.box.write("access.log", "")
            time.sleep(0.6)
        client.request("GET", "/v2/")
        self.assertEqual([len(self.lines(name)) for name in ("access.log.1", "access.log.2", "access.log")], [1, 1, 1])


if __name__ == "__main__":
    unittest.main()
