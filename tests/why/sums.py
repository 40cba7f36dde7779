"""Reads a line of arithmetic as a person would, every number known no better than it is written."""

import re
from dataclasses import dataclass
from math import erf, log, sqrt

_TOKEN = re.compile(r"\s*(?P<number>\d[\d,]*(?:\.\d+)?)|\s*(?P<name>ln|N)\(|\s*(?P<sign>[+−×÷√()])")
_WORD = re.compile(r"(?<![\w.])[^\W\d_][\w&$–'-]*")
_NAMES = ("ln", "N")
CENTS = 2


@dataclass(frozen=True, slots=True)
class Span:
    """All that a number might be that is written so."""

    low: float
    high: float

    def __neg__(self) -> "Span":
        return Span(-self.high, -self.low)

    def __add__(self, other: "Span") -> "Span":
        return Span(self.low + other.low, self.high + other.high)

    def __mul__(self, other: "Span") -> "Span":
        every = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Span(min(every), max(every))

    def __truediv__(self, other: "Span") -> "Span":
        assert other.low > 0.0 or other.high < 0.0, "divided by what may be nothing"
        return self * Span(1.0 / other.high, 1.0 / other.low)

    def meets(self, other: "Span") -> bool:
        slack = 1e-9 * max(abs(self.low), abs(self.high), 1.0)
        return self.low <= other.high + slack and other.low <= self.high + slack


def written_as(text: str) -> Span:
    """A number as it is written, in percent where it says so."""
    text = text.strip().removesuffix("$").strip()
    scale = 0.01 if text.endswith("%") else 1.0
    plain = text.removesuffix("%").strip().replace(",", "").replace("−", "-").lstrip("+")
    half = 0.5 * 10.0 ** -len(plain.partition(".")[2])
    value = float(plain)
    return Span(scale * (value - half), scale * (value + half))


def both_sides(line: str) -> tuple[Span, Span]:
    """What the left side comes to, amounts being rounded to cents, and what the right side says."""
    said = line.rpartition(": ")[2]
    left, right = said.split(" = ")
    reader = Reader(left)
    rounded = 0 if "÷" in left else sum(len(t.partition(".")[2]) == CENTS for t in reader.tokens)
    cents = 0.005 * rounded
    return reader.read() + Span(-cents, cents), written_as(right)


class Reader:
    """+ − × ÷ √ ln N and brackets; words are skipped."""

    def __init__(self, text: str) -> None:
        bare = _WORD.sub(lambda word: word.group() if word.group() in _NAMES else " ", text)
        self.tokens = self._split(bare)
        self.place = 0

    @staticmethod
    def _split(text: str) -> list[str]:
        tokens, place = [], 0
        while place < len(text.rstrip()):
            found = _TOKEN.match(text, place)
            if found is None:
                assert text[place] in " ,;$", f"{text[place:]!r} in {text!r}"
                place += 1
                continue
            tokens.append(found["number"] or (found["name"] and f"{found['name']}(") or found["sign"])
            place = found.end()
        return tokens

    def read(self) -> Span:
        found = self._sum()
        assert self.place == len(self.tokens), self.tokens[self.place :]
        return found

    def _next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def _take(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1]

    def _sum(self) -> Span:
        total = self._product()
        while self._next() in ("+", "−"):
            minus = self._take() == "−"
            term = self._product()
            total = total + (-term if minus else term)
        return total

    def _product(self) -> Span:
        total = self._factor()
        while self._next() in ("×", "÷"):
            times = self._take() == "×"
            factor = self._factor()
            total = total * factor if times else total / factor
        return total

    def _factor(self) -> Span:
        token = self._take()
        if token == "−":
            return -self._factor()
        if token == "+":
            return self._factor()
        if token == "√":
            inner = self._factor()
            return Span(sqrt(max(inner.low, 0.0)), sqrt(inner.high))
        if token in ("(", "ln(", "N("):
            inner = self._sum()
            assert self._take() == ")"
            if token == "ln(":
                return Span(log(inner.low), log(inner.high))
            return inner if token == "(" else Span(_normal(inner.low), _normal(inner.high))
        return _number(token)


def _number(token: str) -> Span:
    """One with more than two decimals has been rounded to them, the others are meant as they stand."""
    plain = token.replace(",", "")
    decimals = len(plain.partition(".")[2])
    half = 0.5 * 10.0**-decimals if decimals > CENTS else 0.0
    return Span(float(plain) - half, float(plain) + half)


def _normal(x: float) -> float:
    return 0.5 * (1.0 + erf(x / sqrt(2.0)))
