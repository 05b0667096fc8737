"""A log that speaks Rekor's API (v1): entries with promise, inclusion proof and signed checkpoint, all of which verify."""
import base64
import hashlib
import json
import re
import time
import urllib.parse

from .services import Answer, Double, OpensslKey, Refused, decoded, openssl

TREE = 1193050959916656506
BEFORE = 1000  # entries of older shards: an index over all of them is not the one in this tree


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hash_of(hashes):
    """The root over leaf hashes (RFC 6962 section 2.1)."""
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return sha256(b"\1", hash_of(hashes[:half]), hash_of(hashes[half:]))


def path_of(hashes, index):
    """The proof of inclusion, from the leaf up (section 2.1.1)."""
    if len(hashes) == 1:
        return []
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    if index < half:
        return path_of(hashes[:half], index) + [hash_of(hashes[half:])]
    return path_of(hashes[half:], index - half) + [hash_of(hashes[:half])]


class Rekor(Double):
    """`bodies` are the entries of its tree, in order. Real cosign may write to it."""

    def __init__(self, certificate=None):
        super().__init__(certificate)
        self.key = OpensslKey("ecdsa-p256")
        self.spki = openssl("pkey", "-pubin", "-outform", "DER", stdin=self.key.public_pem.encode())
        self.log_id = sha256(self.spki)
        self.bodies, self.times = [], []

    def sign(self, data):
        return self.key.sign(sha256(data), "sha256")

    def append(self, body):
        self.bodies.append(body)
        self.times.append(int(time.time()))
        return len(self.bodies) - 1

    def leaves(self):
        return [sha256(b"\0", body) for body in self.bodies]

    def checkpoint(self):
        name = f"rekor.test - {TREE}"
        text = f"{name}\n{len(self.bodies)}\n{base64.b64encode(hash_of(self.leaves())).decode()}\n"
        signature = base64.b64encode(self.log_id[:4] + self.sign(text.encode())).decode()
        return f"{text}\n— {name.split()[0]} {signature}\n"

    def promised(self, index):
        """What the promise is over, as an object."""
        return {"body": base64.b64encode(self.bodies[index]).decode(), "integratedTime": self.times[index],
                "logIndex": BEFORE + index, "logID": self.log_id.hex()}

    def promise(self, index):
        return base64.b64encode(self.sign(canonical(self.promised(index)))).decode()

    def uuid(self, index):
        return f"{TREE:016x}" + self.leaves()[index].hex()

    def entry(self, index):
        """A map of one entry, as the API answers it."""
        leaves = self.leaves()
        proof = {"checkpoint": self.checkpoint(), "hashes": [part.hex() for part in path_of(leaves, index)],
                 "logIndex": index, "rootHash": hash_of(leaves).hex(), "treeSize": len(leaves)}
        return {self.uuid(index): {**self.promised(index), "verification": {
            "inclusionProof": proof, "signedEntryTimestamp": self.promise(index)}}}

    def old_bundle(self, index):
        """As a `.sig` layer and the file of cosign 1 and 2 carry it."""
        return {"SignedEntryTimestamp": self.promise(index), "Payload": self.promised(index)}

    def as_protobuf(self, index, proof=True):
        """A TransparencyLogEntry."""
        (entry,) = self.entry(index).values()
        kind = json.loads(self.bodies[index])
        given = entry["verification"]["inclusionProof"]

        def again(text):
            return base64.b64encode(bytes.fromhex(text)).decode()

        out = {"logIndex": str(entry["logIndex"]), "logId": {"keyId": again(entry["logID"])},
               "kindVersion": {"kind": kind["kind"], "version": kind["apiVersion"]},
               "integratedTime": str(entry["integratedTime"]),
               "inclusionPromise": {"signedEntryTimestamp": entry["verification"]["signedEntryTimestamp"]}}
        if proof:
            out["inclusionProof"] = {"logIndex": str(given["logIndex"]), "rootHash": again(given["rootHash"]),
                                     "treeSize": str(given["treeSize"]), "hashes": [again(one) for one in given["hashes"]],
                                     "checkpoint": {"envelope": given["checkpoint"]}}
        return {**out, "canonicalizedBody": entry["body"]}

    def body_of(self, asked, proposed):
        """The canonical body of what is proposed."""
        kind, version, spec = (proposed.get(name) for name in ("kind", "apiVersion", "spec"))
        self.need(set(proposed) == {"kind", "apiVersion", "spec"}, f"{asked}: members {sorted(proposed)}")
        if (kind, version) == ("hashedrekord", "0.0.1"):
            self.need(re.fullmatch("[0-9a-f]{64,128}", spec["data"]["hash"]["value"]), f"{asked}: no hash")
            self.need(decoded(spec["signature"]["content"]), f"{asked}: no signature")
            self.need(b"-----BEGIN " in (decoded(spec["signature"]["publicKey"]["content"]) or b""), f"{asked}: no key")
        elif (kind, version) == ("dsse", "0.0.1"):
            text = spec["proposedContent"]["envelope"]
            envelope = json.loads(text)
            (verifier,) = spec["proposedContent"]["verifiers"]
            spec = {"envelopeHash": {"algorithm": "sha256", "value": sha256(text.encode()).hex()},
                    "payloadHash": {"algorithm": "sha256", "value": sha256(decoded(envelope["payload"])).hex()},
                    "signatures": [{"signature": one["sig"], "verifier": verifier} for one in envelope["signatures"]]}
        elif (kind, version) == ("intoto", "0.0.1"):
            text = spec["content"]["envelope"]
            spec = {"content": {"hash": {"algorithm": "sha256", "value": sha256(text.encode()).hex()}},
                    "publicKey": spec["publicKey"]}
        else:
            raise Refused(400, {"code": 400, "message": f"entry kind {kind} {version} is not supported"})
        return canonical({"apiVersion": version, "kind": kind, "spec": spec})

    def answer(self, asked):
        self.need(asked.path.startswith("/api/v1/log"), f"{asked}: not below /api/v1/log")
        self.need("application/json" in (asked.headers["Accept"] or ""), f"{asked}: Accept is {asked.headers['Accept']}")
        place = asked.path.removeprefix("/api/v1/log/entries")
        if asked.method == "POST":
            self.need((asked.headers["Content-Type"] or "").startswith("application/json"), f"{asked}: no JSON")
        if (asked.method, place) == ("POST", "/retrieve"):
            given = {name for name, value in asked.json.items() if value is not None}
            self.need(given == {"entries"}, f"{asked}: members {sorted(given)}")
            bodies = [self.body_of(asked, one) for one in asked.json["entries"]]
            return Answer(200, [self.entry(at) for at, body in enumerate(self.bodies) if body in bodies])
        if (asked.method, place) == ("POST", ""):
            at = self.append(self.body_of(asked, asked.json))
            return Answer(201, self.entry(at), {"Location": f"/api/v1/log/entries/{self.uuid(at)}", "ETag": self.uuid(at)})
        self.need(asked.method == "GET", f"{asked}: a method that is not documented")
        if place == "":
            (index,) = urllib.parse.parse_qs(asked.query)["logIndex"]
            found = [int(index) - BEFORE] if BEFORE <= int(index) < BEFORE + len(self.bodies) else []
        else:
            found = [at for at in range(len(self.bodies)) if self.uuid(at).endswith(place.removeprefix("/"))]
        if not found:
            raise Refused(404, {"code": 404, "message": "log entry not found"})
        return Answer(200, self.entry(found[0]))
