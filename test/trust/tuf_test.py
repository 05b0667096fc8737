"""Whom to trust through TUF: initialize, the cache that all commands use, mirrors that are carried, and what is said.

The repository is made and signed by the test itself (tools/harness/tuf.py), the signatures by a Sigstore in memory.
Covers: issue 8, points 3 and 4, "Performance", "Done when"; cosign.md 2i, 5.11, 5.12.
"""
import datetime
import json
import os
import shutil
import signal
import stat
import tarfile
import threading
import time
import unittest

from harness import keyless, tuf
from harness.tuf_case import CONFIG, TufCase

METADATA = ("root.json", "snapshot.json", "targets.json", "timestamp.json")


class InitializeTest(TufCase):
    def test_it_is_silent_and_keeps_what_real_cosign_keeps(self):
        done = self.initialize()
        self.assertEqual((done.out, done.err), ("", ""), done)
        with open(f"{self.cache}/remote.json", encoding="utf-8") as file:
            self.assertEqual(json.load(file), {"mirror": self.server.url})
        for name in METADATA:
            self.assertTrue(os.path.isfile(f"{self.folder()}/{name}"), name)
        with open(f"{self.folder()}/targets/trusted_root.json", encoding="utf-8") as file:
            self.assertEqual(file.read(), self.case.root)
        self.assertEqual(stat.S_IMODE(os.stat(self.cache).st_mode) & 0o022, 0)

    def test_it_walks_over_all_roots(self):
        for _ in range(3):
            self.repository.rotate("root", "timestamp")
        self.initialize()
        with open(f"{self.folder()}/root.json", "rb") as file:
            self.assertEqual(file.read(), self.repository.root)

    def test_one_that_fails_changes_nothing(self):
        self.initialize()
        before = self.state()
        other = self.box.write("other.json", tuf.Repository().root)
        nowhere = "http://127.0.0.1:9"
        for text, words in (("", ["--mirror", self.server.url, "--root", other]), ("", ["--mirror", nowhere, "--root", self.root]),
                            ("name the root of this repository: --root FILE", ["--mirror", self.server.url]),
                            ("there is no mirror at", ["--mirror", self.box.path("nowhere"), "--root", self.root])):
            with self.subTest(words=words):
                self.run_bad(text, "initialize", *words)
                self.assertEqual(self.state(), before)

    def test_a_trusted_root_that_cannot_be_used_is_not_kept(self):
        """Signed as it may be: neither by `initialize`, of this mirror or another, nor by a refresh."""
        self.initialize()
        before = self.state()
        self.repository.targets["trusted_root.json"] = '{"a":1}'
        self.repository.publish()
        with tuf.RepositoryServer(tuf.Repository({"trusted_root.json": '{"a":1}'})) as other:
            root = self.box.write("other.json", other.repository.root)
            for words in (["initialize", "--mirror", other.url, "--root", root], ["trust", "show", "--refresh"],
                          ["initialize", "--mirror", self.server.url, "--root", self.root]):
                with self.subTest(words=words):
                    self.run_bad("the repository's trusted_root.json cannot be used", *words)
                    self.assertEqual(self.state(), before)
        self.verify()

    def test_a_signing_config_that_cannot_be_used_is_a_note(self):
        self.repository.targets["signing_config.v0.2.json"] = '{"a":1}'
        self.repository.publish()
        self.assertIn("note: the repository's signing_config.v0.2.json cannot be used", self.initialize().err)
        self.verify()

    def test_other_mirrors_stay(self):
        self.initialize()
        with tuf.RepositoryServer(tuf.Repository({"trusted_root.json": self.case.root})) as other:
            root = self.box.write("second.json", other.repository.root)
            self.run_good("initialize", "--mirror", other.url, "--root", root)
            self.assertTrue(os.path.isfile(f"{self.folder(other.url)}/root.json"))
        self.assertTrue(os.path.isfile(f"{self.folder()}/root.json"))

    def test_begins_anew(self):
        """A repository that was set up again has another root at the same address."""
        self.initialize()
        self.server.repository = again = tuf.Repository({"trusted_root.json": self.case.root})
        self.run_bad("", "trust", "show", "--refresh")
        self.root = self.box.write("root.json", again.root)
        self.initialize()
        self.verify()

    def test_the_checksum_of_the_root(self):
        good = tuf.sha256(self.repository.root)
        for checksum in (good, "sha256:" + good):
            self.initialize("--root-checksum", checksum)
        self.run_bad("does not have the checksum", "initialize", "--mirror", self.server.url, "--root", self.root,
                     "--root-checksum", "0" * 64)

    def test_a_root_from_a_url(self):
        url = f"{self.server.url}/1.root.json"
        done = self.run_good("initialize", "--mirror", self.server.url, "--root", url)
        self.assertIn("WARNING: --root is fetched from a URL", done.err)
        done = self.run_good("initialize", "--mirror", self.server.url, "--root", url, "--root-checksum",
                             tuf.sha256(self.repository.root))
        self.assertEqual(done.err, "")
        self.run_bad("HTTP 404", "initialize", "--mirror", self.server.url, "--root", f"{self.server.url}/9.root.json")

    def test_a_repository_without_the_targets(self):
        del self.repository.targets["signing_config.v0.2.json"]
        self.repository.publish()
        self.assertIn("note: the repository at", self.initialize().err)
        self.repository.targets = {"other.txt": "x"}
        self.repository.publish()
        self.assertIn("has no trusted_root.json", self.initialize().err)
        self.run_bad("has no trusted_root.json", *self.line())

    def test_a_wrong_root_is_said(self):
        """The first mistake: the root of the public Sigstore, or another's, is begun with."""
        other = self.box.write("other.json", tuf.Repository().root)
        for rotated in (False, True):
            if rotated:
                self.repository.rotate("root", "timestamp")
            self.assert_wrong_root("built in", "initialize", "--mirror", self.server.url)
            self.assert_wrong_root(other, "initialize", "--mirror", self.server.url, "--root", other)

    def test_the_right_root_of_what_has_expired(self):
        self.server.repository = old = self.later(30, timestamp=1)
        root = self.box.write("root.json", old.root)
        done = self.run_bad("timestamp.json has expired", "initialize", "--mirror", self.server.url, "--root", root)
        self.assertNotIn("--root", done.err)
        self.assertNotIn("no network", done.err)

    def test_what_is_no_repository(self):
        self.server.lies = {"/timestamp": lambda handler: handler.send_error(404)}
        self.run_bad("try: is this the base of a TUF repository?", "initialize", "--mirror", self.server.url, "--root", self.root)

    def test_a_server_of_something_else(self):
        """Nothing is said of the root that is built in, whether it has expired or not."""
        for mirror in (self.server.url + "/elsewhere", self.server.url + "/elsewhere/"):
            done = self.run_bad("try: is this the base of a TUF repository?", "initialize", "--mirror", mirror)
            self.assertNotIn("expired", done.err)

    def test_a_cache_of_another_user(self):
        words = ["initialize", "--mirror", self.server.url]
        os.makedirs(self.cache)
        os.chmod(self.cache, 0)
        self.addCleanup(os.chmod, self.cache, 0o755)
        if os.geteuid() == 0:
            os.chmod(self.box.top, 0o755)
            program = shutil.copy(self.box.cosign, self.box.path("program"))
            done = self.box.run("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", program, *words)
        else:
            done = self.box.cosign_run(*words)
        self.assertIn("permission denied\ntry: TUF_ROOT names another folder\n", done.err, done)

    def test_a_page_in_place_of_metadata(self):
        for status in (200, 404):
            with self.subTest(status):
                self.server.lies = {"/": lambda handler, status=status: handler.reply(status, b"\n<!doctype html><p>welcome</p>")}
                done = self.run_bad("try: is this the base of a TUF repository?", "initialize", "--mirror", self.server.url, "--root", self.root)
                self.assertIn(f"{self.server.url}/2.root.json is no TUF metadata: a page of HTML is there" if status == 200 else "HTTP 404",
                              done.err)

    def test_tls_names_what_serves_a_mirror(self):
        """A server that speaks plain HTTP, by https."""
        done = self.run_bad("http:// in its address", "initialize", "--mirror", self.server.url.replace("http:", "https:"), "--root", self.root)
        self.assertNotIn("registry", done.err)

    def test_the_public_roots_are_built_in(self):
        for words, name in (([], "tuf-repo-cdn.sigstore.dev"), (["--staging"], "tuf-repo-cdn.sigstage.dev")):
            done = self.run_bad(f"from https://{name}", "initialize", *words, env={"NO_PROXY": ""})
            self.assertNotIn("--root FILE", done.err)
        self.run_bad("name the root of this repository: --root FILE", "initialize", "--staging", "--mirror", self.server.url)


class KeylessTest(TufCase):
    """The Done-when: a signature that is verified with a root that came through TUF."""

    def test_a_fresh_cache_asks_nobody(self):
        self.initialize()
        for _ in range(2):
            self.verify()
        self.assertEqual(self.asked(), [])
        self.server.stop()
        self.verify()

    def test_it_is_fetched_when_it_is_first_needed(self):
        env = {"TUF_MIRROR": self.server.url, "TUF_ROOT_JSON": self.root}
        self.verify(env=env)
        self.assertIn("/timestamp.json", self.asked())
        self.verify(env=env)
        self.assertEqual(self.asked(), [])

    def test_a_refresh_with_nothing_new_makes_two_requests(self):
        self.initialize()
        done = self.run_good("trust", "show", "--refresh")
        self.assertEqual(self.asked(), ["/2.root.json", "/timestamp.json"], done)

    def test_one_that_expires_is_asked_for_again(self):
        self.server.repository = self.repository = self.later(6, timestamp=6 + 8 / 86400)  # eight seconds are left
        self.root = self.box.write("root.json", self.repository.root)
        self.initialize()
        time.sleep(9)
        self.repository.now = datetime.datetime.now(datetime.timezone.utc)
        self.repository.publish(timestamp_only=True)
        self.verify()
        self.assertEqual(self.asked(), ["/2.root.json", "/timestamp.json"])
        self.verify()
        self.assertEqual(self.asked(), [])

    def test_what_is_new_counts(self):
        """An authority that is taken out of trust is out of trust."""
        self.initialize()
        self.verify()
        root = json.loads(self.case.root)
        root["certificateAuthorities"] = []
        self.repository.targets["trusted_root.json"] = json.dumps(root)
        self.repository.rotate("snapshot")
        self.run_good("trust", "show", "--refresh")
        self.run_bad("", *self.line(), code=12)

    def test_nobody_is_asked_for_what_trust_cannot_mend(self):
        env = {"TUF_MIRROR": self.server.url, "TUF_ROOT_JSON": self.root}
        keyed = keyless.pick(self.box, "key")
        unlogged = keyless.pick(self.box, "key", logged=False) if self.has_unlogged() else None
        good = ["verify-blob", "--key", keyed.key, "--bundle", keyed.bundle]
        self.run_good(*good, "--insecure-ignore-tlog=true", keyed.artifact, env=env)
        self.run_bad("", *good, keyed.bundle, env=env, code=12)  # another file
        if unlogged:
            self.run_bad("it is in no transparency log", "verify-blob", "--key", unlogged.key, "--bundle", unlogged.bundle,
                         unlogged.artifact, env=env, code=12)
        self.assertEqual(self.asked(), [])
        self.assertFalse(os.path.exists(self.cache))

    def has_unlogged(self):
        try:
            return bool(keyless.pick(self.box, "key", logged=False))
        except AssertionError:
            return False

    def test_a_key_whose_entry_in_a_log_is_demanded(self):
        keyed = keyless.pick(self.box, "key")
        self.repository.targets["trusted_root.json"] = keyed.root
        self.repository.publish()
        self.initialize()
        self.run_good("verify-blob", "--key", keyed.key, "--bundle", keyed.bundle, keyed.artifact)
        self.assertEqual(self.asked(), [])

    def test_a_trusted_root_that_is_named_is_all_there_is(self):
        done = self.run_good(*self.line("--trusted-root", f"{self.case.folder}/trusted_root.json"),
                             env={"TUF_MIRROR": self.server.url})
        self.assertEqual(self.asked(), [], done)
        self.assertFalse(os.path.exists(self.cache))

    def test_the_defaults_of_files_of_trust(self):
        self.initialize()
        done = self.run_good("trusted-root", "create", "--with-default-services", "--no-default-tsa")
        made, whole = json.loads(done.out), json.loads(self.case.root)
        self.assertEqual(made["certificateAuthorities"], whole["certificateAuthorities"])
        self.assertNotIn("timestampAuthorities", made)
        self.assertEqual(json.loads(self.run_good("signing-config", "create", "--with-default-services").out), json.loads(CONFIG))
        self.run_bad("has no signing_config_rekor_v2.v0.2.json", "signing-config", "create", "--with-default-rekor-v2")
        self.assertEqual([path for path in self.asked() if "root_v2" in path], [])


class OfflineTest(TufCase):
    def expired(self):
        """A cache whose timestamp has run out since."""
        self.server.repository = self.repository = self.later(10, timestamp=10 + 8 / 86400)
        self.root = self.box.write("root.json", self.repository.root)
        self.initialize()
        time.sleep(9)

    def test_what_would_have_been_fetched_is_said(self):
        done = self.run_bad(self.server.url, *self.line("--offline"), env={"TUF_MIRROR": self.server.url, "TUF_ROOT_JSON": self.root})
        self.assertIn("initialize --mirror", done.err)
        self.assertEqual(self.asked(), [])

    def test_a_fresh_cache_serves(self):
        self.initialize()
        done = self.verify("--offline")
        self.assertNotIn("note", done.err)
        self.assertEqual(self.asked(), [])

    def test_an_expired_cache_serves_with_a_note(self):
        self.expired()
        done = self.run_good(*self.line("--offline"))
        self.assertRegex(done.err, "note: .*expired")
        self.assertEqual(self.asked(), [])

    def test_an_expired_cache_and_nobody_to_ask(self):
        self.expired()
        self.server.stop()
        done = self.run_bad("whom to trust could not be found out from", *self.line())
        self.assertIn("\ntry: ", done.err)
        self.assertIn("cosign mirror create", done.err)
        self.run_good(*self.line("--offline"))

    def test_no_network_and_no_cache(self):
        done = self.run_bad("whom to trust could not be found out from https://tuf-repo-cdn.sigstore.dev", *self.line(),
                            env={"NO_PROXY": ""})
        self.assertIn("cause: ", done.err)
        self.assertIn("--trusted-root", done.err)

    def test_it_opens_no_socket(self):
        self.initialize()
        trace = self.box.path("trace")
        for env in ({}, {"TUF_ROOT": self.box.path("nothing"), "TUF_MIRROR": self.server.url}):
            self.box.run("strace", "-f", "-qq", "-e", "signal=none", "-o", trace, "-e", "trace=socket,connect,sendto", "cosign",
                         *self.line("--offline"), env=env)
            with open(trace, encoding="utf-8") as file:
                self.assertNotIn("AF_INET", file.read())

    def test_what_expires_soon_is_announced(self):
        self.server.repository = self.repository = self.later(355)  # of the root 10 days are left
        self.repository.now = datetime.datetime.now(datetime.timezone.utc)
        self.repository.publish()
        self.root = self.box.write("root.json", self.repository.root)
        done = self.initialize()
        self.assertRegex(done.err, "note: .*root.*expires")
        self.assertRegex(self.verify_with_notes().err, "note: .*root.*expires")

    def verify_with_notes(self):
        return self.run_good(*self.line())


class CarriedTest(TufCase):
    """A tar file that was carried here, and its time has passed."""

    def setUp(self):
        super().setUp()
        self.server.repository = self.repository = self.later(10, timestamp=10 + 8 / 86400)
        self.root = self.box.write("root.json", self.repository.root)
        self.tar = self.box.path("carried.tar")
        self.run_good("mirror", "create", "--from", self.server.url, "--root", self.root, self.tar)
        done = self.initialize(mirror=self.tar)
        self.assertRegex(done.err, "^note: the metadata of .*: snapshot expires at .*, timestamp expires at ")
        time.sleep(9)

    def test_the_way_out_is_said(self):
        done = self.run_bad("expired", *self.line())
        self.assertRegex(done.err, r"\ntry: carry a newer one: cosign mirror create .*carried.tar; or --offline uses what is kept\n")
        self.run_bad("try: carry a newer one", "initialize", "--mirror", self.tar, "--root", self.root)
        os.rename(self.tar, self.tar + ".away")
        self.addCleanup(os.remove, self.tar + ".away")
        self.run_bad(f"try: it was expected at {self.tar}: put there what cosign mirror create wrote; or --offline uses", *self.line())
        done = self.run_good(*self.line("--offline"))
        self.assertEqual(done.err.count("note: "), 1, done)

    def test_a_newer_one_in_its_place_needs_no_initialize(self):
        self.repository.now = datetime.datetime.now(datetime.timezone.utc)
        self.repository.rotate("timestamp", lifetimes={"timestamp": 7})
        self.run_good("mirror", "create", "--from", self.server.url, "--root", self.root, self.tar)
        self.run_good(*self.line())

    def test_a_server_that_has_expired_is_no_missing_network(self):
        env = {"TUF_MIRROR": self.server.url, "TUF_ROOT_JSON": self.root}
        done = self.run_bad("has expired", *self.line(), env=env)
        self.assertNotIn("no network", done.err)


class MirrorTest(TufCase):
    def create(self, name, *words):
        return self.run_good("mirror", "create", "--from", self.server.url, "--root", self.root, *words, self.box.path(name))

    def setUp(self):
        super().setUp()
        self.repository.delegate("role", "x/*", {"x/deep/a.txt": "a"})
        self.repository.publish()
        self.repository.rotate("root", "targets")

    def test_a_tar_file_is_all_that_has_to_be_carried(self):
        done = self.create("mirror.tar")
        self.assertRegex(done.err, r"^note: the file \S+mirror.tar is a mirror of http://\S+: 5 roles, 3 targets; good until \S+ \(timestamp\)\n$")
        self.server.stop()
        self.initialize(mirror=self.box.path("mirror.tar"))
        self.verify()
        self.verify("--offline")

    def test_a_folder(self):
        self.create("mirror")
        for name, content in self.repository.files.items():
            path = self.box.path("mirror", name)
            if not os.path.exists(path):  # what is no longer named by anything
                self.assertRegex(name, r"^[12]\.(snapshot|targets|role)\.json$")
                continue
            with open(path, "rb") as file:
                self.assertEqual(file.read(), content, name)
        self.server.stop()
        self.initialize(mirror=self.box.path("mirror"))
        self.verify()

    def test_a_folder_that_is_served(self):
        self.create("served")
        copy = tuf.Repository()
        copy.read_folder(self.box.path("served"))
        with tuf.RepositoryServer(copy) as served:
            self.run_good("initialize", "--mirror", served.url, "--root", self.root)
            self.verify()

    def test_a_mirror_of_a_mirror(self):
        self.create("one.tar")
        self.run_good("mirror", "create", "--from", self.box.path("one.tar"), "--root", self.root, self.box.path("two.tar"))
        with open(self.box.path("one.tar"), "rb") as one, open(self.box.path("two.tar"), "rb") as two:
            self.assertEqual(one.read(), two.read())

    def test_without_from_it_is_the_one_that_is_trusted_here(self):
        self.initialize()
        self.run_good("mirror", "create", self.box.path("trusted.tar"))
        self.initialize(mirror=self.box.path("trusted.tar"))
        self.verify()

    def test_a_tar_file_that_others_wrote(self):
        self.create("plain")
        self.repository.write_tar(self.box.path("others.tar"), self.box.path("plain"))
        self.initialize(mirror=self.box.path("others.tar"))
        self.verify()

    def test_a_tar_file_with_long_names(self):
        """As other programs read them, and write them."""
        name = "n" * 90
        self.repository.delegate("r" * 120, "y/*", {f"y/{name}": "n"})
        self.repository.publish()
        self.create("long.tar")
        with tarfile.open(self.box.path("long.tar")) as tar:
            self.assertTrue(any(member.startswith("targets/y/") and member.endswith("." + name) for member in tar.getnames()))
            tar.extractall(self.box.path("long"))
        self.run_good("mirror", "create", "--from", self.box.path("long.tar"), "--root", self.root, self.box.path("again.tar"))
        with open(self.box.path("long.tar"), "rb") as one, open(self.box.path("again.tar"), "rb") as two:
            self.assertEqual(one.read(), two.read())
        with tarfile.open(self.box.path("pax.tar"), "w", format=tarfile.PAX_FORMAT) as tar:
            tar.add(self.box.path("long"), ".")
        self.initialize(mirror=self.box.path("pax.tar"))
        self.verify()

    def test_nothing_is_written_that_does_not_verify(self):
        name = next(name for name in self.repository.files if name.endswith("a.txt"))
        self.repository.files[name] = b"b"
        for path in ("bad.tar", "bad"):
            self.run_bad("a mirror of", "mirror", "create", "--from", self.server.url, "--root", self.root, self.box.path(path))
            self.assertFalse(os.path.exists(self.box.path(path)))

    def test_a_wrong_root_is_said(self):
        self.assert_wrong_root("built in", "mirror", "create", "--from", self.server.url, self.box.path("bad.tar"))
        other = self.box.write("other.json", tuf.Repository().root)
        self.assert_wrong_root(other, "mirror", "create", "--from", self.server.url, "--root", other, self.box.path("bad.tar"))
        self.assertFalse(os.path.exists(self.box.path("bad.tar")))

    def test_a_root_from_a_url(self):
        done = self.run_good("mirror", "create", "--from", self.server.url, "--root", self.server.url + "/1.root.json", self.box.path("url.tar"))
        self.assertIn("WARNING: --root is fetched from a URL", done.err)

    def test_the_mirror_of_another_repository_is_left_alone(self):
        self.create("mine")
        with tuf.RepositoryServer(tuf.Repository()) as other:
            root = self.box.write("second.json", other.repository.root)
            self.run_bad("holds another TUF repository", "mirror", "create", "--from", other.url, "--root", root, self.box.path("mine"))
        self.create("mine")
        self.initialize(mirror="file://" + self.box.path("mine"))
        with open(f"{self.cache}/remote.json", encoding="utf-8") as file:
            self.assertEqual(json.load(file), {"mirror": "file://" + self.box.path("mine")})
        self.verify()

    def test_a_folder_that_holds_something_else(self):
        self.box.write("full/letter", "dear")
        self.run_bad("holds something else", "mirror", "create", "--from", self.server.url, "--root", self.root, self.box.path("full"))
        self.assertEqual(os.listdir(self.box.path("full")), ["letter"])

    def test_the_roots_before_are_there(self):
        """Whoever begins with an older root walks over it."""
        self.root = self.box.write("newest.json", self.repository.root)
        self.create("old.tar")
        self.root = self.box.write("root.json", self.repository.files["1.root.json"])
        self.initialize(mirror=self.box.path("old.tar"))
        self.verify()

    def test_an_old_file_says_when_it_ends(self):
        self.server.repository = self.repository = self.later(10, timestamp=13, snapshot=400, targets=400)
        self.root = self.box.write("root.json", self.repository.root)
        self.create("soon.tar")
        done = self.run_good("initialize", "--mirror", self.box.path("soon.tar"), "--root", self.root)
        self.assertRegex(done.err, "note: .*timestamp.*expires")


class PlaceTest(TufCase):
    def test_a_cache_that_cannot_be_written_is_read(self):
        self.initialize()
        before = self.state()
        self.assertEqual(self.read_only().code, 0)
        self.assertEqual((self.asked(), self.state()), ([], before))
        self.repository.rotate("timestamp")
        done = self.read_only("trust", "show", "--refresh")
        self.assertEqual(done.code, 0, done)
        self.assertRegex(done.err, "note: what http.* says (is not|could not be) kept")
        self.assertEqual(self.state(), before)

    def read_only(self, *words):
        """By a user who may read the cache, and not write: whoever is root becomes another for it."""
        words = words or self.line()
        for top, _, _ in os.walk(self.cache, topdown=False):
            os.chmod(top, 0o555)
            self.addCleanup(os.chmod, top, 0o755)
        if os.geteuid() != 0:
            return self.box.cosign_run(*words)
        os.chmod(self.box.top, 0o755)
        program = shutil.copy(self.box.cosign, self.box.path("program"))
        return self.box.run("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", program, *words)

    def test_a_cache_that_cannot_be_made(self):
        blocked = self.box.write("blocked", "a file in the way")
        env = {"TUF_ROOT": f"{blocked}/cache", "TUF_MIRROR": self.server.url, "TUF_ROOT_JSON": self.root}
        done = self.run_good(*self.line(), env=env)
        self.assertIn("note: ", done.err)
        self.run_bad("", "initialize", "--mirror", self.server.url, "--root", self.root, env=env)

    def test_no_home(self):
        env = {"TUF_ROOT": None, "HOME": None, "TUF_MIRROR": self.server.url, "TUF_ROOT_JSON": self.root}
        self.run_good(*self.line(), env=env)
        self.run_bad("there is no place to keep", "initialize", env=env)
        self.assertEqual(os.listdir(os.path.join(self.box.top, "tmp")), [])

    def test_home(self):
        env = {"TUF_ROOT": None}
        self.run_good("initialize", "--mirror", self.server.url, "--root", self.root, env=env)
        self.assertTrue(os.path.isfile(os.path.join(self.box.home, ".sigstore", "root", "remote.json")))
        self.run_good(*self.line("--offline"), env=env)

    def test_nothing_is_kept(self):
        env = {"TUF_MIRROR": self.server.url, "TUF_ROOT_JSON": self.root, "SIGSTORE_NO_CACHE": "true"}
        for _ in range(2):
            self.verify(env=env)
            self.assertIn("/timestamp.json", self.asked())
        self.assertFalse(os.path.exists(self.cache))

    def test_variables_go_before_initialize(self):
        self.initialize()
        with tuf.RepositoryServer(tuf.Repository({"trusted_root.json": self.case.root})) as other:
            root = self.box.write("second.json", other.repository.root)
            self.run_bad("", *self.line(), env={"TUF_MIRROR": other.url})  # and no root to begin with
            self.verify(env={"TUF_MIRROR": other.url, "TUF_ROOT_JSON": root})
            self.assertIn("/timestamp.json", other.asked)
        self.assertEqual(self.asked(), [])

    def test_a_root_that_is_named_is_where_trust_begins(self):
        """Whoever sets the repository up again names its new root, and what was kept of the old one does not count."""
        env = {"TUF_MIRROR": self.server.url, "TUF_ROOT_JSON": self.root}
        self.verify(env=env)
        self.server.repository = tuf.Repository({"trusted_root.json": self.case.root})
        env["TUF_ROOT_JSON"] = self.box.write("second.json", self.server.repository.root)
        self.verify(env=env)

    def test_a_remote_json_that_names_nothing(self):
        self.initialize()
        for content in ("{}", "x", '{"mirror":7}'):
            with open(f"{self.cache}/remote.json", "w", encoding="utf-8") as file:
                file.write(content)
            self.run_bad("remote.json", *self.line())


class TogetherTest(TufCase):
    def expire(self):
        self.server.repository = self.repository = self.later(6, timestamp=6 + 8 / 86400)
        self.root = self.box.write("root.json", self.repository.root)
        self.initialize()
        time.sleep(9)
        self.repository.now = datetime.datetime.now(datetime.timezone.utc)
        self.repository.targets["trusted_root.json"] = self.case.root + " "
        self.repository.rotate("root", "timestamp", "snapshot", "targets", lifetimes={"timestamp": 7})

    def test_twenty_at_once_agree(self):
        self.expire()
        processes = [self.box.start(["cosign", *self.line()]) for _ in range(20)]
        for process in processes:
            _, err = process.communicate(timeout=120)
            self.assertEqual(process.returncode, 0, err)
        refreshed = self.state()
        self.server.forget()
        self.verify()
        self.assertEqual((self.asked(), self.state()), ([], refreshed))

    def test_twenty_at_once_with_nothing(self):
        env = {"TUF_MIRROR": self.server.url, "TUF_ROOT_JSON": self.root}
        processes = [self.box.start(["cosign", *self.line()], env=env) for _ in range(20)]
        for process in processes:
            _, err = process.communicate(timeout=120)
            self.assertEqual(process.returncode, 0, err)
        self.server.forget()
        self.verify(env=env)
        self.assertEqual(self.asked(), [])

    def test_killed_in_a_refresh(self):
        self.expire()
        kept = self.state()
        for prefix in ("/2.root", "/timestamp", "/2.snapshot", "/2.targets", "/targets/"):
            with self.subTest(prefix):
                gate = threading.Event()
                self.server.lies = {prefix: tuf.waiting(gate)}
                process = self.box.start(["cosign", *self.line()])
                while not any(path.startswith(prefix) for path in self.server.asked):
                    if process.poll() is not None:
                        break
                    time.sleep(0.01)
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                gate.set()
                self.server.forget()
                now = {name: content for name, content in self.state().items() if name in kept}
                self.assertEqual(now, kept)
        self.verify()

    def test_killed_at_any_moment(self):
        for wait in range(0, 40, 2):
            self.expire_quickly()
            process = self.box.start(["cosign", "trust", "show", "--refresh"])
            time.sleep(wait / 1000)
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            self.verify("--offline")
            self.verify()

    def expire_quickly(self):
        """Something new in every file."""
        if not os.path.exists(self.cache):
            self.initialize()
        self.repository.rotate("root", "timestamp", "snapshot", "targets")
        self.repository.targets["other.txt"] = str(time.monotonic())
        self.repository.publish()


class DamageTest(TufCase):
    def test_offline_names_the_file_that_will_not_do(self):
        self.initialize()
        for name in (*METADATA, "targets/trusted_root.json"):
            path, short = f"{self.folder()}/{name}", name.removeprefix("targets/")
            with open(path, encoding="utf-8") as file:
                whole = file.read()
            for words in (self.line("--offline"), ["trust", "show"]):
                with self.subTest(name=name, words=words[0]):
                    with open(path, "w", encoding="utf-8") as file:
                        file.write("{")
                    self.run_bad(f"{short} cannot be used", *words)
                    os.unlink(path)
                    self.run_bad(f"{short} is missing", *words)
            with open(path, "w", encoding="utf-8") as file:
                file.write(whole)
        self.verify("--offline")


class ShowTest(TufCase):
    def test_what_is_trusted_and_by_whose_word(self):
        self.run_bad("nothing is kept here of", "trust", "show", env={"TUF_MIRROR": self.server.url, "TUF_ROOT_JSON": self.root})
        self.assertEqual(self.asked(), [])
        self.initialize()
        done = self.run_good("trust", "show")
        self.assertEqual(done.out.splitlines()[0], f"from {self.server.url}")
        self.assertIn(f"kept in {self.folder()}", done.out)
        self.assertRegex(done.out, r"\n  root       version 1, until \d{4}-")
        shown = json.loads(self.run_good("trust", "show", "-o", "json").out)
        whole = json.loads(self.case.root)
        self.assertEqual(shown["version"], 1)
        self.assertEqual(shown["source"]["mirror"], self.server.url)
        self.assertEqual({name: role["version"] for name, role in shown["metadata"].items()},
                         dict.fromkeys(("root", "timestamp", "snapshot", "targets"), 1))
        self.assertEqual([one["url"] for one in shown["transparencyLogs"]], [one["baseUrl"] for one in whole["tlogs"]])
        self.assertEqual(len(shown["certificateAuthorities"]), len(whole["certificateAuthorities"]))
        self.assertEqual(self.asked(), [])

    def test_it_agrees_with_the_file(self):
        self.initialize()
        kept = json.loads(self.run_good("trust", "show", "-o", "json").out)
        named = json.loads(self.run_good("trust", "show", "-o", "json", "--trusted-root",
                                         f"{self.case.folder}/trusted_root.json").out)
        for member in ("certificateAuthorities", "ctLogs", "transparencyLogs", "timestampAuthorities"):
            self.assertEqual(kept[member], named[member])


if __name__ == "__main__":
    unittest.main()
