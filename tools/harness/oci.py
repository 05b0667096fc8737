"""Just enough of a registry client, in Python's own words, to fill a registry and to look into it."""
import base64
import hashlib
import http.client
import json
import os
import ssl
import urllib.parse

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
ACCEPT = ", ".join([INDEX, MANIFEST, "application/vnd.docker.distribution.manifest.v2+json",
                    "application/vnd.docker.distribution.manifest.list.v2+json"])


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Client:
    def __init__(self, host, user=None, ca=None, certificate=None):
        self.host = host
        if ca:
            trust = ssl.create_default_context(cafile=ca)
            if certificate:
                trust.load_cert_chain(*certificate)
            self.connection = http.client.HTTPSConnection(host, timeout=60, context=trust)
        else:
            self.connection = http.client.HTTPConnection(host, timeout=60)
        self.headers = {}
        if user:
            self.headers["Authorization"] = "Basic " + base64.b64encode(user.encode()).decode()

    def request(self, method, path, body=None, headers=None, expect=(200, 201, 202)):
        """The answer as (status, headers, body); a status that is not expected is an error."""
        self.connection.request(method, path, body, {**self.headers, **(headers or {})})
        answer = self.connection.getresponse()
        data = answer.read()
        if expect and answer.status not in expect:
            raise RuntimeError(f"{method} {self.host}{path}: {answer.status} {data[:300]!r}")
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, data

    def push_blob(self, repository, data):
        digest = digest_of(data)
        _, headers, _ = self.request("POST", f"/v2/{repository}/blobs/uploads/")
        location = urllib.parse.urlsplit(headers["location"])
        query = urllib.parse.parse_qsl(location.query) + [("digest", digest)]
        path = location.path + "?" + urllib.parse.urlencode(query)
        self.request("PUT", path, data, {"Content-Type": "application/octet-stream"})
        return digest

    def push_manifest(self, repository, reference, data, media_type=None):
        media_type = media_type or json.loads(data).get("mediaType", MANIFEST)
        self.request("PUT", f"/v2/{repository}/manifests/{reference}", data, {"Content-Type": media_type})
        return digest_of(data)

    def manifest(self, repository, reference):
        """The bytes of a manifest, or None when there is none."""
        status, _, data = self.request("GET", f"/v2/{repository}/manifests/{reference}", None, {"Accept": ACCEPT},
                                       expect=(200, 404))
        return data if status == 200 else None

    def blob(self, repository, digest):
        return self.request("GET", f"/v2/{repository}/blobs/{digest}")[2]

    def tags(self, repository):
        return json.loads(self.request("GET", f"/v2/{repository}/tags/list")[2])["tags"]

    def push_image(self, repository, tag="latest", seed="an image"):
        """A small valid image made of `seed`; returns its digest."""
        layer = seed.encode()
        config = json.dumps({"architecture": "amd64", "os": "linux", "config": {},
                             "rootfs": {"type": "layers", "diff_ids": [digest_of(layer)]}}).encode()
        manifest = json.dumps({
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": len(config),
                       "digest": self.push_blob(repository, config)},
            "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "size": len(layer),
                        "digest": self.push_blob(repository, layer)}]}).encode()
        return self.push_manifest(repository, tag, manifest)

    def push_referrer(self, repository, subject, seed="a note"):
        """A manifest about the one with this digest; returns its own."""
        empty = {"mediaType": "application/vnd.oci.empty.v1+json", "size": 2, "digest": self.push_blob(repository, b"{}")}
        size = len(self.manifest(repository, subject))
        data = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "artifactType": "application/x.note",
                           "config": empty, "layers": [empty], "annotations": {"seed": seed},
                           "subject": {"mediaType": MANIFEST, "digest": subject, "size": size}}).encode()
        return self.push_manifest(repository, digest_of(data), data)

    def referrers(self, repository, subject):
        """The digests of all that refer to this one."""
        listed = json.loads(self.request("GET", f"/v2/{repository}/referrers/{subject}")[2])
        return [descriptor["digest"] for descriptor in listed["manifests"]]

    def push_garbage(self, repository, seed):
        """What nothing needs: a blob, an image without a tag, and one that is deleted with a referrer left over."""
        self.push_blob(repository, f"blob {seed}".encode())
        self.push_image(repository, "passing", f"untagged {seed}")
        gone = self.push_image(repository, "passing", f"gone {seed}")
        self.push_referrer(repository, gone, seed)
        self.request("DELETE", f"/v2/{repository}/manifests/{gone}")

    def push_layout(self, repository, folder):
        """Every tag of an OCI layout, with all that hangs on it."""
        pushed = set()
        for entry in json.loads(read(folder, "index.json"))["manifests"]:
            tag = entry.get("annotations", {}).get("org.opencontainers.image.ref.name")
            self.push_tree(repository, folder, entry, pushed, tag)

    def push_tree(self, repository, folder, entry, pushed, tag=None):
        data = read(folder, "blobs", *entry["digest"].split(":"))
        manifest = json.loads(data)
        for child in manifest.get("manifests", []):
            if child["digest"] not in pushed:
                self.push_tree(repository, folder, child, pushed)
        for blob in [manifest.get("config"), *manifest.get("layers", [])]:
            if blob and blob["digest"] not in pushed:
                self.push_blob(repository, read(folder, "blobs", *blob["digest"].split(":")))
                pushed.add(blob["digest"])
        pushed.add(entry["digest"])
        self.push_manifest(repository, tag or entry["digest"], data, entry.get("mediaType"))


def read(*names):
    with open(os.path.join(*names), "rb") as file:
        return file.read()


def layout_tags(folder):
    """The tags of a layout with the digests they stand for."""
    entries = json.loads(read(folder, "index.json"))["manifests"]
    return {e.get("annotations", {}).get("org.opencontainers.image.ref.name"): e["digest"] for e in entries}
