"""The reader's own data: split in order, trained, and judged by the last fifth."""

import json

import numpy as np
import pytest

from rnnbook import owndata
from rnnbook.owndata import Series, Text, in_page, own_series, own_text, rounded, verdict
from rnnbook.pasted import Unusable


def rng(seed=0):
    return np.random.default_rng(seed)


def logistic(steps, x=0.3):
    """Return a series that a weighted sum cannot forecast, and a network can."""
    values = [x]
    for _ in range(steps - 1):
        values.append(3.9 * values[-1] * (1 - values[-1]))
    return np.array(values)


def trained(subject, steps=None):
    return list(subject.training(steps)), subject.judged()


# Splits


@pytest.mark.parametrize("period", [None, 7, 24, 60])
def test_parts_come_one_after_the_other(period):
    series = Series(rng().normal(size=300), period, rng=rng())
    train, held, test = series.parts
    assert train[0] >= max(series.lags, period or 0)
    assert train[-1] < held[0] == 180 and held[-1] < test[0] == 240 and test[-1] == 299


def test_what_comes_later_changes_nothing_that_came_before():
    values = rng().normal(size=300)
    other = np.concatenate([values[:240], 50 + 9 * values[240:]])
    first, second = (Series(v, 7, rng=rng()) for v in (values, other))
    for series in (first, second):
        list(series.training(100))
    held = first.parts[1]
    assert (first.forecast(held) == second.forecast(held)).all()
    for name, forecast in first.simple().items():
        assert (forecast(held) == second.simple()[name](held)).all(), name
    assert (first.features[:240] == second.features[:240]).all()


def test_a_forecast_reads_nothing_of_its_own_step():
    values = rng().normal(size=300)
    other = values.copy()
    other[270] += 99
    first, second = (Series(v, rng=rng()) for v in (values, other))
    list(first.training(50))
    second.net = first.net
    at = np.arange(260, 271)
    assert (first.forecast(at) == second.forecast(at)).all()
    for name, forecast in first.simple().items():
        assert (forecast(at) == second.simple()[name](at)).all(), name


def test_what_is_missing_is_neither_learned_nor_judged():
    values = np.sin(np.arange(400.0))
    values[::5] = np.nan
    series = Series(values, rng=rng())
    assert not np.isnan(series.features).any()
    assert all((part % 5 != 4).all() for part in series.parts)  # it begins at the second
    assert series.values[4] == series.values[3]


def test_a_text_is_split_in_order_and_judged_whole():
    text = "".join(rng().choice(list("abcdefgh"), 10_000))
    subject = Text(text, rng=rng())
    parts = subject.train, subject.held, subject.test
    assert [len(part) for part in parts] == [7000, 1000, 2000]
    assert (np.concatenate(parts) == subject.ids).all()
    assert len(subject.surprise(subject.table())) == 2000


# Who wins


def test_the_network_wins_where_a_sum_cannot():
    news, found = trained(Series(logistic(400), rng=rng()))
    assert found.sentence.count("The network wins: its gain,") == 1
    assert news[0].step == 0 and news[-1].held < 0.2 * news[0].held


def test_a_baseline_wins_where_it_is_exact():
    _, found = trained(Series(np.sin(np.arange(300.0)), rng=rng()), 300)
    assert "The network loses to the weighted sum, by" in found.sentence


def test_noise_is_a_draw():
    series = Series(rng().normal(size=300), rng=rng())
    _, found = trained(series, 300)
    assert "It is a draw" in found.sentence
    assert found.rows[0][0] == "usual value" and found.rows[-1][0] == "network"


def test_a_period_brings_its_baseline():
    hours = np.arange(600)
    values = 10 + 5 * np.sin(2 * np.pi * hours / 24) + rng().normal(size=600)
    _, found = trained(Series(values, 24, rng=rng()), 50)
    assert [row[0] for row in found.rows] == [
        "usual value", "value before", "value a period before", "weighted sum", "network"
    ]  # fmt: skip


def test_a_series_that_wanders_off_is_learned_by_its_changes():
    rising = Series(0.3 * np.arange(400) + rng().normal(size=400), rng=rng())
    assert rising.changes and "wander off" in rising.notes[-1]
    _, found = trained(rising, 300)
    errors = {row[0]: float(row[1]) for row in found.rows}
    assert errors["network"] < 1.2 < 20 < errors["usual value"]
    assert not Series(rng().normal(size=400), rng=rng()).changes


def test_a_network_knows_what_was_further_back_than_a_table_looks():
    letters = list("abcdefgh")
    words = ["".join(rng(k).choice(letters, 3)) for k in range(1500)]
    text = "\n".join(f"{word}........{word[::-1]}" for word in words)
    _, found = trained(Text(text, rng=rng()), 400)
    assert "The network wins" in found.sentence
    assert found.rows[0][0].startswith("table of")


def test_a_table_wins_where_little_can_be_read():
    lines = ["over the hills", "and far away", "she was not there", "nobody knew it"]
    text = "\n".join(rng().choice(lines, 800))
    _, found = trained(Text(text, rng=rng()), 20)
    assert "The network loses to the table of" in found.sentence


@pytest.mark.parametrize(
    ("gain", "said"),
    [
        ((0.3, 0.1), "The network wins: its gain, 0.30 ± 0.10, is beyond two standard errors."),
        (
            (0.2, 0.1),
            "It is a draw: the difference, 0.20 ± 0.10, is less than two standard errors.",
        ),
        ((-0.1, 0.1), "It is a draw"),
        ((-0.3, 0.1), "The network loses to the sum, by 0.30 ± 0.10: more than two"),
        ((0.0, 0.0), "It is a draw"),
    ],
)
def test_verdict(gain, said):
    found = verdict(["mean", "sum", "GRU"], [3.0, 2.0, 1.7], [(9, 1), gain], 1, "{name}.")
    assert found.sentence.startswith("sum. ") and said in found.sentence
    assert found.rows[2] == ["GRU", rounded(1.7, max(gain[1], 0.002))]


# The same again, and what is refused


def test_same_data_same_numbers():
    values, text = rng().normal(size=200), "she said that he had been there. " * 400
    for make in (lambda: Series(values, rng=rng()), lambda: Text(text, rng=rng())):
        (first, one), (second, two) = (trained(make(), 40) for _ in range(2))
        assert first == second and one == two


def test_the_best_weights_are_kept_and_training_ends_early():
    series = Series(rng().normal(size=120), rng=rng())
    news = list(series.training())
    assert len(news) < 30
    x, target, mask = series.lesson(series.parts[1])
    now = owndata.mean_squared_error(series.net.forward(x)[0], target, mask)[0]
    assert now == min(one.held for one in news)


@pytest.mark.parametrize(
    ("values", "period", "said"),
    [
        (np.ones(200), None, "are all the same"),
        (np.r_[np.zeros(150), np.ones(50)], None, "are all the same"),
        (0.1 * np.arange(200), None, "rise or fall by the same at every step"),
        (np.sin(np.arange(200.0)), 41, "A period of 41 is too long for 200 values: at most"),
        (np.r_[np.ones(120), np.full(35, np.nan), np.zeros(45)], None, "Too much is missing"),
    ],
)
def test_series_that_cannot_be_learned(values, period, said):
    with pytest.raises(Unusable, match=said):
        Series(values, period, rng=rng())


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
def test_size_and_level_do_not_matter(size):
    made = [Series(size * (logistic(200) + level), rng=rng()) for level in (0, 5)]
    losses = [list(series.training(50))[-1].loss for series in made]
    assert losses == pytest.approx([losses[0]] * 2, rel=1e-3)


def test_too_many_different_characters():
    text = "".join(chr(0x4E00 + k) for k in rng().integers(0, 3000, 12_000))
    with pytest.raises(Unusable, match="Too many different characters are here, "):
        Text(text, rng=rng())


def test_rare_characters_are_one():
    letters = [chr(0x4E00 + k) for k in range(60)] + [chr(0x3041 + k) for k in range(60)]
    p = np.r_[np.full(60, 0.98 / 60), np.full(60, 0.02 / 60)]
    subject = Text("".join(rng().choice(letters, 12_000, p=p)), rng=rng())
    assert len(subject.letters) == Text.kinds + 1 and 0 < subject.rare < 0.02
    assert "are one sign" in subject.notes[1]


def test_a_text_that_stands_there_twice_is_found_out():
    half = "".join(rng().choice(list("abcdefgh "), 8_000))
    assert any("word for word" in note for note in Text(half * 2, rng=rng()).notes)
    assert not any("word for word" in note for note in Text(half + half[::-1], rng=rng()).notes)


# In a notebook


def test_a_file_of_ones_own(tmp_path, capsys):
    path = tmp_path / "my.csv"
    path.write_text("temp\n" + "\n".join(f"{v:.2f}" for v in logistic(120)))
    series = own_series(path)
    printed = capsys.readouterr().out
    assert isinstance(series, Series) and repr(series) == "Series of 120 values"
    assert "120 values: 58 to learn from" in printed and "On the last fifth, 24 values" in printed
    assert max(map(len, printed.split("\n"))) <= owndata.WIDTH


def test_what_is_wrong_is_printed_and_nothing_raised(tmp_path, capsys):
    path = tmp_path / "a.txt"
    path.write_text("too short")
    assert own_text(path) is None and own_series(path) is None
    assert own_text(tmp_path) is None
    printed = " ".join(capsys.readouterr().out.split())
    assert "9 characters are too few" in printed and "No column of numbers" in printed


@pytest.mark.parametrize("bad", [0, 1, -7, 2.5, "7", True])
def test_no_such_period(bad):
    with pytest.raises((ValueError, TypeError), match="period must be"):
        own_series("my.csv", period=bad)
    with pytest.raises((ValueError, TypeError), match="period must be"):
        Series(np.sin(np.arange(200.0)), bad, rng=rng())


def test_no_such_values_or_generator():
    with pytest.raises(ValueError, match="values"):
        Series(np.array([[1.0, 2.0]]), rng=rng())
    with pytest.raises(TypeError, match="rng must be"):
        Series(np.sin(np.arange(200.0)), rng=0)
    with pytest.raises(TypeError, match="rng must be"):
        Text("abc " * 5000, rng=0)


# In the page


def told(capsys, *arguments, **options):
    in_page(*arguments, **options)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_what_a_page_is_told_of_a_series(capsys):
    data = "a;b\n" + "\n".join(f"{v:.4f};{k}" for k, v in enumerate(logistic(150)))
    (checked,) = told(capsys, "series", data, train=False)
    assert checked["columns"] == [[0, "a"], [1, "b"]] and checked["column"] == 0
    assert 0 < checked["seconds"] < 100
    *news, last = told(capsys, "series", data, train=True, period=7, steps=100)
    assert [one["step"] for one in news] == [0, 50, 100]
    assert last["sentence"].startswith("On the last fifth, 30 values")
    assert [len(line) for line in last["shown"].values()] == [30, 30, 30]


def test_what_a_page_is_told_of_a_text(capsys):
    data = ("Sie sagte, daß er käme. " * 500).encode().decode("latin-1")
    (checked,) = told(capsys, "text", data, train=False)
    assert "in lower case" in checked["notes"][0]
    *news, last = told(capsys, "text", data, train=True, steps=40)
    assert news[-1]["step"] == 40 and set(last["shown"]) == {"table", "network"}
    assert set("ßä") & set(last["shown"]["table"])


def test_what_a_page_is_told_of_what_cannot_be_used(capsys):
    assert told(capsys, "series", "1\n2", train=False) == [
        {"problem": "2 values are too few: at least 100 are needed, so that the last fifth can"
                    " tell anything."}
    ]  # fmt: skip
