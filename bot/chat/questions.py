"""What the bot asked last, and which of its buttons a person means who answers in words.

A question is what the buttons below an answer ask: whoever says "2", "비슷한 거" or "네" presses
one of them. Or the words of a command are asked for: the title of a song, the story of a day. A
question stands in memory only, for the next message and a few minutes; anything else that happens
drops it.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.chat.actions import Action
from bot.chat.answers import Answer, Button, Turn
from bot.chat.awaited import awaited
from bot.chat.commands import MODES, Command, Request, wanted
from bot.chat.feelings import felt_in
from bot.chat.numerals import ORDINALS
from core.emotion.normalise import normalise
from core.models import Mode, UserKey
from core.recommend.korean_requests import KOREAN_ASK

__all__ = ["Asked", "Question", "Questions"]

_LASTS: Final = timedelta(minutes=10)
_MOST_READ: Final = 1_000
"""Characters of a text that is taken apart to see what it chooses."""
_LONGEST: Final = 60
"""Characters of an answer to a question; what is longer tells something."""

_NOTHING_DONE: Final = frozenset(
    {"busy", "conflict", "empty", "hurried", "internal", "store", "too_long", "unfound_song"}
)
"""Codes of errors after which the words that were asked for are still waited for."""

_ENDING: Final = re.compile(r"[\s!?.,~ㅎㅋㅠㅜ]+$")
_YES: Final = re.compile(
    r"(?:(?:응|웅|네|넵|넹|예|그래|그래요|그럼|그럼요|좋아|좋아요|좋지|좋죠|좋습니다|좋네|물론|물론이지"
    r"|당연하지|오케이|ㅇㅋ|ㅇㅇ|ㄱㄱ|부탁해|부탁해요|그러자|그럴까|아무거나|확인|동의"
    r"|yes|yeah|yep|yup|ya|sure|ok|okay|please|fine|of course|go ahead|sounds good|why not"
    r"|absolutely|do it|anything)(?:[ ,.!~]+|$))+"
    rf"(?:{KOREAN_ASK}|들을래요?|들을게요?|들어볼래요?)?"
    r"|들려줘요?|추천해 ?줘요?|골라줘요?|틀어줘요?|들을래요?|들어볼래요?"
)
_NO: Final = re.compile(
    r"(?:(?:아니|아니요|아니오|아뇨|노|ㄴㄴ|괜찮아|괜찮아요|됐어|됐어요|싫어|싫어요|안 ?할래요?"
    r"|안 ?들을래요?|나중에|나중에요|다음에|다음에요|취소|지금은|지금은 ?말고|그대로 ?둬|그대로"
    r"|no|nope|nah|no thanks|no thank you|thanks|thank you|not now|not really|later|maybe later"
    r"|never mind|nevermind|cancel|keep it|keep them|don'?t)(?:[ ,.!~]+|$))+"
    r"(?:할게요?|들을게요?|들을래요?)?"
)
_STOP: Final = re.compile(
    r"그만(?: ?(?:둘래|둘게|할래|할게|해|하자|둬|두자))?요?|아니야|아니에요|관둘래요?|관둘게요?"
    r"|(?:(?:아니|됐어|됐고|괜찮아|싫어)[ ,.]*)?(?:안|나중에|다음에) ?"
    r"(?:쓸래|쓸게|적을래|적을게|할래|할게)요?|stop|forget it|skip"
)
"""Said where words are asked for, beside a no."""
_ERASE: Final = re.compile(
    r"(?:(?:응|네|예|yes|yeah)[ ,.!~]+)?(?:(?:모두|전부|다|싹) ?)?(?:지워|삭제해|잊어)"
    r"(?: ?(?:줘|줘요|주세요))?|(?:yes,? )?(?:delete|erase|forget)(?: (?:it all|everything|all))?"
)
_KEEP: Final = re.compile(
    r"(?:지우지|삭제하지|잊지) ?(?:마|마요|마세요|말아줘|말아요|말아 ?주세요)"
)
_THING: Final = re.compile(
    r" ?(?:거|걸|것|게|쪽|노래|음악|곡)?(?:로|으로|을|를|이)?"
    rf"(?: ?(?:{KOREAN_ASK}|해 ?줘요?|해 ?주세요|좋아요?|좋겠어요?|할래요?|할게요?|들을래요?))?요?$"
)
_ENGLISH_THING: Final = re.compile(
    r"^(?:(?:yes|yeah|ok|okay|sure|the|a|an|some|something|maybe|play|give me)[ ,]+)+"
    r"|(?: (?:one|ones|songs?|music|please))+$"
)
_NUMBER: Final = re.compile(
    rf"(?:(?:number |no\.? ?|#)?(?P<digits>\d{{1,2}})|(?P<word>{'|'.join(ORDINALS)}) ?번째)"
    r"번?(?:째)?(?: ?(?:노래|곡|거|걸|것))?(?:로|으로|을|를|이)?(?:요|이요|이야|이에요|예요)?"
)


class Question(StrEnum):
    """What can be asked, by what its buttons do."""

    OFFER = "offer"
    EMOTION = "emotion"
    FORGET = "forget"
    WHICH = "which"


_BY_ACTION: Final[Mapping[str, Question]] = {
    "s": Question.OFFER,
    "ec": Question.EMOTION,
    "f": Question.FORGET,
    **dict.fromkeys(("k", "vs", "vl", "w", "ns", "nl"), Question.WHICH),
}


@dataclass(frozen=True)
class Asked:
    """A question that was put to somebody.

    Attributes:
        question: what the buttons ask, or the command whose words are asked for.
        buttons: each with an action, in their order.
        at: when it was asked.
        private: whether the words are waited for where nobody else reads along.
    """

    question: Question | Command
    buttons: tuple[Button, ...]
    at: datetime
    private: bool = True

    def chosen(self, text: str) -> Action | Request | None:
        """What a text chooses; None where it is no answer to the question."""
        words = _ENDING.sub("", normalise(text)) if len(text) <= _MOST_READ else text
        if isinstance(self.question, Command):
            if len(words) <= _LONGEST and (_NO.fullmatch(words) or _STOP.fullmatch(words)):
                return Request(Command.NO_SONGS, text)
            return awaited(self.question, words, text)
        if not words or len(words) > _LONGEST or words.startswith("/"):
            return None
        return self._labelled(words) or _READ[self.question](self, words, text)

    def _labelled(self, words: str) -> Action | None:
        found = (b.action for b in self.buttons if _ENDING.sub("", normalise(b.label)) == words)
        return next(found, None)

    def numbered(self, words: str) -> Action | None:
        """The action of the button at the place that the words name, from 1."""
        match = _NUMBER.fullmatch(words)
        if match is None:
            return None
        number = int(match["digits"] or ORDINALS.index(match["word"]) + 1)
        return self.buttons[number - 1].action if 1 <= number <= len(self.buttons) else None


@dataclass
class Questions:
    """Remembers what each person was asked last.

    Attributes:
        capacity: people who are remembered.
    """

    capacity: int = 10_000
    _asked: OrderedDict[UserKey, Asked] = field(default_factory=OrderedDict, repr=False)

    def note(self, turn: Turn, answer: Answer) -> None:
        """Remember what an answer asks; where it asks nothing, nothing is asked any more.

        Where others read along, what is personal is not shown: its buttons are not remembered,
        and its words are waited for in private alone.
        """
        if answer.error in _NOTHING_DONE and self._waits_for_words(turn.user):
            return
        self._asked.pop(turn.user, None)
        shown = turn.private or not answer.personal
        asked = _asked(answer, turn, shown=shown)
        if asked is None:
            return
        self._asked[turn.user] = asked
        if len(self._asked) > self.capacity:
            self._asked.popitem(last=False)

    def interrupt(self, user: UserKey) -> None:
        """Something else was said to the person: only words are still waited for."""
        if not self._waits_for_words(user):
            self._asked.pop(user, None)

    def take(self, turn: Turn) -> Asked | None:
        """What the person was asked last, a few minutes ago at most; it stands for one message."""
        asked = self._asked.get(turn.user)
        if asked is None or turn.now - asked.at >= _LASTS:
            self._asked.pop(turn.user, None)
            return None
        if isinstance(asked.question, Command):
            # It stands until `note` sees what became of the words.
            return asked if asked.private == turn.private else None
        return self._asked.pop(turn.user)

    def _waits_for_words(self, user: UserKey) -> bool:
        asked = self._asked.get(user)
        return asked is not None and isinstance(asked.question, Command)


def _asked(answer: Answer, turn: Turn, *, shown: bool) -> Asked | None:
    """What an answer asks; None for nothing."""
    if answer.asks is not None:
        return Asked(answer.asks, (), turn.now, private=turn.private or answer.personal)
    buttons = tuple(b for row in answer.buttons for b in row if b.action is not None)
    kinds = {_BY_ACTION.get(b.action.name) for b in buttons if b.action is not None}
    question = kinds.pop() if len(kinds) == 1 and shown else None
    return None if question is None else Asked(question, buttons, turn.now)


def _offer(asked: Asked, words: str, text: str) -> Action | Request | None:
    """Songs of a mode, or of a kind that is named; a yes takes the first that was offered."""
    if _YES.fullmatch(words):
        return asked.buttons[0].action
    if _NO.fullmatch(words):
        return Request(Command.NO_SONGS, text)
    bare = _THING.sub("", _ENGLISH_THING.sub("", words)).strip()
    mode: Mode | None = MODES.get(bare)
    if mode is not None:
        return Action("s", (mode,))
    request = wanted(bare) if bare else None
    if request is None or request.name is not None or request.more:
        return None
    if not request.says_which and (request.count is None or words.isdecimal()):
        return None
    return Request(Command.SONGS, text, request.mode or Mode.SIMILAR, request.count, asked=request)


def _emotion(asked: Asked, words: str, _text: str) -> Action | None:
    """The emotion that is named, or its number."""
    label = felt_in(words)
    if label is None:
        return asked.numbered(words)
    found = (b.action for b in asked.buttons if b.action and b.action.words[0] == label)
    return next(found, None)


def _forget(_asked: Asked, words: str, _text: str) -> Action | None:
    if _NO.fullmatch(words) or _KEEP.fullmatch(words):
        return Action("f", ("no",))
    sure = _ERASE.fullmatch(words) or _YES.fullmatch(words)
    return Action("f", ("yes",)) if sure else None


def _which(asked: Asked, words: str, _text: str) -> Action | None:
    return asked.numbered(words)


_READ: Final[Mapping[Question, Callable[[Asked, str, str], Action | Request | None]]] = {
    Question.OFFER: _offer,
    Question.EMOTION: _emotion,
    Question.FORGET: _forget,
    Question.WHICH: _which,
}
