"""The flags of verifying without a key, on a signature by a Sigstore in memory: who, whom to trust, and how much of it.

`sigstore_cases` writes the signature and its trusted root (sigstore/authority/testing/cases.h). Covers: issue 7,
"Certificates", "Time"; cosign.md 1.6, 1.9, 2h, 2l.
"""
import base64
import binascii
import json
import os
import unittest

from harness import reference
from harness.interop import DEAD_PROXY
from harness.sandbox import Sandbox


def pem(der, label="CERTIFICATE"):
    lines = base64.encodebytes(base64.b64decode(der)).decode()
    return f"-----BEGIN {label}-----\n{lines}-----END {label}-----\n"


def chain_of(authority):
    return [pem(one["rawBytes"]) for one in authority["certChain"]["certificates"]]


class KeylessTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(cls.box.close)
        cls.box.variables |= {"HTTPS_PROXY": DEAD_PROXY, "HTTP_PROXY": DEAD_PROXY}
        program = os.path.join(os.path.dirname(cls.box.cosign), "sigstore_cases")
        done = cls.box.run(program, cls.box.path("cases"))
        if done.code:
            raise AssertionError(str(done))
        cls.pick()
        cls.write_parts()

    @classmethod
    def pick(cls):
        """A good signature of a file by certificate, in Rekor v1 and with a timestamp."""
        for name in sorted(os.listdir(cls.box.path("cases"))):
            folder = f"cases/{name}"
            cls.case = json.loads(cls.box.read(f"{folder}/case.json"))
            if (cls.case["good"], cls.case["ask"], cls.case["form"]) != (True, "identity", "message"):
                continue
            cls.made = json.loads(cls.box.read(f"{folder}/bundle.json"))
            material = cls.made["verificationMaterial"]
            entries = material.get("tlogEntries", [])
            if (len(entries) == 1 and int(entries[0].get("integratedTime", 0)) and "inclusionPromise" in entries[0] and
                    len(material.get("timestampVerificationData", {}).get("rfc3161Timestamps", [])) == 1):
                cls.folder, cls.entry = cls.box.path(folder), entries[0]
                cls.root = json.loads(cls.box.read(f"{folder}/trusted_root.json"))
                cls.artifact, cls.bundle = f"{cls.folder}/artifact", f"{cls.folder}/bundle.json"
                return
        raise AssertionError("no such case")

    @classmethod
    def write_parts(cls):
        """What older releases had in files of their own."""
        material = cls.made["verificationMaterial"]
        certificate = material["certificate"]["rawBytes"]
        chain = chain_of(cls.root["certificateAuthorities"][0])
        log = next(one for one in cls.root["tlogs"] if one["logId"]["keyId"] == cls.entry["logId"]["keyId"])
        log_id = binascii.hexlify(base64.b64decode(cls.entry["logId"]["keyId"])).decode()
        rekor = {"SignedEntryTimestamp": cls.entry["inclusionPromise"]["signedEntryTimestamp"],
                 "Payload": {"body": cls.entry["canonicalizedBody"], "integratedTime": int(cls.entry["integratedTime"]),
                             "logIndex": int(cls.entry["logIndex"]), "logID": log_id}}
        stamp = material["timestampVerificationData"]["rfc3161Timestamps"][0]["signedTimestamp"]
        signature = cls.made["messageSignature"]["signature"]
        old = {"base64Signature": signature, "cert": base64.b64encode(pem(certificate).encode()).decode(),
               "rekorBundle": rekor}
        cls.parts = {name: cls.box.write(name, content) for name, content in {
            "chain.pem": "".join(chain), "roots.pem": chain[-1], "between.pem": "".join(chain[:-1]),
            "any-order.pem": "".join(reversed(chain)),
            "tsa.pem": "".join(chain_of(cls.root["timestampAuthorities"][0])),
            "rekor.pub": pem(log["publicKey"]["rawBytes"], "PUBLIC KEY"),
            "ct.pub": pem(cls.root["ctlogs"][0]["publicKey"]["rawBytes"], "PUBLIC KEY"),
            "other.pub": pem(cls.root["tlogs"][-1]["publicKey"]["rawBytes"], "PUBLIC KEY"),
            "certificate.pem": pem(certificate), "certificate.b64": base64.b64encode(pem(certificate).encode()),
            "signature": signature, "old.json": json.dumps(old), "unlogged.json": json.dumps({**old, "rekorBundle": None}),
            "stamp.der": base64.b64decode(stamp), "stamp.json": json.dumps({"SignedRFC3161Timestamp": stamp}),
        }.items()}
        cls.logs = {"SIGSTORE_REKOR_PUBLIC_KEY": cls.parts["rekor.pub"],
                    "SIGSTORE_CT_LOG_PUBLIC_KEY_FILE": cls.parts["ct.pub"]}

    def part(self, name):
        return self.parts[name]

    def who(self):
        return ["--certificate-identity", self.case["identity"], "--certificate-oidc-issuer", self.case["issuer"]]

    def whole(self):
        return ["--trusted-root", f"{self.folder}/trusted_root.json"]

    def verify(self, *words, bundle=True, env=None):
        given = ["--bundle", self.bundle] if bundle else []
        return self.box.cosign_run("verify-blob", *given, *words, self.artifact, env=env)

    def good(self, *words, bundle=True, env=None):
        done = self.verify(*words, bundle=bundle, env=env)
        self.assertEqual((done.code, done.out), (0, ""), done)
        self.assertIn("Verified OK", done.err.splitlines(), done)
        return done

    def bad(self, code, text, *words, bundle=True, env=None):
        done = self.verify(*words, bundle=bundle, env=env)
        self.assertEqual((done.code, done.out), (code, ""), done)
        self.assertIn(text, done.err, done)
        return done

    # --- who

    def test_who_signed_is_said(self):
        done = self.good(*self.who(), *self.whole())
        self.assertEqual(done.err.splitlines()[0], "Verified OK")
        self.assertIn(self.case["identity"], done.err)
        self.assertIn(self.case["issuer"], done.err)

    def test_identity_and_issuer(self):
        for change in (["--certificate-identity", "somebody"], ["--certificate-oidc-issuer", "https://other.test"]):
            self.bad(12, self.case["identity"], *self.who(), *change, *self.whole())
        self.bad(1, "--certificate-oidc-issuer or --certificate-oidc-issuer-regexp is required", *self.who()[:2],
                 *self.whole())
        self.bad(1, "--certificate-identity or --certificate-identity-regexp is required", *self.who()[2:], *self.whole())
        self.bad(1, "whose signature is wanted is not said", *self.whole())

    def test_expressions_match_anywhere_and_are_warned_of(self):
        issuer = ["--certificate-oidc-issuer-regexp", "^https://[a-z.]*$"]
        name = self.case["identity"]
        done = self.good("--certificate-identity-regexp", name[3:-3], *issuer, *self.whole())
        self.assertEqual(done.err.count("WARNING: "), 1, done)
        self.assertIn("WARNING: --certificate-identity-regexp matches anywhere", done.err)
        self.assertNotIn("WARNING", self.good("--certificate-identity-regexp", "^.*$", *issuer, *self.whole()).err)
        self.bad(12, name, "--certificate-identity-regexp", "^nobody$", *issuer, *self.whole())
        self.bad(1, "is not a regular expression that can be used", "--certificate-identity-regexp", "a(", *issuer,
                 *self.whole())

    def test_a_workflow_that_the_certificate_does_not_name(self):
        for name in ("trigger", "sha", "name", "repository", "ref"):
            done = self.verify(*self.who(), *self.whole(), f"--certificate-github-workflow-{name}", "another")
            self.assertEqual(done.code, 12, done)

    # --- whom to trust

    def test_nothing_to_trust(self):
        self.bad(1, "whom to trust could not be found out from https://tuf-repo-cdn.sigstore.dev", *self.who())
        self.bad(1, "--trusted-root", *self.who(), "--insecure-ignore-tlog")
        self.bad(1, "what --trusted-root names cannot be read", *self.who(), "--trusted-root", "nowhere.json")
        empty = self.box.write("empty.json", '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}')
        self.assertEqual(self.verify(*self.who(), "--trusted-root", empty).code, 12)

    def test_files_that_are_something_else(self):
        other = self.box.write("other", "text\n")
        large = self.box.write("large", b"\0" * (5 << 20))
        chain = ["--ca-roots", self.part("roots.pem"), "--ca-intermediates", self.part("between.pem")]
        for text, words, env in (
                ("what --trusted-root names is no trusted root that can be used", ["--trusted-root", other], None),
                ("what --trusted-root names cannot be read", ["--trusted-root", large], None),
                ("what --trusted-root names cannot be read", ["--trusted-root", self.box.work], None),
                ("what --certificate-chain names holds no certificates", ["--certificate-chain", other], self.logs),
                ("what --ca-roots names holds no certificates", ["--ca-roots", other], self.logs),
                ("what --ca-intermediates names holds no certificates", [*chain[:3], other], self.logs),
                ("what SIGSTORE_ROOT_FILE names holds no certificates", [], {**self.logs, "SIGSTORE_ROOT_FILE": other}),
                ("(SIGSTORE_ROOT_FILE) holds no root", [], {**self.logs, "SIGSTORE_ROOT_FILE": self.part("between.pem")}),
                ("what SIGSTORE_REKOR_PUBLIC_KEY names is no key of a log", chain,
                 {**self.logs, "SIGSTORE_REKOR_PUBLIC_KEY": other}),
                ("what --certificate names holds no certificate", [*self.whole(), "--certificate", other], None),
                ("is not a signed certificate timestamp", [*self.whole(), "--sct", other], None),
                ("what --rfc3161-timestamp names", [*self.whole(), "--rfc3161-timestamp", other], None),
                ("what --rfc3161-timestamp names cannot be read", [*self.whole(), "--rfc3161-timestamp", "nowhere"], None)):
            with self.subTest(text):
                self.bad(1, text, *self.who(), *words, env=env)

    def test_the_parts_of_a_trusted_root(self):
        for given in (["--certificate-chain", self.part("chain.pem")],
                      ["--ca-roots", self.part("roots.pem"), "--ca-intermediates", self.part("between.pem")]):
            self.good(*self.who(), *given, env=self.logs)
        for name in ("chain.pem", "any-order.pem"):
            self.good(*self.who(), env={**self.logs, "SIGSTORE_ROOT_FILE": self.part(name)})
        # A flag goes before its variable, a trusted root before all of them.
        other = self.box.write("other.pem", "nothing\n")
        self.good(*self.who(), "--certificate-chain", self.part("chain.pem"), env={**self.logs, "SIGSTORE_ROOT_FILE": other})
        self.good(*self.who(), *self.whole(), env={"SIGSTORE_ROOT_FILE": other, "SIGSTORE_REKOR_PUBLIC_KEY": other})
        self.bad(1, "SIGSTORE_ROOT_FILE", *self.who(), env={**self.logs, "SIGSTORE_ROOT_FILE": self.box.path("nowhere")})

    def test_a_part_that_is_missing_is_named(self):
        chain = ["--certificate-chain", self.part("chain.pem")]
        rekor, ct = ({key: self.logs[key]} for key in self.logs)
        self.bad(1, "SIGSTORE_REKOR_PUBLIC_KEY", *self.who(), *chain, env=ct)
        self.bad(1, "SIGSTORE_CT_LOG_PUBLIC_KEY_FILE", *self.who(), *chain, env=rekor)
        self.bad(1, "--timestamp-certificate-chain", *self.who(), *chain, "--use-signed-timestamps", env=self.logs)
        self.good(*self.who(), *chain, "--insecure-ignore-sct", env=rekor)
        self.bad(1, "whom to trust is not said", *self.who(), env=self.logs)

    def test_another_part(self):
        swapped = {"SIGSTORE_REKOR_PUBLIC_KEY": self.part("ct.pub"), "SIGSTORE_CT_LOG_PUBLIC_KEY_FILE": self.part("ct.pub")}
        chain = ["--certificate-chain", self.part("chain.pem")]
        self.assertEqual(self.verify(*self.who(), *chain, env=swapped).code, 12)
        self.assertEqual(self.verify(*self.who(), "--ca-roots", self.part("tsa.pem"), env=self.logs).code, 12)

    def test_roots_without_what_leads_to_them(self):
        done = self.bad(12, "no trusted authority issued the certificate", *self.who(), "--ca-roots", self.part("roots.pem"),
                        env=self.logs)
        self.assertIn("--ca-intermediates FILE", done.err)

    def test_several_keys_of_logs(self):
        files = {name: self.box.write(name, self.box.read(self.part("other.pub")) + self.box.read(self.part(of)))
                 for name, of in (("two-rekor.pub", "rekor.pub"), ("two-ct.pub", "ct.pub"))}
        both = {"SIGSTORE_REKOR_PUBLIC_KEY": files["two-rekor.pub"],
                "SIGSTORE_CT_LOG_PUBLIC_KEY_FILE": files["two-ct.pub"]}
        chain = ["--certificate-chain", self.part("chain.pem")]
        self.good(*self.who(), *chain, env=both)
        broken = self.box.write("broken.pub", self.box.read(self.part("rekor.pub")) + self.box.read(self.part("chain.pem")))
        self.bad(1, "what SIGSTORE_REKOR_PUBLIC_KEY names is no key of a log", *self.who(), *chain,
                 env={**both, "SIGSTORE_REKOR_PUBLIC_KEY": broken})

    def test_many_roots(self):
        """More than one chain could hold: the roots of a whole system."""
        key, roots = self.box.path("any.key"), []
        for number in range(40):
            path = self.box.path("any.pem")
            done = self.box.run("openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", key, "-out", path,
                                "-subj", f"/CN={number}", "-days", "9")
            self.assertEqual(done.code, 0, done)
            roots.append(self.box.read(path))
        many = self.box.write("many.pem", "".join(roots) + self.box.read(self.part("roots.pem")))
        self.good(*self.who(), "--ca-roots", many, "--ca-intermediates", self.part("between.pem"), env=self.logs)
        endless = self.box.write("endless.pem", self.box.read(self.part("roots.pem")) * 257)
        self.bad(1, "what --ca-roots names holds no certificates", *self.who(), "--ca-roots", endless, env=self.logs)

    def test_standard_input(self):
        def ask(text, *words):
            return self.box.cosign_run("verify-blob", *self.who(), *words, input=text)
        root, bundle = f"{self.folder}/trusted_root.json", self.bundle
        read = self.box.read
        for text, words in (
                (read(bundle), ["--bundle", "-", "--trusted-root", root, self.artifact]),
                (read(self.part("old.json")), ["--bundle", "-", "--trusted-root", root, self.artifact]),
                (read(root), ["--bundle", bundle, "--trusted-root", "-", self.artifact])):
            done = ask(text, *words)
            self.assertEqual(done.code, 0, done)
        for text, words in ((read(root), ["--bundle", "-", "--trusted-root", "-", self.artifact]),
                            (read(bundle), ["--bundle", "-", "--trusted-root", root, "-"])):
            done = ask(text, *words)
            self.assertEqual(done.code, 1, done)
            self.assertIn("standard input is named twice", done.err)
        done = ask("", "--bundle", "-", "--trusted-root", root, self.artifact)
        self.assertIn("standard input cannot be read as a bundle: the file is empty", done.err)

    def test_what_is_no_key_is_said(self):
        for path, what in ((f"{self.folder}/trusted_root.json", "a trusted root"), (self.bundle, "a bundle")):
            self.bad(1, f"is {what}, and --key takes a key or a key set", "--key", path, "--insecure-ignore-tlog")
        self.bad(1, "add --certificate-identity NAME --certificate-oidc-issuer URL, or --key cosign.pub", *self.whole())

    def test_a_report_of_no_run(self):
        for words in ([*self.who(), "--trusted-root", "nowhere"], [*self.who()[:2], *self.whole()]):
            report = json.loads(self.verify(*words, "-o", "report").out)
            self.assertEqual((report["accepted"], report["blobs"], "images" in report), (False, [], False))

    def test_signed_times(self):
        self.good(*self.who(), *self.whole(), "--use-signed-timestamps")
        stamped = ["--certificate-chain", self.part("chain.pem"), "--timestamp-certificate-chain", self.part("tsa.pem")]
        self.good(*self.who(), *stamped, env=self.logs)
        self.good(*self.who(), *stamped, "--insecure-ignore-tlog", "--insecure-ignore-sct")
        self.good(*self.who(), "--certificate-chain", self.part("chain.pem"),
                  env={**self.logs, "SIGSTORE_TSA_CERTIFICATE_FILE": self.part("tsa.pem")})

    def test_without_a_log_the_present_is_all_there_is(self):
        done = self.verify(*self.who(), "--certificate-chain", self.part("chain.pem"), "--insecure-ignore-tlog",
                           "--insecure-ignore-sct")
        self.assertEqual(done.code, 12, done)  # it lived ten minutes

    # --- where real cosign answers otherwise

    def differs(self, *words, bundle, why):
        """Accepted here, and refused by 3.1.2 where it is at hand, with `why`."""
        line = ["verify-blob", *words, "--bundle", bundle, *self.whole(), self.artifact]
        done = self.box.cosign_run(*line)
        self.assertEqual(done.code, 0, done)
        real = os.environ.get(reference.VARIABLES["3.1.2"])
        if real:
            done = self.box.run(real, *line)
            self.assertNotEqual(done.code, 0, done)
            self.assertIn(why, done.err)

    def test_a_bundle_without_the_digest(self):
        made = json.loads(self.box.read(self.bundle))
        del made["messageSignature"]["messageDigest"]
        bundle = self.box.write("no-digest.json", json.dumps(made))
        self.differs(*self.who(), bundle=bundle, why="missing verification material")
        other = self.box.write("other", "another file")
        done = self.box.cosign_run("verify-blob", *self.who(), "--bundle", bundle, *self.whole(), other)
        self.assertEqual(done.code, 12, done)  # the signature and the log are about the file all the same

    def test_a_timestamp_counts_though_the_log_is_ignored(self):
        self.differs(*self.who(), "--insecure-ignore-tlog", bundle=self.bundle, why="leaf certificate verification failed")

    def test_the_key_of_the_certificate(self):
        done = self.box.run("openssl", "x509", "-in", self.part("certificate.pem"), "-pubkey", "-noout")
        key = self.box.write("signer.pub", done.out)
        self.differs("--key", key, "--insecure-ignore-tlog", bundle=self.bundle, why="expected key signature, not certificate")

    def test_a_certificate_as_its_own_root(self):
        """Whoever names it trusts it, as in 2.6.5; a log of certificates cannot have promised what it does not know."""
        alone = ["--ca-roots", self.part("certificate.pem")]
        self.good(*self.who(), *alone, "--insecure-ignore-sct", env=self.logs)
        self.bad(1, "(SIGSTORE_ROOT_FILE) holds no root", *self.who(),
                 env={**self.logs, "SIGSTORE_ROOT_FILE": self.part("certificate.pem")})

    # --- a key, and a log

    def keyed(self):
        """A good signature by a bare key that a log took in."""
        for name in sorted(os.listdir(self.box.path("cases"))):
            case = json.loads(self.box.read(f"cases/{name}/case.json"))
            if (case["good"], case["ask"], case["form"]) == (True, "key", "message"):
                made = json.loads(self.box.read(f"cases/{name}/bundle.json"))
                if made["verificationMaterial"].get("tlogEntries"):
                    return self.box.path("cases", name)
        raise AssertionError("no such case")

    def test_a_key_with_a_log(self):
        folder = self.keyed()
        line = ["verify-blob", "--key", f"{folder}/key.pub", "--bundle", f"{folder}/bundle.json"]
        root = ["--trusted-root", f"{folder}/trusted_root.json"]
        self.assertEqual(self.box.cosign_run(*line, *root, f"{folder}/artifact").code, 0)
        done = self.box.cosign_run(*line, f"{folder}/artifact")
        self.assertEqual((done.code, "--trusted-root" in done.err), (1, True), done)
        self.assertEqual(self.box.cosign_run(*line, *root, self.bundle).code, 12)
        nowhere = ["--trusted-root", "nowhere.json", "--insecure-ignore-tlog"]  # which is then not read
        self.assertEqual(self.box.cosign_run(*line, *nowhere, f"{folder}/artifact").code, 0)
        self.assertEqual(self.box.cosign_run(*line, *nowhere[:2], f"{folder}/artifact").code, 1)

    # --- cosign 1 and 2

    def test_old_bundles(self):
        old = ["--bundle", self.part("old.json"), *self.who()]
        self.good(*old, *self.whole(), bundle=False)
        self.good(*old, "--certificate-chain", self.part("chain.pem"), env=self.logs, bundle=False)
        self.bad(12, "", "--bundle", self.part("unlogged.json"), *self.who(), *self.whole(), bundle=False)
        self.bad(12, "", *old, "--certificate-oidc-issuer", "https://other.test", *self.whole(), bundle=False)

    def test_a_certificate_and_a_signature(self):
        for name in ("certificate.pem", "certificate.b64"):
            both = ["--certificate", self.part(name), "--signature", self.part("signature"), *self.who(), *self.whole(),
                    "--insecure-ignore-tlog"]
            for stamp in ("stamp.der", "stamp.json"):
                self.good(*both, "--rfc3161-timestamp", self.part(stamp), bundle=False)
        self.assertEqual(self.verify(*both, bundle=False).code, 12)  # of no known time
        self.bad(12, "", "--signature", self.part("signature"), *self.who(), *self.whole(), "--insecure-ignore-tlog",
                 "--rfc3161-timestamp", self.part("stamp.der"), bundle=False)  # no certificate

    def test_a_certificate_that_is_not_the_bundles(self):
        self.good("--certificate", self.part("certificate.pem"), *self.who(), *self.whole())
        self.bad(12, "another certificate than the one that was given", "--certificate", self.part("roots.pem"),
                 *self.who(), *self.whole())

    # --- what goes together

    def test_what_excludes_each_other(self):
        key = self.box.write("key.pub", pem(self.root["ctlogs"][0]["publicKey"]["rawBytes"], "PUBLIC KEY"))
        self.bad(1, "a key and an identity exclude each other", "--key", key, *self.who(), *self.whole())
        self.bad(1, "--trusted-root and --ca-roots exclude each other", *self.who(), *self.whole(), "--ca-roots", "f")
        self.bad(1, "--certificate-chain excludes", *self.who(), "--certificate-chain", "f", "--ca-roots", "f")
        self.bad(1, "--ca-intermediates needs --ca-roots", *self.who(), "--ca-intermediates", "f")
        self.bad(1, "--threshold counts keys, not identities", *self.who(), *self.whole(), "--threshold", "2")

    def test_the_report(self):
        done = self.box.cosign_run("verify-blob", "--bundle", self.bundle, *self.who(), *self.whole(), "-o", "report",
                                   self.artifact)
        verified = json.loads(done.out)["blobs"][0]["candidates"][0]["verified"]
        self.assertEqual(verified["identity"]["issuer"], self.case["issuer"])
        self.assertEqual([name["value"] for name in verified["identity"]["subjects"]], [self.case["identity"]])
        self.assertLess(verified["certificate"]["notBefore"], verified["certificate"]["notAfter"])
        self.assertEqual(len(verified["times"]), 2)
        ids = [check["id"] for check in json.loads(done.out)["blobs"][0]["candidates"][0]["checks"]]
        self.assertEqual(ids, ["material", "time", "certificate", "sct", "log", "signature", "identity", "type", "subject",
                               "annotations"])


if __name__ == "__main__":
    unittest.main()
