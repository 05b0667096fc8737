"""kill -9 at many moments of whatever writes: nothing is left half-written, and running it again works.

Covers: issue 3, "kill -9 at random moments of generate-key-pair, login and registry writes leaves nothing
half-written"; "a full disk".
"""
import base64
import json
import os
import random
import stat
import subprocess
import threading
import time
import unittest

from harness import oci, registry
from harness.sandbox import FIXTURES, Sandbox, kill_group

PASSWORD = "correct-horse"
KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
MOMENTS, KILLS = (60, 500) if os.environ.get("COSIGN_LONG_TESTS") == "yes" else (20, 60)
# The calls that make a file appear; the process is killed on entry to the N-th of each.
CALLS = ("openat", "write", "fchmod", "fsync", "rename", "renameat2", "linkat", "unlink", "mkdir", "close")


class KillTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.box.variables["COSIGN_PASSWORD"] = PASSWORD

    def run_and_kill(self, argv, after, **options):
        """Starts a program and kills it after so many seconds; True when it was still running."""
        process = self.box.start(argv, **options)
        time.sleep(after)
        running = process.poll() is None
        kill_group(process)
        process.communicate()
        return running

    def wait_for_one(self, pushers):
        """Until one of them has pushed something."""
        deadline = time.monotonic() + 30
        while not any(pusher.acknowledged for pusher in pushers) and time.monotonic() < deadline:
            time.sleep(0.005)

    def moments(self, argv, **options):
        """Moments spread over the time that this takes, somewhat at random."""
        started = time.monotonic()
        done = self.box.run(*argv, **options)
        self.assertEqual(done.code, 0, done)
        took = time.monotonic() - started
        return [took * (n + random.random()) / MOMENTS for n in range(MOMENTS)]

    def killed_at_calls(self, argv, **options):
        """Runs it again and again, each time killed at another system call, until it gets through."""
        for call in CALLS:
            for count in range(1, 9):
                done = self.box.run("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                                    f"inject={call}:signal=SIGKILL:when={count}", *argv, **options)
                yield f"{call} {count}", done
                if done.code == 0:
                    break

    def check_key_pair(self, moment):
        """No private key, or one that opens; with a public key beside it, the two belong together."""
        private, public = self.box.path("cosign.key"), self.box.path("cosign.pub")
        if os.path.exists(private):
            self.assertEqual(stat.S_IMODE(os.stat(private).st_mode), 0o600, moment)
            done = self.box.cosign_run("public-key", "--key", private)
            self.assertEqual(done.code, 0, f"{moment}: {done}")
            if os.path.exists(public):
                self.assertEqual(self.box.read("cosign.pub"), done.out, moment)
        elif os.path.exists(public):
            self.assertRegex(self.box.read("cosign.pub"), r"\A-----BEGIN PUBLIC KEY-----\n[^-]+-----END PUBLIC KEY-----\n\Z")
        for name in ("cosign.key", "cosign.pub"):
            if os.path.exists(self.box.path(name)):
                os.unlink(self.box.path(name))

    def test_generate_key_pair_at_random_moments(self):
        argv = ["cosign", "generate-key-pair"]
        moments = self.moments(argv)
        self.check_key_pair("undisturbed")
        self.assertTrue(any([self.killed_key_pair(argv, moment) for moment in moments]), "it was never killed in time")

    def killed_key_pair(self, argv, moment):
        killed = self.run_and_kill(argv, moment)
        self.check_key_pair(f"killed after {moment:.3f} s")
        return killed

    def test_generate_key_pair_at_each_call(self):
        for moment, done in self.killed_at_calls(["cosign", "generate-key-pair"]):
            with self.subTest(moment=moment):
                if done.code == 0:
                    self.assertTrue(os.path.exists(self.box.path("cosign.key")), moment)
                self.check_key_pair(moment)

    def test_login_at_random_moments_and_each_call(self):
        server = registry.docker(self.box, user="dev:word")
        self.addCleanup(server.stop)
        config = os.path.join(self.box.home, ".docker", "config.json")
        os.makedirs(os.path.dirname(config))
        before = {"auths": {"other.example": {"auth": "eDp5"}}, "HttpHeaders": {"X": "y"}}
        entry = {"auth": base64.b64encode(b"dev:word").decode()}
        after = {**before, "auths": {**before["auths"], server.host: entry}}
        argv = ["cosign", "login", server.host, "--allow-http-registry", "-u", "dev", "-p", "word"]

        def reset():
            with open(config, "w", encoding="utf-8") as file:
                json.dump(before, file)

        def check(moment):
            with open(config, encoding="utf-8") as file:
                self.assertIn(json.load(file), (before, after), moment)
            reset()
        reset()
        for moment in self.moments(argv):
            self.run_and_kill(argv, moment)
            check(moment)
        for moment, _ in self.killed_at_calls(argv):
            check(moment)

    def test_sign_at_random_moments(self):
        """Whatever a killed signer left behind: the signature before it still verifies, and signing again works."""
        for kind, server in (("ours", registry.ours(self.box)), ("docker", registry.docker(self.box))):
            self.addCleanup(server.stop)
            with self.subTest(registry=kind):
                image = f"{server.host}/app@{server.client().push_image('app')}"
                sign = ["cosign", "sign", "--key", f"{KEYS}/p256.key", "--tlog-upload=false"]
                verify = ["cosign", "verify", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true"]
                for number, moment in enumerate(self.moments([*sign, "-a", "first=yes", image])):
                    form = "true" if number % 2 else "false"
                    self.run_and_kill([*sign, f"--new-bundle-format={form}", "-a", f"n={number}", image], moment)
                    done = self.box.run(*verify, "-a", "first=yes", image)
                    self.assertEqual(done.code, 0, f"killed after {moment:.3f} s: {done}")
                self.assertEqual(self.box.run(*sign, "-a", "last=yes", image).code, 0)
                self.assertEqual(self.box.run(*verify, "-a", "last=yes", image).code, 0)

    def test_registry_killed_while_it_is_written_to(self):
        """After kill -9 at any moment, and a new start, all that was acknowledged is there, and nothing is half there."""
        folder, acknowledged, rounds = self.box.path("registry"), {}, []
        for number in range(KILLS):
            with registry.ours(self.box, "--dir", folder) as server:
                for pusher in rounds[-3:]:
                    self.check_pusher(server.client(), pusher)
                pushers = [Pusher(server, f"r{number % 7}", f"{number}-{n}") for n in range(3)]
                rounds += pushers
                for pusher in pushers:
                    pusher.start()
                if number % 2:  # on a busy machine the others may be killed before anything was acknowledged
                    self.wait_for_one(pushers)
                time.sleep(random.random() * 0.15)
            for pusher in pushers:
                pusher.join(60)
                acknowledged.update(pusher.acknowledged)
        self.assertGreaterEqual(len(acknowledged), KILLS // 2, "it did not get going")
        with registry.ours(self.box, "--dir", folder) as server:
            for pusher in rounds:
                self.check_pusher(server.client(), pusher)
            for n in range(7):
                self.check_whole(server.client(), f"r{n}")
        self.check_no_leftovers(folder)
        done = self.box.cosign_run("registry", "check", "--dir", folder)
        self.assertEqual(done.code, 0, done)

    def check_pusher(self, client, pusher):
        """What it was told is there; what is under its names is what it sent."""
        self.check_images(client, pusher.acknowledged)
        moving = client.manifest(pusher.repository, pusher.moving)
        self.assertIn(moving and oci.digest_of(moving), pusher.last)
        for subject, referrer in pusher.referrers.items():
            self.assertIn(referrer, client.referrers(pusher.repository, subject))
        for tag in pusher.deleted:
            self.assertIsNone(client.manifest(pusher.repository, tag), tag)

    def check_whole(self, client, repository):
        """Every tag that is shown leads to a manifest, and to all that it names."""
        tags = client.tags(repository)
        self.check_images(client, {(repository, tag): oci.digest_of(client.manifest(repository, tag)) for tag in tags})

    def test_gc_and_repair_killed(self):
        """gc --delete and check --repair, killed at each call that changes something: what is named stays whole."""
        folder = self.box.path("registry")
        with registry.ours(self.box, "--dir", folder) as server:
            client = server.client()
            kept = {("app", f"kept{n}"): client.push_image("app", f"kept{n}", f"kept {n}") for n in range(5)}
        lines = (["gc", "--delete", "--untagged", "--older-than", "0s"], ["check", "--repair"])
        for call in ("unlink", "pwrite64", "fdatasync", "fsync", "rename", "write"):
            for count in (1, 2, 3, 5, 8, 13):
                with registry.ours(self.box, "--dir", folder) as server:
                    self.check_images(server.client(), kept)
                    server.client().push_garbage("app", f"{call} {count}")
                for line in lines:
                    self.box.run("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                                 f"inject={call}:signal=SIGKILL:when={count}", "cosign", "registry", *line, "--dir", folder)
                done = self.box.cosign_run("registry", "check", "--dir", folder)
                self.assertEqual(done.code, 0, f"{call} {count}: {done}")
        done = self.box.cosign_run("registry", *lines[0], "--dir", folder)
        self.assertEqual(done.code, 0, done)
        done = self.box.cosign_run("registry", "gc", "--untagged", "--older-than", "0s", "--dir", folder)
        self.assertEqual(done.out, "to remove: 0 tags, 0 manifests, 0 blobs; 0 contents of 0 bytes\n")
        with registry.ours(self.box, "--dir", folder) as server:
            self.check_images(server.client(), kept)

    def test_registry_killed_at_each_call(self):
        """The same, at the calls that make content and its record appear."""
        folder, acknowledged = self.box.path("registry"), {}
        for call in ("write", "pwrite64", "fsync", "fdatasync", "rename"):
            for count in (1, 2, 3, 4, 6, 8, 11, 14, 18, 22):
                strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                          f"inject={call}:signal=SIGKILL:when={count}"]
                try:
                    server = registry.Registry(self.box, [*strace, "cosign", "registry", "serve", "--addr", "127.0.0.1:0",
                                                          "--dir", folder])
                except RuntimeError:
                    continue  # killed before it listened
                pusher = Pusher(server, "calls", f"{call}{count}")
                pusher.run(images=2)
                server.stop()
                acknowledged.update(pusher.acknowledged)
                with registry.ours(self.box, "--dir", folder) as again:
                    self.check_images(again.client(), acknowledged)
                self.check_no_leftovers(folder)
        self.assertGreater(len(acknowledged), 5)

    def check_images(self, client, acknowledged):
        for (repository, tag), digest in acknowledged.items():
            manifest = client.manifest(repository, tag)
            self.assertEqual(oci.digest_of(manifest or b""), digest, (repository, tag))
            for layer in json.loads(manifest)["layers"]:
                self.assertEqual(oci.digest_of(client.blob(repository, layer["digest"])), layer["digest"], tag)

    def check_no_leftovers(self, folder):
        """After a new start there is nothing but content, each under its own digest, and nothing beside it."""
        self.assertEqual(os.listdir(os.path.join(folder, "uploads")), [])
        self.assertLessEqual({name for name in os.listdir(folder) if not name.startswith("registry.db-")},
                             {"blobs", "journal", "lock", "registry.db", "uploads"})
        for name in os.listdir(os.path.join(folder, "blobs", "sha256")):
            with open(os.path.join(folder, "blobs", "sha256", name), "rb") as file:
                self.assertEqual(oci.digest_of(file.read()), f"sha256:{name}")


class Pusher(threading.Thread):
    """Pushes images, each under its own tag and then under one that moves, signs and deletes, until the registry is gone."""

    def __init__(self, server, repository, number):
        super().__init__(daemon=True)
        self.client, self.repository, self.number = server.client(), repository, number
        self.moving = f"moving-{number}"
        self.acknowledged = {}
        self.last = {None}  # what the moving tag may name: the last that was acknowledged, and one under way
        self.referrers = {}  # by subject
        self.deleted = set()

    def run(self, images=10_000):
        try:
            for number in range(images):
                self.push(number)
        except (OSError, RuntimeError, TypeError, oci.http.client.HTTPException):
            pass  # killed: that is the point

    def push(self, number):
        tag, seed = f"{self.number}-{number}", f"{self.repository} {self.number} {number}"
        digest = self.client.push_image(self.repository, tag, seed)
        self.acknowledged[self.repository, tag] = digest
        self.last = self.last | {digest}
        self.client.push_manifest(self.repository, self.moving, self.client.manifest(self.repository, tag))
        self.last = {digest}
        self.referrers[digest] = self.client.push_referrer(self.repository, digest)
        if number % 3 == 2:
            gone = f"{self.number}-{number - 1}"
            del self.acknowledged[self.repository, gone]  # from here on it may be there or not
            self.client.request("DELETE", f"/v2/{self.repository}/manifests/{gone}")
            self.deleted.add(gone)


class FullDiskTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)

    def run_without_space(self, *argv, **options):
        return self.box.run("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e",
                            "inject=fsync:error=ENOSPC", *argv, **options)

    def test_generate_key_pair(self):
        done = self.run_without_space("cosign", "generate-key-pair", env={"COSIGN_PASSWORD": PASSWORD})
        self.assertEqual(done.code, 1, done)
        self.assertRegex(done.err, r"(?m)^(error|cause): .*(space|disk)")
        self.assertEqual(os.listdir(self.box.work), [])

    def test_a_signature_that_fits_nowhere_but_in_the_registry(self):
        """What was written is said, and what was not is one error."""
        with registry.ours(self.box) as server:
            image = f"{server.host}/app@{server.client().push_image('app')}"
            done = self.run_without_space("cosign", "sign", "--key", f"{KEYS}/p256.key", "--tlog-upload=false", "--bundle",
                                          "out.bundle", image, env={"COSIGN_PASSWORD": PASSWORD})
            self.assertEqual(done.code, 1, done)
            self.assertRegex(done.err, r"(?m)^Pushed signature to: ")
            self.assertRegex(done.err, r"(?m)^(error|cause): .*(space|disk)")
            self.assertEqual(os.listdir(self.box.work), [])
            self.assertEqual(self.box.cosign_run("verify", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true",
                                                 image).code, 0)

    def full_registry(self, folder):
        """Serves a copy of the folder from 256 KiB, where that can be had; else the folder, and every fsync fails."""
        mount = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
        small = f"mount -t tmpfs -o size=256k none {self.box.path('small')}"
        serve = ["cosign", "registry", "serve", "--addr", "127.0.0.1:0", "--dir"]
        os.makedirs(self.box.path("small"))
        if subprocess.run([*mount, small], capture_output=True, check=False).returncode == 0:
            copy = f"cp -a {folder}/. {self.box.path('small')}"
            return registry.Registry(self.box, [*mount, f"{small} && {copy} && exec {' '.join(serve)} small"])
        return registry.Registry(self.box, ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e",
                                            "inject=fsync:error=ENOSPC", *serve, folder])

    def test_registry(self):
        """A full registry refuses with 507, says so to a signer, and serves what it has."""
        folder = self.box.path("registry")
        with registry.ours(self.box, "--dir", folder) as server:
            digest = server.client().push_image("app")
        with self.full_registry(folder) as server:
            client = server.client()
            with self.assertRaisesRegex(RuntimeError, "507 .*STORAGE_FULL"):
                for number in range(1000):
                    client.push_image("app", f"t{number}", f"{number} " * 8000)
            self.assertEqual(oci.digest_of(client.manifest("app", "latest")), digest)
            done = self.box.cosign_run("sign", "--key", f"{KEYS}/p256.key", "--tlog-upload=false", "-a", "x=" + "y" * 60000,
                                       f"{server.host}/app@{digest}", env={"COSIGN_PASSWORD": PASSWORD})
            self.assertEqual(done.code, 1, done)
            self.assertRegex(done.err, r"(?m)^(error|cause): .*507")
            self.assertRegex(server.log(), r"(?m)^error: .*(space|disk)")

    def test_output_file(self):
        done = self.box.cosign_run("version", "--output-file", "/dev/full")
        self.assertEqual(done.code, 1, done)
        self.assertRegex(done.err, r"(?m)^(error|cause): .*(space|disk)")

    def test_stdout(self):
        done = self.box.run("sh", "-c", "cosign version >/dev/full")
        self.assertEqual(done.code, 1, done)
        self.assertRegex(done.err, r"(?m)^(error|cause): .*(space|disk)")


if __name__ == "__main__":
    unittest.main()
