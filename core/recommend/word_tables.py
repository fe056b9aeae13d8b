"""The words by which songs are asked for, Korean and English, as patterns.

They are apart from what is done with them, so that anybody can read and extend them.
"""

import re
from typing import Final

from core.models import Mode, Subject, Wish
from core.recommend.query import SongLanguage

__all__ = [
    "COUNT",
    "DECADE",
    "FILLERS",
    "GENRE",
    "LANGUAGES",
    "LISTENING",
    "MODES",
    "MORE",
    "NOW",
    "OCCASIONS",
    "OLD",
    "SINGERS",
    "SUBJECTS",
    "WISHES",
]

_WISHES: Final = {
    Wish.LIVELY: r"신나는|신나게|신나고|신날|신남|신 ?나는|흥나는|흥겨운|흥 나는|활기찬|업되는"
    r"|텐션 높은|빠른|춤추기 좋은"
    r"|upbeat|energetic|lively|fast|exciting|party|danceable|hype|fun",
    Wish.BRIGHT: r"밝은|밝고|즐거운|행복한|기쁜|유쾌한|상큼한|발랄한|청량한|산뜻한|경쾌한"
    r"|기분 ?(?:좋은|좋아지는|좋아질|업되는)"
    r"|happy|bright|cheerful|joyful|cheery|feel[- ]?good|sunny",
    Wish.CHEERING: r"힘(?:이 ?)?나는|힘(?:이 ?)?되는|희망적인|희망찬|용기(?:를 ?)?주는|응원하는"
    r"|응원해주는"
    r"|(?:to |that )?cheers? (?:me|us) up|encouraging|hopeful|uplifting|motivating|inspiring"
    r"|empowering",
    Wish.SWEET: r"달달한|달콤한|설레는|사랑스러운|로맨틱한|사랑|sweet|romantic|love",
    Wish.WARM: r"따뜻한|따듯한|따스한|포근한|훈훈한|warm|cozy|cosy",
    Wish.COMFORTING: r"위로(?:가|를)? ?되는|위로(?:를|가)? ?(?:해 ?)?주는|위로|힐링(?:이)? ?되는"
    r"|힐링|다독이는|다정한"
    r"|comforting|healing|consoling|soothing",
    Wish.CALM: r"잔잔한|잔잔하고|조용한|차분한|편안한|편한|부드러운|느린|고요한|나른한|calm|quiet"
    r"|peaceful"
    r"|chill|relaxing|relaxed|mellow|slow|soft|gentle|easygoing|laid[- ]back",
    Wish.LONELY: r"쓸쓸한|외로운|고독한|센치한|(?:새벽 ?)?감성(?:적인)?|갬성|아련한|그리운|lonely"
    r"|melancholic|melancholy|wistful|nostalgic",
    Wish.GLOOMY: r"우울한|울적한|어두운|암울한|gloomy|dark|depressing|moody",
    Wish.SAD: r"슬픈|슬프고|눈물 ?나는|애절한|구슬픈|서글픈|이별|가슴 ?아픈|마음 ?아픈|sad"
    r"|heartbreaking|tearful"
    r"|break-?up|heartbreak",
    Wish.ANGRY: r"화난|분노하는|분노에 찬|angry|furious",
    Wish.INTENSE: r"강렬한|센|거친|시끄러운|파워풀한|시원한|intense|powerful|loud|heavy|fierce",
}
# What songs are wanted for, where we know which suit: the occasion stands for a wish.
_OCCASIONS: Final = {
    Wish.LIVELY: r"운동(?:할|하면서|하며)?|헬스장?|달릴|달리기|러닝|조깅|청소(?:할|하면서)?"
    r"|드라이브(?:할|하면서)?"
    r"|파티|여행(?:갈|할|가서)?|놀러 ?갈|스트레스 ?(?:풀|풀리는|받을)|work(?:ing)? ?out"
    r"|exercis(?:e|ing)"
    r"|(?:a |my )?workout|running|(?:the )?gym|(?:a )?party|driving|a road ?trip|cleaning"
    r"|danc(?:e|ing)",
    Wish.BRIGHT: r"아침(?:에)?|출근(?:할|길)?|등교(?:할|길)?|산책(?:할|하면서)?|봄(?:날|에)?|기쁠"
    r"|생일|(?:the |a )?"
    r"mornings?|a walk|walking|spring",
    Wish.CHEERING: r"용기(?:가)? ?필요할|힘(?:이)? ?필요할|면접 ?(?:전|볼)|시험 ?(?:전|볼)",
    Wish.SWEET: r"데이트(?:할)?|고백할|설렐|결혼식(?:장)?|a date|(?:a |my |the )?wedding",
    Wish.WARM: r"크리스마스|성탄절|연말|눈 ?(?:오는|올|내리는)|겨울(?:날|밤)?|christmas|(?:the )?"
    r"holidays|winter|snowy (?:day|night)s?",
    Wish.COMFORTING: r"힘들 ?때|힘들|지칠|지친|우울할|외로울|속상할|위로(?:가)? ?필요할|(?:a "
    r"|my )?(?:hard|bad|rough"
    r"|tough) day|feeling (?:down|sad|lonely|tired)|when i(?:'m| am) (?:sad|down|tired|lonely)",
    Wish.CALM: r"비 ?(?:오는|올|내리는)|빗소리|잠들기|잠(?:이)? ?안 ?올|잠(?:잘|들)|자기|잘|쉴"
    r"|쉬면서|밤(?:에)?|새벽(?:에)?"
    r"|공부(?:할|하면서|하며)?|집중(?:할)?|작업(?:할)?|일(?:할|하면서)|카페(?:에서)?|책 ?읽을"
    r"|퇴근(?:할|길)?|명상(?:할)?"
    r"|(?:a )?rainy (?:day|night)s?|rain|sleep(?:ing)?|bed(?:time)?|study(?:ing)?|focus(?:ing)?"
    r"|reading|work"
    r"|the evening|(?:the |late )?nights?|relax(?:ing)?|unwind",
    Wish.SAD: r"이별(?:했을|한|하고)?|헤어졌을|헤어진(?: 다음 ?날)?|울고 ?싶을|실연(?:당했을|한)?"
    r"|a breakup|cry(?:ing)?(?: to)?"
    r"|heartbreak",
    Wish.INTENSE: r"화(?:가)? ?날|화났을|열받을|짜증(?:날|났을)|when i(?:'m| am) angry",
}
# What songs are to be about; an occasion can be both.
_SUBJECTS: Final = {
    Subject.CHRISTMAS: r"크리스마스(?: ?이브)?|성탄절?|christmas|x-?mas",
    Subject.WINTER: r"겨울|winter",
    Subject.SNOW: r"첫눈|눈 ?(?:오는|올|내리는)|snow(?:y (?:day|night)s?)?",
    Subject.RAIN: r"비 ?(?:오는|올|내리는)|빗소리|장마(?:철)?|rain|(?:a )?rainy (?:day|night)s?",
    Subject.SPRING: r"봄|벚꽃|spring",
    Subject.SUMMER: r"(?:한)?여름|summer|(?:the )?beach",
    Subject.AUTUMN: r"가을|autumn",
}
_WHEN: Final = r"(?: ?(?:때|날|전|후|뒤|길|밤|아침|저녁|주말))?(?:에(?:서|는)?|엔|이면|의|용)?"
_GENRES: Final = (
    r"발라드|댄스|힙합|랩|알앤비|r&b|rnb|소울|soul|록|락|rock|메탈|metal|인디(?:음악)?|indie|포크"
    r"|folk|블루스|blues"
    r"|트로트|trot|성인가요|재즈|jazz|ost|드라마|일렉트로니카|electronic|hip ?-?hop|rap|ballads?"
    r"|dance|뮤지컬"
)
_LANGUAGES: Final = {
    SongLanguage.KOREAN: r"한국어?|한글|국내|우리말|korean|k-?pop|케이팝",
    SongLanguage.MIXED: r"팝송?|영어(?:로 ?된|가? ?섞인)?|영문|english",
}
_MODES: Final = {
    Mode.OPPOSITE: r"(?:지금(?:이랑|과|하고)? ?)?반대(?:로|의|되는)?|다른 (?:기분|느낌|분위기)의?"
    r"|기분 ?전환(?:용|할|에 좋은|할 수 있는|이 될(?: 만한)?|이 되는|하기 좋은)?"
    r"|기분 ?(?:바꿀|바꿔 ?줄)|opposite",
    Mode.PATH: r"(?:천천히|점점|조금씩|서서히) ?(?:밝게|밝은|밝아지는|밝아지게|신나는|신나지는)"
    r"(?: ?쪽)?|밝은 쪽|(?:slowly|gradually) (?:brighter|happier|getting (?:brighter|happier))",
    Mode.SURPRISE: r"깜짝|뜻밖의|아무|랜덤|random|surprise",
    Mode.SIMILAR: r"(?:(?:지금|내|제) ?(?:기분|마음)에 )?(?:딱 |잘 )?(?:맞는|어울리는)|(?:지금|내"
    r"|제) ?(?:기분|마음)(?:이랑|과|하고)?"
    r" ?(?:비슷한|닮은)|비슷(?:한|하게)|비슷|닮은|similar",
}
DECADE: Final = re.compile(
    r"(?<!\S)(?:(?P<exact>(?:19|20)\d\d) ?년도?(?:의|에)?(?: ?나온)?"
    r"|(?P<year>(?:19|20)\d0|\d0) ?년대(?: ?(?:초중?반|중?후반|중반|초|말))?(?:의|에)?(?: ?나온)?"
    r"|(?:from )?(?:the )?(?P<s>(?:19|20)\d0|'?\d0)'?s|(?P<now>올해|작년|지난해|재작년|최신|요즘"
    r"|최근|신곡|latest|recent|new)|(?P<old>옛날|예전|추억의|old|oldies))(?!\S)"
)
NOW: Final = 2020
OLD: Final = (1990, 2000)
COUNT: Final = re.compile(r"(?<!\S)(\d{1,6}) ?(?:[곡개](?:만|정도|쯤)?)?(?!\S)")
LISTENING: Final = re.compile(
    r"(?<!\S)(?:듣기 ?(?:에 ?)?(?:좋은|딱 ?좋은|편한)|들을 ?(?:만한|때)?|들으면 ?(?:좋은|좋을)"
    r"|듣는|듣고 ?싶은|틀어 ?놓을"
    r"|어울리는|to listen to|to (?=study|sleep|relax|cry|work|run|drive|dance|unwind)|for)(?!\S)"
)
MORE: Final = re.compile(
    r"(?<!\S)(?:더|또|다음|다른|다른 거|다른 걸로|다시|next|more|other|another|different"
    r"|some more)(?!\S)"
)
SINGERS: Final = re.compile(
    r"(?<!\S)(?:(?:남자|여자|남성|여성) ?(?:가수|아이돌|그룹|솔로|보컬|밴드)|(?:걸|보이) ?그룹"
    r"|아이돌|[남여]돌|(?:(?:fe)?male|girl|boy) (?:singers?|groups?|idols?|bands?|vocals?))"
    r"(?:들)?(?:의|이)?(?!\S)"
)
FILLERS: Final = re.compile(
    r"(?<!\S)(?:좀|제발|그냥|노래방(?:에서|에서 부를|에서 부르기)?|부를"
    r"|인기 ?(?:있는|많은)|혹시|오늘은?|지금|이제|그럼|그러면|나|저|나한테|나에게|저한테|저에게"
    r"|야|얘|디제이|마음디제이|마음dj"
    r"|좋은|괜찮은|새로운|아무거나|아무|추천곡|추천|만한|그런|이런|가수|의|에|풍|풍의|느낌|느낌의"
    r"|느낌으로|기분의|분위기|분위기의"
    r"|분위기로|스타일|스타일의|스타일로|장르|장르의|쪽|쪽으로|계열|하나|한번|한 번|빨리|진짜"
    r"|너무|정말|되게|아주|조금|약간"
    r"|some|any|a few|few|a|an|the|of|me|us|please|good|nice|great|really|very|kind of|bit|little"
    r"|that|are|is"
    r"|language|mood|today|to|now|right now|and|하고|그리고)(?!\S)"
)
_TAIL: Final = r"(?:로|으로|풍(?:의)?|의|이고|인|느낌(?:의)?)?"
GENRE: Final = re.compile(rf"(?<!\S)(?P<genre>{_GENRES})(?:곡|음악|송)?{_TAIL}(?!\S)")
LANGUAGES: Final = tuple(
    (language, re.compile(rf"(?<!\S)(?:in )?(?:{pattern}){_TAIL}(?!\S)"))
    for language, pattern in _LANGUAGES.items()
)
MODES: Final = tuple(
    (mode, re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")) for mode, pattern in _MODES.items()
)
WISHES: Final = tuple(
    (wish, re.compile(rf"(?<!\S)(?:{pattern}){_TAIL}(?!\S)")) for wish, pattern in _WISHES.items()
)
OCCASIONS: Final = tuple(
    (wish, re.compile(rf"(?<!\S)(?:{pattern}){_WHEN}(?!\S)"))
    for wish, pattern in _OCCASIONS.items()
)
SUBJECTS: Final = tuple(
    (subject, re.compile(rf"(?<!\S)(?:about )?(?:the )?(?:{pattern}){_WHEN}(?!\S)"))
    for subject, pattern in _SUBJECTS.items()
)
