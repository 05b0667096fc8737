"""The secrets of k8s://NAMESPACE/NAME go both ways: made by real cosign and used by ours, made by ours and used by real
cosign; both speak to the same double of the API server, which finds no fault with either.

Covers: issue 6, point 4 and "Done when".
"""
import unittest

from harness import kubernetes, reference, registry
from harness.interop import WRITE
from harness.sandbox import Sandbox

REF = "k8s://default/cosign"
IGNORE_LOG = "--insecure-ignore-tlog=true"


class KubernetesTest(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox()
        self.addCleanup(self.box.close)
        self.cluster = kubernetes.Cluster(self.box.path("cluster"))
        self.addCleanup(self.cluster.stop)

    def good(self, who, *words, **options):
        done = self.box.run(reference.program(who), *words, **options)
        self.assertEqual(done.code, 0, done)
        return done

    def check(self, maker, user):
        """`maker` makes the secret; `user` signs with it, without being told the password; all verify."""
        reference.need(maker, user)
        certificate, key = self.cluster.client_certificate("alice")
        by_certificate = {"client-certificate": certificate, "client-key-data": kubernetes.in_base64(key)}
        self.cluster.tokens["token"] = "dev"
        self.box.write("file", "hello")
        self.box.variables["KUBECONFIG"] = self.box.path("kubeconfig")
        self.box.write("kubeconfig", self.cluster.kubeconfig(by_certificate))
        self.good(maker, "generate-key-pair", REF, env={"COSIGN_PASSWORD": "correct-horse"})
        self.box.write("kubeconfig", self.cluster.kubeconfig({"token": "token"}))
        self.assertEqual(sorted(self.cluster.data("default", "cosign")),
                         ["cosign.key", "cosign.password", "cosign.pub"])
        public = self.box.read("cosign.pub")
        for who in (maker, user):
            self.assertEqual(self.good(who, "public-key", "--key", REF).out, public)
        with registry.ours(self.box) as server:
            image = f"{server.host}/app@{server.client().push_image('app')}"
            self.good(user, "sign", "--key", REF, *WRITE[user]["sig"][0], "--tlog-upload=false", "-y", image)
            for who in (maker, user):
                for verifying in (REF, "cosign.pub"):
                    self.good(who, "verify", "--key", verifying, IGNORE_LOG, image)
        self.good(user, "sign-blob", "--key", REF, *self.blob_options(user), "--tlog-upload=false", "-y",
                  "--output-signature", "signature", "file")
        for who in (maker, user):
            for verifying in (REF, "cosign.pub"):
                self.good(who, "verify-blob", "--key", verifying, IGNORE_LOG, "--signature", "signature", "file")
        self.assertEqual(self.cluster.faults, [])

    @staticmethod
    def blob_options(who):
        return ["--use-signing-config=false", "--new-bundle-format=false"] if who == "3.1.2" else []

    def test_ours_used_by_3_1_2(self):
        self.check("ours", "3.1.2")

    def test_3_1_2_used_by_ours(self):
        self.check("3.1.2", "ours")

    def test_ours_used_by_2_6_5(self):
        self.check("ours", "2.6.5")

    def test_2_6_5_used_by_ours(self):
        self.check("2.6.5", "ours")

    def test_3_1_2_wants_the_password_in_the_secret(self):
        """Why --password-apart is ours: real cosign does not look at COSIGN_PASSWORD then."""
        reference.need("3.1.2")
        self.cluster.tokens["token"] = "dev"
        self.box.write("file", "hello")
        self.box.write("kubeconfig", self.cluster.kubeconfig({"token": "token"}))
        self.box.variables |= {"KUBECONFIG": self.box.path("kubeconfig"), "COSIGN_PASSWORD": "correct-horse"}
        self.good("ours", "generate-key-pair", REF, "--password-apart")
        done = self.box.run(reference.program("3.1.2"), "sign-blob", "--key", REF, *self.blob_options("3.1.2"),
                            "--tlog-upload=false", "-y", "file")
        self.assertIn("decryption failed", done.err)


if __name__ == "__main__":
    unittest.main()
