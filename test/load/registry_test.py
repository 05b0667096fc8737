"""Many clients at once push, pull, move, mount and delete, for some seconds: nothing is lost, and nothing is mixed up.

Covers: issue 4, "Operation", "Storage". --long: a minute each; else some seconds.
"""
import http.client
import json
import os
import random
import re
import threading
import time
import unittest

from harness import oci, registry
from harness.sandbox import Sandbox

LONG = os.environ.get("COSIGN_LONG_TESTS") == "yes"
SECONDS = 60 if LONG else 2.5
CLIENTS = 12
SHARED = "shared/app"  # all write here, each its own tags
COMMON = [os.urandom(1000) for _ in range(5)]  # layers that many push


class Worker(threading.Thread):
    """One client that knows what must be there: it alone writes what it looks at."""

    def __init__(self, host, number, end):
        super().__init__(daemon=True)
        self.client, self.number, self.end = oci.Client(host), number, end
        self.random = random.Random(number)
        self.own = f"own/{number}"
        self.tags = {SHARED: {}, self.own: {}}  # repository: {tag: manifest}
        self.gone = {SHARED: set(), self.own: set()}  # digests
        self.blobs, self.count, self.requests, self.error = {}, 0, 0, None
        request = self.client.request

        def counted(*words, **more):
            self.requests += 1
            return request(*words, **more)
        self.client.request = counted

    def run(self):
        steps = [self.push, self.push, self.pull, self.pull, self.pull_many, self.move, self.delete_tag, self.delete_image,
                 self.chunks, self.mount, self.list_tags, self.absent]
        try:
            while time.monotonic() < self.end:
                self.random.choice(steps)(self.random.choice([SHARED, self.own]))
        except Exception as error:  # any, and the test says whose
            self.error = error

    def expect(self, truth, what):
        if not truth:
            raise AssertionError(f"client {self.number}: {what}")

    def layer(self):
        if self.random.random() < 0.3:
            return self.random.choice(COMMON)
        return self.random.randbytes(self.random.choice([1, 100, 5000, 200000]))

    def push(self, repository):
        self.count += 1
        tag = f"c{self.number}-{self.random.randrange(20)}"
        layer, config = self.layer(), json.dumps({"client": self.number, "count": self.count}).encode()
        manifest = json.dumps({
            "schemaVersion": 2, "mediaType": oci.MANIFEST,
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": len(config),
                       "digest": self.client.push_blob(repository, config)},
            "layers": [{"mediaType": "application/octet-stream", "size": len(layer),
                        "digest": self.client.push_blob(repository, layer)}]}).encode()
        self.client.push_manifest(repository, tag, manifest)
        self.tags[repository][tag] = manifest
        if repository == self.own:
            self.blobs[oci.digest_of(layer)] = layer

    def pick(self, repository):
        return self.random.choice(sorted(self.tags[repository].items()) or [(None, None)])

    def check(self, repository, tag, manifest, client=None):
        """Tag, digest and every blob are what they were pushed as."""
        client = client or self.client
        self.expect(client.manifest(repository, tag) == manifest, f"{repository}:{tag} is another")
        status, headers, _ = client.request("HEAD", f"/v2/{repository}/manifests/{oci.digest_of(manifest)}", None,
                                            {"Accept": oci.ACCEPT})
        self.expect(headers["docker-content-digest"] == oci.digest_of(manifest), f"{repository}:{tag}: another digest")
        document = json.loads(manifest)
        for blob in (document["config"], *document["layers"]):
            self.expect(oci.digest_of(client.blob(repository, blob["digest"])) == blob["digest"], f"{blob} is another")

    def pull(self, repository):
        tag, manifest = self.pick(repository)
        if tag:
            self.check(repository, tag, manifest)

    def pull_many(self, repository):
        """Without waiting for one answer before the next question."""
        digests = [digest for digest in self.blobs][:5]
        if not digests:
            return
        self.requests += len(digests)
        connection = http.client.HTTPConnection(self.client.host, timeout=30)
        connection.connect()
        connection.sock.sendall("".join(f"GET /v2/{self.own}/blobs/{d} HTTP/1.1\r\nHost: x\r\n\r\n" for d in digests).encode())
        with connection.sock.makefile("rb") as answers:
            for digest in digests:
                length, line = 0, answers.readline()
                self.expect(line.startswith(b"HTTP/1.1 200 "), line)
                while (line := answers.readline()) != b"\r\n":
                    if found := re.fullmatch(rb"(?i)content-length: (\d+)\r\n", line):
                        length = int(found[1])
                self.expect(answers.read(length) == self.blobs[digest], f"{digest} is another")
        connection.close()

    def move(self, repository):
        _, manifest = self.pick(repository)
        if manifest:
            tag = f"c{self.number}-moved"
            self.client.push_manifest(repository, tag, manifest)
            self.tags[repository][tag] = manifest

    def delete_tag(self, repository):
        tag, _ = self.pick(repository)
        if tag:
            self.client.request("DELETE", f"/v2/{repository}/manifests/{tag}")
            del self.tags[repository][tag]
            self.expect(self.client.manifest(repository, tag) is None, f"{repository}:{tag} is still there")

    def delete_image(self, repository):
        _, manifest = self.pick(repository)
        if manifest:
            digest = oci.digest_of(manifest)
            self.client.request("DELETE", f"/v2/{repository}/manifests/{digest}")
            self.tags[repository] = {t: m for t, m in self.tags[repository].items() if m != manifest}
            self.gone[repository].add(digest)
            self.expect(self.client.manifest(repository, digest) is None, f"{digest} is still there")

    def chunks(self, _):
        data = self.random.randbytes(30000)
        _, headers, _ = self.client.request("POST", f"/v2/{self.own}/blobs/uploads/")
        for first in range(0, len(data), 10000):
            part = data[first:first + 10000]
            _, headers, _ = self.client.request("PATCH", headers["location"], part, {
                "Content-Range": f"{first}-{first + len(part) - 1}", "Content-Type": "application/octet-stream"})
        self.client.request("PUT", f"{headers['location']}?digest={oci.digest_of(data)}", b"")
        self.blobs[oci.digest_of(data)] = data

    def mount(self, _):
        if self.blobs:
            digest = self.random.choice(sorted(self.blobs))
            status, _, _ = self.client.request("POST", f"/v2/mounted/{self.number}/blobs/uploads/?mount={digest}&from={self.own}")
            self.expect(status == 201, f"{digest} cannot be mounted: {status}")
            self.expect(self.client.blob(f"mounted/{self.number}", digest) == self.blobs[digest], f"{digest} is another")

    def list_tags(self, repository):
        if self.tags[repository]:
            mine = [tag for tag in self.client.tags(repository) if tag.startswith(f"c{self.number}-")]
            self.expect(mine == sorted(self.tags[repository]), f"{repository}: {mine}, not {sorted(self.tags[repository])}")

    def absent(self, repository):
        self.expect(self.client.manifest(repository, f"c{self.number}-never") is None, "what was never pushed is there")

    def check_all(self, host):
        """All that was acknowledged, as another client sees it."""
        client = oci.Client(host)
        for repository, tags in self.tags.items():
            for tag, manifest in tags.items():
                self.check(repository, tag, manifest, client)
            for digest in self.gone[repository] - {oci.digest_of(manifest) for manifest in tags.values()}:
                self.expect(client.manifest(repository, digest) is None, f"{digest} is there again")
        for digest, data in self.blobs.items():
            self.expect(client.blob(self.own, digest) == data, f"{digest} is another")


class LoadTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)

    def load(self, server):
        end = time.monotonic() + SECONDS
        workers = [Worker(server.host, number, end) for number in range(CLIENTS)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(SECONDS + 60)
        self.assertEqual([worker.error for worker in workers if worker.error or worker.is_alive()], [], server.log())
        print(f"\n  {sum(worker.requests for worker in workers)} requests of {CLIENTS} clients", flush=True)
        return workers

    def requests_counted(self, server):
        text = server.client().request("GET", "/metrics")[2].decode()
        return sum(int(count) for count in re.findall(r"^cosign_http_requests_total\{.*\} (\d+)$", text, re.M))

    def check_all(self, workers, server):
        for worker in workers:
            worker.check_all(server.host)
        self.assertEqual(sorted(server.client().tags(SHARED)),
                         sorted(tag for worker in workers for tag in worker.tags[SHARED]))

    def test_in_memory(self):
        with registry.ours(self.box) as server:
            workers = self.load(server)
            self.assertEqual(self.requests_counted(server), sum(worker.requests for worker in workers))
            self.check_all(workers, server)

    def test_in_a_folder_that_is_served_again(self):
        with registry.ours(self.box, "--dir", "kept", "--log", "access.log") as server:
            workers = self.load(server)
            self.check_all(workers, server)
        lines = [json.loads(line) for line in self.box.read("access.log").splitlines()]
        self.assertGreaterEqual(len(lines), sum(worker.requests for worker in workers))
        self.assertEqual([line for line in lines if line["status"] >= 500], [])
        self.assertEqual(len({line["id"] for line in lines}), len(lines))
        with registry.ours(self.box, "--dir", "kept") as again:
            self.check_all(workers, again)


if __name__ == "__main__":
    unittest.main()
