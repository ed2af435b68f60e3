"""Writing LLVM's assembly language: typed values, one instruction a line.

`Whole` stands for a whole number that is not there yet: arithmetic on one writes
instructions, so that the calendar of `daycount` is the same text for NumPy and here.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any, Final

TYPES: Final = {"f": "double", "i": "i32", "c": "i8", "b": "i1"}
STORED: Final = {"f": "double", "i": "i32", "c": "i8", "b": "i8"}
_LOADED: Final = {
    "f8": "double", "f4": "float", "i1": "i8", "i2": "i16", "i4": "i32", "i8": "i64",
    "u1": "i8", "u2": "i16", "u4": "i32", "b1": "i8",
}  # fmt: skip


@dataclass
class Code:
    """Instructions in the making; a value is the name of a register or a constant."""

    lines: list[str] = field(default_factory=list)
    _registers: int = 0

    def put(self, instruction: str) -> str:
        """Add an instruction, and return the register of its value."""
        self._registers += 1
        name = f"%v{self._registers}"
        self.lines.append(f"  {name} = {instruction}")
        return name

    def do(self, instruction: str) -> None:
        """Add an instruction that has no value."""
        self.lines.append(f"  {instruction}")

    def label(self, name: str) -> None:
        self.lines.append(f"{name}:")

    def at(self, array: str, kind: str, index: str) -> str:
        """Return the address of an element."""
        return self.put(f"getelementptr {kind}, ptr {array}, i64 {index}")

    def load(self, array: str, kind: str, index: str) -> str:
        """Return an element of an array that the engine made."""
        value = self.put(f"load {STORED[kind]}, ptr {self.at(array, STORED[kind], index)}")
        return self.put(f"icmp ne i8 {value}, 0") if kind == "b" else value

    def load_column(self, array: str, dtype: str, kind: str, index: str) -> str:
        """Return an element of a column of a population, as the law calculates."""
        held = _LOADED[dtype]
        value = self.put(f"load {held}, ptr {self.at(array, held, index)}")
        if kind == "f":
            if dtype == "f8":
                return value
            if dtype == "f4":
                return self.put(f"fpext float {value} to double")
            way = "uitofp" if dtype[0] == "u" else "sitofp"
            return self.put(f"{way} {held} {value} to double")
        if kind == "b":
            return self.put(f"icmp ne {held} {value}, 0")
        return self.whole(value, held, TYPES[kind])

    def whole(self, value: str, held: str, wanted: str) -> str:
        """Return a whole number in another width."""
        if held == wanted:
            return value
        way = "trunc" if int(held[1:]) > int(wanted[1:]) else "sext"
        return self.put(f"{way} {held} {value} to {wanted}")

    def store(self, value: str, array: str, kind: str, index: str) -> None:
        """Keep a value in an array."""
        if kind == "b":
            value = self.put(f"zext i1 {value} to i8")
        self.do(f"store {STORED[kind]} {value}, ptr {self.at(array, STORED[kind], index)}")

    def row(self, array: str, index: str, first: str) -> str:
        """Return an element of an index of rows, from the first row of the block."""
        held = self.put(f"load i32, ptr {self.at(array, 'i32', index)}")
        wide = self.put(f"sext i32 {held} to i64")
        return self.put(f"sub i64 {wide}, {first}")

    def start(self, array: str, index: str) -> str:
        """Return where a group begins."""
        return self.put(f"load i64, ptr {self.at(array, 'i64', index)}")

    def call(self, function: str, *values: str) -> str:
        """Return the value of one of LLVM's functions on float64."""
        given = ", ".join(f"double {value}" for value in values)
        return self.put(f"call double @llvm.{function}.f64({given})")


def number(value: float) -> str:
    """Return a float64 as the assembly language writes it: its bits."""
    return f"0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X}"


class Whole:
    """A whole number of 32 bits that is computed when the code is run."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, code: Code, name: str) -> None:
        self.code = code
        self.name = name

    def _with(self, sign: str, one: Any, other: Any) -> Whole:
        names = [each.name if isinstance(each, Whole) else str(each) for each in (one, other)]
        return Whole(self.code, self.code.put(f"{sign} i32 {names[0]}, {names[1]}"))

    def _test(self, sign: str, other: Any) -> Whole:
        name = other.name if isinstance(other, Whole) else str(other)
        test = self.code.put(f"icmp {sign} i32 {self.name}, {name}")
        return Whole(self.code, self.code.put(f"zext i1 {test} to i32"))

    def __add__(self, other: Any) -> Whole:
        return self._with("add", self, other)

    def __radd__(self, other: Any) -> Whole:
        return self._with("add", other, self)

    def __sub__(self, other: Any) -> Whole:
        return self._with("sub", self, other)

    def __rsub__(self, other: Any) -> Whole:
        return self._with("sub", other, self)

    def __mul__(self, other: Any) -> Whole:
        return self._with("mul", self, other)

    def __rmul__(self, other: Any) -> Whole:
        return self._with("mul", other, self)

    def __floordiv__(self, other: int) -> Whole:
        return self._with("sdiv", self, other)  # nothing in a calendar is below zero

    def __mod__(self, other: int) -> Whole:
        return self._with("srem", self, other)

    def __lt__(self, other: Any) -> Whole:
        return self._test("slt", other)

    def __le__(self, other: Any) -> Whole:
        return self._test("sle", other)

    def __gt__(self, other: Any) -> Whole:
        return self._test("sgt", other)

    def __ge__(self, other: Any) -> Whole:
        return self._test("sge", other)

    def __eq__(self, other: object) -> Whole:  # type: ignore[override]
        return self._test("eq", other)
