"""Timestamps of others on checkpoints (RFC 3161): that a checkpoint existed no later than a moment.

The extra ``timestamp`` brings the library. What is stamped is the SHA-256 of the checkpoint's file,
signatures included; nothing else of the tracker leaves the house.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import Request, urlopen

from claims.errors import BadFile, BadValue
from tracker.errors import BadProof, StoreError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from types import ModuleType

    from rfc3161_client import TimeStampResponse

SECONDS = 30
MOST_BYTES = 1_000_000

QUERY = "application/timestamp-query"


def _library() -> ModuleType:
    try:
        import rfc3161_client
    except ModuleNotFoundError as error:
        raise StoreError(
            "the library for timestamps is not installed",
            "pip install 'claims-verification-tracker[timestamp]'",
        ) from error
    return rfc3161_client


def stamp(data: bytes, url: str) -> bytes:
    """The answer (DER) of a timestamping authority on some bytes, of which it is sent the hash.

    Raises :class:`BadValue` for an address that is not http or https, :class:`StoreError` where the
    authority cannot be reached, and :class:`BadProof` where it refuses or answers something else.
    """
    library = _library()
    if not url.startswith(("http://", "https://")):
        raise BadValue(f"{url!r} is not the address of a timestamping authority", "give one with https://")
    request = library.TimestampRequestBuilder().data(data).nonce(nonce=True).build()
    query = Request(url, data=request.as_bytes(), headers={"Content-Type": QUERY})  # noqa: S310 - checked
    try:
        with urlopen(query, timeout=SECONDS) as answer:  # noqa: S310 - checked above
            got: bytes = answer.read(MOST_BYTES)
    except (URLError, OSError, ValueError) as error:
        raise StoreError(
            f"the timestamping authority at {url} cannot be reached ({error})",
            "the checkpoint itself was written; try again later",
        ) from error
    response = _decoded(got)
    if response.tst_info.nonce != request.nonce or response.tst_info.message_imprint.message != (
        request.message_imprint.message
    ):
        raise BadProof("the timestamp is not on this checkpoint", "try another authority")
    return got


def _decoded(answer: bytes) -> TimeStampResponse:
    try:
        response: TimeStampResponse = _library().decode_timestamp_response(answer)
        granted = response.status == 0
    except ValueError as error:
        raise BadProof(f"this is no timestamp ({error})", "ask the authority for it again") from error
    if not granted:
        raise BadProof(f"the authority granted no timestamp (status {response.status})", "try another")
    return response


def stamped_at(answer: bytes, data: bytes, certificates: Path) -> datetime:
    """When an authority says that it saw some bytes. ``certificates`` is the file (PEM) of the root
    that is trusted, and of any between it and the authority.

    Raises :class:`BadProof` where the timestamp does not hold, :class:`BadFile` for the certificates.
    """
    library = _library()
    from cryptography.x509 import load_pem_x509_certificates

    try:
        trusted = load_pem_x509_certificates(certificates.read_bytes())
    except (OSError, ValueError) as error:
        raise BadFile(f"{certificates} holds no certificates ({error})", "give a PEM file") from error
    roots = [each for each in trusted if each.issuer == each.subject]
    between = [each for each in trusted if each.issuer != each.subject]
    if not roots:
        raise BadFile(f"{certificates} holds no root certificate", "add the one that signed the others")
    verifier = library.VerifierBuilder(roots=roots, intermediates=between).build()
    response = _decoded(answer)
    try:
        verifier.verify_message(response, data)
    except library.VerificationError as error:
        raise BadProof(f"the timestamp does not hold ({error})", "ask for it again") from error
    return response.tst_info.gen_time
