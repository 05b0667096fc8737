"""The flows of the distribution specification through a socket: what no unit test of the registry sees.

Covers: issue 4, "OCI distribution 1.1 whole".
"""
import hashlib
import json
import os
import socket
import time
import unittest

from harness import oci, registry
from harness.sandbox import Sandbox

UPLOADS = "/v2/app/blobs/uploads/"
# distribution-spec, "Error Codes"; TAG_INVALID is of its "Legacy Docker support error codes".
CODES = {"BLOB_UNKNOWN", "BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN", "DIGEST_INVALID", "MANIFEST_BLOB_UNKNOWN",
         "MANIFEST_INVALID", "MANIFEST_UNKNOWN", "NAME_INVALID", "NAME_UNKNOWN", "SIZE_INVALID", "UNAUTHORIZED",
         "DENIED", "UNSUPPORTED", "TOOMANYREQUESTS", "TAG_INVALID"}


def sha512(data):
    return "sha512:" + hashlib.sha512(data).hexdigest()


class FlowCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.registry = registry.ours(cls.box, "--dir", cls.box.path("kept"))
        cls.addClassCleanup(cls.registry.stop)

    def setUp(self):
        self.client = self.registry.client()
        self.addCleanup(self.client.connection.close)

    def ask(self, method, path, body=None, **headers):
        """(status, headers, body); an underscore in a header's name stands for a dash."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        status, told, data = self.client.request(method, path, body, named, expect=None)
        if 400 <= status < 500 and method != "HEAD":
            self.check_error(data)
        return status, told, data

    def check_error(self, body):
        """Whatever is refused, it is in the specification's form."""
        errors = json.loads(body)["errors"]
        self.assertTrue(errors)
        for error in errors:
            self.assertLessEqual(set(error), {"code", "message", "detail"})
            self.assertIn(error["code"], CODES)
            self.assertTrue(error["message"])

    def raw(self, text, more=b""):
        """A connection on which a request has been begun."""
        host, port = self.registry.host.split(":")
        connection = socket.create_connection((host, int(port)), timeout=30)
        self.addCleanup(connection.close)
        connection.sendall(text.replace("\n", "\r\n").encode() + more)
        return connection

    def begin(self):
        return self.ask("POST", UPLOADS)[1]["location"]


class UploadTest(FlowCase):
    def standing(self, location, want):
        """The range of an upload, as soon as it is `want`: the server may still be noticing that a client is gone."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            status, headers, _ = self.ask("GET", location)
            if status == 204 and headers["range"] == want:
                break
            time.sleep(0.05)
        self.assertEqual((status, headers.get("range")), (204, want))

    def test_a_broken_chunk_is_continued_on_another_connection(self):
        blob = os.urandom(300_000)
        location = self.begin()
        half = self.raw(f"PATCH {location} HTTP/1.1\nHost: x\nContent-Length: 300000\n\n", blob[:100_000])
        half.close()
        self.standing(location, "0-99999")
        status, headers, _ = self.ask("PATCH", location, blob[100_000:], Content_Range="100000-299999")
        self.assertEqual((status, headers["range"]), (202, "0-299999"))
        status, headers, _ = self.ask("PUT", f"{location}?digest={oci.digest_of(blob)}")
        self.assertEqual(status, 201)
        self.assertEqual(self.ask("GET", headers["location"])[2], blob)

    def test_a_broken_put_is_continued_too(self):
        location, blob = self.begin(), b"one two three"
        target = f"{location}?digest={oci.digest_of(blob)}"
        self.raw(f"PUT {target} HTTP/1.1\nHost: x\nContent-Length: 13\n\n", b"one two").close()
        self.standing(location, "0-6")
        self.assertEqual(self.ask("PUT", target, b" three", Content_Range="7-12")[0], 201)

    def test_chunks_of_unknown_length(self):
        location = self.begin()
        chunked = self.raw(f"PATCH {location} HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n",
                           b"4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n")
        self.assertTrue(chunked.recv(4096).startswith(b"HTTP/1.1 202"))
        self.assertEqual(self.ask("PUT", f"{location}?digest={oci.digest_of(b'one two')}")[0], 201)

    def test_the_order_of_chunks(self):
        location = self.begin()
        self.assertEqual(self.ask("PATCH", location, b"one ", Content_Range="0-3")[0], 202)
        for method in ("PATCH", "PUT"):
            status, headers, body = self.ask(method, f"{location}?digest={oci.digest_of(b'one two')}", b"two",
                                             Content_Range="9-11")
            self.assertEqual((status, headers["range"], headers["location"]), (416, "0-3", location))
            self.assertEqual(json.loads(body)["errors"][0]["code"], "BLOB_UPLOAD_INVALID")
        self.assertEqual(self.ask("PATCH", location, b"two", Content_Range="4-9")[0], 400)  # three bytes, not six
        self.assertEqual(self.ask("PUT", f"{location}?digest={oci.digest_of(b'one two')}", b"two",
                                  Content_Range="4-6")[0], 201)

    def test_cancelled(self):
        location = self.begin()
        self.assertEqual(self.ask("PATCH", location, b"content")[0], 202)
        self.assertEqual(self.ask("DELETE", location)[0], 204)
        self.assertEqual(self.ask("GET", location)[0], 404)

    def test_one_request_does_it_all(self):
        for digest in (oci.digest_of(b"content"), sha512(b"content")):
            status, headers, _ = self.ask("POST", f"{UPLOADS}?digest={digest}", b"content")
            self.assertEqual((status, headers["docker-content-digest"]), (201, digest))
            self.assertEqual(self.ask("GET", headers["location"])[2], b"content")
        status, _, body = self.ask("POST", f"{UPLOADS}?digest={oci.digest_of(b'other')}", b"content")
        self.assertEqual((status, json.loads(body)["errors"][0]["code"]), (400, "DIGEST_INVALID"))


class ReadTest(FlowCase):
    def test_parts_of_a_blob(self):
        blob = os.urandom(70_000)
        path = f"/v2/app/blobs/{self.client.push_blob('app', blob)}"
        for wanted, part, said in (("bytes=0-0", blob[:1], "0-0"), ("bytes=500-1499", blob[500:1500], "500-1499"),
                                   ("bytes=69000-", blob[69000:], "69000-69999"),
                                   ("bytes=-500", blob[-500:], "69500-69999")):
            status, headers, body = self.ask("GET", path, Range=wanted)
            self.assertEqual((status, body, headers["content-range"]), (206, part, f"bytes {said}/70000"))
            self.assertEqual(headers["content-length"], str(len(part)))
        status, headers, _ = self.ask("GET", path, Range="bytes=70000-")
        self.assertEqual((status, headers["content-range"]), (416, "bytes */70000"))
        etag = self.ask("HEAD", path)[1]["etag"]
        self.assertEqual(self.ask("GET", path, Range="bytes=0-9", If_Range=etag)[0], 206)
        self.assertEqual(self.ask("GET", path, Range="bytes=0-9", If_Range='"x"')[2], blob)
        self.assertEqual(self.ask("GET", path, If_None_Match=etag)[0], 304)

    def test_head_says_what_get_says(self):
        digest = self.client.push_image("app")
        manifest = json.loads(self.client.manifest("app", digest))
        for path in ("/v2/", "/v2/_catalog", "/v2/app/tags/list", "/v2/app/manifests/latest",
                     f"/v2/app/manifests/{digest}", f"/v2/app/referrers/{digest}",
                     f"/v2/app/blobs/{manifest['config']['digest']}"):
            got, head = self.ask("GET", path), self.ask("HEAD", path)
            drop = lambda headers: {k: v for k, v in headers.items() if k != "date"}
            self.assertEqual((head[0], drop(head[1]), head[2]), (200, drop(got[1]), b""), path)
            self.assertEqual(int(head[1]["content-length"]), len(got[2]), path)

    def test_what_is_asked_of_what_is_not_there(self):
        for path in (f"/v2/app/blobs/{oci.digest_of(b'never')}", "/v2/app/manifests/never",
                     f"/v2/app/manifests/{oci.digest_of(b'never')}", "/v2/never/tags/list", "/v2/never/manifests/never",
                     UPLOADS + "never", "/v3/", "/v2/app", "/v2/app/tags/list/more"):
            status, headers, _ = self.ask("GET", path)
            self.assertEqual((status, headers["content-type"]), (404, "application/json"), path)
            self.assertEqual(self.ask("HEAD", path)[0], 404, path)


class ManifestTest(FlowCase):
    def image(self, seed, **more):
        config, layer = b"{}", seed.encode()
        for blob in (config, layer):
            self.client.push_blob("app", blob)
        describe = lambda data, kind: {"mediaType": kind, "digest": oci.digest_of(data), "size": len(data)}
        return json.dumps({"schemaVersion": 2, "mediaType": oci.MANIFEST,
                           "config": describe(config, "application/vnd.oci.empty.v1+json"),
                           "layers": [describe(layer, "text/plain")], **more}).encode()

    def put(self, reference, data, **headers):
        headers.setdefault("Content_Type", oci.MANIFEST)
        return self.ask("PUT", f"/v2/app/manifests/{reference}", data, **headers)

    def test_several_tags_at_once(self):
        data = self.image("tags")
        for digest in (oci.digest_of(data), sha512(data)):
            # Not by ask(), which keeps one header of a name.
            self.client.connection.request("PUT", f"/v2/app/manifests/{digest}?tag=1.2.3&tag=1.2&tag=1", data,
                                           {"Content-Type": oci.MANIFEST})
            answer = self.client.connection.getresponse()
            self.assertEqual((answer.status, answer.read()), (201, b""))
            self.assertEqual(answer.getheader("Docker-Content-Digest"), digest)
            tags = answer.getheader("OCI-Tag").split(", ")
            self.assertEqual(tags, ["1.2.3", "1.2", "1"])
            for tag in tags:
                _, headers, body = self.ask("GET", f"/v2/app/manifests/{tag}")
                self.assertEqual((headers["docker-content-digest"], body), (digest, data))
        self.assertEqual(self.put(f"{oci.digest_of(data)}?tag=fine&tag=-not", data)[0], 400)
        self.assertEqual(self.ask("HEAD", "/v2/app/manifests/fine")[0], 404)

    def test_referrers_by_either_algorithm(self):
        subject = self.image("subject")
        for name in (oci.digest_of, sha512):
            about = {"mediaType": oci.MANIFEST, "digest": name(subject), "size": len(subject)}
            note = self.image("note", artifactType="text/note", subject=about, annotations={"a": name(b"x")})
            status, headers, _ = self.put(name(note), note)
            self.assertEqual((status, headers["oci-subject"]), (201, name(subject)))
            status, headers, body = self.ask("GET", f"/v2/app/referrers/{name(subject)}?artifactType=text/note")
            self.assertEqual((status, headers["oci-filters-applied"], headers["content-type"]),
                             (200, "artifactType", oci.INDEX))
            self.assertEqual(json.loads(body)["manifests"],
                             [{"mediaType": oci.MANIFEST, "size": len(note), "digest": name(note),
                               "annotations": {"a": name(b"x")}, "artifactType": "text/note"}])
        self.assertEqual(self.ask("GET", "/v2/app/referrers/sha256:short")[0], 400)

    def test_what_is_missing_is_named(self):
        data = self.image("there").replace(oci.digest_of(b"there").encode(), oci.digest_of(b"missing").encode())
        status, _, body = self.put("missing", data)
        error = json.loads(body)["errors"][0]
        self.assertEqual((status, error["code"], error["detail"]),
                         (404, "MANIFEST_BLOB_UNKNOWN", oci.digest_of(b"missing")))

    def test_what_is_too_large_is_refused_before_it_is_sent(self):
        """distribution-spec, "Pushing Manifests": 413 over the limit, and at least 4 megabytes are taken."""
        waiting = self.raw("PUT /v2/app/manifests/x HTTP/1.1\nHost: x\nExpect: 100-continue\n"
                           f"Content-Type: {oci.MANIFEST}\nContent-Length: 100000000\n\n")
        self.assertTrue(waiting.recv(4096).startswith(b"HTTP/1.1 413"))
        large = self.image("large", annotations={"a": "x" * 4_000_000})
        self.assertEqual(self.put("large", large)[0], 201)
        self.assertEqual(self.ask("GET", "/v2/app/manifests/large")[2], large)

    def test_two_writers_of_one_tag(self):
        first, second = self.image("first"), self.image("second")
        etag = self.put("shared", first, If_None_Match="*")[1]["etag"]
        self.assertEqual(self.put("shared", second, If_None_Match="*")[0], 412)
        self.assertEqual(self.put("shared", second, If_Match=etag)[0], 201)
        self.assertEqual(self.put("shared", first, If_Match=etag)[0], 412)
        self.assertEqual(self.ask("DELETE", "/v2/app/manifests/shared", If_Match=etag)[0], 412)
        self.assertEqual(self.ask("GET", "/v2/app/manifests/shared")[2], second)

    def test_deletes(self):
        data = self.image("gone")
        digest = oci.digest_of(data)
        self.put(f"{digest}?tag=gone&tag=kept", data)
        steps = [("DELETE", "manifests/gone", 202), ("GET", "manifests/gone", 404), ("GET", "manifests/kept", 200),
                 ("DELETE", "manifests/gone", 404), ("DELETE", f"manifests/{digest}", 202),
                 ("GET", "manifests/kept", 404), ("GET", f"manifests/{digest}", 404),
                 ("DELETE", f"blobs/{oci.digest_of(b'gone')}", 202), ("HEAD", f"blobs/{oci.digest_of(b'gone')}", 404),
                 ("DELETE", f"blobs/{oci.digest_of(b'gone')}", 404)]
        for method, path, status in steps:
            self.assertEqual(self.ask(method, f"/v2/app/{path}")[0], status, (method, path))


class EnablingTest(unittest.TestCase):
    def test_what_came_before_the_referrers_api_is_listed_by_it(self):
        """distribution-spec, "Enabling the Referrers API"."""
        with Sandbox() as box:
            image = {"schemaVersion": 2, "mediaType": oci.MANIFEST, "layers": []}
            subject = json.dumps(image).encode()
            about = {"mediaType": oci.MANIFEST, "digest": oci.digest_of(subject), "size": len(subject)}
            note = json.dumps({**image, "artifactType": "text/note", "subject": about}).encode()
            with registry.ours(box, "--dir", box.path("kept"), "--referrers=false") as before:
                client = before.client()
                client.push_manifest("app", "latest", subject)
                _, headers, _ = client.request("PUT", "/v2/app/manifests/note", note, {"Content-Type": oci.MANIFEST})
                self.assertNotIn("oci-subject", headers)
                client.request("GET", f"/v2/app/referrers/{about['digest']}", expect=(404,))
            with registry.ours(box, "--dir", box.path("kept")) as after:
                _, _, body = after.client().request("GET", f"/v2/app/referrers/{about['digest']}")
            self.assertEqual([one["digest"] for one in json.loads(body)["manifests"]], [oci.digest_of(note)])


class HostileTest(FlowCase):
    """Whatever is sent, the answer is a 4xx of the specification's form, and nothing leaves the registry's folder."""

    def test_paths(self):
        before = sorted(os.listdir(self.box.work))
        for path in ("/v2/../../etc/passwd", "/v2/..%2f..%2fetc/tags/list", "/v2/a/blobs/..%2f..%2f..%2fetc%2fpasswd",
                     "/v2/a/manifests/..%2f..%2fx", "/v2/%2e%2e/%2e%2e/manifests/x", "/v2/a%00b/tags/list",
                     "/v2/A/tags/list", "/v2/a//b/tags/list", "/v2/\xff\xfe/tags/list", "/v2/%ff%fe/tags/list",
                     "/v2/" + "a" * 256 + "/tags/list", "/v2/" + "a/" * 5000 + "tags/list", "//v2//", "/v2/%",
                     "/v2/a/manifests/" + "x" * 129, "/v2/a/blobs/sha256:" + "g" * 64, "*"):
            for method in ("GET", "PUT", "DELETE", "POST", "BREW"):
                with self.subTest(path=path[:60], method=method):
                    connection = self.raw(f"{method} {path} HTTP/1.1\nHost: x\nContent-Length: 0\n"
                                          "Connection: close\n\n")
                    answer = b""
                    while chunk := connection.recv(65536):
                        answer += chunk
                    self.assertTrue(answer.startswith(b"HTTP/1.1 4"), answer[:100])
                    body = answer.split(b"\r\n\r\n", 1)[1]
                    if body:
                        json.loads(body)
        self.assertEqual(sorted(os.listdir(self.box.work)), before)
        self.assertEqual(self.ask("GET", "/v2/")[0], 200)

    def test_parameters_that_come_twice(self):
        """The first one counts."""
        good, bad = oci.digest_of(b"content"), oci.digest_of(b"other")
        self.assertEqual(self.ask("POST", f"{UPLOADS}?digest={good}&digest={bad}", b"content")[0], 201)
        self.assertEqual(self.ask("POST", f"{UPLOADS}?digest={bad}&digest={good}", b"content")[0], 400)
        self.assertEqual(json.loads(self.ask("GET", "/v2/_catalog?n=0&n=100")[2])["repositories"], [])

    def test_manifests(self):
        deep = b'{"schemaVersion":2,"layers":' + b"[" * 100_000
        child = b'{"digest":"sha256:' + b"0" * 64 + b'","size":1}'
        wide = b'{"schemaVersion":2,"manifests":[' + b",".join([child] * 5000) + b"]}"
        for data in (deep, deep + b"]" * 100_000 + b"}", wide, b"\xff\xfe", b"", b"null", b"[" * 4_000_000,
                     b'{"schemaVersion":2,"schemaVersion":2}',
                     b'{"schemaVersion":2,"layers":[{"digest":"../x","size":1}]}'):
            for kind in (oci.MANIFEST, oci.INDEX):
                status, _, body = self.ask("PUT", "/v2/hostile/manifests/x", data, Content_Type=kind)
                self.assertIn(status, (400, 413), data[:60])
                self.assertIn(json.loads(body)["errors"][0]["code"], ("MANIFEST_INVALID", "SIZE_INVALID"))
        self.assertEqual(self.ask("GET", "/v2/hostile/tags/list")[0], 404)

    def test_methods_say_which_are_allowed(self):
        for path, allowed in (("/v2/", "GET, HEAD"), (UPLOADS, "POST"), ("/v2/app/tags/list", "GET, HEAD"),
                              ("/v2/app/manifests/x", "GET, HEAD, PUT, DELETE")):
            status, headers, _ = self.ask("PATCH", path)
            self.assertEqual((status, headers["allow"]), (405, allowed), path)


class ListTest(FlowCase):
    def test_repositories_come_in_pages(self):
        for name in ("list/a", "list/b", "list/c"):
            self.client.push_blob(name, b"content")
        seen, path = [], "/v2/_catalog?n=1"
        while path:
            _, headers, body = self.ask("GET", path)
            seen += json.loads(body)["repositories"]
            link = headers.get("link", "")
            self.assertRegex(link, '^(<[^>]+>; rel="next")?$')
            path = link[1:link.find(">")]
        self.assertEqual(seen, sorted(seen))
        self.assertLessEqual({"list/a", "list/b", "list/c"}, set(seen))

    def test_tags_come_in_pages(self):
        for tag in ("b", "B", "a", "1", "z"):
            self.client.push_image("list/tags", tag)
        for query, tags, more in (("", "1Babz", False), ("?n=2", "1B", True), ("?n=2&last=B", "ab", True),
                                  ("?n=2&last=b", "z", False), ("?last=a", "bz", False), ("?n=0", "", False),
                                  ("?n=99", "1Babz", False)):
            _, headers, body = self.ask("GET", "/v2/list/tags/tags/list" + query)
            self.assertEqual((json.loads(body)["tags"], "link" in headers), (list(tags), more), query)


if __name__ == "__main__":
    unittest.main()
