"""Key pairs in the variables of GitLab and the secrets of GitHub Actions: made, and in GitLab signed and verified with.

The doubles check what they are asked by the documented APIs, open the sealed boxes by themselves, and real cosign is run
against them, too.
Covers: issue 6, item 4 and "Bad input"; cosign.md 2k.
"""
import os
import unittest

from harness import github, gitlab, reference, registry
from harness.interop import WRITE
from harness.sandbox import Sandbox
from harness.services import Answer

IGNORE_LOG = "--insecure-ignore-tlog=true"
REAL = {"ours": [], "3.1.2": ["--use-signing-config=false"]}
NAMES = ["COSIGN_PASSWORD", "COSIGN_PRIVATE_KEY", "COSIGN_PUBLIC_KEY"]
DEAD = "http://127.0.0.1:9"


class CiCase(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.service = self.begin()
        self.addCleanup(self.service.stop)
        self.addCleanup(lambda: self.assertEqual(self.service.violations, []))
        self.box.variables |= {"HTTP_PROXY": DEAD, "HTTPS_PROXY": DEAD}
        self.box.write("file", "a file\n")

    def good(self, *argv, **options):
        done = self.box.run(*argv, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def make(self, place, *options, program="ours", password="pw"):
        return self.good(reference.program(program), "generate-key-pair", place, *options,
                         env={"COSIGN_PASSWORD": password})

    def refused(self, *argv, env=None):
        """The one error: its lines by their first word."""
        done = self.box.cosign_run(*argv, env=env)
        self.assertEqual(done.code, 1, done)
        for token in (gitlab.TOKEN, github.TOKEN, "word-of-the-test"):
            self.assertNotIn(token, done.err)
        self.assertEqual(done.err.count("error: "), 1, done)
        return dict(line.split(": ", 1) for line in done.err.splitlines() if ": " in line)

    def signs_and_verifies(self, key, verify_with, signer="ours", verifier="ours", env=None):
        signing, verifying = reference.program(signer), reference.program(verifier)
        with registry.ours(self.box) as server:
            image = f"{server.host}/app@{server.client().push_image('app')}"
            self.good(signing, "sign", "--key", key, *WRITE[signer]["bundle"][0], "--tlog-upload=false", "-y", image, env=env)
            self.good(verifying, "verify", "--key", verify_with, IGNORE_LOG, image)
        self.good(signing, "sign-blob", "--key", key, "--bundle", "file.json", "--tlog-upload=false", "-y", *REAL[signer],
                  "file", env=env)
        self.good(verifying, "verify-blob", "--key", verify_with, "--bundle", "file.json", IGNORE_LOG, "file")


class GitLabTest(CiCase):
    def begin(self):
        service = gitlab.GitLab()
        self.project = service.variables[("projects", "team/app")]
        self.box.variables |= {"GITLAB_HOST": service.url, "GITLAB_TOKEN": gitlab.TOKEN}
        return service

    def test_a_key_pair_is_made_and_used(self):
        for place in ("team/app", "team"):
            with self.subTest(place=place):
                done = self.make(f"gitlab://{place}")
                self.assertEqual(done.err, "Public key written to cosign.pub\n")
                self.signs_and_verifies(f"gitlab://{place}", f"gitlab://{place}")
                self.signs_and_verifies(f"gitlab://{place}", "cosign.pub")
                self.box.run("rm", "cosign.pub")
        self.assertEqual(sorted(self.project), NAMES)
        for name in NAMES:
            self.assertEqual((self.project[name]["masked"], self.project[name]["protected"],
                              self.project[name]["variable_type"], self.project[name]["environment_scope"]),
                             (False, False, "env_var", "*"))
        self.assertEqual(self.project["COSIGN_PASSWORD"]["value"], "pw")
        self.signs_and_verifies("gitlab://42", "gitlab://team/app")
        self.assertEqual(self.good("cosign", "public-key", "--key", "gitlab://team/app").out,
                         self.project["COSIGN_PUBLIC_KEY"]["value"])

    def test_a_key_that_is_there_is_asked_about(self):
        self.make("gitlab://team/app")
        before = {name: dict(value) for name, value in self.project.items()}
        lines = self.refused("generate-key-pair", "gitlab://team/app", "--output-key-prefix", "other",
                             env={"COSIGN_PASSWORD": "new"})
        self.assertIn("--yes", lines["try"])
        self.assertEqual(self.project, before)
        self.make("gitlab://team/app", "--yes", password="new")
        self.assertEqual(self.project["COSIGN_PASSWORD"]["value"], "new")
        self.signs_and_verifies("gitlab://team/app", "cosign.pub")

    def test_half_a_pair_is_taken_back(self):
        self.service.instead = {"POST .*variables": [None, Answer(500, {"message": "500 Internal Server Error"})]}
        env = {"COSIGN_PASSWORD": "word-of-the-test"}
        lines = self.refused("generate-key-pair", "gitlab://team/app", env=env)
        self.assertRegex(lines["error"], "^GitLab at http://127.0.0.1:\\d+ failed to make the variable COSIGN_PRIVATE_KEY$")
        self.assertEqual(lines["cause"], "HTTP 500: 500 Internal Server Error")
        self.assertEqual(self.project, {})
        self.assertFalse(os.path.exists(self.box.path("cosign.pub")))
        self.service.instead = {}
        self.make("gitlab://team/app")
        before = {name: value["value"] for name, value in self.project.items()}
        self.service.instead = {"PUT .*COSIGN_PUBLIC_KEY": Answer(403, {"message": "403 Forbidden"})}
        lines = self.refused("generate-key-pair", "gitlab://team/app", "--yes", env=env)
        self.assertIn("does not let the token replace the variable COSIGN_PUBLIC_KEY", lines["error"])
        self.assertEqual({name: value["value"] for name, value in self.project.items()}, before)
        self.signs_and_verifies("gitlab://team/app", "cosign.pub")

    def test_the_password_may_be_elsewhere(self):
        self.make("gitlab://team/app")
        del self.project["COSIGN_PASSWORD"]
        self.signs_and_verifies("gitlab://team/app", "cosign.pub", env={"COSIGN_PASSWORD": "pw"})
        self.project["COSIGN_PASSWORD"] = {"value": "word-of-the-test"}
        lines = self.refused("sign-blob", "--key", "gitlab://team/app", "--bundle", "b", "--tlog-upload=false", "file")
        self.assertIn("the password is the variable COSIGN_PASSWORD there", lines["cause"])

    def test_the_password_is_kept_apart(self):
        self.make("gitlab://team/app", "--password-apart")
        self.assertEqual(sorted(self.project), NAMES[1:])
        self.signs_and_verifies("gitlab://team/app", "cosign.pub", env={"COSIGN_PASSWORD": "pw"})
        # Beside another key a password would be of no use.
        self.make("gitlab://team/app", "--yes")
        self.make("gitlab://team/app", "--yes", "--password-apart", password="new")
        self.assertEqual(sorted(self.project), NAMES[1:])
        self.signs_and_verifies("gitlab://team/app", "cosign.pub", env={"COSIGN_PASSWORD": "new"})

    def test_halves_of_two_keys(self):
        self.make("gitlab://team")
        self.make("gitlab://team/app", "--yes")
        self.project["COSIGN_PUBLIC_KEY"] = self.service.variables[("groups", "team")]["COSIGN_PUBLIC_KEY"]
        lines = self.refused("sign-blob", "--key", "gitlab://team/app", "--bundle", "b", "--tlog-upload=false", "file")
        self.assertIn("is not the public half of its COSIGN_PRIVATE_KEY", lines["error"])

    def test_answers_that_are_none(self):
        self.make("gitlab://team/app")
        project, variable = "GET /api/v4/projects/team%2Fapp", "GET /api/v4/.*/COSIGN_PUBLIC_KEY"
        for pattern, answer, error, cause, hint in (
                (project, Answer(401, {"message": "401 Unauthorized"}), "does not accept the token", "HTTP 401", "GITLAB_TOKEN"),
                (project, Answer(403, {"message": "403 Forbidden"}), "does not let the token find", "HTTP 403", "scope api"),
                (project, Answer(404, {"message": "404"}), "there is no project or group team/app", "may not see", "GITLAB_HOST"),
                (project, Answer(429, b"Retry later", {"Retry-After": "0"}), "limits how often", "HTTP 429", "in a while"),
                (project, Answer(502, b"<html>", {"Retry-After": "0"}), "failed to find the project", "HTTP 502", "in a while"),
                (project, Answer(200, b"{}" * 9, cut=3), "could not be asked to find", "broke", ""),
                (project, Answer(302, b"", {"Location": "https://elsewhere.example/users/sign_in"}), "sends us elsewhere",
                 "HTTP 302 to https://elsewhere.example/users/sign_in", "is this its address"),
                (variable, Answer(200, b"<html>sign in"), "gave no proper answer", "", "is this its address"),
                (variable, Answer(200, {"key": "COSIGN_PUBLIC_KEY", "value": None, "hidden": True}),
                 "the answer for the variable COSIGN_PUBLIC_KEY has no value", "hidden", "visible"),
                (variable, Answer(200, {"value": "no key"}), "COSIGN_PUBLIC_KEY in the project team/app", "", ""),
                (variable, Answer(200, {"value": self.project["COSIGN_PRIVATE_KEY"]["value"]}), "", "", ""),
                (variable, Answer(200, {"value": "x" * (1 << 21)}), "could not be asked", "more than the 1048576 bytes", ""),
                (variable, Answer(404, {"message": "404 Variable Not Found"}), "has no variable COSIGN_PUBLIC_KEY", "",
                 "cosign generate-key-pair gitlab://")):
            with self.subTest(error=error, cause=cause):
                self.service.instead = {pattern: answer}
                lines = self.refused("verify-blob", "--key", "gitlab://team/app", "--bundle", "b", IGNORE_LOG, "file")
                self.assertIn(error, lines["error"] + lines.get("cause", ""))
                self.assertIn(cause, lines.get("cause", ""))
                self.assertIn(hint, lines.get("try", ""))

    def test_settings_that_cannot_be(self):
        self.box.variables["GITLAB_HOST"] = "127.0.0.1"
        public = ("public-key", "--key", "gitlab://team/app")
        self.assertIn("there is no token for GitLab at https://127.0.0.1", self.refused(*public, env={"GITLAB_TOKEN": None})["error"])
        self.assertEqual(self.refused(*public, env={"GITLAB_HOST": "ftp://x"})["error"], "GITLAB_HOST is no address of GitLab")
        for place in ("", "/a", "a//b", "a b", ".."):
            self.assertEqual(self.refused("public-key", "--key", f"gitlab://{place}")["error"],
                             f'"gitlab://{place}" names no project of GitLab')
        lines = self.refused(*public, env={"GITLAB_HOST": "http://gitlab.example"})
        self.assertEqual(lines["error"], "GITLAB_HOST would send the token of GitLab in clear")
        lines = self.refused(*public, env={"GITLAB_HOST": self.service.url.replace("http://", "https://")})
        self.assertEqual(("does not speak TLS" in lines["cause"], lines["try"]), (True, "is GITLAB_HOST right?"))
        lines = self.refused(*public, env={"GITLAB_HOST": None, "HTTPS_PROXY": None, "HTTP_PROXY": None,
                                           "CI_API_V4_URL": "https://nowhere.invalid"})
        self.assertEqual(lines["try"], "is CI_API_V4_URL right?")
        env = {"GITLAB_HOST": None, "CI_API_V4_URL": f"{self.service.url}/api/v4"}
        self.assertIn("has no variable COSIGN_PUBLIC_KEY", self.refused(*public, env=env)["error"])

    def test_with_3_1_2(self):
        reference.need("3.1.2")
        self.make("gitlab://team", program="3.1.2")
        theirs = {name: {**value, "value": ""} for name, value in self.service.variables[("groups", "team")].items()}
        self.make("gitlab://team/app", "--yes")
        self.assertEqual(theirs, {name: {**value, "value": ""} for name, value in self.project.items()})
        for key in ("gitlab://team", "gitlab://team/app"):
            for signer, verifier in (("3.1.2", "3.1.2"), ("ours", "3.1.2"), ("3.1.2", "ours")):
                with self.subTest(key=key, signer=signer, verifier=verifier):
                    self.signs_and_verifies(key, key, signer, verifier)
        self.signs_and_verifies("gitlab://team/app", "cosign.pub", "ours", "3.1.2")


class GitHubTest(CiCase):
    def begin(self):
        service = github.GitHub()
        self.box.variables |= {"GITHUB_HOST": service.url, "GITHUB_TOKEN": github.TOKEN}
        return service

    def works(self, place, program="ours"):
        """What GitHub's jobs would see signs, and the public key verifies."""
        secrets = {name: value.decode() for name, value in self.service.secrets[place].items()}
        self.assertEqual(sorted(secrets), NAMES)
        self.assertEqual(secrets["COSIGN_PUBLIC_KEY"], self.box.read("cosign.pub"))
        self.signs_and_verifies("env://COSIGN_PRIVATE_KEY", "cosign.pub", program, program, secrets)

    def test_secrets_are_made(self):
        for reference_, place in (("dev/app", "repos/dev/app"), ("team", "orgs/team")):
            with self.subTest(place=place):
                self.make(f"github://{reference_}", "--yes")
                self.works(place)
        self.assertEqual(self.service.visibility, {"repos/dev/app": None, "orgs/team": "private"})

    def test_the_password_is_kept_apart(self):
        for options in ((), ("--yes",)):
            self.make("github://dev/app", "--password-apart", *options)
            self.assertEqual(sorted(self.service.secrets["repos/dev/app"]), NAMES[1:])
            self.make("github://dev/app", "--yes")
            self.assertEqual(sorted(self.service.secrets["repos/dev/app"]), NAMES)

    def test_a_key_that_is_there_is_asked_about(self):
        self.make("github://dev/app")
        before = dict(self.service.secrets["repos/dev/app"])
        lines = self.refused("generate-key-pair", "github://dev/app", "--output-key-prefix", "other",
                             env={"COSIGN_PASSWORD": "pw"})
        self.assertIn("--yes", lines["try"])
        self.assertEqual(self.service.secrets["repos/dev/app"], before)
        self.make("github://dev/app", "--yes")
        self.assertNotEqual(self.service.secrets["repos/dev/app"], before)
        self.works("repos/dev/app")

    def test_answers_that_are_none(self):
        key, write = "GET .*/public-key", "PUT .*/COSIGN_PRIVATE_KEY"
        for pattern, answer, error, cause, hint in (
                (key, Answer(401, {"message": "Bad credentials"}), "does not accept the token", "Bad credentials", "GITHUB_TOKEN"),
                (key, Answer(403, {"message": "Resource not accessible"}), "does not let the token read the key",
                 "Resource not accessible", "scope repo"),
                (key, Answer(404, {"message": "Not Found"}), "the repository dev/app is not there, or this token may not see it",
                 "HTTP 404: Not Found", "scope repo"),
                (key, Answer(429, b"", {"Retry-After": "0"}), "limits how often", "HTTP 429", "in a while"),
                (key, Answer(503, b"", {"Retry-After": "0"}), "failed to read the key", "HTTP 503", "in a while"),
                (key, Answer(200, b'{"key_id": "1", "key"', cut=9), "could not be asked", "broke", ""),
                (key, Answer(200, b"<html>"), "gave no proper answer", "", "is this its address"),
                (key, Answer(200, {"key_id": "1"}), "cannot be given secrets", "no texts", ""),
                (key, Answer(200, {"key_id": "1", "key": "***"}), "cannot be given secrets", "base64 of 32 bytes", ""),
                (key, Answer(200, {"key_id": "1", "key": "AAAA"}), "cannot be given secrets", "base64 of 32 bytes", ""),
                (key, Answer(200, {"key_id": "1", "key": "A" * 43 + "="}), "cannot be given secrets", "X25519", ""),
                (key, Answer(301, b"", {"Location": "https://elsewhere.example/repositories/1"}), "sends us elsewhere",
                 "HTTP 301", "is this its address"),
                (write, Answer(422, {"message": "not properly encrypted"}), "did not write the secret COSIGN_PRIVATE_KEY",
                 "not properly encrypted", "run it again: of the new key is only COSIGN_PASSWORD there")):
            with self.subTest(error=error, cause=cause):
                self.service.instead = {pattern: answer}
                lines = self.refused("generate-key-pair", "github://dev/app", "--yes", env={"COSIGN_PASSWORD": "word-of-the-test"})
                self.assertIn(error, lines["error"])
                self.assertIn(cause, lines.get("cause", ""))
                self.assertIn(hint, lines.get("try", ""))
                self.assertFalse(os.path.exists(self.box.path("cosign.pub")))

    def test_a_repository_that_has_moved(self):
        base = "/api/v3/repositories/1/actions/secrets/"
        self.service.secrets["repositories/1"] = {}
        for method, name in (("GET", "public-key"), *(("PUT", name) for name in NAMES)):
            self.service.instead[f"{method} /api/v3/repos/dev/app/actions/secrets/{name}"] = Answer(
                307 if method == "PUT" else 301, b"", {"Location": f"{self.service.url}{base}{name}"})
        self.make("github://dev/app", "--yes")
        self.assertEqual(sorted(self.service.secrets["repositories/1"]), NAMES)

    def test_what_cannot_be(self):
        for place in ("", "a/b/c", "/a", "a/", "a b", "../a"):
            self.assertEqual(self.refused("generate-key-pair", f"github://{place}")["error"],
                             f'"github://{place}" is no place on GitHub')
        for argv in (("sign-blob", "--tlog-upload=false", "--bundle", "b", "--key", "github://dev/app", "file"),
                     ("verify-blob", IGNORE_LOG, "--bundle", "b", "--key", "github://dev/app", "file")):
            lines = self.refused(*argv)
            self.assertEqual(lines["error"], "the secrets of github://dev/app cannot be read by anybody but its jobs")
            self.assertIn("env://COSIGN_", lines["try"])
        lines = self.refused("generate-key-pair", "github://dev/app", env={"GITHUB_TOKEN": None})
        self.assertIn("there is no token for GitHub at http://127.0.0.1", lines["error"])
        self.assertEqual(self.service.asked, [])

    def test_with_3_1_2(self):
        reference.need("3.1.2")
        self.make("github://dev/app", program="3.1.2")
        theirs = self.service.paths()
        self.works("repos/dev/app", "3.1.2")
        self.service.forget()
        self.make("github://dev/app", "--yes")
        self.assertEqual(self.service.paths(), theirs)
        self.works("repos/dev/app", "3.1.2")


if __name__ == "__main__":
    unittest.main()
