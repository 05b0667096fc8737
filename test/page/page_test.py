"""The registry's page in a browser, without scripts: what is there, what it looks like, and that nothing else is asked.

The screenshots stay in the results folder of the build. Covers: issue 4, "A page to look at".
"""
import json
import os
import tempfile
import time
import unittest
import urllib.parse

from harness import oci, registry
from harness.browser import Browser
from harness.sandbox import FIXTURES, Sandbox

KEYS = os.path.join(FIXTURES, "cosign-3.1.2", "keys")
IMAGES = os.path.join(FIXTURES, "cosign-3.1.2", "images")
EVIL = "\"><script>document.title='owned'</script><img src=http://evil.example/x>\u202egnp.exe"

# The least contrast of any text with what it stands on (WCAG 2: 4.5 is enough for small text).
CONTRAST = """(() => {
  const channel = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = node => { for (; node; node = node.parentElement) {
      const color = parse(getComputedStyle(node).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color; }
    return [255, 255, 255]; };
  let worst = [99, ""];
  for (const node of document.body.querySelectorAll("*")) {
    if (![...node.childNodes].some(n => n.nodeType == 3 && n.data.trim())) continue;
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < worst[0]) worst = [ratio, node.outerHTML.slice(0, 200)];
  }
  return worst;
})()"""


class PageCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.box.variables["COSIGN_PASSWORD"] = "correct-horse"
        loads = [word for name in ("legacy-attestations=team/attested", "legacy-recursive-index=library/multi",
                                   "legacy-two-keys=team/two-keys", "unsigned=tools/plain")
                 for word in ("--load", f"{IMAGES}/{name}")]
        cls.server = registry.ours(cls.box, *loads, "--page-key", f"{KEYS}/p256.pub")
        cls.addClassCleanup(cls.server.stop)
        cls.fill()
        cls.browser = Browser(cls.box)
        cls.addClassCleanup(cls.browser.close)
        results = os.environ.get("COSIGN_TEST_RESULTS") or tempfile.gettempdir()
        cls.shots = os.path.join(results, "page")

    @classmethod
    def fill(cls):
        client = cls.server.client()
        client.push_image("shop/checkout", "1.4.1", seed="checkout 1.4.1")
        cls.digest = client.push_image("shop/checkout", "1.4.2", seed="checkout 1.4.2")
        client.push_manifest("shop/checkout", "latest", client.manifest("shop/checkout", "1.4.2"))
        for key in ("p256", "p384"):
            cls.sign("sign", key, "-a", "pipeline=release-42")
        cls.refer("application/spdx+json", {"org.opencontainers.image.created": "2026-07-24T09:30:00Z"})
        cls.hostile = client.push_image("shop/hostile", "latest", seed="hostile")
        cls.refer("application/vnd.example", {EVIL: EVIL * 300, "dev.sigstore.bundle.predicateType": EVIL}, "shop/hostile", cls.hostile)

    @classmethod
    def sign(cls, command, key, *options):
        done = cls.box.cosign_run(command, "--key", f"{KEYS}/{key}.key", "--tlog-upload=false", "--new-bundle-format=true",
                                  *options, f"{cls.server.host}/shop/checkout@{cls.digest}")
        assert done.code == 0, str(done)

    @classmethod
    def refer(cls, artifact_type, annotations, repository="shop/checkout", subject=None):
        client = cls.server.client()
        subject = subject or cls.digest
        config = {"mediaType": "application/vnd.oci.empty.v1+json", "size": 2, "digest": client.push_blob(repository, b"{}")}
        layer = {"mediaType": artifact_type, "size": 4, "digest": client.push_blob(repository, b"sbom")}
        about = {"mediaType": oci.MANIFEST, "digest": subject, "size": len(client.manifest(repository, subject))}
        data = json.dumps({"schemaVersion": 2, "mediaType": oci.MANIFEST, "artifactType": artifact_type, "config": config,
                           "layers": [layer], "subject": about, "annotations": annotations}).encode()
        return client.push_manifest(repository, oci.digest_of(data), data)

    def open(self, path, **look):
        self.browser.look(**look)
        self.browser.requests.clear()
        self.browser.complaints.clear()
        self.browser.open(f"http://{self.server.host}{path}")

    def text(self, selector="body"):
        return self.browser.evaluate(f"document.querySelector({json.dumps(selector)}).innerText")

    def texts(self, selector):
        return self.browser.evaluate(f"[...document.querySelectorAll({json.dumps(selector)})].map(n => n.innerText)")

    def assert_quiet(self):
        """Nothing was asked of anybody else, and its policy had nothing to refuse."""
        hosts = {urllib.parse.urlsplit(url).netloc for url in self.browser.requests}
        self.assertEqual(hosts, {self.server.host}, self.browser.requests)
        self.assertEqual([c for c in self.browser.complaints if "status of 404" not in c], [])

    def shoot(self, name):
        self.browser.screenshot(os.path.join(self.shots, f"{name}.png"))


class ContentTest(PageCase):
    def test_from_the_first_page_to_an_image(self):
        self.open("/")
        self.assertEqual(self.texts(".rows a"), ["library/multi", "shop/checkout", "shop/hostile", "team/attested", "team/two-keys", "tools/plain"])
        self.assertRegex(self.text(".rows li:nth-child(2) .meta"), r"^pushed 20\d\d-.* UTC · 3 tags$")
        self.assert_quiet()
        link = self.browser.evaluate("document.querySelector('.rows li:nth-child(2) a').getAttribute('href')")
        self.open(link)
        self.assertEqual(self.texts("tbody th"), ["1.4.1", "1.4.2", "latest"])
        self.assertEqual(self.texts("tbody .badge"), ["not signed", "verified with p256.pub", "verified with p256.pub"])
        self.open(self.browser.evaluate("document.querySelector('tbody tr:nth-child(2) a').getAttribute('href')"))
        self.assertEqual(self.text("h1"), "shop/checkout:1.4.2")
        self.assert_quiet()

    def test_the_tree_says_what_was_checked(self):
        self.open("/r/shop/checkout:1.4.2")
        self.assertEqual(self.texts(".tree ul > li > .node > strong")[:1], ["SPDX SBOM"])
        self.assertEqual(sorted(self.texts(".tree .badge")), ["no known key", "verified"])
        self.assertIn("p256.pub", self.text(".tree"))
        self.assertIn("Claims key", self.text(".tree"))
        self.assertIn("no transparency log was asked", self.text("main"))
        self.assertEqual(self.texts("pre")[0], f"docker pull {self.server.host}/shop/checkout:1.4.2")

    def test_its_commands_do_what_they_say(self):
        self.open("/r/shop/checkout:1.4.2")
        command = next(text for text in self.texts("pre") if text.startswith("cosign verify"))
        done = self.box.run(*command.replace("p256.pub", f"{KEYS}/p256.pub").split())
        self.assertEqual(done.code, 0, done)

    def test_an_index_and_attestations(self):
        self.open("/r/library/multi:latest")
        self.assertEqual(self.texts("tbody th"), ["linux/amd64", "linux/arm64"])
        self.assertEqual(self.texts("tbody .badge"), ["verified with p256.pub"] * 2)
        self.open("/r/team/attested:latest")
        self.assertIn("https://spdx.dev/Document", self.text(".tree"))
        self.assertEqual(self.texts(".tree .badge"), ["verified", "verified"])

    def test_searching_works_without_scripts(self):
        self.open("/?q=checkout")
        self.assertEqual(self.texts(".rows a"), ["shop/checkout"])
        form = self.browser.evaluate("(f => [f.method, f.getAttribute('action'), f.q.name, f.q.labels[0].innerText])"
                                     "(document.querySelector('form'))")
        self.assertEqual(form, ["get", "/", "q", "Name contains"])

    def test_what_is_not_there(self):
        self.open("/r/shop/absent:1")
        self.assertEqual(self.text("h1"), "Nothing here")

    def test_hostile_text_is_text(self):
        for path in ("/r/shop/hostile:latest", f"/r/shop/hostile@{self.hostile}"):
            self.open(path)
            self.assertIn("<script>document.title='owned'</script>", self.text(".tree"))
            self.assertIn("\\u202egnp.exe", self.text(".tree"))
            self.assertEqual(self.browser.evaluate("document.querySelectorAll('script, img, iframe, [onclick]').length"), 0)
            self.assertNotIn("owned", self.browser.evaluate("document.title"))
            self.assert_quiet()
        self.open(self.browser.evaluate("document.querySelector('.tree .meta a').getAttribute('href')"))
        self.assertIn("document.title='owned'", self.text("main"))
        self.assert_quiet()
        self.shoot("hostile")


class LookTest(PageCase):
    PAGES = {"front": "/", "tags": "/r/shop/checkout", "image": "/r/shop/checkout:1.4.2", "index": "/r/library/multi:latest",
             "missing": "/r/nothing"}

    def test_every_page_in_every_light_and_width(self):
        for name, path in self.PAGES.items():
            for suffix, look in {"": {}, "-dark": {"dark": True}, "-narrow": {"width": 380}}.items():
                with self.subTest(page=name + suffix):
                    self.open(path, **look)
                    self.shoot(name + suffix)
                    ratio, where = self.browser.evaluate(CONTRAST)
                    self.assertGreaterEqual(ratio, 4.5, where)
                    self.assertLessEqual(self.browser.evaluate("document.scrollingElement.scrollWidth - innerWidth"), 0,
                                         "it is wider than the window")
                    self.assert_quiet()

    def test_it_is_dark_where_that_is_liked(self):
        ground = "getComputedStyle(document.body).backgroundColor"
        self.open("/")
        light = self.browser.evaluate(ground)
        self.open("/", dark=True)
        self.assertNotEqual(self.browser.evaluate(ground), light)
        self.assertEqual(self.browser.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"), True)

    def test_who_cannot_see_it_finds_their_way(self):
        for path in self.PAGES.values():
            self.open(path)
            facts = self.browser.evaluate("""({
                language: document.documentElement.lang,
                headings: [...document.querySelectorAll('h1, h2, h3')].map(n => n.tagName),
                landmarks: ['header', 'nav[aria-label]', 'main', 'footer'].every(s => document.querySelector(s)),
                unnamed: [...document.querySelectorAll('a, button')].filter(n => !n.innerText.trim()).length,
                unlabelled: [...document.querySelectorAll('input')].filter(n => !n.labels.length).length,
                columns: [...document.querySelectorAll('table th')].every(n => n.scope),
                skip: document.querySelector('.skip').getAttribute('href') == '#' + document.querySelector('main').id})""")
            self.assertEqual(facts["headings"][:1], ["H1"])
            self.assertEqual(facts["headings"].count("H1"), 1)
            self.assertEqual({**facts, "headings": None},
                             {"language": "en", "headings": None, "landmarks": True, "unnamed": 0, "unlabelled": 0,
                              "columns": True, "skip": True})


class SpeedTest(PageCase):
    def test_a_page_comes_at_once(self):
        client = self.server.client()
        for path in ("/", "/r/shop/checkout", "/r/shop/checkout:1.4.2"):
            self.assertLess(min(timed(lambda: client.request("GET", path)) for _ in range(20)), 0.05, path)


def timed(work):
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    unittest.main()
