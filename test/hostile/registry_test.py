"""A registry that lies, stalls and floods: bounded time and memory, a clear error, and no credentials that leak.

Covers: issue 3, "Hostile registry" and "Each refused case has a test that no header leaks".
"""
import base64
import contextlib
import hashlib
import json
import os
import re
import threading
import time
import unittest

from harness import oci
from harness.liar import Liar
from harness.sandbox import FIXTURES, Sandbox

KEY = os.path.join(FIXTURES, "cosign-3.1.2", "keys", "p256.pub")
SECONDS = 30      # no case may take longer
MEMORY_KIB = 48 * 1024
SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json"


class Watched(Sandbox):
    """Notes the most memory that each program had. (What wait4 tells includes this process before the exec.)"""

    peak_kib = 0

    def start(self, argv, *arguments, **options):
        process = super().start(argv, *arguments, **options)
        self.peak_kib = 0
        threading.Thread(target=self.watch, args=(process.pid,), daemon=True).start()
        return process

    def watch(self, pid):
        with contextlib.suppress(OSError):
            while True:
                with open(f"/proc/{pid}/status", encoding="ascii") as status:
                    found = re.search(r"^VmHWM:\s+(\d+) kB", status.read(), re.M)
                if not found:
                    return  # it has ended
                self.peak_kib = max(self.peak_kib, int(found.group(1)))
                time.sleep(0.005)


def signed_manifest(layers):
    return json.dumps({"schemaVersion": 2, "mediaType": oci.MANIFEST,
                       "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2,
                                  "digest": "sha256:" + hashlib.sha256(b"{}").hexdigest()},
                       "layers": layers}).encode()


class HostileTest(unittest.TestCase):
    def setUp(self):
        self.box = Watched()
        self.addCleanup(self.box.close)
        self.server = self.start(Liar("legacy-signature"))

    def start(self, server):
        self.addCleanup(server.stop)
        return server

    def verify(self, *options, server=None, timeout="10s"):
        server = server or self.server
        done = self.box.cosign_run("verify", "--key", KEY, "--insecure-ignore-tlog=true", "-t", timeout, *options,
                                   f"{server.host}/app@{self.server.digest}")
        self.assertLess(done.seconds, SECONDS, done)
        self.assertLess(self.box.peak_kib, MEMORY_KIB, done)
        return done

    def refused(self, done, *words):
        self.assertGreater(done.code, 0, done)
        self.assertEqual(done.out, "", done)
        self.assertRegex(done.err, r"(?m)^error: \S", done)
        for word in words:
            self.assertRegex(done.err, word, done)

    def lie(self, prefix, function):
        self.server.lies[prefix] = function

    def manifest(self, data, media_type=oci.MANIFEST):
        self.lie(self.server.signature, lambda h: h.reply(200, data, media_type))

    # --- an honest one first: every case below differs from it in one thing

    def test_honest(self):
        self.assertEqual(self.verify().code, 0)

    # --- digests and sizes

    def test_a_blob_of_other_bytes(self):
        self.lie("/v2/app/blobs/", lambda h: h.reply(200, b"x" * len(self.server.content[h.path][0]), "a/b"))
        self.refused(self.verify(), "digest|sha256")

    def test_a_shorter_blob(self):
        self.lie("/v2/app/blobs/", lambda h: h.reply(200, self.server.content[h.path][0][:-1], "a/b"))
        self.refused(self.verify(), r"expected \d+ bytes, got \d+ bytes")

    def test_a_descriptor_with_a_wrong_size(self):
        manifest = json.loads(self.server.content[self.server.signature][0])
        manifest["layers"][0]["size"] += 1
        self.manifest(json.dumps(manifest).encode())
        self.refused(self.verify(), r"expected \d+ bytes, got \d+ bytes")

    def test_a_manifest_by_digest_of_other_bytes(self):
        server = self.start(Liar("bundle-signature"))
        index = next(t for t in server.tags if t.startswith("sha256-"))
        child = json.loads(server.content[f"/v2/app/manifests/{index}"][0])["manifests"][0]["digest"]
        data = server.content[f"/v2/app/manifests/{child}"][0]
        server.lies[f"/v2/app/manifests/{child}"] = lambda h: h.reply(200, data + b" ", oci.MANIFEST)
        self.server.digest = server.digest
        self.refused(self.verify(server=server), "digest|sha256")

    def test_a_content_length_that_never_comes(self):
        def lie(handler):
            handler.reply(200, b"{}", oci.MANIFEST, Content_Length="1000")
            handler.close_connection = True
        self.lie(self.server.signature, lie)
        self.refused(self.verify(), "broke")

    # --- too much, too slow, too long

    def test_an_endless_manifest(self):
        self.lie(self.server.signature, lambda h: h.endless(oci.MANIFEST))
        self.refused(self.verify(timeout="20s"), "large|bytes|MiB")

    def test_an_endless_blob(self):
        self.lie("/v2/app/blobs/", lambda h: h.endless("application/octet-stream"))
        self.refused(self.verify(timeout="20s"), r"expected \d+ bytes, got more")

    def test_a_blob_that_says_it_is_huge(self):
        layer = {"mediaType": SIMPLE_SIGNING, "size": 1 << 62, "digest": "sha256:" + "0" * 64,
                 "annotations": {"dev.cosignproject.cosign/signature": "AA=="}}
        self.manifest(signed_manifest([layer]))
        self.lie("/v2/app/blobs/", lambda h: h.endless("application/octet-stream"))
        self.refused(self.verify(timeout="20s"), "too large")

    def test_a_slow_body(self):
        self.lie(self.server.signature, lambda h: h.endless(oci.MANIFEST, b" ", 0.5))
        done = self.verify(timeout="3s")
        self.refused(done, "time")
        self.assertLess(done.seconds, 8, done)

    def test_silence_after_the_request(self):
        self.lie(self.server.signature, lambda h: time.sleep(60))
        done = self.verify(timeout="3s")
        self.refused(done, "time")
        self.assertLess(done.seconds, 8, done)

    def test_a_megabyte_of_headers(self):
        self.lie(self.server.signature, lambda h: h.reply(200, b"{}", oci.MANIFEST, X_Much="a" * (1 << 20)))
        self.refused(self.verify())

    def test_many_headers(self):
        many = {f"X_{n}": "a" for n in range(20000)}
        self.lie(self.server.signature, lambda h: h.reply(200, b"{}", oci.MANIFEST, **many))
        self.refused(self.verify(), "headers")

    def test_come_back_tomorrow(self):
        self.lie(self.server.signature, lambda h: h.reply(429, b"", "text/plain", Retry_After="86400"))
        self.refused(self.verify(timeout="5s"), "limits how often it is asked")
        self.assertLessEqual(len(self.server.asked(self.server.signature)), 4)

    # --- many

    def flood(self, descriptors):
        return json.dumps({"schemaVersion": 2, "mediaType": oci.INDEX, "manifests": [
            {"mediaType": oci.MANIFEST, "size": 1000, "digest": "sha256:" + hashlib.sha256(b"%d" % n).hexdigest(),
             "artifactType": "application/vnd.dev.sigstore.bundle.v0.3+json"} for n in descriptors]}).encode()

    def test_100000_referrers_at_once(self):
        data = self.flood(range(100_000))
        self.lie(self.server.signature, lambda h: h.reply(404, b"", "text/plain"))
        self.lie("/v2/app/referrers/", lambda h: h.reply(200, data, oci.INDEX))
        self.refused(self.verify(timeout="20s"), "the referrers of .* too large")

    def test_100000_referrers_in_pages(self):
        def page(handler):
            at = int((handler.path.split("?n=") + ["0"])[1])
            handler.reply(200, self.flood(range(at * 1000, at * 1000 + 1000)), oci.INDEX,
                          Link=f'</v2/app/referrers/{self.server.digest}?n={at + 1}>; rel="next"')
        self.lie(self.server.signature, lambda h: h.reply(404, b"", "text/plain"))
        self.lie("/v2/app/referrers/", page)
        done = self.verify(timeout="20s")
        self.refused(done, "more entries than are looked at", "and [0-9]+ more like these")
        self.assertLess(len(done.err), 4000)
        self.assertLessEqual(len(self.server.asked("/v2/app/referrers/")), 110)
        self.assertLessEqual(len(self.server.asked("/v2/app/manifests/")), 1100)

    def test_100000_in_the_fallback_index(self):
        data = self.flood(range(100_000))
        tag = self.server.digest.replace(":", "-")
        self.lie(self.server.signature, lambda h: h.reply(404, b"", "text/plain"))
        self.lie(f"/v2/app/manifests/{tag}", lambda h: h.reply(200, data, oci.INDEX))
        self.refused(self.verify(timeout="20s"), "answer for tag sha256-.* too large")

    def test_the_same_page_for_ever(self):
        self.lie(self.server.signature, lambda h: h.reply(404, b"", "text/plain"))
        self.lie("/v2/app/referrers/", lambda h: h.reply(
            200, self.flood([]), oci.INDEX, Link=f'</v2/app/referrers/{self.server.digest}>; rel="next"'))
        self.refused(self.verify(timeout="20s"), "more entries than are looked at")
        self.assertLessEqual(len(self.server.asked("/v2/app/referrers/")), 110)

    def test_10000_signatures_on_one_tag(self):
        layer = {"mediaType": SIMPLE_SIGNING, "size": 10, "digest": "sha256:" + "0" * 64,
                 "annotations": {"dev.cosignproject.cosign/signature": "AA=="}}
        self.manifest(signed_manifest([layer] * 10_000))
        self.refused(self.verify(timeout="20s"), "more than 4000 layers")
        self.assertLessEqual(len(self.server.asked("/v2/app/blobs/")), 1100)

    # --- shapes

    def test_deep_json(self):
        self.manifest(b"[" * 1_000_000)
        self.refused(self.verify(), "more than 64 levels")

    def test_deep_json_that_ends(self):
        self.manifest(b'{"layers":' + b"[" * 10_000 + b"]" * 10_000 + b"}")
        self.refused(self.verify(), "more than 64 levels")

    def test_a_key_twice(self):
        honest = self.server.content[self.server.signature][0]
        self.manifest(honest[:-1] + b',"layers":[]}')
        self.refused(self.verify(), "layers|twice|duplicate")

    def test_no_json(self):
        self.manifest(b"<html>please log in</html>", "text/html")
        self.refused(self.verify(), "not valid JSON")

    def test_an_empty_answer(self):
        self.manifest(b"")
        self.refused(self.verify(), "incomplete JSON")

    # --- redirects and realms: where credentials go

    def login(self, *hosts):
        auth = base64.b64encode(b"dev:s3cret").decode()
        self.box.write("../home/.docker/config.json", json.dumps({"auths": {h: {"auth": auth} for h in hosts}}))

    def assert_nothing_secret(self, server):
        for method, path, headers, _ in server.asked():
            self.assertNotIn("Authorization", headers, f"{method} {path}")
            self.assertNotIn("s3cret", path)

    def ask_for_password(self, handler, challenge):
        if "Authorization" not in handler.headers:
            return handler.reply(401, b"", "text/plain", WWW_Authenticate=challenge)
        data, media_type = self.server.content.get(handler.path, (b"", None))
        return handler.reply(200 if media_type else 404, data, media_type or "text/plain")

    def test_a_redirect_loop(self):
        self.lie(self.server.signature, lambda h: h.reply(307, b"", "text/plain", Location=h.path))
        self.refused(self.verify(), "redirect")
        self.assertLessEqual(len(self.server.asked(self.server.signature)), 7)

    def test_a_redirect_to_another_host_carries_no_credentials(self):
        self.login(self.server.host)
        other = self.start(Liar("legacy-signature", "127.0.0.2"))
        challenge = 'Basic realm="r"'

        def away(handler):
            if "Authorization" not in handler.headers:
                return handler.reply(401, b"", "text/plain", WWW_Authenticate=challenge)
            return handler.reply(307, b"", "text/plain", Location=f"http://{other.host}{handler.path}")
        self.lie("/v2/app/blobs/", away)
        self.lie("/v2/", lambda h: self.ask_for_password(h, challenge))
        self.assertEqual(self.verify("--allow-http-registry").code, 0)
        self.assertTrue(other.asked("/v2/app/blobs/"))
        self.assert_nothing_secret(other)

    def test_a_realm_on_another_host_gets_nothing_over_plain_http(self):
        self.login(self.server.host)
        other = self.start(Liar(host="127.0.0.2"))
        challenge = f'Bearer realm="http://{other.host}/token",service="s",scope="repository:app:pull"'
        self.lie("/v2/", lambda h: self.ask_for_password(h, challenge))
        self.refused(self.verify("--allow-http-registry"), "realm")
        self.assert_nothing_secret(other)

    def test_a_realm_of_a_private_address(self):
        self.login(self.server.host)
        challenge = 'Bearer realm="https://169.254.169.254/token",service="s"'
        self.lie("/v2/", lambda h: self.ask_for_password(h, challenge))
        self.refused(self.verify("--allow-http-registry"), "realm")

    def test_a_password_is_not_sent_in_the_clear_unasked(self):
        self.login(self.server.host)
        self.lie("/v2/", lambda h: self.ask_for_password(h, 'Basic realm="r"'))
        self.refused(self.verify(), "--allow-http-registry")
        self.assert_nothing_secret(self.server)

    def test_a_link_to_another_host_carries_no_credentials(self):
        self.login(self.server.host)
        other = self.start(Liar("legacy-signature", "127.0.0.2"))
        self.lie("/v2/app/referrers/", lambda h: h.reply(
            200, self.flood([]), oci.INDEX, Link=f'<http://{other.host}/v2/app/referrers/x>; rel="next"'))
        self.lie(self.server.signature, lambda h: h.reply(404, b"", "text/plain"))
        self.lie("/v2/", lambda h: self.ask_for_password(h, 'Basic realm="r"'))
        self.refused(self.verify("--allow-http-registry"), "more entries than are looked at")
        self.assert_nothing_secret(other)

    def test_questions_for_a_password_without_end(self):
        self.login(self.server.host)
        self.lie("/v2/", lambda h: h.reply(401, b"", "text/plain", WWW_Authenticate='Basic realm="r"'))
        self.refused(self.verify("--allow-http-registry"))
        self.assertLess(len(self.server.asked()), 30)


if __name__ == "__main__":
    unittest.main()
