"""The small pattern language of `data/crisis/patterns.yaml`, and its compiler.

A pattern is a regular expression over a view of `folding.views`, cut down so that every attempt
at a position does a bounded amount of work (hence time linear in the text), and extended so that
Korean can be written as it is spoken:

    가        a Hangul syllable or jamo, and the space that may follow it: "죽고싶" reads
              "죽고 싶" and "죽 고 싶" as well
    가·       the same without the space
    (a|b) ? {m,n} [가나] (?=a) (?!a)
              as in regular expressions; what is optional is so with its space
    {name}    a fragment of the file
    < >       the start and the end of a word
    ^ $       the start and the end of a sentence (tears and laughter may follow)
    ？ #      a question mark; a letter of a masked idiom
    …         up to 12 characters of the sentence
    ‥         up to 14 characters of the clause: no "-서 -니까 -는데 -지만 -길래 -자고", and no
              first person, in them
    ⋯         up to 40 characters of the sentence without a first person in them
    ～        the same without words of life and death in them either
    a & b     both, in any order, in the first 160 characters of one sentence
    @         where the masked part of an idiom begins; all of it where there is none
    a 1 space   as they are, for Latin text

There is no unbounded repetition and no lookbehind. No match reaches over the end of a sentence.

With the regular expression the compiler derives what a text must at least contain to match, so
that most patterns need not be tried on most sentences.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from core.errors import DialogueError

__all__ = ["Compiled", "Fragment", "compile_pattern", "translate"]

_TOKEN: Final = re.compile(
    r"""
      (?P<letter>[가-힣ㄱ-ㅣ]|\[[가-힣ㄱ-ㅣ0-9-]+\])(?P<solid>·)?
    | \{(?P<fragment>[a-z_]+)\}
    | (?P<special>[…‥⋯～<>^$])
    | (?P<group>\((?:\?[=!])?)
    | (?P<plain>[a-z0-9\ ？\#]|\[[a-z0-9\ -]+\])
    | (?P<times>\?|\{\d(?:,\d{1,2})?\})
    | (?P<bar>\|)
    | (?P<close>\))
    """,
    re.VERBOSE,
)
_CONNECTIVE: Final = r"(?!(?:(?<!에)서|니까|는데|지만|길래|더니|자고) )"
_PERSONS: Final = "[나저](?:는|도|를|만|한테)?|[난전날절]|[내제]가|im?|me|my"
_FIRST_PERSON: Final = rf"(?!(?<![가-힣a-z])(?:{_PERSONS})(?![가-힣a-z]))"
_LIFE_AND_DEATH: Final = r"(?!죽|자살|목숨|삶|인생|세상|살기)"
_SENTENCE_START: Final = r"(?:^|(?<=[.？])|(?<=[.？] ))"
_SPECIAL: Final = {
    "…": r"[^.？]{0,12}?",
    "‥": rf"(?:{_CONNECTIVE}{_FIRST_PERSON}[^.？]){{0,14}}?",
    "⋯": rf"(?:{_FIRST_PERSON}[^.？]){{0,40}}?",
    "～": rf"(?:{_FIRST_PERSON}{_LIFE_AND_DEATH}[^.？]){{0,40}}?",
    "<": r"(?<![가-힣a-z0-9])",
    ">": r"(?:(?<= )|(?![가-힣a-z0-9]))",
    "^": _SENTENCE_START,
    "$": r"(?=[ㄱ-ㅣ ]{0,6}(?:[.？]|$))",
}
# Too common to tell sentences apart.
_COMMON: Final = frozenset("이가은는을를도에고다어아나저내제하지서한의로만 aeiotnsr")
_NEEDS: Final = 3

Needs = tuple[frozenset[str], ...]


class Fragment(NamedTuple):
    """A translated piece.

    Attributes:
        regex: the regular expression.
        needs: sets of characters; a match holds at least one character of each.
    """

    regex: str
    needs: Needs


@dataclass(frozen=True)
class Compiled:
    """A pattern ready to use.

    Attributes:
        source: the pattern as it is written in the file.
        expression: the same as a regular expression.
        needs: as in `Fragment`, at most three, the rarest first.
    """

    source: str
    expression: str
    needs: Needs

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The regular expression, compiled on first use: most messages try but a few patterns.

        Raises:
            DialogueError: the pattern is within the language but no valid regular expression.
        """
        try:
            return re.compile(self.expression)
        except re.error as error:
            raise DialogueError(f"the pattern {self.source!r} is not valid: {error.msg}") from error


def compile_pattern(source: str, fragments: Mapping[str, Fragment]) -> Compiled:
    """The pattern written as `source`.

    Raises:
        DialogueError: the pattern is outside the language or names an unknown fragment.
    """
    if len(parts := source.split(" & ")) > 1:
        pieces = [translate(part, fragments) for part in parts]
        ahead = "".join(f"(?=[^.？]{{0,160}}?(?:{piece.regex}))" for piece in pieces)
        whole = Fragment(_SENTENCE_START + ahead, tuple(n for p in pieces for n in p.needs))
    else:
        before, mark, masked = source.partition("@")
        head, tail = translate(before, fragments), translate(masked, fragments)
        regex = f"{head.regex}({tail.regex})" if mark else head.regex
        whole = Fragment(regex, head.needs + tail.needs)
    return Compiled(source, whole.regex, _rarest(whole.needs))


def translate(source: str, fragments: Mapping[str, Fragment]) -> Fragment:
    """A piece of the language as a regular expression; alternatives are kept together."""
    tokens: list[re.Match[str]] = []
    position = 0
    while position < len(source):
        token = _TOKEN.match(source, position)
        if token is None:
            raise DialogueError(
                f"the pattern {source!r} leaves the pattern language at {source[position]!r}"
            )
        tokens.append(token)
        position = token.end()
    tokens.reverse()
    piece = _alternatives(tokens, fragments, source)
    if tokens:
        raise DialogueError(f"the pattern {source!r} closes a bracket it did not open")
    return piece


def _alternatives(
    tokens: list[re.Match[str]], fragments: Mapping[str, Fragment], source: str
) -> Fragment:
    """Read from the end of `tokens` up to a closing bracket or the end."""
    options = [_sequence(tokens, fragments, source)]
    while tokens and tokens[-1]["bar"]:
        tokens.pop()
        options.append(_sequence(tokens, fragments, source))
    if len(options) == 1:
        return options[0]
    rarest = [_rarest(option.needs) for option in options]
    needs: Needs = ()
    if all(rarest):
        needs = tuple(
            frozenset().union(*(sets[min(rank, len(sets) - 1)] for sets in rarest))
            for rank in range(_NEEDS)
        )
    return Fragment(f"(?:{'|'.join(option.regex for option in options)})", needs)


def _sequence(
    tokens: list[re.Match[str]], fragments: Mapping[str, Fragment], source: str
) -> Fragment:
    regex: list[str] = []
    needs: list[frozenset[str]] = []
    while tokens and not (tokens[-1]["bar"] or tokens[-1]["close"]):
        item = _item(tokens, fragments, source)
        if tokens and (times := tokens[-1]["times"]):
            tokens.pop()
            optional = times == "?" or times.startswith("{0")
            item = Fragment(f"(?:{item.regex}){times}", () if optional else item.needs)
        regex.append(item.regex)
        needs.extend(item.needs)
    return Fragment("".join(regex), tuple(needs))


def _item(tokens: list[re.Match[str]], fragments: Mapping[str, Fragment], source: str) -> Fragment:
    token = tokens.pop()
    if letter := token["letter"]:
        # Possessive, so that a lookahead behind it cannot be dodged by giving the space back.
        return Fragment(letter if token["solid"] else f"{letter} ?+", _letters(letter))
    if name := token["fragment"]:
        if name not in fragments:
            raise DialogueError(f"the pattern {source!r} names an unknown fragment {name!r}")
        return fragments[name]
    if opening := token["group"]:
        inner = _alternatives(tokens, fragments, source)
        if not tokens:
            raise DialogueError(f"the pattern {source!r} opens a bracket it does not close")
        tokens.pop()
        return inner if opening == "(" else Fragment(f"{opening}{inner.regex})", ())
    if token["special"]:
        return Fragment(_SPECIAL[token["special"]], ())
    if plain := token["plain"]:
        return Fragment(plain, _letters(plain))
    raise DialogueError(f"the pattern {source!r} repeats nothing with {token.group()!r}")


def _letters(written: str) -> Needs:
    if "-" in written or written == " ":
        return ()
    return (frozenset(written.strip("[]")),)


def _rarest(needs: Needs) -> Needs:
    """The sets that tell most, best first."""
    ranked = sorted(set(needs), key=lambda chars: (len(chars & _COMMON), len(chars), min(chars)))
    return tuple(ranked[:_NEEDS])
