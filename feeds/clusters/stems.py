"""English words without their endings, so that tense and number of a headline do not matter.

It need not be right, only the same for the forms of one word. It must never be shown to a reader.
"""

_FORMS = """
eat ate, beat beaten, become became, begin began begun, buy bought, break broke broken, bring brought, build built,
come came, catch caught, choose chose chosen, deal dealt, die died dying, draw drew, drive driven drove,
fall fell fallen, feed fed, feel felt, flee fled, fly flew flown, fight fought, find found, freeze froze frozen,
give gave given, grow grew grown, hold held, hide hid hidden, keep kept, lay laid, lead led, leave left, lend lent,
light lit, lose lost, lie lying, mean meant, meet met, pay paid, run ran, rise risen rose, see saw seen,
sink sank sunk, send sent, shake shaken shook, shoot shot, show shown, slide slid, sell sold, seek sought,
spend spent, speak spoke, steal stole stolen, stand stood, strike struck, sing sung, sweep swept, swear swore sworn,
take taken took, teach taught, think thought, throw threw thrown, tell told, tear torn, understand understood,
go went, withdraw withdrew withdrawn, wake woke, win won, wear wore worn, write written wrote, tie tying,
use used using, vie vying
"""
_IRREGULAR = {form: verb.split()[0] for verb in _FORMS.split(",") for form in verb.split()[1:]}


def stem(word: str) -> str:
    """Return what the forms of a lower-case word share, mostly its beginning."""
    word = _IRREGULAR.get(word, word)
    if len(word) < 4 or not word.isalpha():
        return word
    word = _without_plural(word)
    for ending, shortest in (("ied", 5), ("ing", 6), ("ed", 5), ("ly", 6)):
        if word.endswith(ending) and len(word) >= shortest:
            word = word[: -len(ending)] + ("y" if ending == "ied" else "")
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeou":
        word = word[:-1]
    return word[:-1] if word[-1] == "e" and len(word) > 3 else word


def _without_plural(word: str) -> str:
    if not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")) and len(word) > 4:
        return word[:-2]
    return word[:-1]
