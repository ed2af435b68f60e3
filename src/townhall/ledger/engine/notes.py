"""Signed notes: a text, an empty line, and signature lines (C2SP signed-note)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from townhall.ledger.engine.encoding import from_base64, to_base64, to_utf8
from townhall.ledger.engine.errors import Refused

# A post-quantum signature takes 5 kB, and 16 signatures must fit: a cap on the size
# says more than one on their number.
LARGEST_NOTE: Final = 256 * 1024
MOST_SIGNATURES: Final = 256  # so that a note of short lines is no work to read
KEY_ID_SIZE: Final = 4
_DASH: Final = "— "


class NoteInvalid(Refused):
    """Bytes that are no signed note; the text says why."""


class SignatureInvalid(Refused):
    """No key that is known signed the note, or one of them did not sign it truly."""


def check_name(name: str) -> None:
    """Refuse what cannot name a key.

    Raises
    ------
    NoteInvalid
        If it is empty, or has a space, a plus or a control character.
    """
    if not name or any(each.isspace() or each < " " or each == "+" for each in name):
        raise NoteInvalid("a key's name is not empty and has no space, plus or control character")
    try:
        to_utf8(name)
    except Refused as error:
        raise NoteInvalid(f"a key's name: {error}") from None


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line.

    Attributes
    ----------
    name, key_id
        Who claims to have signed; together they name a key.
    value
        The signature itself; for cosignatures, after 8 bytes of time.
    """

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        """The line, with its newline."""
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.value)}\n"

    @classmethod
    def parse(cls, line: str) -> Signature:
        """Read a line without its newline.

        Raises
        ------
        NoteInvalid
            If it is no signature line.
        """
        name, space, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not space:
            raise NoteInvalid("a signature line is a dash, a name and base64")
        check_name(name)
        try:
            value = from_base64(encoded)
        except Refused as error:
            raise NoteInvalid(f"a signature: {error}") from None
        if len(value) <= KEY_ID_SIZE:
            raise NoteInvalid("a signature has a key's id and at least one byte more")
        return cls(name, value[:KEY_ID_SIZE], value[KEY_ID_SIZE:])


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Read signature lines, each ending in a newline; also what a witness answers.

    Raises
    ------
    NoteInvalid
        If one is malformed, or a key appears twice.
    """
    *whole, rest = lines.split("\n")
    if rest:
        raise NoteInvalid("the last line does not end in a newline")
    if len(whole) > MOST_SIGNATURES:
        raise NoteInvalid(f"a note has at most {MOST_SIGNATURES} signatures")
    found = tuple(Signature.parse(line) for line in whole)
    if len({(each.name, each.key_id) for each in found}) != len(found):
        raise NoteInvalid("a key has signed twice")
    return found


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text and who claims to have signed it. Nothing is verified here.

    Attributes
    ----------
    text
        Ends in a newline; every signature is over its UTF-8.
    signatures
        At least one.
    """

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, note: bytes) -> SignedNote:
        """Read a signed note.

        Raises
        ------
        NoteInvalid
            If it is no signed note, or larger than 256 KiB.
        """
        whole = decode_text(note)
        split = whole.rfind("\n\n")
        if split < 0:
            raise NoteInvalid("no empty line divides the text from the signatures")
        signatures = parse_signatures(whole[split + 2 :])
        if not signatures:
            raise NoteInvalid("nobody has signed")
        return cls(whole[: split + 1], signatures)

    def render(self) -> bytes:
        """Return the note as it is sent and stored.

        Raises
        ------
        NoteInvalid
            If it could not be read back as it is.
        """
        note = (self.text + "\n" + "".join(each.line for each in self.signatures)).encode()
        if SignedNote.parse(note) != self:
            raise NoteInvalid("the text does not end in a newline")
        return note

    def with_signatures(self, *signatures: Signature) -> SignedNote:
        """Return the note with more signatures; a key that signed again replaces its own."""
        merged = {(each.name, each.key_id): each for each in (*self.signatures, *signatures)}
        return SignedNote(self.text, tuple(merged.values()))


def decode_text(content: bytes) -> str:
    """Return the text of a note, or of a request that ends in one.

    Raises
    ------
    NoteInvalid
        If it is too long, no UTF-8, or has control characters but newline.
    """
    if len(content) > LARGEST_NOTE:
        raise NoteInvalid(f"a note has at most {LARGEST_NOTE} bytes, not {len(content)}")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise NoteInvalid("a note is UTF-8") from None
    if any(each < 0x20 and each != 0x0A for each in set(content)):
        raise NoteInvalid("a note has no control characters but newline")
    return text
