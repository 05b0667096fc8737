"""What is large: images that are copied, saved and loaded, and blobs that are signed; time and memory.

Every figure is the median of some rounds, in which one program runs after the other. The floor of a transfer is `curl`
doing its slower half: fetching every layer, or sending it. Each round sends to an empty registry.
"""
import glob
import json
import os
import shutil
import statistics
import subprocess
import urllib.parse

from . import oci, registry
from .sandbox import FIXTURES

MIB = 1 << 20
LAYERS = 8
AT_ONCE = 4  # blobs that our program moves at a time
KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
REPOSITORY = "bench/large"
OLD_FORM = ["--new-bundle-format=false", "--use-signing-config=false"]


def write_blob(path, mib, seed):
    """A file that does not compress; its digest."""
    piece, last = os.urandom(MIB), bytes([seed]) * 4096
    with open(path, "wb") as file:
        for _ in range(mib - 1):
            file.write(piece)
        file.write(piece[len(last):] + last)
    return "sha256:" + subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True).stdout.split()[0]


class LargeBench:
    """`bench` measures and keeps the rows."""

    def __init__(self, bench, mib, rounds):
        self.bench, self.box, self.mib, self.rounds = bench, bench.box, mib, rounds
        self.ours, self.theirs = self.box.cosign, bench.reference
        self.files = {}

    # --- what is moved

    def make_image(self, client):
        """Layers as files, and in the registry of `client` under the tag 1."""
        os.makedirs(self.box.path("layers"))
        for number in range(LAYERS):
            path = self.box.path("layers", str(number))
            self.files[write_blob(path, self.mib // LAYERS, number)] = path
        self.send(client.host)
        client.push_blob(REPOSITORY, b"{}")
        layers = [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": digest, "size": os.path.getsize(path)}
                  for digest, path in self.files.items()]
        config = {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": oci.digest_of(b"{}")}
        manifest = {"schemaVersion": 2, "mediaType": oci.MANIFEST, "config": config, "layers": layers}
        client.push_manifest(REPOSITORY, "1", json.dumps(manifest).encode())

    # --- the floor

    def curl(self, lines):
        self.box.write("curl.conf", f"parallel\nparallel-max = {AT_ONCE}\nsilent\nfail\n" + "\n".join(lines) + "\n")
        return [registry.find_program("curl"), "-q", "-K", self.box.path("curl.conf")]

    def fetch_words(self, host, output):
        """Every layer into files below `output`, which are on the disk then; or nowhere."""
        where = [f"{output}/{number}" if output else "/dev/null" for number in range(LAYERS)]
        words = self.curl([f'url = "http://{host}/v2/{REPOSITORY}/blobs/{digest}"\noutput = "{path}"'
                           for digest, path in zip(self.files, where)])
        return ["sh", "-c", '"$@" && sync "$0"/*', output, *words] if output else words

    def send_words(self, host):
        client, lines = oci.Client(host), []
        for digest, path in self.files.items():
            _, headers, _ = client.request("POST", f"/v2/{REPOSITORY}/blobs/uploads/")
            location = urllib.parse.urlsplit(headers["location"])
            query = urllib.parse.urlencode(urllib.parse.parse_qsl(location.query) + [("digest", digest)])
            lines.append(f'url = "http://{host}{location.path}?{query}"\nupload-file = "{path}"\noutput = "/dev/null"')
        return self.curl(lines)

    def send(self, host):
        subprocess.run(self.send_words(host), check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    # --- rounds

    def once(self, words):
        return self.bench.measure(words, runs=1)[0]

    def to_registry(self, words_for):
        """Once, into an empty docker-registry, which goes away again."""
        with registry.docker(self.box, quick=True) as target:
            found = self.once(words_for(target.host))
        for folder in glob.glob(os.path.join(self.box.top, "docker-registry-*")):
            shutil.rmtree(folder)
        return found

    def to_folder(self, words):
        os.makedirs(self.box.path("fetched"), exist_ok=True)
        found = self.once(words)
        for name in ("saved", "saved.tar", "fetched"):
            if os.path.isdir(self.box.path(name)):
                shutil.rmtree(self.box.path(name))
            elif os.path.exists(self.box.path(name)):
                os.unlink(self.box.path(name))
        return found

    def in_turns(self, **series):
        """The medians of each, and its highest memory; what is None is left out."""
        found = {name: [] for name, run in series.items() if run}
        for _ in range(self.rounds):
            for name, results in found.items():
                results.append(series[name]())
        return {name: {"wall_ms": statistics.median(one["wall_ms"] for one in results),
                       "cpu_ms": statistics.median(one["cpu_ms"] for one in results),
                       "max_rss_kib": max(one["max_rss_kib"] for one in results)} for name, results in found.items()}

    def rows(self, what, found, floor, most_mib, most_floor, floor_name):
        memory = found["ours"]["max_rss_kib"] / 1024
        against = f"against {found['theirs']['max_rss_kib'] / 1024:,.0f} MiB" if "theirs" in found else ""
        self.bench.row(f"memory of {what}", f"{memory:.1f} MiB", f"at most {most_mib} MiB", memory <= most_mib, against)
        self.bench.within(f"{what}, against {floor_name}", found["ours"], floor, most_floor)
        if "theirs" in found:
            self.bench.faster(what, found["ours"], found["theirs"], 1)

    # --- what is measured

    def transfers(self):
        size = f"{self.mib / 1024:g} GiB"
        with registry.ours(self.box, "--dir", self.box.path("source")) as source:
            self.make_image(source.client())
            image = f"{source.host}/{REPOSITORY}:1"
            self.copy(size, source.host, image)
            self.save(size, source.host, image)
            self.load(size, image)

    def copy(self, size, host, image):
        words = lambda program: lambda target: [program, "copy", image, f"{target}/{REPOSITORY}:1"]
        found = self.in_turns(ours=lambda: self.to_registry(words(self.ours)),
                              theirs=self.theirs and (lambda: self.to_registry(words(self.theirs))),
                              fetch=lambda: self.once(self.fetch_words(host, None)),
                              send=lambda: self.to_registry(self.send_words))
        slower = max(found["fetch"], found["send"], key=lambda one: one["wall_ms"])
        self.rows(f"copy of {size}", found, slower, 32, 1.25, "the slower of `curl` fetching and sending")

    def save(self, size, host, image):
        words = lambda program: [program, "save", "--dir", self.box.path("saved"), image]
        archive = [self.ours, "save", "--archive", self.box.path("saved.tar"), image]
        found = self.in_turns(ours=lambda: self.to_folder(words(self.ours)), archive=lambda: self.to_folder(archive),
                              theirs=self.theirs and (lambda: self.to_folder(words(self.theirs))),
                              fetch=lambda: self.to_folder(self.fetch_words(host, self.box.path("fetched"))))
        self.rows(f"save of {size}", found, found["fetch"], 32, 1.25, "`curl` fetching into files, and `sync`")
        self.rows(f"save of {size} as one file", {"ours": found["archive"]}, found["fetch"], 32, 1.5,
                  "`curl` fetching into files, and `sync`")

    def load(self, size, image):
        for form, name in (("--dir", "kept"), ("--archive", "kept.tar")):
            subprocess.run([self.ours, "save", form, self.box.path(name), image], check=True, capture_output=True,
                           env=self.box.environment())
        words = lambda program: lambda target: [program, "load", "--dir", self.box.path("kept"), f"{target}/{REPOSITORY}:1"]
        archive = lambda target: [self.ours, "load", "--archive", self.box.path("kept.tar"), f"{target}/{REPOSITORY}:1"]
        found = self.in_turns(ours=lambda: self.to_registry(words(self.ours)), archive=lambda: self.to_registry(archive),
                              theirs=self.theirs and (lambda: self.to_registry(words(self.theirs))),
                              send=lambda: self.to_registry(self.send_words))
        self.rows(f"load of {size}", found, found["send"], 32, 1.25, "`curl` sending")
        self.rows(f"load of {size} from one file", {"ours": found["archive"]}, found["send"], 32, 1.5, "`curl` sending")
        shutil.rmtree(self.box.path("kept"))
        os.unlink(self.box.path("kept.tar"))

    def blobs(self):
        """A file of half that size: its digest costs what openssl needs for it."""
        mib, path, signature = self.mib // 2, self.box.path("blob"), self.box.path("blob.sig")
        size = f"{mib / 1024:g} GiB"
        write_blob(path, mib, 1)
        digest = [registry.find_program("openssl"), "dgst", "-sha256", path]
        sign = lambda program, *more: [program, "sign-blob", "--key", f"{KEYS}/p256.key", "--tlog-upload=false", "-y", *more,
                                       "--output-signature", signature, path]
        verify = lambda program: [program, "verify-blob", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true",
                                  "--signature", signature, path]
        for what, words, more, most_mib in (("sign-blob", sign, OLD_FORM, 80), ("verify-blob", verify, [], 16)):
            theirs = self.theirs and words(self.theirs, *more)
            found = self.in_turns(ours=lambda: self.once(words(self.ours)), theirs=theirs and (lambda: self.once(theirs)),
                                  digest=lambda: self.once(digest))
            self.rows(f"{what} of {size}", found, found["digest"], most_mib, 1.1, "`openssl dgst -sha256`")
        os.unlink(path)

    def sbom(self):
        """An SBOM of 50 MB in an attestation: at most three times its size in memory."""
        if self.box.cosign_run("attest", "--help").code != 0:
            return
        size, entry = 50_000_000, '{"name":"package-%08d","version":"1.0.0","license":"Apache-2.0"}'
        count = size // len(entry % 0 + ",")
        self.box.write("sbom.json", '{"packages":[' + ",".join(entry % number for number in range(count)) + "]}")
        with registry.ours(self.box) as server:
            image = f"{server.host}/sbom@{server.client().push_image('sbom')}"
            done = self.box.cosign_run("attest", "--key", f"{KEYS}/p256.key", "--tlog-upload=false", "-y", "--type", "custom",
                                       "--predicate", self.box.path("sbom.json"), image, env={"COSIGN_PASSWORD": "correct-horse"})
            if done.code != 0:
                raise RuntimeError(str(done))
            words = lambda program: [program, "verify-attestation", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true",
                                     "--type", "custom", image]
            found = self.in_turns(ours=lambda: self.once(words(self.ours)),
                                  theirs=self.theirs and (lambda: self.once(words(self.theirs))))
        memory, most = found["ours"]["max_rss_kib"] * 1024, 3 * size
        against = f"against {found['theirs']['max_rss_kib'] / 1024:,.0f} MiB" if self.theirs else ""
        self.bench.row("memory of verify-attestation of an SBOM of 50 MB", f"{memory / size:.2f} x its size", "at most 3 x",
                       memory <= most, f"{memory / MIB:,.0f} MiB {against}".strip())
        if self.theirs:
            self.bench.faster("verify-attestation of an SBOM of 50 MB", found["ours"], found["theirs"], 1)

    def run(self):
        self.blobs()
        self.sbom()
        self.transfers()
