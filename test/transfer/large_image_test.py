"""Large images go through copy, save and load in flat memory, and a run that was killed is continued.

Covers: issue 5, "copy, save, load move a 2 GiB image in at most 32 MiB"; "resumes; skips what is there".
"""
import json
import os
import re
import time
import unittest

from harness import oci, registry
from harness.sandbox import Sandbox, kill_group

MIB = 1024 * 1024
LONG = os.environ.get("COSIGN_LONG_TESTS") == "yes"
LAYERS, LAYER = (8, 256 * MIB) if LONG else (2, 48 * MIB)
FLAT_KIB = 32 * 1024


def push_image(client):
    client.push_blob("big", b"{}")
    layers = []
    for n in range(LAYERS):
        data = os.urandom(MIB) * (LAYER // MIB - 1) + bytes([n]) * MIB
        client.push_blob("big", data)
        layers.append({"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": oci.digest_of(data),
                       "size": len(data)})
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2,
                           "digest": oci.digest_of(b"{}")}, "layers": layers}
    client.push_manifest("big", "1", json.dumps(manifest).encode())


class LargeImageTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.source = registry.ours(self.box, "--dir", self.box.path("source"))
        self.addCleanup(self.source.stop)
        # In a process of its own: what this one has at its peak would count for all that it starts.
        pid = os.fork()
        if pid == 0:
            push_image(self.source.client())
            os._exit(0)
        self.assertEqual(os.waitpid(pid, 0)[1], 0)
        self.image = f"{self.source.host}/big:1"

    def flat(self, *words):
        done = self.box.cosign_run(*words)
        self.assertEqual(done.code, 0, done)
        print(f"\n  {words[0]} of {LAYERS * LAYER // MIB} MiB: {done.max_rss_kib} KiB, {done.seconds:.2f} s", flush=True)
        self.assertLess(done.max_rss_kib, FLAT_KIB)
        return done

    def test_flat_memory(self):
        with registry.docker(self.box) as target:
            self.flat("copy", self.image, f"{target.host}/copied:1")
            self.flat("save", "--dir", self.box.path("saved"), self.image)
            done = self.flat("load", "--dir", self.box.path("saved"), f"{target.host}/loaded:1")
            self.assertIn("loaded: 1 manifest", done.err)
            self.flat("save", "--archive", self.box.path("saved.tar"), self.image)
            self.flat("load", "--archive", self.box.path("saved.tar"), f"{target.host}/archive:1")

    def test_a_killed_copy_is_continued(self):
        with registry.ours(self.box, "--dir", self.box.path("target")) as target:
            for after in (0.05, 0.1, 0.15, 0.25):
                process = self.box.start(["cosign", "copy", "--max-workers", "1", self.image, f"{target.host}/big:1"])
                time.sleep(after)
                kill_group(process)
                process.communicate()
            done = self.flat("copy", self.image, f"{target.host}/big:1")
            self.assertRegex(done.err, f"copied: 1 manifest, {LAYERS + 1} blobs")

    def test_a_killed_save_is_no_layout_and_is_continued(self):
        folder = self.box.path("saved")
        for after in (0.03, 0.06, 0.1):
            process = self.box.start(["cosign", "save", "--dir", folder, self.image])
            time.sleep(after)
            running = process.poll() is None
            kill_group(process)
            process.communicate()
            if running and os.path.exists(folder):
                self.assertFalse(os.path.exists(os.path.join(folder, "index.json")))
        self.flat("save", "--dir", folder, self.image)
        names = os.listdir(os.path.join(folder, "blobs", "sha256"))
        self.assertFalse([name for name in names if not re.fullmatch("[0-9a-f]{64}", name)])
        self.assertEqual(self.box.cosign_run("load", "--dir", folder, f"{self.source.host}/back:1").code, 0)


class UploadTest(unittest.TestCase):
    """`upload blob` of a file, and of stdin by way of TMPDIR."""

    def test_flat_memory(self):
        size = LAYERS * LAYER
        with Sandbox() as box, registry.docker(box) as server:
            with open(box.path("large"), "wb") as file:
                for n in range(size // MIB):
                    file.write(bytes([n % 251]) * MIB)
            for words, place in ((["-f", box.path("large")], "file"), (["-f", "-"], "stdin")):
                line = f"cosign upload blob {' '.join(words)} {server.host}/{place}:1 < {box.path('large')}"
                done = box.run("/bin/sh", "-c", "exec " + line)
                self.assertEqual(done.code, 0, done)
                print(f"\n  upload of {size // MIB} MiB, {place}: {done.max_rss_kib} KiB, {done.seconds:.2f} s")
                self.assertLess(done.max_rss_kib, FLAT_KIB)
                layer = json.loads(server.client().manifest(place, "1"))["layers"][0]
                self.assertEqual(layer["size"], size)
            self.assertEqual(os.listdir(os.path.join(box.top, "tmp")), [])


if __name__ == "__main__":
    unittest.main()
