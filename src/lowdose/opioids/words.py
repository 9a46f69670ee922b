"""Every sentence about opioids, in one place: a test reads them all.

No sentence states or implies an amount of an opioid that would get through a block. The only amounts in them are those
that were typed.
"""

from __future__ import annotations

from lowdose.errors import LowdoseError
from lowdose.model import hypothesis
from lowdose.opioids.block import OVER, BlockLeft
from lowdose.opioids.course import weak
from lowdose.opioids.dose import OpioidDose
from lowdose.opioids.effect import BACK, EffectLeft, Range
from lowdose.opioids.reversal import Reversal
from lowdose.opioids.withdrawal import Withdrawal
from lowdose.spoken import hours_words, share_words

CAUTIONS = (
    "The block can be overcome, and when it is, breathing can fail.",
    "Tolerance is lower after naltrexone has been stopped: an amount that was usual before can be too much.",
    "Naltrexone must not be taken together with an opioid: whoever prescribes either must know of both.",
    "This is a prediction for professionals, not permission: nothing here says that an opioid is safe with naltrexone.",
)
"""Said with every answer."""

NOT_KNOWN = (
    "No one has measured how much of an opioid's effect is left after a low dose of naltrexone.",
    "No one has scanned people who take a low dose every night; the block after it is predicted from single doses.",
    "One curve stands for pain relief, pupils and breathing, which are blocked to different degrees.",
    "Age, weight, kidneys and liver change nothing in the opioid's own course here.",
    "The share left does not include receptors that may have grown in number under the block.",
    "The model misses the published heroin challenges: it blocks about 20 points less than they found at 24 and 48 "
    "hours.",
)
"""What no answer can know."""

_FORMS = {
    "oral": "by mouth, immediate release",
    "intravenous": "into a vein",
    "sublingual": "under the tongue",
}
_KINETICS_NOTE = "a rival that scans contradict is kept in the range, because none is proved"


def after_words(hours: float) -> str:
    """When something is, seen from the last naltrexone dose.

    Examples
    --------
    >>> after_words(12), after_words(0)
    ('12 hours after the last dose', 'at the time of the last dose')
    """
    return f"{hours_words(hours)} after the last dose" if hours >= 0.5 else "at the time of the last dose"


def range_words(value: Range, *, hours: bool = False) -> str:
    """The band in brackets, or nothing when nobody was drawn.

    Examples
    --------
    >>> range_words(Range(0.4, 0.2, 0.7))
    ' (20 % to 70 %)'
    """
    if value.low is None and value.high is None:
        return ""
    say = hours_words if hours else share_words
    return f" ({say(value.low)} to {say(value.high)})"


def default_words(kinetics: str) -> str:
    """The default kinetics and what it says in a few words.

    Examples
    --------
    >>> default_words("effect-site")
    'effect-site, the default: brain follows blood slowly'
    """
    return f"{kinetics}, the default: {hypothesis(kinetics).short}"


def effect_sentences(found: EffectLeft) -> list[str]:
    """The answer in sentences, the longest time first.

    Examples
    --------
    >>> from lowdose.opioids.effect import effect_left
    >>> effect_sentences(effect_left("oxycodone 10 mg", "4.5 mg nightly at 22:00", 12))[0]
    'Plan for the longest: after 4.5 mg nightly at 22:00 for 4 weeks, oxycodone 10 mg may not be back to 80 % of its
    effect until 9.3 days after the last naltrexone dose (slow-binding).'
    """
    people, main, longest = found.setting.people, found.main, found.longest
    who = f", the slowest twentieth of {people} persons" if people else ""
    enough = f"{100 * BACK:.0f} %"
    naltrexone = f"after {found.regimen.canonical}" if found.regimen.doses else "without naltrexone"
    if not found.regimen.doses:
        return [f"Without naltrexone all of the effect of {found.dose.text} is left."]
    lowest, highest = found.least, max(found.rivals, key=lambda rival: rival.left.most or 0.0)
    earliest = found.earliest
    sentences = [
        f"Plan for the longest: {naltrexone}, {found.dose.text} may not be back to {enough} of its effect until "
        f"{hours_words(longest.back_hours.longest)} after the last naltrexone dose ({longest.kinetics}{who}).",
        f"It may be back as early as {hours_words(earliest.back_hours.least)} ({earliest.kinetics}).",
        f"Taken {after_words(found.hours)}, it is predicted to have "
        f"{share_words(main.left.typical)}{range_words(main.left)} of its largest effect left "
        f"({default_words(main.kinetics)}).",
        f"The rivals run from {share_words(lowest.left.least)} ({lowest.kinetics}) to "
        f"{share_words(highest.left.most)} ({highest.kinetics}); {_KINETICS_NOTE}.",
        f"Back to {enough}: {hours_words(main.back_hours.typical)}{range_words(main.back_hours, hours=True)} under "
        f"{main.kinetics}.",
    ]
    strongest = max(1.0, *(rival.most_after for rival in found.rivals))
    sentences.append(
        f"Receptors may have grown in number under the block: afterwards the same amount may act about "
        f"{100 * (strongest - 1):.0f} % more strongly for a typical person in the model, before any loss of tolerance; "
        f"in people this was not measured and it may be more."
    )
    return [*sentences, *class_sentences(found), *asked_sentences(found)]


def form_words(dose: OpioidDose) -> str:
    """How a dose is given, and in which form the model has it.

    Examples
    --------
    >>> from lowdose.opioids.dose import opioid_dose
    >>> form_words(opioid_dose("oxycodone 10 mg")), form_words(opioid_dose("butrans 5 mcg/h"))
    ('by mouth, immediate release', 'a patch worn for 7 days')
    """
    if dose.way.hours:
        return f"a patch worn for {hours_words(dose.way.hours)}"
    return _FORMS[dose.route]


def asked_sentences(found: EffectLeft | Withdrawal) -> list[str]:
    """What was understood, the warning of the route, and what the person's kidneys and liver do not change.

    Examples
    --------
    >>> from lowdose.opioids.effect import effect_left
    >>> asked_sentences(effect_left("subutex 4 mg", "3 mg once", 8))[0]
    'Read as: buprenorphine, under the tongue.'
    """
    person, warning = found.setting.person, found.dose.way.warning
    said = [f"Read as: {found.dose.opioid.name}, {form_words(found.dose)}."]
    if warning:
        said.append(f"{_capital(warning)}.")
    if person.crcl is not None or person.child_pugh is not None:
        said.append(
            "The kidneys and liver given here change naltrexone alone: the opioid itself may stay for longer and act "
            "more strongly than is said."
        )
    return said


def class_sentences(found: EffectLeft) -> list[str]:
    """What a CYP2D6 class means for a prodrug.

    Examples
    --------
    >>> from lowdose.opioids.course import Setting
    >>> from lowdose.opioids.effect import effect_left
    >>> class_sentences(effect_left("codeine 30 mg", "3 mg once", 8, setting=Setting(cyp2d6="ultrarapid")))[1]
    'Codeine is contraindicated in ultrarapid metabolisers by guidelines because breathing may fail.'
    """
    opioid = found.dose.opioid
    if not opioid.cyp2d6:
        return []
    classes = {str(name): activity for name, activity in opioid.cyp2d6.items()}
    said = [f"{opioid.name.capitalize()} acts through {opioid.acts}; class {found.setting.cyp2d6} is assumed."]
    warning = classes[found.setting.cyp2d6].warning
    return [*said, f"{warning[0].upper()}{warning[1:]}."] if warning else said


def not_known(found: EffectLeft | Withdrawal) -> list[str]:
    """What the answer cannot know, with the numbers behind it that are graded low.

    Examples
    --------
    >>> from lowdose.opioids.effect import effect_left
    >>> not_known(effect_left("tramadol 100 mg", "3 mg once", 8))[-1]
    'Left out: the part of tramadol that works on noradrenaline and serotonin, which naltrexone does not block.'
    """
    said = [*NOT_KNOWN, f"Graded low: {'; '.join(weak(found.dose))}."]
    left_out = found.dose.opioid.kept_out
    return [*said, f"Left out: {left_out}."] if left_out else said


def block_sentences(found: BlockLeft) -> list[str]:
    """How much of the block is left, the longest time first.

    Examples
    --------
    >>> from lowdose.opioids.block import block_left
    >>> block_sentences(block_left("4.5 mg nightly at 22:00", 48))[1]
    '2 days after the last dose naltrexone is predicted to hold 55 % of µ receptors in the brain and 27 % outside it
    (effect-site, the default: brain follows blood slowly).'
    """
    people, main, longest = found.setting.people, found.main, found.longest
    who = f", the slowest twentieth of {people} persons" if people else ""
    lowest, highest = (min(r.brain.least or 0.0 for r in found.rivals), max(r.brain.most or 0.0 for r in found.rivals))
    return [
        f"Plan for the longest: after {found.regimen.canonical}, the block in the brain may not be under "
        f"{100 * OVER:.0f} % until {hours_words(longest.over_hours.longest)} after the last dose "
        f"({longest.kinetics}{who}).",
        f"{_capital(after_words(found.hours))} naltrexone is predicted to hold "
        f"{share_words(main.brain.typical)}{range_words(main.brain)} of µ receptors in the brain and "
        f"{share_words(main.body.typical)}{range_words(main.body)} outside it "
        f"({default_words(main.kinetics)}).",
        f"The rivals run from {share_words(lowest)} to {share_words(highest)} in the brain; {_KINETICS_NOTE}.",
        f"Under {100 * OVER:.0f} %: {hours_words(main.over_hours.typical)}"
        f"{range_words(main.over_hours, hours=True)} under {main.kinetics}.",
    ]


WITHDRAWAL_STOP = "STOP: do not take naltrexone, at any dose, with an opioid on board."
WITHDRAWAL_RULES = (
    "A small number does not make it safe: dependence is not in the model, and people differ.",
    "The first day without opioids is not the end of it: labels ask for 7 to 10 days after a short-acting opioid, "
    "and up to 14 days after methadone, buprenorphine, a patch or a slow-release tablet, with a test before the "
    "first dose.",
    "Withdrawal that has been set off is not answered by taking an opioid: get medical help.",
)


def withdrawal_sentences(found: Withdrawal) -> list[str]:
    """A warning with numbers; it ends in a stop whatever they are.

    Examples
    --------
    >>> from lowdose.opioids.withdrawal import withdrawal
    >>> withdrawal_sentences(withdrawal("methadone 40 mg daily", "1.5 mg once"))[0]
    'STOP: do not take naltrexone, at any dose, with an opioid on board.'
    """
    worst = found.worst
    body = max(rival.body_blocked.most or 0.0 for rival in found.rivals)
    if found.almost_none:
        return [
            WITHDRAWAL_STOP,
            f"{_capital(hours_words(found.hours))} after {found.dose.text} the model has almost no opioid left on "
            "board; dependence is not in the model, and it can outlast the opioid.",
            *WITHDRAWAL_RULES,
            *asked_sentences(found),
        ]
    when = "at once" if worst.worst_hour < 0.5 else f"{hours_words(worst.worst_hour)} later"
    lowest = min(rival.effect_lost.least or 0.0 for rival in found.rivals)
    highest = max(rival.effect_lost.most or 0.0 for rival in found.rivals)
    return [
        WITHDRAWAL_STOP,
        f"With {found.dose.text}, last taken {hours_words(found.hours)} before, {found.regimen.canonical} may displace "
        f"{share_words(worst.displaced.typical)}{range_words(worst.displaced)} of what the opioid holds in the brain "
        f"and take away {share_words(worst.effect_lost.typical)}{range_words(worst.effect_lost)} of its effect, most "
        f"of it {when} ({worst.kinetics}).",
        f"The rivals run from {share_words(lowest)} to {share_words(highest)} of the effect lost; outside the "
        f"brain, where withdrawal often shows first, up to {share_words(body)} of µ receptors are blocked.",
        *WITHDRAWAL_RULES,
        *asked_sentences(found),
    ]


def refused_sentences(refused: LowdoseError) -> list[str]:
    """The same stop when there is no prediction, and why there is none.

    Examples
    --------
    >>> from lowdose.errors import SafetyStop
    >>> refused_sentences(SafetyStop("no prediction is made"))[-1]
    'No numbers: no prediction is made.'
    """
    where = f" ({refused.where})" if refused.where.startswith("missing") else ""
    return [
        WITHDRAWAL_STOP,
        "That there is no prediction does not make it safe: an opioid that is not known here, or a large amount, sets "
        "off withdrawal as any other does.",
        *WITHDRAWAL_RULES[1:],
        f"No numbers: {refused.what}{where}.",
    ]


REVERSAL_NOT_KNOWN = (
    "Scans gave about 10 minutes to half of the block and about 100 minutes half-life; this model is faster and lasts "
    "longer: do not rely on the duration.",
    "The scans were of two nasal amounts; every other amount and route is predicted.",
    "The opioid that is on board is not in this answer: how strong it is and how long it lasts decide what naloxone "
    "does.",
    "A nose that is blocked or bleeding, a slow circulation and other drugs are not in the model.",
)
"""What no answer about naloxone can know."""

REVERSAL_CAUTIONS = (
    "Naloxone may wear off before the opioid does: breathing can fail again. Call an ambulance and stay.",
    "In someone who depends on opioids it sets off withdrawal.",
)


def reversal_sentences(found: Reversal) -> list[str]:
    """Onset, depth and duration of naloxone's block.

    Examples
    --------
    >>> from lowdose.opioids.reversal import naloxone
    >>> reversal_sentences(naloxone("naloxone 4 mg intranasal"))[0]
    'naloxone 4 mg intranasal is predicted to block 84 % of µ receptors in the brain at most, half of that within 5
    minutes.'
    """
    onset = max(1.0, found.onset_minutes.typical or 0.0)
    return [
        f"{found.text} is predicted to block {share_words(found.largest.typical)}{range_words(found.largest)} of µ "
        f"receptors in the brain at most, half of that within {onset:.0f} minute{'' if round(onset) == 1 else 's'}.",
        f"More than half of them are blocked for {hours_words(found.above_half_hours.typical)}"
        f"{range_words(found.above_half_hours, hours=True)}; the block falls to half of its largest value in "
        f"{minutes_words(found.half_life_minutes.typical)} in the model, longer than in scans.",
        *REVERSAL_CAUTIONS,
    ]


def minutes_words(minutes: float | None) -> str:
    """A length of time in minutes; None is beyond the day that was looked at.

    Examples
    --------
    >>> minutes_words(108.2), minutes_words(None)
    ('108 minutes', 'more than a day')
    """
    return "more than a day" if minutes is None else f"{minutes:.0f} minutes"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
