"""Signed notes (C2SP signed-note) and checkpoints (C2SP tlog-checkpoint): a tree head as a short text
that can be mailed, printed and kept, with Ed25519 signatures (RFC 8032) under it.

A note is a text, an empty line, and signature lines. A checkpoint is a note whose text is three lines:
the origin of the journal, the number of its entries, and the root over them. Keys are written as in
both: ``name+hash+key`` the one to publish, ``PRIVATE+KEY+name+hash+key`` the one to keep. Nothing
here trusts a key that the caller has not given.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, field
from hashlib import sha256

from tracker.errors import BadProof

ED25519 = b"\x01"
"""The signature type byte of plain Ed25519 signatures (signed-note, "Signature types")."""

MOST_SIGNATURES = 16
"""As many as every reader must accept; more are refused, so that none can be kept busy."""

MOST_ENTRIES = 2**63 - 1

SIGN = "— "
"""How a signature line begins: an em dash and a space."""

PRIVATE = "PRIVATE+KEY+"

_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f]")
_DECIMAL = re.compile("0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a key: whose signatures a reader accepts. ``public`` is 32 bytes."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes by which signature lines name the key, together with its name."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(ED25519 + self.public).decode()}"

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether a signature (64 bytes) over a message is this key's."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private half of a key. ``seed`` is 32 bytes that nobody else may see."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> VerifierKey:
        """The half to publish."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(self.name, public)

    def written(self) -> str:
        """The private key as text, for its file."""
        return f"{PRIVATE}{self.name}+{self.verifier.id.hex()}+{b64encode(ED25519 + self.seed).decode()}"

    def sign(self, text: str) -> Signature:
        """A signature over a note's text."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        made = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return Signature(self.name, self.verifier.id, made)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature line: who signed, the four bytes that name the key, and the signature."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{SIGN}{self.name} {b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it, verified or not."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: of which journal, of how many entries, and the root over them (32 bytes).

    ``extensions`` are lines of others that the format permits; they are kept, and say nothing here.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


# --- keys -----------------------------------------------------------------------------------------


def check_name(name: str) -> str:
    """A name that a key can have. Raises :class:`BadProof` for any other."""
    if not name or "+" in name or not name.isprintable() or any(map(str.isspace, name)):
        raise BadProof(
            f"{name!r} cannot be the name of a key: it must have no blanks and no plus sign",
            "take something like newsroom.example/claims",
        )
    return name


def read_verifier_key(text: str) -> VerifierKey:
    """A key as it is published. Raises :class:`BadProof` where it is none or does not fit together."""
    name, hash_, public = _key_parts(text, "verifier")
    key = VerifierKey(check_name(name), public)
    if key.id.hex() != hash_:
        raise BadProof("the verifier key was not copied whole: its parts do not fit", KEY_HINT)
    return key


def read_signing_key(text: str) -> SigningKey:
    """A private key as it stands in its file. Raises :class:`BadProof` where it is none."""
    if not text.startswith(PRIVATE):
        raise BadProof(f"a private key begins with {PRIVATE}", "give the file that tracker audit key wrote")
    name, hash_, seed = _key_parts(text.removeprefix(PRIVATE), "private")
    key = SigningKey(check_name(name), seed)
    if key.verifier.id.hex() != hash_:
        raise BadProof("the private key is damaged: its parts do not fit", "restore its file from a copy")
    return key


KEY_HINT = "it looks like newsroom.example/claims+1a2b3c4d+AbCd…; tracker audit key --show prints it"


def _key_parts(text: str, what: str) -> tuple[str, str, bytes]:
    """Name, hash and 32 bytes of a key."""
    # The name has no plus sign, the hash neither, but base64 may.
    parts = text.strip().split("+", 2)
    data = _from_base64(parts[2]) if len(parts) == 3 else None
    if data is None:
        raise BadProof(f"this is no {what} key", KEY_HINT)
    if len(data) != 33 or data[:1] != ED25519:
        raise BadProof(f"the {what} key is not one for Ed25519", KEY_HINT)
    return parts[0], parts[1], data[1:]


def _from_base64(text: str) -> bytes | None:
    """The bytes that a text is the one base64 form of, or None."""
    try:
        data = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        return None
    return data if b64encode(data).decode() == text else None


# --- notes ----------------------------------------------------------------------------------------


def read_note(data: bytes | str) -> Note:
    """A note, its signatures not yet verified. Raises :class:`BadProof`, saying what is wrong."""
    try:
        whole = data.decode() if isinstance(data, bytes) else data
        whole.encode()
    except UnicodeError as error:
        raise _bad("it is not UTF-8 text") from error
    if _CONTROLS.search(whole):
        raise _bad("it holds control characters, as a file does whose lines end in CR LF")
    if not whole.endswith("\n"):
        raise _bad("its last line has no end")
    text, divider, signed = whole.rpartition("\n\n")
    if not divider or not signed:
        raise _bad("there is no empty line with signatures after it")
    lines = signed.removesuffix("\n").split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise _bad(f"it has more than {MOST_SIGNATURES} signatures")
    return Note(text + "\n", tuple(_signature(line) for line in lines))


def _signature(line: str) -> Signature:
    name, blank, encoded = line.removeprefix(SIGN).partition(" ")
    data = _from_base64(encoded)
    if not line.startswith(SIGN) or not blank or data is None or len(data) < 5:
        raise _bad(f"{line[:60]!r} is not a signature line")
    if not name or "+" in name or any(map(str.isspace, name)):
        raise _bad(f"{name[:60]!r} cannot be the name of a key")
    return Signature(name, data[:4], data[4:])


def _bad(what: str) -> BadProof:
    return BadProof(f"this is not a signed note: {what}", "take the file as it was written, byte for byte")


def signers(note: Note, keys: tuple[VerifierKey, ...]) -> tuple[VerifierKey, ...]:
    """Those of some known keys that signed a note. Signatures of unknown keys are passed over, also
    where they bear a known name.

    Raises :class:`BadProof` where a signature that says it is a known key's is not, and where no known
    key signed.
    """
    known = {(key.name, key.id): key for key in keys}
    found = []
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not key.verifies(signature.signature, note.text.encode()):
            raise BadProof(
                f"the signature of {key.name} does not fit the text: one of the two was changed",
                "ask for it again from where it was published",
            )
        found.append(key)
    if not found:
        names = ", ".join(sorted({f"{each.name} ({each.key_id.hex()})" for each in note.signatures}))
        wanted = ", ".join(f"{key.name} ({key.id.hex()})" for key in keys)
        raise BadProof(
            f"no signature of the key {wanted}; it was signed by: {names}",
            "check that the key is the one that the newsroom publishes",
        )
    return tuple(dict.fromkeys(found))


def read_checkpoint(text: str) -> Checkpoint:
    """The tree head that a note's text is. Raises :class:`BadProof`, saying what is wrong."""
    lines = text.removesuffix("\n").split("\n")
    if not text.endswith("\n") or len(lines) < 3 or not all(lines):
        raise BadProof("a checkpoint is three lines that are not empty: origin, size and root", NOT_ONE)
    origin, size, root, *extensions = lines
    if not _DECIMAL.fullmatch(size) or int(size) > MOST_ENTRIES:
        raise BadProof(f"the checkpoint's size is {size[:30]!r}, which is not a plain number", NOT_ONE)
    data = _from_base64(root)
    if data is None or len(data) != 32:
        raise BadProof("the checkpoint's root is not 32 bytes in base64", NOT_ONE)
    return Checkpoint(origin, int(size), data, tuple(extensions))


NOT_ONE = "give a file that tracker audit checkpoint wrote"


def signed(checkpoint: Checkpoint, key: SigningKey) -> Note:
    """A checkpoint under one's own signature."""
    return Note(str(checkpoint), (key.sign(str(checkpoint)),))


def opened(data: bytes | str, keys: tuple[VerifierKey, ...], origin: str) -> tuple[Note, Checkpoint]:
    """A note and the tree head in it, signed by one of some known keys and of the journal that is asked
    for. Raises :class:`BadProof`."""
    note = read_note(data)
    signers(note, keys)
    checkpoint = read_checkpoint(note.text)
    if checkpoint.origin != origin:
        raise BadProof(
            f"this is a checkpoint of the journal {checkpoint.origin}, not of {origin}",
            "give that journal's own, or its origin with --origin",
        )
    return note, checkpoint
