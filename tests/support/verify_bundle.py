"""Verifies a proof bundle with nothing of the tracker's: Python, and ``openssl`` or ``cryptography``.

python verify_bundle.py BUNDLE VKEY

The program of the page on trust, docs/trust.md. It prints the entries that are proved and leaves with status
0, or leaves with status 1 and says what does not hold.
"""

import json
import subprocess
import sys
import tempfile
from base64 import b64decode
from hashlib import sha256
from pathlib import Path


def verify(bundle: dict, vkey: str) -> list[str]:
    """The texts of the entries that are proved by a key; fails where anything does not hold."""
    name, key_id, key = vkey.split("+", 2)
    public = b64decode(key)[1:]
    assert sha256(f"{name}\n".encode() + b"\x01" + public).hexdigest()[:8] == key_id, "the key is not whole"
    text, _, signatures = bundle["checkpoint"].rpartition("\n\n")
    text += "\n"
    lines = (line.split(" ") for line in signatures.splitlines())
    signed = [b64decode(line[2]) for line in lines if line[:2] == ["—", name]]
    (signature,) = [each[4:] for each in signed if each[:4].hex() == key_id]
    check_signature(public, signature, text.encode())
    origin, size, root = text.splitlines()[:3]
    assert origin == name, "this is another journal"
    proved = []
    for entry in bundle["entries"]:
        if "body" in entry:
            leaf = sha256(b"\x00" + entry["body"].encode()).digest()
            assert json.loads(entry["body"])["seq"] == entry["seq"], "an entry of another number"
        else:  # redacted: only its hash is left
            leaf = bytes.fromhex(entry["redacted_leaf"])
        proof = [bytes.fromhex(each) for each in entry["proof"]]
        assert climbed(leaf, entry["seq"] - 1, int(size), proof) == b64decode(root), "not in the journal"
        proved.append(entry.get("body", f"(entry {entry['seq']} was redacted)"))
    return proved


def climbed(node: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """The root that a leaf and its proof lead to (RFC 9162, section 2.1.3.2)."""
    assert 0 <= index < size, "an entry beyond the end"
    last = size - 1
    for other in proof:
        assert last > 0, "the proof is too long"
        if index % 2 or index == last:
            node = sha256(b"\x01" + other + node).digest()
            while not index % 2 and index:
                index, last = index // 2, last // 2
        else:
            node = sha256(b"\x01" + node + other).digest()
        index, last = index // 2, last // 2
    assert last == 0, "the proof is too short"
    return node


def check_signature(public: bytes, signature: bytes, text: bytes) -> None:
    """Ed25519 (RFC 8032): by the library ``cryptography`` if it is there, else by ``openssl``."""
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        with tempfile.TemporaryDirectory() as folder:
            key, signed, note = (str(Path(folder, name)) for name in ("key", "signature", "text"))
            Path(key).write_bytes(bytes.fromhex("302a300506032b6570032100") + public)  # RFC 8410
            Path(signed).write_bytes(signature)
            Path(note).write_bytes(text)
            words = ["-pubin", "-keyform", "DER", "-inkey", key, "-rawin", "-in", note, "-sigfile", signed]
            subprocess.run(["openssl", "pkeyutl", "-verify", *words], check=True, stdout=subprocess.DEVNULL)
    else:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)


if __name__ == "__main__":
    for body in verify(json.loads(Path(sys.argv[1]).read_text("utf-8")), sys.argv[2]):
        print(body)
