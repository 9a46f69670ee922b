"""Regimens of every kind, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

_AMOUNTS = st.one_of(
    st.integers(1, 600).map(lambda hundredths: f"{hundredths / 100:.2f} mg"),
    st.integers(1, 999).map(lambda number: f"{number} micrograms"),
    st.integers(1, 150).map(lambda number: f"{number} mg"),
)
_RATES = st.one_of(
    st.sampled_from(["nightly", "daily", "every other day", "weekly", "every night", "every morning", "qhs"]),
    st.integers(13, 60).map(lambda hours: f"every {hours} hours"),
    st.integers(2, 9).map(lambda days: f"every {days} days"),
    st.integers(1600, 4000).map(lambda minutes: f"every {minutes} minutes"),
)
_CLOCKS = st.one_of(
    st.sampled_from(["at bedtime", "in the morning", "at 7 pm", ""]),
    st.times().map(lambda clock: f"at {clock:%H:%M}"),
)
_LENGTHS = st.one_of(
    st.integers(1, 8).map(lambda weeks: f"for {weeks} weeks"),
    st.integers(1, 60).map(lambda days: f"for {days} days"),
    st.integers(1, 200).map(lambda hours: f"for {hours} hours"),
    st.integers(1, 3000).map(lambda minutes: f"for {minutes} minutes"),
)
FORMS = [
    "capsule",
    "oral solution",
    "sublingual",
    "slow-release capsule",
    "cream",
    "intravenous",
    "intramuscular",
    "intranasal",
]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Sentences of the language that it must accept (unless a day's sum passes 150 mg)."""
    sentences: list[str] = []
    once = False
    for index in range(draw(st.integers(1, 4))):
        if index and draw(st.integers(0, 4)) == 0:
            sentences.append(f"no dose {draw(_LENGTHS)}")
            continue
        states_rate = index == 0 or once or draw(st.booleans())
        once = states_rate and draw(st.integers(0, 5)) == 0
        rate = "once" if once else draw(_RATES) if states_rate else ""
        form = f"as {draw(st.sampled_from(FORMS))}" if draw(st.integers(0, 3)) == 0 else ""
        words = [draw(_AMOUNTS), rate, draw(_CLOCKS), "" if once else draw(_LENGTHS), form]
        sentences.append(" ".join(filter(None, words)))
    if draw(st.booleans()):
        days = draw(st.lists(st.integers(1, 8), min_size=1, max_size=4))
        sentences[0] += " missing days " + ", ".join(map(str, days))
    return ", then ".join(sentences)
