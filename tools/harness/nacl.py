"""NaCl's anonymous box, opened: X25519 (RFC 7748), XSalsa20 and Poly1305 (RFC 8439), slow and by themselves."""
import hashlib
import struct

P = 2**255 - 19
MASK = 0xffffffff


def x25519(scalar, point):
    bits = bytearray(scalar)
    bits[0] &= 248
    bits[31] = bits[31] & 127 | 64
    k, u = int.from_bytes(bits, "little"), int.from_bytes(point, "little") & (2**255 - 1)
    x2, z2, x3, z3, swap = 1, 0, u, 1, 0
    for t in reversed(range(255)):
        bit = k >> t & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = (x2 + z2) % P, (x2 - z2) % P, (x3 + z3) % P, (x3 - z3) % P
        da, cb, aa, bb = d * a % P, c * b % P, a * a % P, b * b % P
        e = (aa - bb) % P
        x3, z3 = (da + cb) ** 2 % P, u * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def rotated(value, bits):
    return (value << bits | value >> (32 - bits)) & MASK


def rounds(x):
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11),
                           (0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14)):
            x[b] ^= rotated(x[a] + x[d] & MASK, 7)
            x[c] ^= rotated(x[b] + x[a] & MASK, 9)
            x[d] ^= rotated(x[c] + x[b] & MASK, 13)
            x[a] ^= rotated(x[d] + x[c] & MASK, 18)
    return x


def state(key, block):
    c, k, n = struct.unpack("<4I", b"expand 32-byte k"), struct.unpack("<8I", key), struct.unpack("<4I", block)
    return [c[0], *k[:4], c[1], *n, c[2], *k[4:], c[3]]


def hsalsa20(key, block):
    x = rounds(state(key, block))
    return struct.pack("<8I", *(x[i] for i in (0, 5, 10, 15, 6, 7, 8, 9)))


def salsa20(key, nonce, size):
    stream = b""
    for counter in range(-(-size // 64)):
        start = state(key, nonce + struct.pack("<Q", counter))
        stream += struct.pack("<16I", *((a + b) & MASK for a, b in zip(start, rounds(list(start)))))
    return stream[:size]


def poly1305(key, message):
    r, s = int.from_bytes(key[:16], "little") & 0x0ffffffc0ffffffc0ffffffc0fffffff, int.from_bytes(key[16:], "little")
    total = 0
    for at in range(0, len(message), 16):
        total = (total + int.from_bytes(message[at:at + 16] + b"\1", "little")) * r % (2**130 - 5)
    return (total + s & 2**128 - 1).to_bytes(16, "little")


def public_key(secret):
    return x25519(secret, (9).to_bytes(32, "little"))


def open_sealed(box, secret):
    """The message; None when it was not sealed for this key, or changed since."""
    sender, tag, encrypted = box[:32], box[32:48], box[48:]
    nonce = hashlib.blake2b(sender + public_key(secret), digest_size=24).digest()
    key = hsalsa20(hsalsa20(x25519(secret, sender), bytes(16)), nonce[:16])
    stream = salsa20(key, nonce[16:], 32 + len(encrypted))
    if poly1305(stream[:32], encrypted) != tag:
        return None
    return bytes(a ^ b for a, b in zip(encrypted, stream[32:]))
