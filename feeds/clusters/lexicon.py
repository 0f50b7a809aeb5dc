"""English headline words that are not what a story is about, and those that decide what it is.

Titles in other languages pass through untouched by these lists: they match on their words alone. Data, no code but the
reading of it.
"""

from feeds.clusters.stems import stem

_STOP = """
a about above across after again against ago ahead all along already also although always am amid among an and another
any are around as at away back be became because been before behind being below between both but by came can come
could did do does doing done down during each either else even ever every far few following for former from further
get gets getting give go goes going got had has have having he her here him his how however i if in inside into is it
its itself just keep last late later least less let like made make makes making many may me might more most much must
my near nearly next no nor not now of off often on once only onto or other our out outside over own per put quite
rather really same see she should since so some something soon still such take takes taking than that the their them
then there these they this those though through throughout thus to today together tomorrow too toward towards under
until up upon very via was we week weeks well were what when where without whether which while who whom whose why will
with within would yesterday yet you your aboard board
"""
# Who said it, and what it is paid in: agencies add and drop these freely.
_REPORTED = """
according allegedly announce announced announces announcing claim claimed claims confirm officials official report
reported reportedly reporting reports said say saying says source sources spokesman spokesperson spokeswoman tell
tells told unveil unveils euro euros dollar dollars pound pounds eur usd gbp percent cent
"""
# One word stands for the whole line. Only words that replace each other in headlines whatever the story is.
_SYNONYMS = """
fear concern worry alarm
raise lift hike increase boost
rise climb jump surge soar gain rally
fall drop slide slip tumble plunge sink decline dip
cut axe slash reduce trim lower
cancel scrap
strike walkout
quit resign
kill dead death die dies fatal
hurt injure wound
quake earthquake tremor
police cop officer
find discover
build construct
buy acquire purchase takeover
approve back endorse
adopt pass
bill law legislation
plant factory
firm company business
government govt cabinet
illegal unlawful
fine penalise penalize
watchdog regulator
court judge
arrest detain
rescue save
start begin launch kickoff
end finish
halt stop suspend
delay postpone
flood flooding
fire blaze
wildfire bushfire
storm gale
crash collision
attack assault
protest march demonstrate demonstration
protester protestor demonstrator
talk negotiation
deal agreement accord pact
vote ballot
election poll
child kid
car vehicle auto
plane aircraft jet
ship vessel
worker employee staff
boss chief ceo head
forecast estimate expectation
study research
researcher scientist
seize capture confiscate
home household
mobile phone
show reveal
hit reach
warn caution
ask urge call
accuse blame
jail imprison prison
meet meeting
restriction curb limit
protection safeguard
tech technology
"""
# Words an editor changes without changing the story; they weigh less than names and things.
_WORDING = """
adopt agree aim allow announce approve arrest ask attack ban beat begin bid block boost bring build buy cancel cause
change charge check claim close complete continue create cut deliver deny deploy destroy detect develop drive emerge
end enter expect extend face fall fear fight file find fine follow force gain grow halt help hint hit hold identify
improve introduce join kill launch lead learn leave lose meet move need offer open order pass pay plan poise post
prepare press protect publish push question raise reach receive recall reject release remove reopen reply rescue
respond return rise run scan set secure seek seize sell send shake show shut sign signal slow solve start stop strike
struggle support take test touch train transform try turn use visit wait walk want warn win work big fresh great key
latest live major massive new old possible recent record several small special top
"""
# One of a line in one title and the other in the other title make two stories.
_OPPOSITES = """
rise fall
raise cut
win lose
beat miss
approve reject
approve block
pass reject
pass block
accept reject
allow ban
allow block
deny admit
deny confirm
convict acquit
impose lift
begin end
open close
reopen close
add drop
arrest release
arrest free
jail release
hire fire
buy sell
weaken strengthen
suspend resume
open drop
block clear
clear convict
allow reject
halt resume
start stop
lead trail
grow shrink
improve worsen
widen narrow
higher lower
best worst
most least
join leave
keep drop
find miss
recover fall
man woman
men women
north south
east west
northern southern
eastern western
"""
_NUMBERS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty
"""
_ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_MONTHS = "january february march april june july august september october november december"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_FORMS = """
analysis briefing column commentary editorial explainer factbox gallery interview letters live liveblog obituary opinion
photos pictures podcast preview profile quiz quotes recap review roundup timeline transcript
"""
_NEGATIONS = "no not cannot can't won't don't doesn't didn't isn't aren't wasn't weren't neither nor"
_AGENCIES = (
    "reuters ap afp dpa pa upi ansa efe tass bloomberg bbc cnn cnbc guardian npr nyt wsj ft apnews bbcnews dw "
    "associatedpress theguardian financialtimes newyorktimes washingtonpost yahoonews"
)


def canonical(word: str) -> str:
    """Return the stem of a lower-case word, or that of the word that can stand for it."""
    stemmed = stem(word)
    return SYNONYMS.get(stemmed, stemmed)


def _lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


def _opposites(lines: list[list[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for one, other in (map(canonical, line) for line in lines):
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}


STOP = frozenset((_STOP + _REPORTED).split()) | {"first"}
SYNONYMS = {stem(word): stem(line[0]) for line in _lines(_SYNONYMS) for word in line}
WORDING = frozenset(map(canonical, _WORDING.split()))
OPPOSITES = _opposites(_lines(_OPPOSITES))
NUMBERS = {
    **{word: str(value) for value, word in enumerate(_NUMBERS.split())},
    **{word: str(value) for value, word in enumerate(_ORDINALS.split())},
    **{word: str(10 * value) for value, word in enumerate(_TENS.split(), 2)},
}
CALENDAR = frozenset((_MONTHS + " " + _DAYS).split())
SCALES = {
    **dict.fromkeys(("thousand", "k"), 10**3),
    **dict.fromkeys(("million", "m", "mn", "mln"), 10**6),
    **dict.fromkeys(("billion", "bn", "bln"), 10**9),
    **dict.fromkeys(("trillion", "tn", "trn"), 10**12),
}
FORMS = frozenset(_FORMS.split())
NEGATIONS = frozenset(_NEGATIONS.split())
AGENCIES = frozenset(_AGENCIES.split())
