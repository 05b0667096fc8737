"""Every command that talks to a registry meets every quirk of `registry serve --play`: it passes, or it says what is
the matter and what to try. Nothing signed is lost, and nothing is claimed that did not happen.

Covers: issue 4, "--play QUIRK" ("Every client command meets each quirk in a test: it passes, or explains").

One registry a row; each command works on a repository of its own. What comes of it stands in ROWS, where it is not what
every good registry gives. The short form leaves out the rows that combine quirks, and of most commands the rows in which they find nothing odd.
"""
import json
import os
import re
import unittest
from concurrent.futures import ThreadPoolExecutor

from harness import oci, registry
from harness.sandbox import FIXTURES, ROOT, Sandbox

LONG = os.environ.get("COSIGN_LONG_TESTS") == "yes"
IMAGES = os.path.join(FIXTURES, "cosign-3.1.2", "images")
KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
VERIFY = ["verify", "--key", f"{KEYS}/p256.pub", "--insecure-ignore-tlog=true"]
SIGN = ["sign", "--key", f"{KEYS}/p256.key", "--tlog-upload=false"]
BUNDLE = ["--signature-format", "bundle"]


class Cell:
    """A command. `layout` is what its repository holds; `code` and `err` (patterns, each found on stderr) are what a
    good registry gives. `signs`: how many images it signs."""

    def __init__(self, argv, layout="unsigned", code=0, err=(), signs=0, env=None, short=True):
        self.argv, self.layout, self.code, self.err, self.signs = argv, layout, code, err, signs
        self.env, self.short = env or {}, short


def signing(*more, tag=True, signs=1, **options):
    return Cell([*SIGN, "-a", "cell=new", *more, "{tag}" if tag else "{digest}"], signs=signs, err=["Pushed signature to: "],
                **options)


NOT_SIGNED = [r"(?m)^error: no signatures found for "]
CELLS = {
    "login": Cell(["login", "{host}", "-u", "dev", "-p", "word"], env={"DOCKER_CONFIG": "login"}, short=False),
    "digest": Cell(["digest", "{tag}"]),
    "digest-of-digest": Cell(["digest", "{digest}"], short=False),
    "digest-absent": Cell(["digest", "{repository}:absent"], code=1, err=[r"error: tag absent of \S+ is not there"],
                          short=False),
    "verify": Cell([*VERIFY, "{tag}"], "legacy-signature"),
    "verify-by-digest": Cell([*VERIFY, "{digest}"], "legacy-signature", short=False),
    "verify-bundle": Cell([*VERIFY, "{tag}"], "bundle-signature"),
    "verify-index": Cell([*VERIFY, "{tag}"], "legacy-recursive-index", short=False),
    "verify-unsigned": Cell([*VERIFY, "{tag}"], code=10, err=NOT_SIGNED),
    "verify-absent": Cell([*VERIFY, "{repository}:absent"], code=11, err=[r"error: tag absent of \S+ is not there"], short=False),
    "tree": Cell(["tree", "{tag}"], "legacy-and-bundle"),
    "tree-by-digest": Cell(["tree", "{digest}"], "legacy-and-bundle", short=False),
    "triangulate": Cell(["triangulate", "{tag}"], "legacy-signature", short=False),
    "sign": signing(),
    "sign-by-digest": signing(tag=False, short=False),
    "sign-beside": signing(layout="legacy-signature"),
    "sign-docker-types": signing(env={"COSIGN_DOCKER_MEDIA_TYPES": "1"}, short=False),
    "sign-bundle": signing(*BUNDLE, short=False),
    "sign-bundle-beside": signing("--new-bundle-format", layout="bundle-signature"),
    "sign-both": signing("--signature-format", "both", short=False),
    "sign-recursive": signing("--recursive", layout="legacy-recursive-index", signs=3, short=False),
    "sign-recursive-bundle": signing("--recursive", *BUNDLE, layout="legacy-recursive-index", signs=3, short=False),
    "sign-own-tags": signing("--own-tags", short=False),
    "sign-elsewhere": signing(env={"COSIGN_REPOSITORY": "{host}/signatures"}, short=False),
}
SIG_CELLS = ("sign", "sign-by-digest", "sign-beside", "sign-docker-types", "sign-recursive", "sign-own-tags",
             "sign-elsewhere")
BUNDLE_CELLS = ("sign-bundle", "sign-bundle-beside", "sign-recursive-bundle")


class Fails:
    """How a cell ends otherwise. `partly`: some of what it was asked for was done, and is said."""

    def __init__(self, code, *err, partly=False):
        self.code, self.err, self.partly = code, err, partly


class Passes:
    """As on any registry, but with these words on stderr."""

    def __init__(self, *err):
        self.err = err


def immutable(status):
    """What is there cannot be added to; the way out is named."""
    said = Fails(1, rf"(?m)^cause: the tag \S+\.sig of \S+ is immutable: nothing can be added to it: HTTP {status}: ",
                 r"(?m)^try: --signature-format bundle$")
    return {"sign-beside": said, "sign-recursive": said}


HIDDEN = Passes(r"note: the registry does not say whether the tag \S+ exists")
MAY_BE_ABSENT = Fails(1, r"(?m)^error: no permission to pull from \S+ without logging in$",
                      r"(?m)^cause: HTTP 403: DENIED: ", r"(?m)^try: cosign login \S+; or check the name: ")
NOT_LOGGED_IN = Fails(1, r"(?m)^error: not logged in to ", r"(?m)^cause: HTTP 401: UNAUTHORIZED: ",
                      r"(?m)^try: cosign login ")
NO_OCI_1_1 = Fails(1, r"(?m)^cause: \S+ takes no signature as a manifest with a subject and an artifact type "
                      r"\(OCI 1\.1\): HTTP 400: MANIFEST_INVALID: ", r"(?m)^try: --signature-format sig$")
BUSY = Fails(1, r"(?m)^error: \S+ limits how often it is asked$", r"(?m)^cause: HTTP 429: TOOMANYREQUESTS: ",
             r"(?m)^try: wait a while, or log in: cosign login ")
LIST_IS_IMMUTABLE = Fails(1, r"(?m)^cause: the tag sha256-[0-9a-f]{64} of \S+ is immutable: ",
                          r"(?m)^try: let tags that begin with sha256- change, or keep the signatures in another repo")
BLIND = Fails(1, r"(?m)^cause: cannot tell whether \S+ has the tag \S+, so nothing is written: ",
              r"(?m)^try: the account needs the permission to pull from, and to list the tags of, ")
NO_OWN_TAGS = Fails(1, r"(?m)^cause: cannot list the tags of \S+, which tags of each signer's own need: .*HTTP 403: DENIED",
                    r"(?m)^try: sign without --own-tags, or with an account that may list tags$")
hidden = {"verify-unsigned": HIDDEN, "sign": HIDDEN, "sign-bundle": Passes(), "sign-elsewhere": Passes()}
no_bundles = {**{cell: NO_OCI_1_1 for cell in BUNDLE_CELLS}, "sign-both": Fails(1, *NO_OCI_1_1.err, partly=True)}
locked = Fails(1, r"(?m)^cause: the tag \S+ of \S+ is there, and the registry does not let it change: HTTP 405: ",
               r"(?m)^try: --signature-format bundle$")
strange = Fails(1, r"(?m)^cause: \S+ takes no signature as a manifest under the tag \S+: .*HTTP 400: MANIFEST_INVALID: ",
                r"(?m)^try: --signature-format bundle, or keep the signatures in a registry that takes them: "
                "COSIGN_REPOSITORY=")

# What each quirk changes. Everything else is as on a good registry.
ROWS = {
    "absent-403": {**hidden, "digest-absent": MAY_BE_ABSENT, "verify-absent": MAY_BE_ABSENT},
    "absent-401": {**hidden, "digest-absent": NOT_LOGGED_IN, "verify-absent": NOT_LOGGED_IN},
    "no-head": {},
    "no-head-404": {},
    "no-tags-list": {"sign-own-tags": NO_OWN_TAGS},
    "no-referrers": {},
    "subject-without-api": {},
    "referrers-keep-nothing": {},
    "referrers-in-html": {},
    "immutable-tags": immutable("400: TAG_INVALID"),
    "immutable-tags-403": immutable("403: DENIED"),
    "immutable-tags-409": immutable("409: TAG_IMMUTABLE"),
    "immutable-tags-412": immutable("412: PRECONDITION"),
    "locked-tags": {"sign-beside": locked, "sign-recursive": locked},
    "tag-write-500-before": {},
    "tag-write-500-after": {},
    "no-delete": {},
    "refuse-subject": no_bundles,
    "refuse-artifact-type": no_bundles,
    "refuse-layer-types": {**no_bundles, **{cell: strange for cell in SIG_CELLS},
                           "sign-both": Fails(1, *strange.err, *NO_OCI_1_1.err)},
    "repository-must-exist": {"sign-elsewhere": Fails(
        1, r"(?m)^cause: the repository \S+/signatures is not there: HTTP 404: NAME_UNKNOWN: ",
        r"(?m)^try: make the repository \(or its project\) first: ")},
    "index-needs-children": {},
    "too-many-requests": {},
    "always-busy": {cell: BUSY for cell in CELLS},
    "no-conditions": {},
    "no-mount": {},
    "bare-head": {},
    "no-content-digest": {},
    "absolute-locations": {},
    "small-pages": {},
    "accepted-not-created": {},
    "redirect-blobs": {},
}
# Real registries have several.
COMBINED = {
    # Amazon ECR, with immutable tags
    "subject-without-api immutable-tags repository-must-exist redirect-blobs no-conditions": {
        **immutable("400: TAG_INVALID"), "sign-bundle-beside": LIST_IS_IMMUTABLE,
        "sign-elsewhere": ROWS["repository-must-exist"]["sign-elsewhere"]},
    # GitLab with a token that may not list
    "absent-403 no-tags-list no-referrers no-conditions": {
        "digest-absent": MAY_BE_ABSENT, "verify-absent": MAY_BE_ABSENT, "verify-unsigned": HIDDEN,
        **{cell: BLIND for cell in (*SIG_CELLS, *BUNDLE_CELLS, "sign-both")}, "sign-beside": Passes(),
        "sign-bundle-beside": Passes(), "sign-recursive": Passes(),
        "sign-own-tags": NO_OWN_TAGS},
    # docker-registry 2.8 behind a proxy that compresses, under load
    "no-referrers no-conditions absolute-locations bare-head tag-write-500-after": {},
    "no-referrers no-conditions tag-write-500-before no-content-digest no-head small-pages": {},
    # Harbor
    "immutable-tags-412 no-conditions redirect-blobs": immutable("412: PRECONDITION"),
    # ghcr.io at times
    "referrers-keep-nothing absent-403 no-delete no-conditions no-mount": ROWS["absent-403"],
    # the oldest
    "refuse-subject refuse-artifact-type no-referrers no-conditions no-tags-list referrers-in-html": {
        **no_bundles, **ROWS["no-tags-list"]},
}
SHORT_TIMEOUT = {"always-busy": "1s"}  # that nothing will come of it need not be waited for


class Row:
    """All cells with one registry."""

    def __init__(self, quirks, changes):
        self.quirks, self.changes, self.problems = quirks.split(), changes, []
        self.cells = {name: cell for name, cell in CELLS.items() if cell.short or LONG or name in changes}

    def run(self):
        with Sandbox() as box:
            box.variables["COSIGN_PASSWORD"] = "correct-horse"
            loads = [word for name, cell in self.cells.items() for word in ("--load", f"{IMAGES}/{cell.layout}={name}")]
            plays = [word for quirk in self.quirks for word in ("--play", quirk)]
            with registry.ours(box, *loads, *plays) as server:
                for name, cell in self.cells.items():
                    self.meet(box, server.host, name, cell)
        return self

    def meet(self, box, host, name, cell):
        self.cell, self.done = name, None
        digest = oci.layout_tags(f"{IMAGES}/{cell.layout}")["latest"]
        words = {"host": host, "repository": f"{host}/{name}", "tag": f"{host}/{name}:latest",
                 "digest": f"{host}/{name}@{digest}"}
        env = {key: value.format(**words) for key, value in cell.env.items()}
        run = lambda argv: box.cosign_run(*argv, "-t", SHORT_TIMEOUT.get(self.quirks[0], "60s"), env=env)
        look = lambda: signatures(run([*VERIFY, "--output", "report", words["digest"]]))
        counted = cell.signs and "always-busy" not in self.quirks
        before = look() if counted else []
        self.done = done = run([word.format(**words) for word in cell.argv])
        change = self.changes.get(name, Passes())
        failed = isinstance(change, Fails)
        self.check(done.code == (change.code if failed else cell.code), "another exit code")
        for pattern in change.err if failed else (*cell.err, *change.err):
            self.check(re.search(pattern, done.err), f"stderr lacks {pattern}")
        self.check(not done.code or not done.out, "an error, and something on stdout")
        self.check(done.code or not re.search("(?m)^error", done.err), "an error, and success")
        if counted:
            self.check_signed(cell, change, before, look())

    def check_signed(self, cell, change, before, after):
        """What is said to be there is, what is not said to be is not, and what was there still is."""
        said = len(re.findall("(?m)^Pushed signature to: ", self.done.err))
        per_image = 2 if "both" in self.cell else 1
        wanted = cell.signs * per_image if isinstance(change, Passes) else 1 if change.partly else 0
        self.check(said == wanted, f"{said} are said to be there, not {wanted}")
        made = [each for each in after if each not in before]
        self.check(len(made) == -(-said // cell.signs), f"of the first image there are these new ones: {made}")
        self.check(all(new for _, new in made), f"these are not what was signed: {made}")
        self.check(all(each in after for each in before), f"of these some are lost: {before}")

    def check(self, holds, problem):
        if not holds:
            self.problems.append((self.cell, f"{problem}\n{self.done}"))


def signatures(report):
    """The digest of each signature that verifies, and whether it is one of this test."""
    candidates = [each for image in json.loads(report.out)["images"] for each in image.get("candidates", [])]
    return [(each["digest"], (each["verified"]["claims"]["annotations"] or {}).get("cell") == "new")
            for each in candidates if each["accepted"]]


class QuirksTest(unittest.TestCase):
    """A test a row, made below."""

    @classmethod
    def setUpClass(cls):
        rows = {**ROWS, **(COMBINED if LONG else {})}
        # The slow ones first: they wait.
        first = sorted(rows, key=lambda quirks: quirks not in ("too-many-requests", "always-busy"))
        with ThreadPoolExecutor(4) as pool:
            cls.rows = dict(zip(first, pool.map(lambda quirks: Row(quirks, rows[quirks]).run(), first)))

    def check_row(self, quirks):
        row = self.rows[quirks]
        for name in row.cells:
            with self.subTest(cell=name):
                problems = [problem for cell, problem in row.problems if cell == name]
                self.assertEqual(problems, [], "\n".join(problems))

    def test_every_quirk_has_a_row(self):
        with Sandbox() as box:
            listed = box.cosign_run("registry", "serve", "--play", "none").err
        names = re.search("must be one of (.*)", listed).group(1).split(", ")
        self.assertEqual(sorted([*ROWS, "token-realm-elsewhere"]), sorted(names))  # that one: elsewhere_test
        for page in ("docs/registry.md", "cosign/commands/registry-serve/help.md"):
            text = oci.read(ROOT, page).decode()
            self.assertEqual([name for name in names if not re.search(rf"(?m)^(\| `)?{name}\b", text)], [], page)


def add_test(quirks):
    def test(self):
        self.check_row(quirks)
    setattr(QuirksTest, "test_" + re.sub("[^a-z0-9]", "_", quirks), test)


for each in (*ROWS, *(COMBINED if LONG else ())):
    add_test(each)


if __name__ == "__main__":
    unittest.main()
