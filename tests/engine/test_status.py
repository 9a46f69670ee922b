from lowdose.engine import Status


def test_ok_is_zero_and_nothing_else_is():
    assert Status.OK == 0
    assert all(flag > 0 for flag in Status)


def test_flags_are_single_bits():
    assert len({int(flag) for flag in Status}) == len(Status) == 6
    assert all(int(flag).bit_count() == 1 for flag in Status)


def test_every_flag_explains_itself_with_a_remedy():
    for flag in Status:
        sentence = flag.explain()
        assert sentence.count(".") == 2
        assert sentence.endswith(".")
    assert Status.OK.explain() == "Solved."


def test_two_flags_say_both():
    both = (Status.NON_FINITE | Status.EVENT_ERROR).explain()
    assert Status.NON_FINITE.explain() in both
    assert Status.EVENT_ERROR.explain() in both
