"""Attestations, by ours and by real cosign in turn: what one says the other reads, in both forms, and policies judge alike.

Covers: issue 5, item 2; cosign.md 2f.
"""
import base64
import json
import unittest

from harness import reference
from harness.interop import KEYS, InteropCase, test_name
from harness.registry import NotInstalled, find_program

ATTEST = {
    "ours": {"att": ["--signature-format", "att"], "bundle": ["--signature-format", "bundle"]},
    "3.1.2": {"att": ["--use-signing-config=false", "--new-bundle-format=false"],
              "bundle": ["--use-signing-config=false"]},
    "2.6.5": {"att": [], "bundle": ["--new-bundle-format=true"]},
}
REAL = ("3.1.2", "2.6.5")
URI = "https://example.com/review/v1"
# Nothing in it that real cosign would write anew.
PLAIN = {"builder": {"id": "https://example.com/builder"}, "buildType": "t", "n": 7, "list": ["a", "b"]}
# 3.1.2 signs 12345678901234567000, 1 and 100.
EXACT = '{"b":12345678901234567890,"a":[1.0,1E+2,1234567890123456789012345,"\\u003c\\/"],"z":{"y":null,"x":-0}}'
TYPES = {"custom": "https://cosign.sigstore.dev/attestation/v1", "spdxjson": "https://spdx.dev/Document",
         "cyclonedx": "https://cyclonedx.org/bom", "openvex": "https://openvex.dev/ns", URI: URI,
         "slsaprovenance02": "https://slsa.dev/provenance/v0.2", "spdx": "https://spdx.dev/Document"}


def statement(line):
    return base64.b64decode(json.loads(line)["payload"]).decode()


class AttestationCase(InteropCase):
    KINDS = ("referrers API", "fallback tag")

    def attest(self, writer, form, image, kind, predicate, *options):
        path = self.box.write("predicate.json", predicate)
        done = self.box.run(reference.program(writer), "attest", "--key", f"{KEYS}/p256.key", *ATTEST[writer][form],
                            "--tlog-upload=false", "-y", "--type", kind, "--predicate", path, *options, image)
        self.assertEqual(done.code, 0, done)

    def verify(self, reader, image, kind, *options, key="p256"):
        root = self.trusted_root() if reader == "2.6.5" else []
        return self.box.run(reference.program(reader), "verify-attestation", "--key", f"{KEYS}/{key}.pub",
                            "--insecure-ignore-tlog=true", "--type", kind, *root, *options, image)

    def statements(self, reader, image, kind, *options):
        """Those that are verified. A reader that accepts must also refuse another key, and another type."""
        done = self.verify(reader, image, kind, *options)
        self.assertEqual(done.code, 0, done)
        other = self.verify(reader, image, kind, key="rsa2048")
        self.assertNotEqual(other.code, 0, other)
        self.assertNotEqual(self.verify(reader, image, "vuln").code, 0)
        return [statement(line) for line in done.out.splitlines()]


class WrittenTest(AttestationCase):
    def each_type(self, writer, form, reader):
        """One image and type after the other: the same statement is read, with the predicate that was given."""
        reference.need(writer, reader)
        for number, (kind, uri) in enumerate(TYPES.items()):
            if kind == "spdx" and (form, reader) in (("att", "3.1.2"), ("bundle", "3.1.2"), ("bundle", "2.6.5")):
                continue  # a predicate that is a text: they do not read it from themselves either
            for registry in self.registries:
                with self.subTest(type=kind, registry=registry):
                    image = self.push(registry, f"attested/{form}-{writer}-{reader}-{number}".lower())
                    self.attest(writer, form, image, kind, json.dumps(PLAIN))
                    (text,) = self.statements(reader, image, kind)
                    self.is_about(text, image, uri)
                    self.says(json.loads(text)["predicate"], kind)

    def is_about(self, text, image, uri):
        found = json.loads(text)
        self.assertEqual(found["predicateType"], uri)
        self.assertEqual(found["_type"], "https://in-toto.io/Statement/v0.1")
        repository, digest = image.split("@sha256:")
        self.assertEqual(found["subject"], [{"name": repository, "digest": {"sha256": digest}}])

    def says(self, predicate, kind):
        if kind == "custom":
            predicate = json.loads(predicate["Data"])
        elif kind == "spdx":
            predicate = json.loads(predicate)
        if kind != "slsaprovenance02":  # real cosign drops what it does not know
            self.assertEqual(predicate, PLAIN)
        self.assertEqual(predicate["builder"], PLAIN["builder"])

    def the_bytes(self, form, reader):
        """What ours signs is what the file says, and real cosign verifies it."""
        reference.need(reader)
        image = self.push("referrers API", f"exact/{form}-{reader}")
        self.attest("ours", form, image, URI, f" {EXACT}\n")
        (text,) = self.statements(reader, image, URI)
        self.assertTrue(text.endswith(f'"predicate":{EXACT}}}'), text)

    def test_what_real_3_1_2_signs_is_not_what_the_file_says(self):
        """The difference that docs/parity.md tells of."""
        reference.need("3.1.2")
        image = self.push("referrers API", "exact/real")
        self.attest("3.1.2", "bundle", image, URI, EXACT)
        (text,) = self.statements("ours", image, URI)
        self.assertIn("12345678901234567000", text.replace("12345678901234567168", "12345678901234567000"))
        self.assertNotIn("12345678901234567890", text)


def written(writer, form, reader):
    return lambda self: self.each_type(writer, form, reader)


def exact(form, reader):
    return lambda self: self.the_bytes(form, reader)


for version in REAL:
    for layout in ("att", "bundle"):
        setattr(WrittenTest, test_name(layout, "by ours read by", version), written("ours", layout, version))
        setattr(WrittenTest, test_name(layout, "by", version, "read by ours"), written(version, layout, "ours"))
        setattr(WrittenTest, test_name("the bytes of", layout, "read by", version), exact(layout, version))


class TogetherTest(AttestationCase):
    """One after the other on one image: neither disturbs what the other said."""

    def both(self, form, version):
        reference.need(version)
        for registry in self.registries:
            with self.subTest(registry=registry):
                image = self.push(registry, f"together/{form}-{version}")
                for number, writer in enumerate(("ours", version, "ours")):
                    self.attest(writer, form, image, URI, json.dumps({"n": number}))
                for reader in ("ours", version):
                    found = sorted(json.loads(text)["predicate"]["n"] for text in self.statements(reader, image, URI))
                    self.assertEqual(found, [0, 1, 2], reader)

    def test_att_with_3_1_2(self):
        self.both("att", "3.1.2")

    def test_bundle_with_3_1_2(self):
        self.both("bundle", "3.1.2")

    def test_att_with_2_6_5(self):
        self.both("att", "2.6.5")

    def test_replacing_leaves_what_others_said_to_2_6_5(self):
        """Real cosign replaces all of a type, ours what its own key said."""
        reference.need("2.6.5")
        image = self.push("referrers API", "together/replaced")
        for number in range(2):
            self.attest("2.6.5", "att", image, URI, json.dumps({"n": number}))
        self.attest("ours", "att", image, URI, json.dumps({"n": 2}), "--replace")
        (text,) = self.statements("2.6.5", image, URI)
        self.assertEqual(json.loads(text)["predicate"], {"n": 2})


POLICIES = {
    "rego": [
        ("package signature\ndefault allow = false\nallow { input.predicate.n == 7 }\n", True),
        ("package signature\nallow { input.predicate.n == 8 }\n", False),
        ("package signature\nallow = false\n", False),
        ("package signature\nallow = \"yes\"\n", False),
        ("package other\nallow = true\n", False),
        ("package signature\nallow { input.subject[0].name != \"\"; count(input.predicate.list) == 2 }\n", True),
        ("package signature\nallow { startswith(input.predicate.builder.id, \"https://example.com/\") }\n", True),
        ("package signature\nallow { some i; input.predicate.list[i] == \"c\" }\n", False),
        ("package signature\nallow {\n", False),
    ],
    "cue": [
        (f'predicateType: "{URI}"\n', True),
        ('predicateType: "https://example.com/other"\n', False),
        ("predicate: n: int & >5\n", True),
        ("predicate: n: int & >7\n", False),
        ('import "strings"\npredicate: list: [...strings.MaxRunes(1)]\n', True),
        ('predicate: list: [...strings]\n', False),
        ("predicate: close({n: 7})\n", False),
        ("predicate: {\n", False),
    ],
}


class PolicyTest(AttestationCase):
    KINDS = ("referrers API",)

    def judged_alike(self, language, version):
        reference.need(version)
        if language == "cue":
            self.need_cue()
        image = self.push("referrers API", f"policies/{language}-{version}")
        self.attest("ours", "att", image, URI, json.dumps(PLAIN))
        for number, (policy, allows) in enumerate(POLICIES[language]):
            path = self.box.write(f"policy-{number}.{language}", policy)
            for reader in ("ours", version):
                with self.subTest(policy=policy, reader=reader):
                    done = self.verify(reader, image, URI, "--policy", path)
                    self.assertEqual(done.code == 0, allows, done)
                    self.assertEqual(bool(done.out), allows, done)

    def need_cue(self):
        try:
            find_program("cue")
        except NotInstalled as absent:
            self.skipTest(str(absent))

    def test_rego_as_3_1_2(self):
        self.judged_alike("rego", "3.1.2")

    def test_cue_asks_for_what_3_1_2_does_not(self):
        """A field that is not there satisfies real cosign; `cue vet -c` wants it."""
        reference.need("3.1.2")
        self.need_cue()
        image = self.push("referrers API", "policies/absent")
        self.attest("ours", "att", image, URI, json.dumps(PLAIN))
        path = self.box.write("absent.cue", "predicate: absent: string\n")
        self.assertEqual(self.verify("3.1.2", image, URI, "--policy", path).code, 0)
        done = self.verify("ours", image, URI, "--policy", path)
        self.assertEqual(done.code, 12, done)
        self.assertIn("absent.cue:1: predicate.absent: incomplete value string", done.err)

    def test_rego_as_2_6_5(self):
        self.judged_alike("rego", "2.6.5")

    def test_cue_as_3_1_2(self):
        self.judged_alike("cue", "3.1.2")


if __name__ == "__main__":
    unittest.main()
