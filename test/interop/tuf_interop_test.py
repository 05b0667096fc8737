"""The cache of trust goes both ways: what real cosign 3.1.2 fetched is read here, and the other way round; and both see a
repository the same way.

Covers: issue 8, point 3; cosign.md 2i.
"""
import json
import unittest

from harness import reference, tuf
from harness.tuf_case import CONFIG, TufCase


def comparable(text):
    """Real cosign names an authority by its root certificate, whatever the repository says, and has logs that start at the
    same time in any order."""
    made = json.loads(text)
    for kind in ("certificateAuthorities", "timestampAuthorities"):
        for authority in made.get(kind, []):
            del authority["subject"]
    for kind in ("tlogs", "ctlogs"):
        made[kind] = sorted(made.get(kind, []), key=lambda log: log["baseUrl"])
    return made


class CacheTest(TufCase):
    def setUp(self):
        reference.need("3.1.2")
        super().setUp()
        self.repository.targets["signing_config_rekor_v2.v0.2.json"] = CONFIG
        self.repository.publish()
        self.repository.rotate("root", "snapshot")

    def real(self, *words, **options):
        done = self.box.run(reference.program("3.1.2"), *words, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def choose(self, program):
        done = self.box.run(reference.program(program), "initialize", "--mirror", self.server.url, "--root", self.root)
        self.assertEqual((done.code, done.out, done.err), (0, "", ""), done)
        self.server.forget()

    def test_a_cache_of_3_1_2_is_read(self):
        self.choose("3.1.2")
        before = self.state()
        self.verify()
        self.assertEqual((self.asked(), self.state()), ([], before))
        self.repository.rotate("root", "timestamp", "targets")
        self.run_good("trust", "show", "--refresh")
        self.verify("--offline")

    def test_ours_is_read_by_3_1_2(self):
        self.choose("ours")
        self.real("verify-blob", "--bundle", self.case.bundle, *self.case.who(), self.case.artifact)
        self.assertEqual([path for path in self.asked() if path.startswith("/targets/")], [])
        self.verify()
        self.assertEqual(self.asked(), [])

    def test_one_after_the_other_3_1_2(self):
        """Each refreshes what the other has left."""
        self.choose("ours")
        for _ in range(2):
            self.repository.rotate("root", "timestamp", "snapshot", "targets")
            self.real("verify-blob", "--bundle", self.case.bundle, *self.case.who(), self.case.artifact)
            self.server.forget()
            self.verify()
            self.assertEqual(self.asked(), [], "it is fresh")
            self.repository.rotate("root", "timestamp", "snapshot", "targets")
            self.run_good("trust", "show", "--refresh")
            self.real("verify-blob", "--bundle", self.case.bundle, *self.case.who(), self.case.artifact)

    def test_the_files_are_the_same_as_those_of_3_1_2(self):
        self.choose("ours")
        ours = self.state()
        self.choose("3.1.2")
        real = self.state()
        for name in real:
            if name.startswith("127.0.0.1") and not name.endswith(self.folder().rsplit("/", 1)[-1] + ".json"):
                self.assertEqual(ours.get(name), real[name], name)
        self.assertEqual(json.loads(ours["remote.json"]), json.loads(real["remote.json"]))

    def test_the_defaults_are_those_of_3_1_2(self):
        self.choose("ours")
        for words in (["trusted-root", "create", "--with-default-services"],
                      ["trusted-root", "create", "--with-default-services", "--no-default-rekor", "--no-default-tsa"],
                      ["signing-config", "create", "--with-default-services"],
                      ["signing-config", "create", "--with-default-rekor-v2"],
                      ["signing-config", "create", "--with-default-services", "--fulcio",
                       "url=https://f.test,api-version=1,start-time=2024-01-01T00:00:00Z,operator=me"]):
            with self.subTest(words=words):
                self.assertEqual(comparable(self.run_good(*words).out), comparable(self.real(*words).out))

    def test_a_mirror_of_ours_serves_3_1_2(self):
        self.run_good("mirror", "create", "--from", self.server.url, "--root", self.root, self.box.path("mirror"))
        copy = tuf.Repository()
        copy.read_folder(self.box.path("mirror"))
        with tuf.RepositoryServer(copy) as served:
            self.real("initialize", "--mirror", served.url, "--root", self.root)
            self.real("verify-blob", "--bundle", self.case.bundle, *self.case.who(), self.case.artifact)

    def test_a_mirror_that_3_1_2_does_not_take(self):
        """Neither a path nor file:// serves its verify, which asks again each time: a mirror for both is served by HTTP."""
        self.run_good("mirror", "create", "--from", self.server.url, "--root", self.root, self.box.path("unserved"))
        check = ["verify-blob", "--bundle", self.case.bundle, *self.case.who(), self.case.artifact]
        for scheme in ("file://", ""):
            self.run_good("initialize", "--mirror", scheme + self.box.path("unserved"), "--root", self.root)
            self.verify()
            done = self.box.run(reference.program("3.1.2"), *check)
            self.assertIn("unsupported protocol scheme", done.err, done)
        self.choose("ours")
        self.real(*check)

    def test_mirror_and_root_by_variables_as_in_3_1_2(self):
        env = {"TUF_MIRROR": self.server.url, "TUF_ROOT_JSON": self.root}
        self.real("verify-blob", "--bundle", self.case.bundle, *self.case.who(), self.case.artifact, env=env)
        self.verify(env=env)  # asks again: nothing says that what is kept was begun from this root
        self.server.forget()
        self.verify(env=env)
        self.assertEqual(self.asked(), [])


if __name__ == "__main__":
    unittest.main()
