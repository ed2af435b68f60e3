"""From text to syntax tree: a tokenizer and a Pratt parser.

Every limit is here: the length of the text, the digits of a number and the
depth of nesting. What passes them can be walked recursively by the later
steps without exhausting the stack.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NamedTuple

from .errors import ExpressionError
from .syntax import (
    BINDING,
    COMPARISONS,
    Binary,
    Call,
    Connective,
    If,
    Items,
    Literal,
    Name,
    Tree,
    Unary,
)

MAX_LENGTH: Final = 10_000  # characters
MAX_DEPTH: Final = 100  # levels of nesting, parentheses included
MAX_DIGITS: Final = 30

KEYWORDS: Final = frozenset(
    {"and", "or", "not", "in", "if", "then", "else", "yes", "no", "true", "false"}
)
_WORDS: Final = {"yes": True, "true": True, "no": False, "false": False}

_TOKEN: Final = re.compile(
    r"""[ \t\r\n]*(?:
    (?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))
  | (?P<number>[0-9]+(?:\.[0-9]+)?(?![0-9A-Za-z_.]))
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
  | (?P<text>'(?:[^'\r\n]|'')*'|"(?:[^"\r\n]|"")*")
  | (?P<sign>==|!=|<=|>=|[-+*/<>(),\[\]])
  | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_SPACE: Final = " \t\r\n"

# What people write who come from another language, and what to write here.
_FOREIGN: Final = {
    "=": "Write == to compare.",
    "&": "Write  and.",
    "|": "Write  or.",
    "!": "Write  not,  or != for is not equal.",
    "≤": "Write <=.",
    "≥": "Write >=.",
    "≠": "Write !=.",
    "×": "Write * to multiply.",
    "÷": "Write / to divide.",
    "‘": "Write straight quotes: 'text'.",
    "’": "Write straight quotes: 'text'.",
    "“": "Write straight quotes: 'text'.",
    "”": "Write straight quotes: 'text'.",
    "£": "Write the amount alone: a number beside money is read in the currency.",
    "€": "Write the amount alone: a number beside money is read in the currency.",
    "$": "Write the amount alone: a number beside money is read in the currency.",
    "%": "Write a fraction: 5 percent is 5 / 100.",
    "?": "Write  if a then b else c.",
    "{": "Write a list in square brackets: ['a', 'b'].",
    "'": "Close the text with another '.",
    '"': 'Close the text with another ".',
    ".": "Write 0.5 with its zero, and names without spaces round the dot.",
}
_FOREIGN_WORDS: Final = {
    "null": "Ask  present(name)  instead.",
    "none": "Ask  present(name)  instead.",
    "undefined": "Ask  present(name)  instead.",
    "elif": "Write  else if.",
    "is": "Write == to compare.",
    "equals": "Write == to compare.",
}


class Token(NamedTuple):
    kind: str  # number, name, word (a keyword), text, sign, end
    text: str
    start: int


def tokens(text: str) -> list[Token]:
    """Cut the text into tokens, ending with one of kind `end`.

    Raises
    ------
    ExpressionError
        At the first character that begins no token.
    """
    found = []
    position = 0
    kind = ""
    while kind != "end":
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unreadable(text, position)
        kind = str(match.lastgroup)
        start, position = match.span(kind)
        word = text[start:position]
        if kind == "name" and word in KEYWORDS:
            kind = "word"
        elif kind == "number" and len(word) > MAX_DIGITS:
            raise ExpressionError(f"has a number of more than {MAX_DIGITS} digits.", start + 1)
        elif kind == "day":
            raise ExpressionError(
                "has a date among the numbers.", start + 1, f"Write date('{word}')."
            )
        found.append(Token(kind, word, start))
    return found


def _unreadable(text: str, position: int) -> ExpressionError:
    while text[position] in _SPACE:
        position += 1
    character = text[position]
    if character.isdigit():
        return ExpressionError(
            "has a number that cannot be read.",
            position + 1,
            "Write digits with a point: 1000 or 12.50. Dates are written date('2026-04-06').",
        )
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    return ExpressionError(
        f"has a character that means nothing here: {shown}",
        position + 1,
        _FOREIGN.get(character, ""),
    )


def parse_tree(text: str) -> Tree:
    """Parse the text into a syntax tree, whatever its names and types.

    Raises
    ------
    ExpressionError
        If it is no expression, too long, or nested too deeply.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            f"has {len(text)} characters; at most {MAX_LENGTH} are allowed.",
            MAX_LENGTH + 1,
            "Name a part of it as a result of its own.",
        )
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.position = 0
        self.now = self.tokens[0]
        self.depth = 0

    # --- tokens

    def advance(self) -> Token:
        token = self.now
        if token.kind != "end":
            self.position += 1
            self.now = self.tokens[self.position]
        return token

    def at(self, text: str) -> bool:
        return self.now.text == text and self.now.kind in ("sign", "word")

    def expect(self, text: str, opened: str) -> Token:
        if not self.at(text):
            raise self.surprise(f"{text!r} is missing after {opened}")
        return self.advance()

    def surprise(self, problem: str) -> ExpressionError:
        token = self.now
        if token.kind == "end":
            return ExpressionError(f"stops too early: {problem}.", token.start + 1)
        hint = _FOREIGN_WORDS.get(token.text.lower(), "")
        if not hint and token.text.lower() in KEYWORDS and token.kind == "name":
            hint = f"Write it in small letters: {token.text.lower()}."
        if token.text == ",":
            hint = "Write numbers without a thousands comma, and lists in square brackets."
        return ExpressionError(
            f"cannot be read at {token.text[:40]!r}: {problem}.", token.start + 1, hint
        )

    # --- grammar

    def whole(self) -> Tree:
        if self.now.kind == "end":
            raise ExpressionError("is empty.", 1)
        tree, _ = self.expression(0)
        if self.now.kind != "end":
            raise self.surprise("an operator such as and, or, ==, + is expected")
        return tree

    def expression(self, binding: int) -> tuple[Tree, int]:
        """Parse operators that bind tighter than `binding`.

        Returns the tree and its height, which a chain such as 1 + 1 + 1 ...
        raises as much as parentheses do.
        """
        self.depth += 1
        self.check_depth(self.depth)
        left, height = self.prefix()
        while True:
            operator = self.operator()
            level = BINDING.get(operator, 0)
            if level <= binding:
                break
            left, height = self.infix(operator, level, left, height)
            self.check_depth(height)
        self.depth -= 1
        return left, height

    def check_depth(self, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise ExpressionError(
                f"is nested more than {MAX_DEPTH} levels deep.",
                self.now.start + 1,
                "Name a part of it as a result of its own.",
            )

    def operator(self) -> str:
        """Return the infix operator that comes next, or an empty text."""
        if self.now.kind == "word" and self.now.text == "not":
            return "not in"
        if self.now.kind in ("sign", "word"):
            return self.now.text
        return ""

    def infix(self, operator: str, level: int, left: Tree, height: int) -> tuple[Tree, int]:
        if operator in ("and", "or"):
            return self.connective(operator, level, left, height)
        token = self.advance()
        if operator == "not in" and not self.at("in"):
            raise self.surprise("'in' is missing after 'not'")
        if operator == "not in":
            self.advance()
        right, other = self.expression(level)
        if operator in COMPARISONS and self.operator() in COMPARISONS:
            raise ExpressionError(
                f"compares twice in a row: {token.text} and {self.now.text}.",
                self.now.start + 1,
                "Join two comparisons with  and.",
            )
        return Binary(operator, left, right, token.start), max(height, other) + 1

    def connective(self, operator: str, level: int, left: Tree, height: int) -> tuple[Tree, int]:
        """Gather a whole chain of `and` (or of `or`) into one part of the tree."""
        at = self.now.start
        parts = [left]
        while self.at(operator):
            self.advance()
            part, other = self.expression(level)
            parts.append(part)
            height = max(height, other)
        return Connective(operator, tuple(parts), at), height + 1

    def prefix(self) -> tuple[Tree, int]:
        token = self.now
        if token.kind == "number":
            self.advance()
            return Literal(Decimal(token.text), token.start), 1
        if token.kind == "text":
            self.advance()
            quote = token.text[0]
            value = token.text[1:-1].replace(quote * 2, quote)
            self.check_characters(value, token.start)
            return Literal(value, token.start), 1
        if token.kind == "word" and token.text in _WORDS:
            self.advance()
            return Literal(_WORDS[token.text], token.start), 1
        if token.kind == "name":
            return self.name_or_call()
        if self.at("not") or self.at("-"):
            return self.unary()
        if self.at("if"):
            return self.condition()
        if self.at("("):
            return self.parenthesis()
        if self.at("["):
            self.advance()
            items, height = self.arguments("]", "the list")
            return Items(items, token.start), height + 1
        raise self.surprise("a value, a name or '(' is expected")

    def check_characters(self, value: str, start: int) -> None:
        for offset, character in enumerate(value):
            if ord(character) < 32 or 0xD800 <= ord(character) <= 0xDFFF:
                raise ExpressionError(
                    f"has a character that no text may hold: U+{ord(character):04X}",
                    start + offset + 2,
                )

    def unary(self) -> tuple[Tree, int]:
        token = self.advance()
        level = BINDING["not" if token.text == "not" else "negative"]
        operand, height = self.expression(level - 1 if token.text == "not" else level)
        return Unary(token.text, operand, token.start), height + 1

    def condition(self) -> tuple[Tree, int]:
        start = self.advance().start
        condition, first = self.expression(0)
        self.expect("then", "the condition of 'if'")
        then, second = self.expression(0)
        self.expect("else", "'then'")
        otherwise, third = self.expression(0)
        return If(condition, then, otherwise, start), max(first, second, third) + 1

    def parenthesis(self) -> tuple[Tree, int]:
        self.advance()
        tree, height = self.expression(0)
        self.expect(")", "'('")
        return tree, height

    def name_or_call(self) -> tuple[Tree, int]:
        token = self.advance()
        if not self.at("("):
            return Name(tuple(token.text.split(".")), token.start), 1
        self.advance()
        arguments, height = self.arguments(")", f"{token.text}(")
        return Call(token.text, arguments, token.start), height + 1

    def arguments(self, close: str, opened: str) -> tuple[tuple[Tree, ...], int]:
        found: list[Tree] = []
        height = 0
        while not self.at(close):
            if found:
                self.expect(",", f"a part of {opened}")
            tree, other = self.expression(0)
            found.append(tree)
            height = max(height, other)
        self.advance()
        return tuple(found), height
