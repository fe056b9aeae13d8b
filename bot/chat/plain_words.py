"""Commands in plain words: "내 기록 지워줘", "매일 아침 8시에 알려줘", "뭐 할 수 있어?".

Only a whole message is one: "걔에 대한 기억을 지워줘" and "매일 아침 8시에 일어나" are talk.
"""

import re
from typing import Final

from bot.chat.requests import Command, Request
from bot.chat.when import read_plan
from bot.errors import ReminderTimeError

__all__ = ["asked_language", "in_plain_words"]

_GIVE: Final = r"(?: ?(?:줘|줘요|주세요|줄래|줄래요|달라고|주라|봐|봐요))"
_MY: Final = r"(?:내|제|나의|저의|나에 ?대한|저에 ?대한)"
_SHOWN: Final = rf" ?(?:좀 )?(?:보여|알려){_GIVE}"
_SHOW: Final = rf"(?:{_SHOWN}| ?(?:보여|알려))?"
_REMOVED: Final = rf" ?(?:(?:다|전부|모두|싹|좀) ?)?(?:지워|삭제(?: ?해)?|없애|잊어){_GIVE}"
_NO_REMINDERS: Final = re.compile(
    r"알림 ?(?:을|은|이제|그만|좀)? ?"
    r"(?:그만|끄기|꺼(?: ?(?:줘|줘요|주세요|줄래))?|보내지 ?마(?:세요)?)"
    r"|(?:please )?(?:stop|turn off|no more)(?: the| my)? reminders?(?:,? please)?"
)
_REMINDERS: Final = re.compile(
    rf"알림(?:을)? ?(?:설정|켜|맞춰|예약|보내)(?: ?해)?{_GIVE}[ ,]*(?P<then>.*)"
    r"|알림 (?P<at>.+)"
    r"|(?P<when>(?:매일|날마다|매주|[월화수목금토일]요일).*?) ?(?:알림 ?(?:을 )?)?"
    rf"(?:알려|안부 ?물어(?: ?봐)?|물어(?: ?봐)?|말 ?걸어|보내|설정(?: ?해)?|맞춰){_GIVE}"
    r"|(?:please )?remind me (?P<me>.+)"
)
_PLAIN: Final = {
    Command.HISTORY: re.compile(
        rf"{_MY} ?(?:마음|기분) ?기록(?:을)?{_SHOW}|(?:{_MY} ?)?기록(?:을)?{_SHOWN}"
        r"|(?:show (?:me )?)?my history"
    ),
    Command.WEEK: re.compile(
        r"(?:(?:나의|내|제) ?)?(?:한 ?주|주간|일주일|이번 ?주)(?:간)?"
        rf"(?: ?(?:기록|기분|마음|요약|어땠는지|어땠어))?(?:을|를)?{_SHOWN}"
        r"|(?:show (?:me )?)?my week"
    ),
    Command.TASTE: re.compile(rf"{_MY} ?(?:노래|음악)? ?취향(?:을|이)?{_SHOW}(?: ?뭐야)?"),
    Command.MOOD: re.compile(
        r"기분|(?:지금 |오늘 )?(?:내|제|나의|저의) ?(?:기분|마음)(?:이|은)? ?"
        r"(?:(?:어때|어떤가|어떤 것 같아)(?: ?보여)?(?:요)?|(?:보여|알려) ?(?:줘|줘요|주세요))"
        r"|(?:show (?:me )?)?my mood|how (?:am i|do i seem)"
    ),
    Command.SETTINGS: re.compile(
        rf"설정(?:을)?(?:{_SHOWN}| ?(?:좀 )?(?:바꿔|변경 ?해){_GIVE}| ?바꾸고 ?싶어요?)"
        r"|(?:show (?:me )?)?(?:my |the )?settings"
    ),
    Command.PRIVACY: re.compile(
        rf"(?:{_MY} ?)?개인 ?정보(?: ?처리 ?방침)?(?:를|을|는|은)?"
        rf"(?:{_SHOWN}| ?어떻게 ?(?:다뤄|써|쓰여|처리해|보관해)요?)"
        r"|(?:show (?:me )?(?:the |your )?)?privacy policy"
    ),
    Command.FORGET: re.compile(
        rf"(?:{_MY} ?)?(?:(?:대화|마음|기분) ?)?(?:기록|데이터|개인 ?정보)(?:을|를)?{_REMOVED}"
        rf"|다 ?잊어{_GIVE}"
        r"|(?:please )?(?:delete|erase|remove) (?:all )?(?:of )?my (?:data|records?|history)"
    ),
    Command.HELP: re.compile(
        rf"도움|(?:도움말|사용 ?(?:법|방법)|명령어)(?:을|를|는|은|들|이)?"
        rf"(?:{_SHOWN}| ?뭐(?:야|예요)| ?뭐 ?있어요?)?"
        r"|(?:(?:너는?|넌|네가|니가) ?)?(?:뭘|뭐를?) ?할 ?수 ?있(?:어|니|어요|나요|냐)"
        r"|what can you do|(?:show (?:me )?)?(?:the )?commands"
    ),
    Command.QUIT: re.compile(
        r"종료(?: ?(?:해|해줘|할게|할게요|하자|할래))?"
        r"|(?:이제 |오늘은 )?(?:(?:대화|이야기|얘기)(?:는|를)? ?(?:이제 |그만 )?(?:끝낼게|그만할게"
        r"|그만하자|그만할래|끝내자)요?|그만 ?하자)|quit|exit"
    ),
    Command.ABOUT: re.compile(
        r"(?:너|넌|너는|네가|니가|당신은?) ?(?:대체 )?누구(?:야|니|냐|세요|예요|에요|인가요|입니까)"
        r"|누구(?:세요|신가요)"
        r"|(?:(?:너|네|니|너의|당신의?) )?이름(?:이|은)? ?(?:뭐|뭔)(?:야|니|예요|에요|가요)"
        r"|(?:너|넌|너는) ?(?:사람|ai|인공지능|로봇|봇)이?(?:야|니)"
        r"|(?:who|what) are you|what(?: is|'s) your name|are you (?:an? )?(?:ai|human|bot|robot)"
    ),
}
_LANGUAGE: Final = re.compile(
    r"(?P<ko>영어|한국어|한국말|우리말)로 ?(?:좀 )?(?:말|이야기|얘기|대답|답)(?: ?해)?"
    rf"(?:{_GIVE}|요|줄 ?수 ?있어요?)?"
    r"|(?:please )?(?:speak|talk|answer|reply|write)(?: to me)? (?:in )?(?P<en>english|korean)"
)
_OF_MORE: Final = re.compile(r"다 ?잊어.*|.*(?:그만|끝).*")
"""What is said of a love or of a life as well: where care is taken it is talk."""


def asked_language(words: str, text: str) -> Request | None:
    """The language that a whole message asks to be spoken to in: "영어로 말해줘".

    Args:
        words: as of `in_plain_words`.
        text: what was typed.
    """
    match = _LANGUAGE.fullmatch(words)
    if match is None:
        return None
    english = match["ko"] == "영어" or match["en"] == "english"
    return Request(Command.SETTINGS, text, words=("language", "english" if english else "korean"))


def in_plain_words(words: str, text: str) -> Request | None:
    """The command that a whole message is; None for talk.

    Args:
        words: as `core.emotion.normalise` makes them, without punctuation at their end.
        text: what was typed.
    """
    if _NO_REMINDERS.fullmatch(words):
        return Request(Command.REMIND, text, words=("off",))
    if (plan := _reminder(words)) is not None:
        return Request(Command.REMIND, text, words=plan)
    command = next((name for name, plain in _PLAIN.items() if plain.fullmatch(words)), None)
    return None if command is None else Request(command, text, spoken=_of_more(command, words))


def _of_more(command: Command, words: str) -> bool:
    closing = command in {Command.QUIT, Command.FORGET}
    return closing and _OF_MORE.fullmatch(words) is not None


def _reminder(words: str) -> tuple[str, ...] | None:
    """When somebody wants to be reminded; empty where no time is said, None for talk."""
    match = _REMINDERS.fullmatch(words)
    if match is None:
        return None
    said = next((each for each in match.groups() if each is not None), "").split()
    if not said:
        return ()
    try:
        read_plan(said)
    except ReminderTimeError:
        return None
    return tuple(said)
