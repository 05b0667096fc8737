"""HashiCorp Vault's and OpenBao's transit engine, as its HTTP API is documented: keys, rotate, sign, verify."""
import base64
import os
import re
import shutil
import subprocess
import time
import unittest
import urllib.request

from .registry import free_port
from .sandbox import kill_group
from .services import Answer, Double, OpensslKey, Refused, decoded

TOKEN = "hvs.a-token-of-the-test"
HASHES = {"sha2-256": ("sha256", 32), "sha2-384": ("sha384", 48), "sha2-512": ("sha512", 64)}
KEY_FIELDS = {"type", "derived", "exportable", "allow_plaintext_backup", "auto_rotate_period", "key_size"}
SIGN_FIELDS = {"key_version", "hash_algorithm", "input", "batch_input", "context", "prehashed", "signature_algorithm",
               "marshaling_algorithm", "salt_length", "reference"}
VERIFY_FIELDS = SIGN_FIELDS - {"key_version"} | {"signature", "hmac"}


class Vault(Double):
    """`keys` maps a name to its versions, the first of which is 1."""

    def __init__(self, engine="transit", namespace=None, token=TOKEN, certificate=None):
        super().__init__(certificate)
        self.engine, self.namespace, self.token, self.keys, self.types = engine, namespace, token, {}, {}

    def make(self, name, kind="ecdsa-p256"):
        self.types.setdefault(name, kind)
        if kind not in OpensslKey.MAKE:
            self.keys.setdefault(name, [None])
        elif name not in self.keys:
            self.keys[name] = [OpensslKey(kind)]
        return self.keys[name]

    def rotate(self, name):
        self.keys[name].append(OpensslKey(self.types[name]))

    def described(self, name):
        def version(key):
            if key is None:
                return int(time.time())
            public = base64.b64encode(key.public_raw()).decode() if key.kind == "ed25519" else key.public_pem
            label = {"ecdsa-p256": "P-256", "ecdsa-p384": "P-384", "ecdsa-p521": "P-521"}.get(key.kind, key.kind)
            return {"creation_time": "2026-11-28T12:00:00.1Z", "name": label, "public_key": public}
        keys = self.keys[name]
        return {"name": name, "type": self.types[name], "latest_version": len(keys), "min_available_version": 0,
                "keys": {str(number): version(key) for number, key in enumerate(keys, 1)}, "derived": False,
                "min_decryption_version": 1, "min_encryption_version": 0, "exportable": False,
                "supports_signing": keys[0] is not None, "deletion_allowed": False}

    @staticmethod
    def data(content):
        return Answer(200, {"request_id": "1", "lease_id": "", "renewable": False, "lease_duration": 0,
                            "data": content, "wrap_info": None, "warnings": None, "auth": None})

    def answer(self, asked):
        self.need(asked.headers["X-Vault-Request"] == "true", f"{asked}: no X-Vault-Request")
        self.need(asked.headers["Authorization"] is None, f"{asked}: an Authorization header")
        if asked.headers["X-Vault-Token"] != self.token:
            raise Refused(403, {"errors": ["permission denied"]})
        if asked.headers["X-Vault-Namespace"] != self.namespace:
            raise Refused(404, {"errors": ["no handler for route"]})
        found = re.fullmatch(r"/v1/(.+)/(keys|sign|verify)/([\w.-]+)(?:/([\w-]+))?", asked.path)
        if not found or found[1] != self.engine:
            raise Refused(404, {"errors": [f'no handler for route "{asked.path[4:]}". route entry not found.']})
        return getattr(self, f"asked_{found[2]}")(asked, found[3], found[4])

    def asked_keys(self, asked, name, more):
        if asked.method == "GET":
            self.need(more is None and not asked.body, f"{asked}: reading takes neither more path nor a body")
            if name not in self.keys:
                raise Refused(404, {"errors": []})
            return self.data(self.described(name))
        self.need(asked.method in ("POST", "PUT"), f"{asked}: a method that is not documented")
        if more == "rotate":
            self.rotate(name)
            return self.data(self.described(name))
        fields = asked.json or {}
        self.need(set(fields) <= KEY_FIELDS, f"{asked}: fields {sorted(fields)}")
        if fields.get("type", "aes256-gcm96") not in (*OpensslKey.MAKE, "aes256-gcm96"):
            raise Refused(400, {"errors": [f"unknown key type {fields['type']}"]})
        self.make(name, fields.get("type", "aes256-gcm96"))
        return self.data(self.described(name))

    def input(self, asked, fields, hash_name):
        """What is to be signed, and the digest's name; a message is hashed first where the service would."""
        data = decoded(fields.get("input"))
        if data is None:
            raise Refused(400, {"errors": ["unable to decode input as base64"]})
        digest, size = HASHES.get(hash_name or fields.get("hash_algorithm", "sha2-256"), (None, 0))
        self.need(digest is not None, f"{asked}: an unknown hash")
        self.need(isinstance(fields.get("prehashed"), bool), f"{asked}: prehashed is no boolean")
        self.need(not fields.get("prehashed") or len(data) == size, f"{asked}: a digest of {len(data)} bytes")
        self.need(fields.get("signature_algorithm", "pkcs1v15") == "pkcs1v15", f"{asked}: no pkcs1v15")
        self.need(fields.get("marshaling_algorithm", "asn1") == "asn1", f"{asked}: no asn1")
        return data, digest

    def asked_sign(self, asked, name, hash_name):
        fields = asked.json
        self.need(asked.method in ("POST", "PUT"), f"{asked}: a method that is not documented")
        self.need(set(fields) <= SIGN_FIELDS, f"{asked}: fields {sorted(fields)}")
        if name not in self.keys:
            raise Refused(400, {"errors": ["signing key not found"]})
        keys, version = self.keys[name], int(fields.get("key_version", 0)) or len(self.keys[name])
        if version > len(keys):
            raise Refused(400, {"errors": ["1 error occurred:\n\t* requested version for signing is higher than the "
                                           "latest key version\n\n"]})
        key = keys[version - 1]
        if key is None:
            raise Refused(400, {"errors": [f"key type {self.types[name]} does not support signing"]})
        data, digest = self.input(asked, fields, hash_name)
        if key.kind != "ed25519":
            self.need(fields["prehashed"], f"{asked}: a message where a digest is enough")
        signature = base64.b64encode(key.sign(data, digest)).decode()
        return self.data({"key_version": version, "signature": f"vault:v{version}:{signature}"})

    def asked_verify(self, asked, name, hash_name):
        fields = asked.json
        self.need(set(fields) <= VERIFY_FIELDS, f"{asked}: fields {sorted(fields)}")
        found = re.fullmatch(r"vault:v(\d+):(.+)", fields["signature"])
        data, digest = self.input(asked, fields, hash_name)
        key = self.keys[name][int(found[1]) - 1]
        return self.data({"valid": key.verify(data, digest, decoded(found[2]))})


class OpenBao:
    """A real one, by the program that COSIGN_REFERENCE_OPENBAO names; in memory, with a transit engine. Skips where
    there is none."""
    TOKEN = "root-of-the-test"

    def __init__(self, box):
        program = os.environ.get("COSIGN_REFERENCE_OPENBAO")
        if not program or not shutil.which(program):
            raise unittest.SkipTest("COSIGN_REFERENCE_OPENBAO names no program: no real OpenBao to compare with")
        address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{address}"
        self.process = box.start([program, "server", "-dev", f"-dev-root-token-id={self.TOKEN}",
                                  f"-dev-listen-address={address}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait()
        self.ask("POST", "sys/mounts/transit", b'{"type":"transit"}')

    def ask(self, method, path, body=None):
        request = urllib.request.Request(f"{self.url}/v1/{path}", body, {"X-Vault-Token": self.TOKEN}, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return answer.read()

    def wait(self):
        for _ in range(600):
            try:
                self.ask("GET", "sys/health")
                return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise RuntimeError("the OpenBao server did not start")

    def stop(self):
        kill_group(self.process)
        self.process.wait()
