"""build/tuf-conformance-client by the protocol of the official suite for TUF clients, over repositories that we play.

The suite itself is run on what lands; here is what it relies on: words, exit codes, files, requests, and the time.
Covers: issue 8, "`build/tuf-conformance-client` speaks the suite's protocol".
"""
import json
import os
import time
import unittest
import urllib.parse

from harness.sandbox import Sandbox
from harness.services import Answer
from harness.tufrepo import TufServer, publish

TOP = ["root.json", "snapshot.json", "targets.json", "timestamp.json"]


def version(number, name):
    return f"{number}.{name}.json"


class TufCase(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.program = os.path.join(os.path.dirname(self.box.cosign), "tuf-conformance-client")
        self.metadata, self.targets = self.box.path("metadata"), self.box.path("targets")
        os.mkdir(self.metadata)
        os.mkdir(self.targets)

    def serve(self, *script):
        """A server of what the script has saved, the first of it; and the client knows its first root."""
        folder = publish(self.box, script)
        self.saved = lambda name: os.path.join(folder, name)
        self.server = TufServer(self.saved("1"))
        self.addCleanup(self.server.stop)
        self.done(0, "--metadata-dir", self.metadata, "init", self.saved("1.root.json"))
        self.assertEqual(self.server.take(), [])
        self.assertEqual(os.listdir(self.metadata), ["root.json"])

    def turn_to(self, name):
        self.server.folder = self.saved(name)

    def done(self, code, *words, env=None):
        done = self.box.run(self.program, *words, env=env)
        self.assertEqual(done.code, code, done)
        self.assertEqual(done.out, "", done)
        if code == 0:
            self.assertEqual(done.err, "", done)
        else:
            self.assertRegex(done.err, r"\Aerror: [^\n]+\n\Z")
        return done

    def refresh(self, code=0, **options):
        return self.done(code, "--metadata-dir", self.metadata, "--metadata-url", f"{self.server.url}/", "refresh", **options)

    def download(self, name, code=0, **options):
        done = self.done(code, "--metadata-dir", self.metadata, "--metadata-url", self.server.url, "--target-name", name,
                         "--target-base-url", f"{self.server.url}/targets/", "--target-dir", self.targets, "download",
                         **options)
        return done if code else self.read_target(name)

    def read_target(self, name):
        with open(os.path.join(self.targets, urllib.parse.quote(name, safe="")), encoding="utf-8") as file:
            return file.read()

    def versions(self):
        found = {}
        for name in sorted(os.listdir(self.metadata)):
            with open(os.path.join(self.metadata, name), encoding="utf-8") as file:
                found[name.removesuffix(".json")] = json.load(file)["signed"]["version"]
        return found


class WordsTest(TufCase):
    def test_what_is_no_command(self):
        for words in ([], ["refresh"], ["--metadata-dir", self.metadata, "refresh"], ["--metadata-dir"],
                      ["--metadata-dir", self.metadata, "init"], ["--metadata-dir", self.metadata, "init", "/nowhere"],
                      ["--unknown", "1", "refresh"], ["--metadata-dir", self.metadata, "destroy"],
                      ["--metadata-dir", self.metadata, "--metadata-url", "no URL", "refresh"],
                      ["--metadata-dir", self.metadata, "--metadata-url", "http://127.0.0.1:9/", "refresh", "twice"]):
            self.done(1, *words)

    def test_options_stand_anywhere(self):
        self.serve("create", "target targets a 1", "publish", "save 1")
        self.done(0, "refresh", f"--metadata-url={self.server.url}", "--metadata-dir", self.metadata)
        self.assertEqual(sorted(os.listdir(self.metadata)), TOP)

    def test_nobody_is_there(self):
        self.serve("create", "publish", "save 1")
        self.server.stop()
        self.refresh(1)
        self.assertEqual(os.listdir(self.metadata), ["root.json"])


class RefreshTest(TufCase):
    def test_what_is_asked_and_kept(self):
        self.serve("create", "publish", "save 1", "target targets a 1", "publish", "rotate root timestamp", "publish",
                   "save 2")
        self.refresh()
        self.assertEqual(self.server.take(), ["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"])
        self.assertEqual(sorted(os.listdir(self.metadata)), TOP)
        for name, number in (("snapshot", "1."), ("targets", "1."), ("timestamp", ""), ("root", "1.")):
            with open(os.path.join(self.metadata, f"{name}.json"), "rb") as kept:
                with open(os.path.join(self.server.folder, f"{number}{name}.json"), "rb") as served:
                    self.assertEqual(kept.read(), served.read())
        # Nothing new: two requests.
        self.refresh()
        self.assertEqual(self.server.take(), ["2.root.json", "timestamp.json"])
        self.turn_to("2")
        self.refresh()
        self.assertEqual(self.server.take(),
                         ["2.root.json", "3.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json"])
        self.assertEqual(self.versions(), {"root": 2, "snapshot": 2, "targets": 2, "timestamp": 3})
        # Back to what was: refused, and nothing is lost.
        self.turn_to("1")
        self.assertIn("timestamp.json", self.refresh(1).err)
        self.assertEqual(self.versions(), {"root": 2, "snapshot": 2, "targets": 2, "timestamp": 3})

    def test_without_consistent_snapshots(self):
        self.serve("create inconsistent", "target targets d/a 1", "publish", "save 1")
        self.assertEqual(self.download("d/a"), "1")
        self.assertEqual(self.server.take(),
                         ["2.root.json", "timestamp.json", "snapshot.json", "targets.json", "targets/d/a"])

    def test_what_was_trusted_is_kept_as_soon_as_it_is(self):
        self.serve("create", "publish", "save 1", "target targets a 1", "publish", "save 2")
        self.refresh()
        self.turn_to("2")
        self.server.instead["2.targets.json"] = Answer(404)
        self.refresh(1)
        self.assertEqual(self.versions(), {"root": 1, "snapshot": 2, "targets": 1, "timestamp": 2})
        self.server.instead.clear()
        self.server.take()
        self.refresh()
        self.assertEqual(self.server.take(), ["2.root.json", "timestamp.json", "2.targets.json"])

    def test_answers_that_are_none(self):
        self.serve("create", "target targets a 1", "publish", "save 1")
        good = {name: self.server.answer(name).body for name in ("timestamp.json", "1.snapshot.json", "1.targets.json")}
        for name in good:
            others = [good[other] for other in good if other != name]
            for body in [b"", b"{}", b"null", b"[" * 100000, b"\x00" * 100, good[name][:-1], good[name] + b" {}", *others,
                         b"<html>" * 1000, b"a" * (9 << 20)]:
                self.server.instead = {name: Answer(200, body)}
                self.refresh(1)
            for status in (400, 401, 403, 404, 410):
                self.server.instead = {name: Answer(status, good[name])}
                self.refresh(1)
            self.server.instead = {name: Answer(200, good[name], cut=len(good[name]) // 2)}
            self.refresh(1)
        for body in (b"", b"{}", good["timestamp.json"], b"a" * (1 << 20)):
            self.server.instead = {"2.root.json": Answer(200, body)}
            self.refresh(1)
        self.server.instead = {"2.root.json": Answer(403)}
        self.refresh()
        self.assertEqual(self.versions(), {"root": 1, "snapshot": 1, "targets": 1, "timestamp": 1})

    def test_a_server_that_is_busy_is_asked_again(self):
        self.serve("create", "publish", "save 1")
        answers = [Answer(503), Answer(200, self.server.answer("timestamp.json").body)]
        self.server.instead = {"timestamp.json": lambda: answers.pop(0)}
        self.refresh()

    def test_what_is_kept_is_damaged(self):
        self.serve("create", "publish", "save 1")
        self.refresh()
        for name in ("timestamp.json", "snapshot.json", "targets.json"):
            with open(os.path.join(self.metadata, name), "wb") as file:
                file.write(b"{damaged")
            self.refresh()
            self.assertEqual(self.versions(), {"root": 1, "snapshot": 1, "targets": 1, "timestamp": 1})
        with open(os.path.join(self.metadata, "root.json"), "wb") as file:
            file.write(b"{damaged")
        self.refresh(1)


class TimeTest(TufCase):
    def fake(self, days):
        """What the suite does: libfaketime is named, and `date` tells its time. Here `date` is one of ours."""
        date = os.path.join(self.box.top, "bin", "date")
        with open(date, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\n[ "$*" = "-u +%s" ] && echo {int(time.time()) + days * 86400}\n')
        os.chmod(date, 0o755)

    def test_the_time_is_taken_from_date_where_it_is_faked(self):
        self.serve("lifetime timestamp 600000", "create", "publish", "save 1")
        self.fake(30)
        self.refresh()
        for env in ({"FAKETIME": "+30d"}, {"LD_PRELOAD": "/nowhere/libfaketime.so.1"}):
            done = self.refresh(1, env=env)
            self.assertRegex(done.err, r"error: .*timestamp.json has expired")
        self.fake(6)
        self.refresh(env={"FAKETIME": "+6d"})

    def test_a_date_that_says_nothing(self):
        self.serve("create", "publish", "save 1")
        date = os.path.join(self.box.top, "bin", "date")
        with open(date, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\necho noon\n")
        os.chmod(date, 0o755)
        self.assertIn("date does not say what time it is", self.refresh(1, env={"FAKETIME": "+1d"}).err)

    def test_an_expired_root_that_another_follows(self):
        now = int(time.time())
        self.serve("lifetime root 86400", f"at {now - 10 * 86400}", "create", "publish", "save 1", f"at {now - 5 * 86400}",
                   "rotate root", f"at {now}", "rotate root", "publish", "save 2")
        self.assertIn("root.json has expired", self.refresh(1).err)
        self.turn_to("2")
        self.refresh()
        self.assertEqual(self.versions()["root"], 3)


class DownloadTest(TufCase):
    def test_a_target_is_fetched_once(self):
        self.serve("create", "target targets d/a the content", "publish", "save 1", "target targets d/a another",
                   "publish", "save 2")
        self.assertEqual(self.download("d/a"), "the content")
        self.assertEqual(os.listdir(self.targets), ["d%2Fa"])
        (last,) = self.server.take()[4:]
        self.assertRegex(last, r"\Atargets/d/[0-9a-f]{64}\.a\Z")
        self.assertEqual(self.download("d/a"), "the content")
        self.assertEqual(self.server.take(), ["2.root.json", "timestamp.json"])
        # Another content, here or there.
        with open(os.path.join(self.targets, "d%2Fa"), "w", encoding="utf-8") as file:
            file.write("the c0ntent")
        self.assertEqual(self.download("d/a"), "the content")
        self.turn_to("2")
        self.assertEqual(self.download("d/a"), "another")
        self.assertEqual(os.listdir(self.targets), ["d%2Fa"])

    def test_a_target_that_nobody_vouches_for(self):
        self.serve("create", "target targets a 1", "publish", "save 1")
        self.assertIn("nobody vouches for a target b", self.download("b", 1).err)
        self.assertEqual(os.listdir(self.targets), [])

    def test_several_targets_in_one_run(self):
        self.serve("create", "target targets a 1", "target targets d/b 2", "publish", "save 1")
        words = ["--metadata-dir", self.metadata, "--metadata-url", self.server.url, "--target-base-url",
                 f"{self.server.url}/targets", "--target-dir", self.targets, "download"]
        self.done(0, "--target-name", "a", "--target-name=d/b", *words)
        self.assertEqual(self.server.take().count("timestamp.json"), 1)
        self.assertEqual([self.read_target("a"), self.read_target("d/b")], ["1", "2"])
        os.remove(os.path.join(self.targets, "a"))
        self.assertIn("nobody vouches for a target c", self.done(1, "--target-name", "a", "--target-name", "c", *words).err)
        self.assertEqual(sorted(os.listdir(self.targets)), ["a", "d%2Fb"])

    def test_a_target_of_another_content(self):
        self.serve("create", "target targets a 1", "publish", "save 1")
        self.download("a")
        (path,) = [path for path in self.server.take() if path.startswith("targets/")]
        os.remove(os.path.join(self.targets, "a"))
        for body in (b"2", b"", b"11", b"1" * (1 << 20)):
            self.server.instead = {path: Answer(200, body)}
            self.download("a", 1)
        self.server.instead = {path: Answer(404)}
        self.download("a", 1)
        self.assertEqual(os.listdir(self.targets), [])

    def test_names_with_what_urls_cannot_have(self):
        names = ["a b", "d/e f/ü", "100%", "q?x=1&y", "a#b", "a+b=c;d", "%2F", "a:b@c", "..a", "~!*'()"]
        files = {name: self.box.write(f"f{number}", name) for number, name in enumerate(names)}
        script = ["create"]
        for name in names:
            if " " not in name:
                script.append(f"target-file targets {name} {files[name]}")
        self.serve(*script, "publish", "save 1")
        for name in names:
            if " " not in name:
                self.assertEqual(self.download(name), name)
        for path in self.server.take():
            self.assertRegex(path, r"\A[A-Za-z0-9._~!$&'()*+,;=:@%/-]+\Z")

    def test_delegated_roles_are_kept_and_used_again(self):
        self.serve("create", "delegate targets team/one key-1 a/*", "delegate targets two key-2 b/*",
                   "delegate team/one deeper key-3 a/?", "target deeper a/x 1", "target two b/y 2", "publish", "save 1",
                   "target deeper a/x 3", "publish", "save 2")
        self.assertEqual(self.download("a/x"), "1")
        self.assertEqual(self.server.take()[4:6], ["1.team%2Fone.json", "1.deeper.json"])
        self.assertEqual(sorted(os.listdir(self.metadata)), sorted([*TOP, "team%2Fone.json", "deeper.json"]))
        self.assertEqual(self.download("a/x"), "1")
        self.assertEqual(self.server.take(), ["2.root.json", "timestamp.json"])
        self.turn_to("2")
        self.assertEqual(self.download("a/x"), "3")
        self.assertEqual(self.server.take()[:4], ["2.root.json", "timestamp.json", "2.snapshot.json", "2.deeper.json"])
        self.assertEqual(self.download("b/y"), "2")

    def test_roles_with_strange_names(self):
        names = ["../up", "/top", "..", ".", "?", "#", "a%2Fb", "ü", "-x", "1.root"]
        delegations = [line for number, name in enumerate(names) for line in (
            f"delegate targets {name} key-{number} t{number}", f"target {name} t{number} {number}")]
        for how in ("", " inconsistent"):
            self.serve(f"create{how}", *delegations, "publish", "save 1")
            for number, name in enumerate(names):
                self.server.take()
                self.assertEqual(self.download(f"t{number}"), str(number))
                prefix = "" if how else "1."
                self.assertIn(f"{prefix}{urllib.parse.quote(name, safe='')}.json", self.server.take())
            kept = sorted([*TOP, *(urllib.parse.quote(name, safe="") + ".json" for name in names)])
            self.assertEqual(sorted(os.listdir(self.metadata)), kept)
            for folder in (self.metadata, self.targets):
                for name in os.listdir(folder):
                    os.remove(os.path.join(folder, name))

    def test_a_role_is_trusted_under_who_delegates_to_it(self):
        """What is kept of it serves only those who delegate to it."""
        self.serve("create", "delegate targets one key-1 a/*", "delegate targets two key-2 b/*",
                   "delegate one shared key-3 a/*", "target shared a/x 1", "target shared b/x 2", "publish", "save 1",
                   "delegate two shared key-3 b/*", "publish", "save 2")
        self.assertEqual(self.download("a/x"), "1")
        self.assertIn("nobody vouches", self.download("b/x", 1).err)
        self.turn_to("2")
        self.assertEqual(self.download("b/x"), "2")

    def test_hash_bins(self):
        self.serve("create", "bins targets bin 4 key-1", "target targets a 1", "publish", "save 1")
        self.assertEqual(self.download("a"), "1")
        self.assertEqual(self.server.take()[4], "1.bin-c.json")


if __name__ == "__main__":
    unittest.main()
