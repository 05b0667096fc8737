"""Other people's clients and registries push to ours, pull from it, and carry images through it unchanged.

Debian's docker-registry and skopeo; crane and oras where they are. Covers: issue 4, "Peers in the tests".
"""
import gzip
import hashlib
import io
import json
import tarfile
import unittest

from harness import oci, reference, registry
from harness.interop import DEAD_PROXY, KEYS, PASSWORD
from harness.sandbox import Sandbox

DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
OCI_TYPES = (oci.MANIFEST, oci.INDEX, "application/vnd.oci.image.config.v1+json",
             "application/vnd.oci.image.layer.v1.tar+gzip")
DOCKER_TYPES = (DOCKER_MANIFEST, DOCKER_LIST, "application/vnd.docker.container.image.v1+json",
                "application/vnd.docker.image.rootfs.diff.tar.gzip")
PLATFORMS = [("linux", "amd64", None), ("linux", "arm64", "v8"), ("linux", "arm", "v7"), ("windows", "amd64", None)]


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def sha512(data):
    return "sha512:" + hashlib.sha512(data).hexdigest()


def descriptor(data, kind, digest_of=sha256, **more):
    return {"mediaType": kind, "size": len(data), "digest": digest_of(data), **more}


def layer_of(text):
    """A layer."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        entry = tarfile.TarInfo("file")
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text.encode()))
    return gzip.compress(made.getvalue(), mtime=0)


LAYERS = [layer_of(text) for text in ("one", "two", "three")]
BASE = layer_of("base")


class Pusher:
    """Pushes images, its own way, of types and with digests as told."""

    def __init__(self, client, repository, types=OCI_TYPES, digest_of=sha256):
        self.client, self.repository, self.types, self.digest_of = client, repository, types, digest_of

    def blob(self, data):
        _, headers, _ = self.client.request("POST", f"/v2/{self.repository}/blobs/uploads/")
        location = headers["location"].split("//", 1)[-1]
        path = location[location.index("/"):] if "//" in headers["location"] else headers["location"]
        mark = "&" if "?" in path else "?"
        self.client.request("PUT", f"{path}{mark}digest={self.digest_of(data)}", data,
                            {"Content-Type": "application/octet-stream"})

    def manifest(self, data, kind, tag=None):
        reference_ = tag or self.digest_of(data)
        self.client.request("PUT", f"/v2/{self.repository}/manifests/{reference_}", data, {"Content-Type": kind})
        return data

    def image(self, tag=None, layers=tuple(LAYERS), system=("linux", "amd64", None)):
        manifest_type, _, config_type, layer_type = self.types
        config = json.dumps({"architecture": system[1], "os": system[0], "config": {}, "rootfs": {
            "type": "layers", "diff_ids": [sha256(gzip.decompress(layer)) for layer in layers]}}, indent=1).encode()
        for data in (config, *layers):
            self.blob(data)
        return self.manifest(json.dumps({
            "schemaVersion": 2, "mediaType": manifest_type,
            "config": descriptor(config, config_type, self.digest_of),
            "layers": [descriptor(layer, layer_type, self.digest_of) for layer in layers]}, indent=3).encode(),
            manifest_type, tag)

    def index(self, tag):
        """An image for each of several platforms."""
        children = []
        for system in PLATFORMS:
            image = self.image(layers=(BASE, layer_of("/".join(map(str, system)))), system=system)
            platform = {"os": system[0], "architecture": system[1], **({"variant": system[2]} if system[2] else {})}
            children.append(descriptor(image, self.types[0], self.digest_of, platform=platform))
        return self.manifest(json.dumps({"schemaVersion": 2, "mediaType": self.types[1], "manifests": children},
                                        indent=3).encode(), self.types[1], tag)


def everything(client, repository):
    """All that the tags of a repository lead to: reference or digest -> (media type, bytes)."""
    found = {}

    def take(name):
        _, headers, data = client.request("GET", f"/v2/{repository}/manifests/{name}", None, {"Accept": oci.ACCEPT})
        found[name] = (headers["content-type"], data)
        document = json.loads(data)
        for child in document.get("manifests", []):
            if child["digest"] not in found:
                take(child["digest"])
        for blob in [document.get("config"), *document.get("layers", [])]:
            if blob:
                found[blob["digest"]] = ("blob", client.blob(repository, blob["digest"]))

    for tag in client.tags(repository):
        take(tag)
    return found


class PeersCase(unittest.TestCase):
    """`ours` and `theirs` (docker-registry), and an image of each kind in the second."""

    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.box.variables |= {"COSIGN_PASSWORD": PASSWORD, "HTTPS_PROXY": DEAD_PROXY}
        cls.ours = registry.ours(cls.box, "--dir", cls.box.path("kept"))
        cls.addClassCleanup(cls.ours.stop)
        cls.theirs = registry.docker(cls.box)
        cls.addClassCleanup(cls.theirs.stop)

    def run_ok(self, *argv, **options):
        done = self.box.run(*argv, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def filled(self, server, name):
        """A repository with an image and an index, of OCI's and of Docker's types."""
        for types, prefix in ((OCI_TYPES, ""), (DOCKER_TYPES, "docker-")):
            pusher = Pusher(server.client(), name, types)
            pusher.image(f"{prefix}image")
            pusher.index(f"{prefix}index")
        return everything(server.client(), name)

    def signed(self, server, name, form="both"):
        """A repository with an image that has a .sig tag and a bundle that refers to it; the image's digest."""
        digest = sha256(Pusher(server.client(), name).image("latest"))
        self.run_ok("cosign", "sign", "--key", f"{KEYS}/p256.key", "--signature-format", form,
                    "--tlog-upload=false", "-y", f"{server.host}/{name}@{digest}")
        return digest

    def verified(self, server, name, digest, *options):
        self.run_ok("cosign", "verify", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true", *options,
                    f"{server.host}/{name}@{digest}")

    def carry(self, name):
        """From theirs to ours and back, every tag by copy(from, to); it comes out as it went in."""
        before = everything(self.theirs.client(), name)
        for source, target, repository in ((self.theirs, self.ours, name), (self.ours, self.theirs, f"{name}/back")):
            start = f"{source.host}/{name}"
            for tag in self.theirs.client().tags(name):
                self.copy(f"{start}:{tag}", f"{target.host}/{repository}:{tag}")
            self.assertEqual(everything(target.client(), repository), before)


class Carriers:
    """What each of the programs does that copies from one registry to another."""

    def test_images_and_indexes_there_and_back(self):
        self.assertEqual(len(self.filled(self.theirs, "moved")), 25)  # 12 manifests, 5 configs, 8 layers
        self.carry("moved")

    def test_a_signature_tag_there_and_back(self):
        digest = self.signed(self.theirs, "signed", "sig")
        self.assertEqual(self.theirs.client().tags("signed"), ["latest", digest.replace(":", "-") + ".sig"])
        self.carry("signed")
        for server, name in ((self.theirs, "signed"), (self.ours, "signed"), (self.theirs, "signed/back")):
            self.verified(server, name, digest)


class SkopeoTest(PeersCase, Carriers):
    def setUp(self):
        self.program = registry.find_program("skopeo")

    def copy(self, source, target):
        self.run_ok(self.program, "--insecure-policy", "copy", "--all", "--preserve-digests", "--src-tls-verify=false",
                    "--dest-tls-verify=false", f"docker://{source}", f"docker://{target}")

    def test_to_a_folder_and_from_it(self):
        before = self.filled(self.ours, "folder")
        for tag in self.ours.client().tags("folder"):
            for source, target in ((f"docker://{self.ours.host}/folder:{tag}", f"dir:{self.box.path(tag)}"),
                                   (f"dir:{self.box.path(tag)}", f"docker://{self.ours.host}/again:{tag}")):
                self.run_ok(self.program, "--insecure-policy", "copy", "--all", "--preserve-digests",
                            "--src-tls-verify=false", "--dest-tls-verify=false", source, target)
        self.assertEqual(everything(self.ours.client(), "again"), before)

    def test_looking_and_deleting(self):
        digest = sha256(Pusher(self.ours.client(), "looked/at").image("latest"))
        image = f"docker://{self.ours.host}/looked/at"
        seen = json.loads(self.run_ok(self.program, "inspect", "--tls-verify=false", f"{image}:latest").out)
        self.assertEqual((seen["Digest"], seen["RepoTags"], len(seen["Layers"])), (digest, ["latest"], 3))
        listed = json.loads(self.run_ok(self.program, "list-tags", "--tls-verify=false", image).out)
        self.assertEqual(listed["Tags"], ["latest"])
        self.run_ok(self.program, "delete", "--tls-verify=false", f"{image}:latest")
        self.assertEqual(self.ours.client().tags("looked/at"), [])


class CraneTest(PeersCase, Carriers):
    def setUp(self):
        self.program = reference.program("crane")

    def crane(self, *words, **options):
        return self.run_ok(self.program, *words, "--insecure", **options).out.strip()

    def copy(self, source, target):
        self.crane("copy", source, target)

    def test_a_referrer_there_and_back(self):
        """A registry without the referrers API has an index at a tag instead, which is carried like any other. (Not by
        Debian's skopeo: it drops the artifactType of each entry.)"""
        digest = self.signed(self.theirs, "referred")
        fallback = digest.replace(":", "-")
        self.assertEqual(self.theirs.client().tags("referred"), ["latest", fallback, f"{fallback}.sig"])
        self.carry("referred")
        listed = json.loads(self.ours.client().request("GET", f"/v2/referred/referrers/{digest}")[2])["manifests"]
        self.assertEqual([one["artifactType"] for one in listed], ["application/vnd.dev.sigstore.bundle.v0.3+json"])
        for server, name in ((self.theirs, "referred"), (self.ours, "referred"), (self.theirs, "referred/back")):
            self.verified(server, name, digest, "--new-bundle-format=true")

    def test_push_and_pull(self):
        name = f"{self.ours.host}/crane/app"
        Pusher(self.ours.client(), "crane/app").image("latest")
        for form in ("oci", "tarball"):
            kept = self.box.path(f"kept-{form}")
            self.crane("pull", "--format", form, f"{name}:latest", kept)
            self.crane("push", kept, f"{name}:{form}")
            self.crane("validate", "--remote", f"{name}:{form}")
        self.assertEqual(self.crane("digest", f"{name}:oci"), self.crane("digest", f"{name}:latest"))
        self.assertEqual(self.crane("ls", name).split(), ["latest", "oci", "tarball"])

    def test_what_is_there(self):
        before = self.filled(self.ours, "crane/looked")
        name = f"{self.ours.host}/crane/looked"
        self.assertEqual(self.crane("manifest", f"{name}:index").encode(), before["index"][1])
        self.assertEqual(json.loads(self.crane("config", f"{name}:image"))["os"], "linux")
        blob = self.run_ok(self.program, "blob", "--insecure", f"{name}@{sha256(LAYERS[1])}")
        self.assertEqual(blob.out_bytes, LAYERS[1])
        self.assertIn("crane/looked", self.crane("catalog", self.ours.host).split())
        arm = self.crane("digest", "--platform", "linux/arm64/v8", f"{name}:index")
        self.assertEqual(json.loads(before["index"][1])["manifests"][1]["digest"], arm)

    def test_a_tag_more_and_a_manifest_less(self):
        name = f"{self.ours.host}/crane/tags"
        digest = sha256(Pusher(self.ours.client(), "crane/tags").image("latest"))
        self.crane("tag", f"{name}:latest", "stable")
        self.assertEqual(self.crane("digest", f"{name}:stable"), digest)
        self.crane("delete", f"{name}@{digest}")
        self.assertEqual(self.crane("ls", name), "")


class OrasTest(PeersCase):
    def setUp(self):
        self.program = reference.program("oras")

    def test_a_graph_there_and_back(self):
        """An image with all that refers to it, from a registry without the referrers API and back to it."""
        digest = self.signed(self.theirs, "graph")
        flags = ("--from-plain-http", "--to-plain-http", "--recursive")
        for source, target in ((f"{self.theirs.host}/graph", f"{self.ours.host}/graph"),
                               (f"{self.ours.host}/graph", f"{self.theirs.host}/graph/back")):
            self.run_ok(self.program, "cp", *flags, f"{source}@{digest}", f"{target}:latest")
        for server, name in ((self.ours, "graph"), (self.theirs, "graph/back")):
            self.verified(server, name, digest, "--new-bundle-format=true")

    def test_attach_discover_and_pull(self):
        name = f"{self.ours.host}/oras/app"
        digest = sha256(Pusher(self.ours.client(), "oras/app").image("latest"))
        self.box.write("note.txt", "a note")
        self.run_ok(self.program, "attach", "--plain-http", "--artifact-type", "text/note", f"{name}:latest",
                    "note.txt:text/plain")
        told = json.loads(self.run_ok(self.program, "discover", "--plain-http", "--format", "json",
                                      "--artifact-type", "text/note", f"{name}@{digest}").out)
        (note,) = told.get("referrers") or told["manifests"]
        self.run_ok(self.program, "pull", "--plain-http", "--output", self.box.path("pulled"),
                    f"{name}@{note['digest']}")
        self.assertEqual(self.box.read("pulled/note.txt"), "a note")
        tags = self.run_ok(self.program, "repo", "tags", "--plain-http", name).out.split()
        self.assertEqual(tags, ["latest"])
        self.assertIn("oras/app", self.run_ok(self.program, "repo", "ls", "--plain-http", self.ours.host).out.split())

    def test_push_and_delete(self):
        name = f"{self.ours.host}/oras/files"
        self.box.write("a.txt", "a file")
        self.run_ok(self.program, "push", "--plain-http", f"{name}:v1,v2", "a.txt:text/plain")
        self.assertEqual(self.ours.client().tags("oras/files"), ["v1", "v2"])
        self.run_ok(self.program, "manifest", "delete", "--plain-http", "--force", f"{name}:v1")
        self.assertEqual(self.ours.client().manifest("oras/files", "v1"), None)


class CacheTest(PeersCase):
    def test_docker_registry_as_a_cache_of_ours(self):
        before = self.filled(self.ours, "cached")
        with registry.docker(self.box, upstream=self.ours.host) as cache:
            for _ in range(2):
                client = cache.client()
                found = {}
                for tag in self.ours.client().tags("cached"):
                    _, headers, data = client.request("GET", f"/v2/cached/manifests/{tag}", None,
                                                      {"Accept": oci.ACCEPT})
                    found[tag] = (headers["content-type"], data)
                self.assertEqual(found, {tag: before[tag] for tag in found})
                for digest in (sha256(LAYERS[0]), sha256(BASE)):
                    self.assertEqual(client.blob("cached", digest), before[digest][1])


class Sha512Test(PeersCase):
    """No program above pushes sha512; by hand it goes in and comes out like any other."""

    def test_an_index_of_images_and_a_referrer(self):
        client = self.ours.client()
        pusher = Pusher(client, "long", digest_of=sha512)
        index = pusher.index(None)
        note = pusher.manifest(json.dumps({
            "schemaVersion": 2, "mediaType": oci.MANIFEST, "artifactType": "text/note", "layers": [],
            "config": descriptor(BASE, "text/plain", sha512),
            "subject": descriptor(index, oci.INDEX, sha512)}).encode(), oci.MANIFEST)
        client.request("PUT", f"/v2/long/manifests/{sha512(index)}?tag=all", index, {"Content-Type": oci.INDEX})
        found = everything(client, "long")
        self.assertEqual(found.pop("all"), (oci.INDEX, index))
        self.assertEqual(len(found), 13)  # 4 manifests, 4 configs, 4 layers and one that they share
        for digest, (_, data) in found.items():
            self.assertEqual(digest, sha512(data))
        listed = json.loads(client.request("GET", f"/v2/long/referrers/{sha512(index)}")[2])["manifests"]
        self.assertEqual([(one["digest"], one["size"]) for one in listed], [(sha512(note), len(note))])


if __name__ == "__main__":
    unittest.main()
