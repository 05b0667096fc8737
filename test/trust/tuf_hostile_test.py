"""A mirror that does not do what it should while it is asked for what is new: every answer is bounded, and the last good state
stays.

Covers: issue 8, point 6; peers.md 6.1.
"""
import unittest

from harness import tuf
from harness.tuf_case import TufCase

PREFIXES = ("/2.root.json", "/timestamp.json", "/2.snapshot.json", "/2.targets.json", "/targets/")


class HostileTest(TufCase):
    def setUp(self):
        """What is kept is fresh, and all of it is old."""
        super().setUp()
        self.initialize()
        self.kept = self.state()
        self.former = dict(self.repository.files)
        self.repository.targets["trusted_root.json"] = self.case.root + " "
        self.repository.rotate("root", "timestamp", "snapshot", "targets")

    def refused(self, text="", seconds=20, *words):
        """One error, soon, and nothing has changed; what is kept serves, and the truth is taken up."""
        done = self.run_bad(text, "trust", "show", "--refresh", *words)
        self.assertLess(done.seconds, seconds, done)
        self.assertLess(done.max_rss_kib, 200 << 10, done)
        self.assertEqual({name: content for name, content in self.state().items() if name in self.kept}, self.kept, done)
        self.verify()
        return done

    def heals(self):
        self.server.forget()
        self.run_good("trust", "show", "--refresh")
        self.verify()
        self.assertNotEqual(self.state(), self.kept)

    def lie(self, lie, text="", seconds=20, words=(), prefixes=PREFIXES):
        for prefix in prefixes:
            with self.subTest(prefix):
                self.server.lies = {prefix: lie}
                self.refused(text, seconds, *words)
                self.server.forget()
        self.heals()

    def test_cut_off(self):
        self.lie(tuf.cut, seconds=60)

    def test_endless(self):
        self.lie(tuf.endless)

    def test_slow(self):
        self.lie(tuf.slow, seconds=10, words=["--timeout", "2s"])

    def test_failing(self):
        self.lie(tuf.failing, "HTTP 503", seconds=60, prefixes=("/timestamp.json", "/targets/"))

    def test_sent_to_somebody_else(self):
        """As object storage behind a server's name does; what comes from there is signed, or nothing."""
        with tuf.RepositoryServer(self.repository) as other:
            self.server.lies = {"/timestamp.json": tuf.elsewhere(f"{other.url}/timestamp.json")}
            self.run_good("trust", "show", "--refresh")
            self.assertEqual(other.asked, ["/timestamp.json"])
        self.verify()

    def test_sent_to_where_no_web_server_is(self):
        self.lie(tuf.elsewhere("ftp://127.0.0.1/timestamp.json"), "sends us elsewhere")

    def test_sent_on_and_on(self):
        self.lie(lambda handler: handler.reply(302, b"", Location=handler.path), "sends us on and on")

    def test_sent_to_another_place_of_the_same_server(self):
        self.server.lies = {"/timestamp.json": tuf.elsewhere("/moved.json")}
        self.repository.files["moved.json"] = self.repository.files["timestamp.json"]
        self.run_good("trust", "show", "--refresh")
        self.verify()

    def test_what_is_signed_by_others(self):
        other = tuf.Repository(self.repository.targets)
        other.rotate("root", "timestamp", "snapshot", "targets")
        for name in ("2.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json"):
            with self.subTest(name):
                true = self.repository.files[name]
                self.repository.files[name] = other.files[name]
                self.refused()
                self.repository.files[name] = true
        self.heals()

    def test_what_was_true_before(self):
        """The newest root does not know who signed it."""
        for name in ("timestamp.json",):
            true = self.repository.files[name]
            self.repository.files[name] = self.former[name]
            self.refused()
            self.repository.files[name] = true
        self.heals()

    def test_a_mixture_of_versions(self):
        for name, former in (("2.snapshot.json", "1.snapshot.json"), ("2.targets.json", "1.targets.json")):
            with self.subTest(name):
                true = self.repository.files[name]
                self.repository.files[name] = self.former[former]
                self.refused()
                self.repository.files[name] = true
        self.heals()

    def test_another_target(self):
        name = next(name for name in self.repository.files if name not in self.former and name.startswith("targets/"))
        true = self.repository.files[name]
        for content in (true[:-1], true + b" ", true.replace(b"e", b"f", 1), b""):
            self.repository.files[name] = content
            self.refused()
        self.repository.files[name] = true
        self.heals()

    def test_what_is_no_metadata(self):
        for content in (b"", b"{}", b"[" * 100000, b"\xff\xfe", b'{"signed":{},"signatures":[]}', b"{" + b'"a":1,' * 10 + b'"a":1}'):
            for name in ("2.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json"):
                true = self.repository.files[name]
                self.repository.files[name] = content
                self.refused()
                self.repository.files[name] = true
        self.heals()

    def test_nothing_at_all(self):
        self.server.stop()
        self.refused("could not be found out")
        self.server = tuf.RepositoryServer(self.repository)

    def test_a_cache_that_was_changed(self):
        """Nothing but the root is believed for being there."""
        for name in ("timestamp.json", "snapshot.json", "targets.json", "targets/trusted_root.json"):
            for content in (b"", b"{}", b"x" * 100000):
                with self.subTest(name=name, content=content[:5]):
                    with open(f"{self.folder()}/{name}", "wb") as file:
                        file.write(content)
                    self.verify()  # by asking again
        with open(f"{self.folder()}/root.json", "wb") as file:
            file.write(b"{}")
        self.run_bad("root.json", *self.line())

    def test_a_cache_of_another_repository(self):
        other = tuf.Repository(self.repository.targets)
        for name in ("timestamp.json", "1.snapshot.json", "1.targets.json"):
            with open(f"{self.folder()}/{name.removeprefix('1.')}", "wb") as file:
                file.write(other.files[name])
        self.verify()
        self.assertIn("/timestamp.json", self.asked())


if __name__ == "__main__":
    unittest.main()
