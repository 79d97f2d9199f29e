"""The reader's own data: the network and the baselines of a chapter, trained and judged on it.

`own_series` is for a column of numbers, with the methods of the chapter on the weather; `own_text`
for a plain text, with those of the chapter on the novel.  The page's form calls `in_page`.

All is split in order.  A network learns from the first part, and the part after it says when to
stop and which baseline is the best; the last fifth is read once, at the end.
"""

import copy
import json
import textwrap
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnnbook.pasted import FEWEST, Unusable, characters, decoded, numbers, trimmed
from rnncore.arrays import generator, row, whole
from rnncore.batches import at_end, minibatches
from rnncore.deep import Stack
from rnncore.embedding import Embedding
from rnncore.gated import GRU
from rnncore.generation import NGrams, bits, generate, sampling
from rnncore.losses import cross_entropy, mean_squared_error
from rnncore.optimizers import Adam
from rnncore.prediction import (
    flattened,
    gain,
    mean_absolute_error,
    persistence,
    ridge,
    seasonal_naive,
    split,
    windows,
)
from rnncore.training import Diverged, fit
from rnncore.truncated import chunks
from rnncore.vanilla import ReadOut

WIDTH = 46  # characters of a printed line


class Progress(NamedTuple):
    """How far a training is: the loss of the last steps, and of the part that is held out."""

    step: int
    loss: float
    held: float | None


def rounds(net, batches, held, *, steps, every, looks=1, patience, **options):
    """Train as `rnncore.training.fit` does, and yield after every few steps how far it is.

    Parameters
    ----------
    net : layer
        Has at the end the parameters that were best on what is held out.
    batches : iterator
    held : callable
        held() returns the loss of the part that is held out.
    steps, every : int
        How many steps at most, and after how many there is news.
    looks : int
        After how much news the part is looked at that is held out.
    patience : int
        How many looks may bring nothing better.
    **options
        What else `fit` takes.

    Yields
    ------
    Progress
    """
    rate = options.pop("rate", None)
    best, lowest, since = copy.deepcopy(dict(net.params)), held(), 0
    yield Progress(0, lowest, lowest)
    for step in range(every, steps + 1, every):
        if rate:
            options["rate"] = lambda k, done=step - every: rate(done + k)
        try:
            history = fit(net, batches, steps=every, progress=False, **options)
        except Diverged:
            break
        now = held() if step % (every * looks) == 0 or step + every > steps else None
        if now is not None:
            since += 1
            if now < lowest:
                best, lowest, since = copy.deepcopy(dict(net.params)), now, 0
        if history.loss:
            yield Progress(step, float(np.mean(history.loss)), now)
        if since >= patience or history.stopped == "interrupted":
            break
    net.params = best


class Verdict(NamedTuple):
    """What came out of the last fifth.

    Attributes
    ----------
    sentence : str
        Who won, by how much, and whether that is beyond the uncertainty.
    rows : list of lists of str
        The name of each model, its mean error, and what the network gains over it, with the
        standard error; the last is the network.
    """

    sentence: str
    rows: list


def verdict(names, errors, gains, best, what):
    """Judge a network by the baseline that was best on the part before the last.

    Parameters
    ----------
    names : list of str
        Of the models, the network last.
    errors : list of float
        The mean error of each.
    gains : list of (float, float)
        What the network gains over each baseline, and the standard error of it.
    best : int
        The number of the baseline.
    what : str
        The sentence on the two errors, with places for them and for the name.

    Examples
    --------
    >>> made = verdict(["sum", "GRU"], [2.0, 1.5], [(0.5, 0.1)], 0, "{ours}, {theirs} the {name}.")
    >>> made.sentence
    '1.50, 2.00 the sum. The network wins: its gain, 0.50 ± 0.10, is beyond two standard errors.'
    """
    d, error = gains[best]
    name, like = names[best], max(error, errors[best] / 1000)
    said = f"{rounded(abs(d), like)} ± {rounded(error, like)}"
    if d > 2 * error:
        won = f"The network wins: its gain, {said}, is beyond two standard errors."
    elif d < -2 * error:
        won = f"The network loses to the {name}, by {said}: more than two standard errors."
    else:
        won = f"It is a draw: the difference, {said}, is less than two standard errors."
    ours, theirs = rounded(errors[-1], like), rounded(errors[best], like)
    rows = [
        [n, rounded(e, like), *(rounded(part, like) for part in g)]
        for n, e, g in zip(names, errors, [*gains, ()], strict=True)
    ]
    return Verdict(f"{what.format(ours=ours, theirs=theirs, name=name)} {won}", rows)


def rounded(number, like):
    """Write a number with as many decimals as show two digits of another.

    >>> rounded(2.30189, 0.046), rounded(12345.6, 120.0), rounded(1.2345e-9, 1e-11)
    ('2.302', '12,346', '1.23e-09')
    """
    places = int(max(1 - np.floor(np.log10(like)), 0)) if like else 2
    if places > 7 or abs(number) >= 1e9:
        return f"{number:.2e}"
    return f"{number:,.{places}f}"


class Series:
    """A column of numbers, as the chapter on the weather would forecast it, one step ahead.

    Parameters
    ----------
    values : array (N,)
        NaN where one is missing.
    period : int, optional
        After how many steps it begins again, such as 24 hours.
    rng : numpy.random.Generator
        The random start of the network.

    Examples
    --------
    >>> values = np.sin(np.arange(200.0))
    >>> series = Series(values, rng=np.random.default_rng(0))
    >>> [len(part) for part in series.parts]
    [106, 40, 40]
    """

    steps, every, patience, looks = 1500, 50, 10, 1  # as in the chapter

    def __init__(self, values, period=None, *, rng):
        values = np.array(values, float)
        if values.ndim != 1 or len(values := trimmed(values)) < FEWEST:
            raise ValueError(
                f"values must have shape (N,), N at least {FEWEST}, got {values.shape}"
            )
        missing = np.isnan(values)
        row(values[~missing], "values")
        self.period = period if period is None else whole(period, "period", least=2)
        self.rng = generator(rng)
        if period and period > len(values) // 5:
            raise Unusable(
                f"A period of {period} is too long for {len(values):,} values: at most a fifth,"
                f" {len(values) // 5:,}."
            )
        # What is missing is read as the value before it, and neither learned nor judged.
        last = np.maximum.accumulate(np.where(missing, 0, np.arange(len(values))))
        self.values = values[last]
        self.lags = period if period and 14 < period <= 48 else 14
        first, second = (int(share * len(values)) for share in (0.6, 0.8))
        parts = split(np.arange(len(values)), first, second, lags=max(self.lags, period or 0))
        self.parts = [part[~missing[part]] for part in parts]
        if min(map(len, self.parts)) < 10:
            raise Unusable("Too much is missing in one of the parts: nothing can be told from it.")
        self._scale(first, second)

    def __repr__(self):
        period = f", period {self.period}" if self.period else ""
        return f"Series of {len(self.values):,} values{period}"

    def _scale(self, first, second):
        """Bring to one scale what the network reads, by the first part only."""
        values, known = self.values, slice(0, first)
        low, high = values[known].min(), values[known].max()
        between = values[first:second]
        # Where it has wandered off, what was learned of its level is of no use.
        self.changes = bool(((between < low) | (between > high)).mean() > 0.1)
        front = 2 * values[:1] - values[1:2]  # as if it had begun as it went on
        self.base = np.concatenate([front, values[:-1]]) if self.changes else 0 * values
        learned = values - self.base
        self.level, self.unit = learned[known].mean(), learned[known].std()
        if self.unit <= 1e-9 * abs(values[known]).max():
            what = "rise or fall by the same at every step" if low < high else "are all the same"
            raise Unusable(
                f"The values of the first three fifths {what}: nothing is to be learned."
            )
        self.scaled = (learned - self.level) / self.unit
        turn = 2 * np.pi * np.arange(len(values)) / (self.period or 1)
        self.waves = np.column_stack([np.sin(turn), np.cos(turn)])[:, : 2 * bool(self.period)]
        self.features = np.column_stack([self.scaled, self.waves])

    @property
    def notes(self):
        """What a reader has to know before it is trained."""
        train, held, test = map(len, self.parts)
        notes = [
            f"{len(self.values):,} values: {train:,} to learn from, {held:,} to choose by, and the"
            f" last {test:,} to judge.",
            f"The network reads {self.lags} steps, and forecasts the next one.",
        ]
        if self.changes:
            notes.append("The values wander off, so it learns the change from one to the next.")
        return notes

    # Without a network

    def simple(self):
        """Return the baselines: from the name of each to a function of the steps to forecast."""
        values, train = self.values, self.parts[0]
        waves = self.waves if self.period else np.ones((len(values), 1))
        usual = ridge(waves[train], values[train], penalty=1e-9)
        found = {"usual value": lambda at: usual(waves[at])}
        found["value before"] = lambda at: persistence(values, at)
        if self.period:
            found["value a period before"] = lambda at: seasonal_naive(values, at, self.period)
        found["weighted sum"] = self._weighted_sum()
        return found

    def _weighted_sum(self):
        """Fit ridge regressions on the numbers that the network reads; keep the best."""
        train, held, _ = self.parts
        tried = []
        for lags in sorted({1, 3, 7, self.lags}):
            before, now = (flattened(windows(self.features, at, lags)) for at in (train, held))
            for penalty in (1, 10, 30, 100, 300):
                line = ridge(before, self.scaled[train], penalty)
                tried.append((self._error(line(now), held), lags, line))
        _, lags, line = min(tried, key=lambda one: one[0])
        return lambda at: self._unscaled(line(flattened(windows(self.features, at, lags))), at)

    def _unscaled(self, scaled, at):
        return self.base[at] + self.level + self.unit * scaled

    def _error(self, scaled, at):
        return mean_absolute_error(self._unscaled(scaled, at), self.values[at])

    # The network

    def network(self, rng):
        """Return the network of the chapter, which has learned nothing."""
        return Stack(GRU(self.features.shape[1], 16, rng=rng), ReadOut(16, 1, rng=rng))

    def lesson(self, at):
        """Return the batch (x, target, mask) of some steps."""
        y = self.scaled[at, np.newaxis]
        return windows(self.features, at, self.lags), *at_end(y, np.ones((self.lags, len(at))))

    def training(self, steps=None, rng=None):
        """Train the network, and yield how far it is."""
        rng = self.rng if rng is None else rng
        self.net = net = self.network(rng)
        train, held = (self.lesson(at) for at in self.parts[:2])

        def judge():
            return mean_squared_error(net.forward(held[0])[0], *held[1:])[0]

        size = min(32, len(self.parts[0]))
        yield from rounds(
            net, minibatches(*train, size=size, rng=rng), judge,
            optimizer=Adam(net.params, rate=0.003), clip=1.0,
            steps=steps or self.steps, every=self.every, patience=self.patience,
        )  # fmt: skip

    def forecast(self, at):
        """Return what the network forecasts for some steps."""
        y, _ = self.net.forward(windows(self.features, at, self.lags))
        return self._unscaled(y[-1, :, 0], at)

    # Judging

    def judged(self):
        """Judge network and baselines by the last fifth."""
        _, held, test = self.parts
        simple = self.simple()
        before = [mean_absolute_error(f(held), self.values[held]) for f in simple.values()]
        best = int(np.argmin(before))
        truth, ours = self.values[test], self.forecast(test)
        theirs = [f(test) for f in simple.values()]
        block = max(1, round(len(test) ** (1 / 3)))  # neighbours may be off alike
        gains = [gain(ours, one, truth, block) for one in theirs]
        errors = [mean_absolute_error(one, truth) for one in (*theirs, ours)]
        self.shown = {"what came": truth[-80:], list(simple)[best]: theirs[best][-80:],
                      "network": ours[-80:]}  # fmt: skip
        return verdict(
            [*simple, "network"], errors, gains, best,
            f"On the last fifth, {len(test):,} values, the network is off by {{ours}} on average,"
            " and by {theirs} the {name}, the best baseline on the part before.",
        )  # fmt: skip


class Text:
    """A plain text, as the chapter on the novel would go on with it, character by character.

    Parameters
    ----------
    text : str
        As `rnnbook.pasted.characters` returns it.
    rng : numpy.random.Generator
        The random start of the network, and what is drawn when it writes.

    Examples
    --------
    >>> text = Text("over and over. " * 800, rng=np.random.default_rng(0))
    >>> text
    Text of 12,000 characters, 9 different
    """

    steps, every, looks, patience = 900, 20, 5, 3
    hidden, embedded, streams, span, rate = 96, 32, 16, 25, 0.012
    kinds = 80  # different characters that are told apart
    reads = 50  # characters that a model has read before it is judged

    def __init__(self, text, *, rng):
        self.rng = generator(rng)
        cuts = [int(share * len(text)) for share in (0.7, 0.8)]
        letters, counts = np.unique(list(text[: cuts[0]]), return_counts=True)
        common = letters[np.sort(np.argsort(-counts, kind="stable")[: self.kinds])]
        place = {letter: k for k, letter in enumerate(common)}
        rare = len(common)
        ids = np.array([place.get(letter, rare) for letter in text])
        self.rare = float((ids == rare).mean())
        if self.rare > 0.1:
            raise Unusable(
                f"Too many different characters are here, {len(set(text)):,}: the network tells"
                f" {self.kinds} apart, and the others are {self.rare:.0%} of the text."
            )
        self.letters = [*map(str, common), "□"]
        self.ids, self.cuts = ids, cuts
        self.train, self.held, self.test = np.split(ids, cuts)
        self.twice = self._twice(text)

    def __repr__(self):
        return f"Text of {len(self.ids):,} characters, {len(set(self.ids.tolist()))} different"

    def _twice(self, text, length=60):
        """Return what share of the last fifth stands in the first part, word for word."""
        known, asked = text[: self.cuts[0]], text[self.cuts[1] :]
        pieces = [asked[k : k + length] for k in range(0, len(asked) - length, length)]
        return sum(piece in known for piece in pieces) / len(pieces)

    @property
    def notes(self):
        """What a reader has to know before it is trained."""
        parts = map(len, (self.train, self.held, self.test))
        notes = [
            "{:,} characters, in lower case: {:,} to learn from, {:,} to choose by, and the last"
            " {:,} to judge.".format(len(self.ids), *parts)
        ]
        if self.rare:
            notes.append(
                f"{len(self.letters) - 1} different characters are told apart; the others,"
                f" {self.rare:.1%}, are one sign, □."
            )
        if self.twice > 0.1:
            notes.append(
                f"{self.twice:.0%} of the last fifth stand word for word in the first part:"
                " whoever learns by heart wins."
            )
        return notes

    # Without a network

    def table(self):
        """Count n-grams, and return those of the order that is best on the part after."""
        lowest, best = np.inf, None
        for order in range(1, 7):
            model = NGrams([self.train], order, len(self.letters))
            x = self.held[:, np.newaxis]
            now = bits(model, x[:-1], x[1:]).mean()
            if now >= lowest:
                break
            lowest, best = now, model
        return best

    # The network

    def network(self, rng):
        """Return the network of the chapter, which has learned nothing."""
        kinds, f = len(self.letters), np.float32
        return Stack(
            Embedding(kinds, self.embedded, rng=rng, dtype=f),
            GRU(self.embedded, self.hidden, rng=rng, dtype=f),
            ReadOut(self.hidden, kinds, rng=rng, dtype=f),
        )

    def side_by_side(self, ids):
        """Lay a text as streams side by side: x and target (T, B)."""
        long = (len(ids) - 1) // self.streams * self.streams
        return tuple(part.reshape(self.streams, -1).T for part in (ids[:long], ids[1 : long + 1]))

    def training(self, steps=None, rng=None):
        """Train the network, and yield how far it is; the losses are bits a character."""
        rng, steps = self.rng if rng is None else rng, steps or self.steps
        self.net = net = self.network(rng)
        x, target = self.side_by_side(self.train)
        held = self.side_by_side(self.held[:8000])

        def batches():
            while True:
                yield from chunks(self.span, x, target)

        def rate(step):
            return self.rate * min(1, (step + 1) / 35) * (1 + np.cos(np.pi * step / steps)) / 2

        for now in rounds(
            net, batches(), lambda: bits(net, *held).mean(), loss=cross_entropy,
            optimizer=Adam(net.params, self.rate), rate=rate, clip=1.0, k2=self.span,
            steps=steps, every=self.every, looks=self.looks, patience=self.patience,
        ):  # fmt: skip
            yield now if now.step == 0 else now._replace(loss=now.loss / np.log(2))

    # Judging

    def surprise(self, model):
        """Return the bits of each character of the last fifth, in order (N,).

        It is read in pieces side by side, each after what stands in front of it.
        """
        long = max(200, len(self.test) // 32)
        starts = np.arange(self.cuts[1], len(self.ids) - long + 1, long)
        at = starts + np.arange(-self.reads, long)[:, np.newaxis]
        x = self.ids[at]
        return bits(model, x[:-1], x[1:])[self.reads - 1 :].T.ravel()

    def judged(self):
        """Judge network and table by the last fifth, and let both write."""
        table = self.table()
        theirs, ours = self.surprise(table), self.surprise(self.net)
        block = int(np.clip(len(ours) // 20, 1, 500))  # as characters are no independent cases
        gains = [gain(ours, theirs, 0 * ours, block)]
        self.shown = {name: self.written(model) for name, model in
                      (("table", table), ("network", self.net))}  # fmt: skip
        return verdict(
            [f"table of {table.order}", "network"], [theirs.mean().item(), ours.mean().item()],
            gains, 0,
            f"On the last fifth the network needs {{ours}} bits a character, and {{theirs}} the"
            f" table that looks at {table.order}.",
        )  # fmt: skip

    def written(self, model, length=160):
        """Let a model write, at temperature 0.8, after the first characters of the last fifth."""
        first = self.ids[self.cuts[1] - self.reads : self.cuts[1], np.newaxis]
        made = generate(model, first, length, sampling(0.8, rng=self.rng))
        return "".join(self.letters[k] for k in made[:, 0])


# In a notebook


def own_series(path, column=None, period=None):
    """Train the network of the chapter on the weather on a file of your own, and say who wins.

    Parameters
    ----------
    path : str or Path
        A file with a column of numbers.
    column : int or str, optional
        The number of the column, from 0, or its name.
    period : int, optional
        After how many steps it begins again, such as 24 hours.

    Returns
    -------
    Series or None
        With its network, and None where the file could not be used, which is said.

    Examples
    --------
    >>> own_series("my.csv")
    There is no file my.csv here: give the name of
    yours.
    """
    period = period if period is None else whole(period, "period", least=2)
    return _own(path, lambda data: _series(data, column, period))


def own_text(path):
    """Train the network of the chapter on the novel on a file of your own, and say who wins.

    Examples
    --------
    >>> own_text("my.txt")
    There is no file my.txt here: give the name of
    yours.
    """
    return _own(path, _text)


def _own(path, prepare):
    path = Path(path)
    if not path.is_file():
        return _say(f"There is no file {path} here: give the name of yours.")
    try:
        subject, notes, _ = prepare(path.read_bytes())
        for note in notes:
            _say(note)
        for _ in subject.training():
            pass
        _say(subject.judged().sentence)
    except Unusable as problem:
        return _say(str(problem))
    return subject


def _say(words):
    print(textwrap.fill(words, WIDTH, break_on_hyphens=False))


def _series(data, column, period):
    """Return the subject, the notes on it, and the columns that may be chosen."""
    text, first = decoded(data)
    found = numbers(text, column)
    subject = Series(found.values, period, rng=np.random.default_rng(0))
    choices = {"columns": found.columns, "column": found.column}
    return subject, [*first, *found.notes, *subject.notes], choices


def _text(data):
    text, first = decoded(data)
    text, notes = characters(text)
    subject = Text(text, rng=np.random.default_rng(0))
    return subject, [*first, *notes, *subject.notes], {}


# In the page


def in_page(kind, data, *, train, column=None, period=None, steps=None):
    """Do what the form of a page asks for, and print lines of JSON for it.

    Parameters
    ----------
    kind : str
        "series" or "text".
    data : str
        The bytes of what was pasted or chosen, each as the character of that number.
    train : bool
        Whether to train it, or only to say what it is and how long that would take.
    column, period : int, optional
    steps : int, optional
        Fewer steps of training, for tests.
    """
    try:
        data = data.encode("latin-1")
        subject, notes, choices = _text(data) if kind == "text" else _series(data, column, period)
        if not train:
            return _tell(notes=notes, seconds=_seconds(subject), **choices)
        for now in subject.training(steps):
            _tell(step=now.step, steps=steps or subject.steps, loss=now.loss, held=now.held)
        found = subject.judged()
        _tell(sentence=found.sentence, rows=found.rows, shown=_plain(subject.shown))
    except Unusable as problem:
        _tell(problem=str(problem))


def _plain(shown):
    return {name: part if isinstance(part, str) else part.tolist() for name, part in shown.items()}


def _tell(**news):
    print(json.dumps(news), flush=True)


def _seconds(subject, budget=2.0):
    """Say how long all steps of training will take here at most, from those of a moment.

    The last of these count, for a browser runs code faster when it has run it for a while.
    """
    few = copy.copy(subject)
    few.every, few.looks = 10, 10**6
    begin, ticks = time.perf_counter(), []
    for _ in few.training(rng=np.random.default_rng(0)):
        ticks.append(time.perf_counter())
        if ticks[-1] - begin > budget and len(ticks) > 3:
            break
    step = np.median(np.diff(ticks)[len(ticks) // 2 :]) / few.every
    return 1.2 * step * subject.steps  # the looks and the judging take time too
