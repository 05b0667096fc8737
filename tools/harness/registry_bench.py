"""Our registry against Debian's docker-registry, in turns, on the loopback: throughput, latency, memory.

Every row is the median of several short rounds, in which one runs after the other. `wrk` reads; tools/load.cc, which
is compiled here, pushes and sends HEAD.
"""
import json
import os
import re
import statistics
import subprocess

from . import oci, registry
from .sandbox import ROOT

ACCEPT = "Accept: " + oci.MANIFEST
SIZES = {"1 KiB": 1 << 10, "1 MiB": 1 << 20, "64 MiB": 1 << 26}
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


class Side:
    """One of the two registries, filled."""

    def __init__(self, server):
        self.server, self.name = server, "bench/app"
        client = server.client()
        self.manifest = client.push_image(self.name)
        self.blobs = {name: client.push_blob(self.name, os.urandom(4096) * (size // 4096) or os.urandom(size))
                      for name, size in SIZES.items()}

    def url(self, path):
        return f"http://{self.server.host}/v2/{self.name}/{path}"

    def memory(self):
        """The most that was resident so far, in MiB."""
        with open(f"/proc/{self.server.process.pid}/status", encoding="ascii") as file:
            return int(re.search(r"^VmHWM:\s+(\d+) kB$", file.read(), re.M)[1]) / 1024


class RegistryBench:
    def __init__(self, box, rounds, seconds):
        self.box, self.rounds, self.seconds, self.rows = box, rounds, seconds, []
        self.load_program = box.path("load")
        subprocess.run(["g++", "-O2", "-std=c++23", "-o", self.load_program, os.path.join(ROOT, "tools", "load.cc"),
                        "-lcrypto"], check=True)

    def wrk(self, url, clients):
        done = self.box.run(registry.find_program("wrk"), "-t1", f"-c{clients}", f"-d{self.seconds}s", "--timeout", "30s",
                            "--latency", "-H", ACCEPT, url)
        if done.code != 0 or "Non-2xx" in done.out or "Socket errors" in done.out:
            raise RuntimeError(str(done))
        late = {part: float(value) * UNITS[unit]
                for part, value, unit in re.findall(r"^ +(50|99)% +([0-9.]+)(us|ms|s|m)$", done.out, re.M)}
        return {"per_second": float(re.search(r"^Requests/sec: +([0-9.]+)$", done.out, re.M)[1]),
                "p50_ms": late["50"], "p99_ms": late["99"]}

    def load(self, side, clients, *words):
        done = self.box.run(self.load_program, side.server.host, clients, self.seconds, *words)
        found = json.loads(done.out) if done.code == 0 else None
        if not found or found["failed"]:
            raise RuntimeError(str(done))
        return found

    def compare(self, what, sides, run, least=1.0):
        """A row: how much more of it ours does in a second."""
        found = [[], []]
        for _ in range(self.rounds):
            for results, side in zip(found, sides):
                results.append(run(side))
        ours, theirs = ({key: statistics.median(one[key] for one in results) for key in results[0]} for results in found)
        ratio = ours["per_second"] / theirs["per_second"]
        self.rows.append((what, f"{ratio:.1f} x", f"at least {least:g} x", ratio >= least,
                          f"{ours['per_second']:,.0f} against {theirs['per_second']:,.0f}",
                          f"{ours['p50_ms']:.2f} and {ours['p99_ms']:.2f}", f"{theirs['p50_ms']:.2f} and {theirs['p99_ms']:.2f}"))
        return ours

    def reading(self, sides):
        by_digest = self.compare("GET a manifest by digest", sides, lambda s: self.wrk(s.url(f"manifests/{s.manifest}"), 8))
        self.compare("GET a manifest by tag", sides, lambda s: self.wrk(s.url("manifests/latest"), 8))
        self.compare("the same, 64 clients", sides, lambda s: self.wrk(s.url("manifests/latest"), 64))
        self.compare("HEAD a manifest by tag", sides,
                     lambda s: self.load(s, 8, "HEAD", f"/v2/{s.name}/manifests/latest"))
        for name in SIZES:
            self.compare(f"GET a blob of {name}", sides,
                         lambda s, name=name: self.wrk(s.url(f"blobs/{s.blobs[name]}"), 4 if name == "64 MiB" else 8))
        rate = by_digest["per_second"]
        self.rows.append(("manifests a second from a warm store", f"{rate:,.0f}", "at least 10,000", rate >= 10000, "", "", ""))

    def writing(self, sides):
        self.compare("push a small image, 1 client", sides, lambda s: self.load(s, 1, "push", "bench/push-1"))
        self.compare("push a small image, 16 clients", sides, lambda s: self.load(s, 16, "push", "bench/push-16"))
        self.compare("push a blob of 8 MiB, 4 clients", sides, lambda s: self.load(s, 4, "blob", "bench/big", 8 << 20))

    def memory(self, sides):
        ours, theirs = (side.memory() for side in sides)
        self.rows.append(("memory, at most while all of this ran", f"{theirs / ours:.1f} x less", "at least 4 x less",
                          theirs >= 4 * ours, f"{ours:.1f} against {theirs:.1f} MiB", "", ""))

    def logging(self, plain):
        """What the log costs: ours with it against ours without."""
        with registry.ours(self.box, "--dir", "logged", "--log", "access.log") as server:
            self.compare("with --log against without: GET a manifest by tag", [Side(server), plain],
                         lambda s: self.wrk(s.url("manifests/latest"), 8), 0.5)

    def run(self):
        with registry.ours(self.box, "--dir", "ours") as ours, registry.docker(self.box, quick=True) as theirs:
            sides = [Side(ours), Side(theirs)]
            self.reading(sides)
            self.writing(sides)
            self.memory(sides)
            self.logging(sides[0])
        return all(row[3] for row in self.rows)

    def print(self, markdown):
        if markdown:
            print("| what | ratio | target | met | a second | p50 and p99, ms | theirs |\n| --- | --- | --- | --- | --- | --- | --- |")
        for what, value, target, met, figures, ours, theirs in self.rows:
            if markdown:
                print(f"| {what} | {value} | {target} | {'yes' if met else '**no**'} | {figures} | {ours} | {theirs} |")
            else:
                print(f"{'ok    ' if met else 'MISSED'}  {what}: {value} ({target}; {figures}; p50 and p99 {ours} ms, theirs {theirs})")
