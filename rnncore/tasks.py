"""Sequences made by rule, time-major (T, B, features), each with what should be put out."""

import numpy as np

from rnncore.arrays import (
    choice,
    finite,
    generator,
    integers,
    listed,
    number,
    said,
    text,
    whole,
)


def delayed_bits(delay, steps, batch, rng):
    """Draw random bits; what should be put out is each bit again, `delay` steps later.

    Parameters
    ----------
    delay : int
        L >= 0, and less than `steps`.
    steps, batch : int
        T and B.
    rng : numpy.random.Generator

    Returns
    -------
    x, target, mask : arrays (T, B, 1)
        The bits as -1 or +1, what should be put out as 0 or 1, and 1 where it counts:
        in the first `delay` steps nothing can be known, so there the mask is 0.

    Examples
    --------
    >>> x, target, mask = delayed_bits(2, 6, 1, np.random.default_rng(0))
    >>> for row in x, target, mask:
    ...     print(row[:, 0, 0].astype(int))
    [ 1  1  1 -1 -1 -1]
    [0 0 1 1 1 0]
    [0 0 1 1 1 1]
    """
    steps, batch, rng = whole(steps, "steps"), whole(batch, "batch"), generator(rng)
    delay = whole(delay, "delay", least=0, most=steps - 1)
    bits = rng.integers(2, size=(steps, batch, 1)).astype(float)
    target, mask = np.zeros_like(bits), np.zeros_like(bits)
    target[delay:] = bits[: steps - delay]
    mask[delay:] = 1.0
    return 2 * bits - 1, target, mask


def recall(delay, *, echo):
    """Lay out the two sequences of a memory task: a symbol, blanks, and at the end the question.

    The symbol is A or B; the answer to the question is the symbol, `delay` steps after it came.

    Parameters
    ----------
    delay : int
        L >= 1; there are L - 1 blanks.
    echo : bool
        Whether the symbol is also to be put out at once, when it comes.

    Returns
    -------
    x : array (L + 1, 2, 4)
        One column for each of A, B, blank and question; the batch is the two sequences.
    target : array (L + 1, 2, 2)
        One column for each of A and B; a row of zeros where nothing is to be put out.

    Examples
    --------
    >>> x, target = recall(2, echo=True)
    >>> spelled(x, "AB-?"), spelled(target, "AB")
    (['A-?', 'B-?'], ['A.A', 'B.B'])
    >>> spelled(recall(2, echo=False)[1], "AB")
    ['..A', '..B']
    """
    delay = whole(delay, "delay")
    if not isinstance(echo, bool | np.bool):
        raise TypeError(f"echo must be True or False, got {said(echo)}")
    x, target = np.zeros((delay + 1, 2, 4)), np.zeros((delay + 1, 2, 2))
    x[0, :, :2] = target[-1] = np.eye(2)
    x[1:-1, :, 2] = x[-1, :, 3] = 1.0
    if echo:
        target[0] = np.eye(2)
    return x, target


def plans(words):
    """Give each word a plan: an input that says which word it is, and does not change.

    Parameters
    ----------
    words : sequence of str
        P words of one length T, written with N different letters.

    Returns
    -------
    x : array (T, P, P)
        The plans: word p has a 1 in column p at every step.
    target : array (T, P, N)
        The words, a 1 in the column of the letter.
    letters : str
        The N letters, in the order of the columns.

    Examples
    --------
    >>> x, target, letters = plans(["ABAC", "ACAB"])
    >>> x.shape, target.shape, letters
    ((4, 2, 2), (4, 2, 3), 'ABC')
    >>> spelled(target, letters)
    ['ABAC', 'ACAB']
    """
    words = _texts(words, "words")
    if len({len(word) for word in words}) != 1 or not words[0]:
        raise ValueError(f"words must be some, of one length, got {list(words)}")
    letters = "".join(sorted(set("".join(words))))
    x = np.tile(np.eye(len(words)), (len(words[0]), 1, 1))
    columns = np.array([[letters.index(letter) for letter in word] for word in words])
    return x, np.eye(len(letters))[columns.T], letters


def spelled(y, letters, silence=0.5):
    """Write outputs (T, B, N) as B words: at each step the strongest letter.

    A step where nothing comes above `silence` is written as a dot.

    >>> spelled([[[0.9, 0.2]], [[0.1, 0.3]], [[0.6, 0.8]]], "AB")
    ['A.B']
    """
    y, silence = finite(y, "y"), number(silence, "silence")
    if not y.ndim or y.shape[-1] != len(text(letters, "letters")) or not letters:
        raise ValueError(f"y must have a feature for each of {letters!r}, got shape {y.shape}")
    if y.ndim != 3:
        raise ValueError(f"y must have shape (T, B, {len(letters)}), got {y.shape}")
    words = np.array([*letters])[y.argmax(axis=-1)]
    return ["".join(word) for word in np.where(y.max(axis=-1) > silence, words, ".").T]


def temporal_xor(triples, batch, rng):
    """Draw bits in threes: two at random, and then their exclusive or.

    Parameters
    ----------
    triples, batch : int
        How many threes, and B.
    rng : numpy.random.Generator

    Returns
    -------
    array (3 triples, B, 1)
        The bits, 0.0 or 1.0.

    Examples
    --------
    >>> bits = temporal_xor(4, 1, np.random.default_rng(0))
    >>> print(bits[:, 0, 0].astype(int))
    [1 1 0 0 0 0 0 0 0 1 1 0]
    """
    triples, batch = whole(triples, "triples"), whole(batch, "batch")
    bits = generator(rng).integers(2, size=(triples, 3, batch, 1))
    bits[:, 2] = bits[:, 0] ^ bits[:, 1]
    return bits.reshape(-1, batch, 1).astype(float)


def run_together(words, count, rng):
    """Draw words at random, each as likely as the others, and write them without spaces.

    Parameters
    ----------
    words : sequence of str
        The words to draw from.
    count : int
        How many to draw.
    rng : numpy.random.Generator

    Returns
    -------
    text : str
    start : array (len(text),) of bool
        Where a word begins.

    Examples
    --------
    >>> text, start = run_together(["a", "the", "sea"], 4, np.random.default_rng(0))
    >>> print(text, start.astype(int))
    seathethea [1 0 0 1 0 0 1 0 0 1]
    """
    words, count = _texts(words, "words"), whole(count, "count")
    drawn = [words[k] for k in generator(rng).integers(len(words), size=count)]
    start = [place == 0 for word in drawn for place in range(len(word))]
    return "".join(drawn), np.array(start)


GLIDES = ("rising", "falling", "level")


def glides(kinds, onsets, rng, *, steps=30, bands=8, noise=0.3):
    """Lay out glides: a tone that moves over the bands of a spectrogram, one band a step, or not.

    A glide takes as many steps as there are bands.  A level one stays in one band, drawn at random.

    Parameters
    ----------
    kinds : sequence of int
        For each of B sequences its place in `GLIDES`: 0 rising, 1 falling, 2 level.
    onsets : sequence of int
        For each the step, counted from 0, at which its glide starts; at most steps - bands.
    rng : numpy.random.Generator
        Draws the bands of the level ones, and the noise.
    steps, bands : int
        T and I.
    noise : float
        Standard deviation of what is added everywhere; the glide itself is 1.

    Returns
    -------
    array (T, B, I)

    Examples
    --------
    >>> x = glides([0, 1], [1, 0], np.random.default_rng(0), steps=4, bands=3, noise=0)
    >>> print(x[:, 0].T.astype(int)[::-1])
    [[0 0 0 1]
     [0 0 1 0]
     [0 1 0 0]]
    """
    steps, bands = whole(steps, "steps"), whole(bands, "bands")
    noise, rng = number(noise, "noise", least=0), generator(rng)
    kinds = integers(kinds, "kinds", most=len(GLIDES) - 1)
    onsets = integers(onsets, "onsets", most=steps - bands)
    if kinds.shape != onsets.shape or kinds.ndim != 1:
        raise ValueError(f"kinds and onsets must be (B,), got {kinds.shape} and {onsets.shape}")
    up = np.arange(bands)
    level = np.broadcast_to(rng.integers(bands, size=(len(kinds), 1)), (len(kinds), bands))
    band = np.choose(kinds[:, np.newaxis], [up, up[::-1], level])
    x = noise * rng.normal(size=(steps, len(kinds), bands)) + 0.0  # no -0.0 where noise is 0
    x[onsets[:, np.newaxis] + up, np.arange(len(kinds))[:, np.newaxis], band] += 1
    return x


def in_binary(numbers, steps):
    """Write whole numbers in binary, the least significant bit first, as one adds on paper.

    Parameters
    ----------
    numbers : sequence of int
        N numbers, 0 <= n < 2**steps.
    steps : int
        T bits for each.

    Returns
    -------
    array (T, N)
        The bits, 0.0 or 1.0.

    Examples
    --------
    >>> in_binary([6, 3], 4).T
    array([[0., 1., 1., 0.],
           [1., 1., 0., 0.]])
    """
    most = (1 << whole(steps, "steps", most=10_000)) - 1
    numbers = [whole(n, f"numbers[{k}]", 0, most) for k, n in enumerate(listed(numbers, "numbers"))]
    return np.array([[int(n) >> t & 1 for n in numbers] for t in range(steps)], float)


def from_binary(bits):
    """Read numbers back from their bits: what is above one half counts as 1.

    Parameters
    ----------
    bits : array (T,) or (T, N)
        The least significant bit first.

    Returns
    -------
    int, or array (N,) of int
        Python's own, exact at any length.

    Examples
    --------
    >>> from_binary([0.1, 0.9, 0.7, 0.2])
    6
    >>> from_binary(in_binary([6, 3], 4))
    array([6, 3], dtype=object)
    """
    bits = finite(bits, "bits")
    if bits.ndim not in (1, 2):
        raise ValueError(f"bits must have shape (T,) or (T, N), got {bits.shape}")
    ones = np.where(bits > 0.5, 1, 0).astype(object)
    return ones.T @ np.array([1 << t for t in range(len(ones))], object)


def additions(bits, batch, rng):
    """Draw pairs of numbers to be added bit by bit; what should be put out is their sum.

    Parameters
    ----------
    bits, batch : int
        How many bits a number has, and B.
    rng : numpy.random.Generator

    Returns
    -------
    x : array (bits + 1, B, 2)
        The bits of the two numbers, the least significant first, and zeros for the last carry.
    target : array (bits + 1, B, 1)
        The bits of the sum.

    Examples
    --------
    >>> x, target = additions(5, 1, np.random.default_rng(0))
    >>> from_binary(x[:, 0, 0]), from_binary(x[:, 0, 1]), from_binary(target[:, 0, 0])
    (3, 17, 20)
    """
    bits, batch, rng = whole(bits, "bits", most=9_999), whole(batch, "batch"), generator(rng)
    x = np.zeros((bits + 1, batch, 2))
    x[:-1] = rng.integers(2, size=(bits, batch, 2))
    sums = from_binary(x[:, :, 0]) + from_binary(x[:, :, 1])
    return x, in_binary(sums, bits + 1)[:, :, np.newaxis]


def latching(steps, batch, rng, *, variance=0.2):
    """Draw sequences that begin with one bit and go on with noise; the answer is the bit.

    A simple form of the task of Bengio, Simard and Frasconi (1994).

    Parameters
    ----------
    steps, batch : int
        T and B.
    rng : numpy.random.Generator
    variance : float
        Of the noise after the first step.

    Returns
    -------
    x, target, mask : arrays (T, B, 1)
        First the bit, -1 or +1, then normal noise; the bit again, at every step; and 1 where it
        is asked for, at the last step only.

    Examples
    --------
    >>> x, target, mask = latching(4, 1, np.random.default_rng(0))
    >>> for row in x, target, mask:
    ...     print(row[:, 0, 0].round(1))
    [ 1.   0.3  0.  -0.2]
    [1. 1. 1. 1.]
    [0. 0. 0. 1.]
    """
    steps, batch, rng = whole(steps, "steps"), whole(batch, "batch"), generator(rng)
    variance = number(variance, "variance", least=0)
    bit = 2.0 * rng.integers(2, size=(batch, 1)) - 1
    x = np.sqrt(variance) * rng.normal(size=(steps, batch, 1))
    x[0] = bit
    mask = np.zeros_like(x)
    mask[-1] = 1.0
    return x, np.broadcast_to(bit, x.shape).copy(), mask


def switching(lexicons, count, stay, rng):
    """Draw words at random from one of several lists, change the list now and then, no spaces.

    Parameters
    ----------
    lexicons : sequence of sequences of str
        The lists; the first is the one that it begins with.
    count : int
        How many words to draw.
    stay : float
        How probable it is that the next word comes from the same list, 0 to 1; otherwise the
        next list has its turn, and after the last one the first.
    rng : numpy.random.Generator

    Returns
    -------
    text : str
    which : array (len(text),) of int
        From which list each letter comes, counted from 0.

    Examples
    --------
    >>> lists = [["ab", "cd"], ["ba", "dc"]]
    >>> text, which = switching(lists, 6, 0.7, np.random.default_rng(1))
    >>> print(text, which)
    cdabbadcabab [0 0 0 0 1 1 1 1 0 0 0 0]
    """
    lexicons = [_texts(one, "lexicons") for one in listed(lexicons, "lexicons")]
    count, rng = whole(count, "count"), generator(rng)
    stay = number(stay, "stay", least=0, most=1)
    changes = np.append(0, rng.random(count - 1) >= stay)
    lists = np.cumsum(changes) % len(lexicons)
    drawn = [lexicons[k][rng.integers(len(lexicons[k]))] for k in lists]
    return "".join(drawn), np.repeat(lists, [len(word) for word in drawn])


def adding(steps, batch, rng):
    """Draw numbers of which two are marked; at the end their sum should be put out.

    A remake of the adding problem: Hochreiter, S. and Schmidhuber, J. (1997). Long short-term
    memory. Neural Computation 9, 1735-1780.  One mark is in the first half, one in the second.

    Parameters
    ----------
    steps, batch : int
        T >= 2, and B.
    rng : numpy.random.Generator

    Returns
    -------
    x : array (T, B, 2)
        A number from 0 to 1, and 1 where it is marked, else 0.
    target : array (T, B, 1)
        At each step the sum of what has been marked so far.
    mask : array (T, B, 1)
        1 at the last step: the problem asks for nothing before.

    Examples
    --------
    >>> x, target, mask = adding(4, 1, np.random.default_rng(5))
    >>> for row in x[:, 0, 0], x[:, 0, 1], target[:, 0, 0], mask[:, 0, 0]:
    ...     print(row.round(2))
    [0.81 0.81 0.52 0.29]
    [0. 1. 1. 0.]
    [0.   0.81 1.32 1.32]
    [0. 0. 0. 1.]
    """
    steps, batch = whole(steps, "steps", least=2), whole(batch, "batch")  # a mark in each half
    rng = generator(rng)
    numbers, marks = rng.random((steps, batch)), np.zeros((steps, batch))
    half, each = steps // 2, np.arange(batch)
    marks[rng.integers(half, size=batch), each] = 1.0
    marks[rng.integers(half, steps, size=batch), each] = 1.0
    target = np.cumsum(numbers * marks, axis=0)[:, :, np.newaxis]
    mask = np.zeros_like(target)
    mask[-1] = 1.0
    return np.stack([numbers, marks], axis=2), target, mask


def latest(steps, batch, rng, *, share=0.2):
    """Draw numbers of which some are marked; the one that was marked last should be put out.

    Parameters
    ----------
    steps, batch : int
        T and B.
    rng : numpy.random.Generator
    share : float
        How likely each number is to be marked, 0 to 1.

    Returns
    -------
    x : array (T, B, 2)
        A number from 0 to 1, and 1 where it is marked, else 0.
    target : array (T, B, 1)
        The number that was marked last; 0 before the first mark.

    Examples
    --------
    >>> x, target = latest(5, 1, np.random.default_rng(1), share=0.5)
    >>> for row in x[:, 0, 0], x[:, 0, 1], target[:, 0, 0]:
    ...     print(row.round(2))
    [0.51 0.95 0.14 0.95 0.31]
    [1. 0. 1. 0. 1.]
    [0.51 0.51 0.14 0.14 0.31]
    """
    steps, batch, rng = whole(steps, "steps"), whole(batch, "batch"), generator(rng)
    share = number(share, "share", least=0, most=1)
    numbers = rng.random((steps, batch))
    marked = rng.random((steps, batch)) < share
    target, now = np.zeros((steps, batch, 1)), np.zeros(batch)
    for t in range(steps):
        target[t, :, 0] = now = np.where(marked[t], numbers[t], now)
    return np.stack([numbers, marked * 1.0], axis=2), target


PARTS = ("plot", "script", "acting", "music", "ending")
PRAISE = ("good", "great", "clever", "lovely", "funny", "fresh")
BLAME = ("bad", "dull", "silly", "ugly", "weak", "stale")


def opinions(count, rng, *, never_negated=None):
    """Make sentences of two opinions on a film, of which one decides whether the film is liked.

    After "but" the second decides, before "although" the first; a "not" turns an opinion round.
    So the same words in another order may say the contrary.

    Parameters
    ----------
    count : int
        N.
    rng : numpy.random.Generator
    never_negated : sequence of str, optional
        Words of `PRAISE` and `BLAME` that stand in no sentence with a "not" in front.

    Returns
    -------
    sentences : list of lists of str
        N of 9 to 11 words.
    liked : array (N,) of int
        1 or 0.

    Examples
    --------
    >>> sentences, liked = opinions(2, np.random.default_rng(0))
    >>> for words, answer in zip(sentences, liked, strict=True):
    ...     print(answer, " ".join(words))
    1 the acting is good although the ending is good
    0 the plot is not lovely although the acting is ugly
    """
    count, rng = whole(count, "count"), generator(rng)
    if never_negated is not None:
        never_negated = listed(never_negated, "never_negated")
    spared = [choice(word, "never_negated", PRAISE + BLAME) for word in never_negated or ()]

    def opinion(part):
        word = (PRAISE + BLAME)[rng.integers(len(PRAISE + BLAME))]
        negated = rng.random() < 0.4 and word not in spared
        return ["the", part, "is", *["not"] * negated, word]

    sentences = []
    for _ in range(count):
        first, second = (opinion(PARTS[k]) for k in rng.permutation(len(PARTS))[:2])
        sentences.append([*first, ("but", "although")[rng.integers(2)], *second])
    decided = [deciding(sentence) for sentence in sentences]
    liked = [(words[-1] in PRAISE) != ("not" in words) for words in decided]
    return sentences, np.array(liked, int)


def deciding(sentence):
    """Return the words of the opinion that decides: behind a "but", or before an "although".

    >>> deciding("the plot is good but the music is bad".split())
    ['the', 'music', 'is', 'bad']
    """
    sentence = listed(sentence, "sentence")
    if "but" in sentence:
        return sentence[sentence.index("but") + 1 :]
    if "although" in sentence:
        return sentence[: sentence.index("although")]
    raise ValueError(f"sentence must have a but or an although, got {said(sentence)}")


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SKIES = ("drizzle", "fog", "rain", "snow", "sun")
WET = ("drizzle", "rain", "snow")
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven")


def report(week):
    """Report a week in a sentence, by rule: the usual sky, how many days were wet, and which.

    Parameters
    ----------
    week : list of 7 pairs (day, sky)
        Of `DAYS` and `SKIES`.

    Returns
    -------
    list of str
        "mostly" and the sky of four days or more, else "mixed"; the number of days of drizzle, rain
        or snow; where there is one, its day, and where there are more, the first and the last.

    Examples
    --------
    >>> skies = ["sun", "rain", "sun", "sun", "fog", "drizzle", "sun"]
    >>> " ".join(report(list(zip(DAYS, skies))))
    'mostly sun , two wet days , tuesday to saturday'
    """
    days, skies = zip(*_week(week, "week"), strict=True)
    usual = max(SKIES, key=skies.count)
    words = ["mostly", usual] if skies.count(usual) >= 4 else ["mixed"]
    wet = [day for day, sky in zip(days, skies, strict=True) if sky in WET]
    words += [",", COUNTS[len(wet)], "wet", "day" if len(wet) == 1 else "days"]
    words += [",", wet[0]] if wet else []
    return words + (["to", wet[-1]] if len(wet) > 1 else [])


def made_weeks(weeks, count, rng, chance=0.3):
    """Draw weeks in which a sky follows another as often as in some real weeks, or by chance.

    Parameters
    ----------
    weeks : list of weeks
        As in `report`: how often a sky follows each other one is counted there.
    count : int
        How many weeks are drawn.
    rng : numpy.random.Generator
    chance : float
        How likely a sky is to be any, whatever was before: so there are weeks that are rare.

    Returns
    -------
    list of weeks
        Each begins on any day of the week.

    Examples
    --------
    >>> real = [list(zip(DAYS, ["sun", "sun", "rain", "rain", "sun", "sun", "sun"]))]
    >>> (week,) = made_weeks(real, 1, np.random.default_rng(0), chance=0)
    >>> week[0], len(week)
    (('sunday', 'sun'), 7)
    """
    weeks = [_week(week, "weeks") for week in listed(weeks, "weeks")]
    count, rng = whole(count, "count"), generator(rng)
    chance = number(chance, "chance", least=0, most=1)
    follows = np.full((len(SKIES), len(SKIES)), 1e-9)
    starts = np.zeros(len(SKIES))
    for week in weeks:
        numbers = [SKIES.index(sky) for _, sky in week]
        starts[numbers[0]] += 1
        np.add.at(follows, (numbers[:-1], numbers[1:]), 1)
    follows = chance / len(SKIES) + (1 - chance) * follows / follows.sum(axis=1, keepdims=True)
    skies = [rng.choice(len(SKIES), size=count, p=starts / starts.sum())]
    for _ in range(6):
        below = follows[skies[-1]].cumsum(axis=1) < rng.random((count, 1))
        skies.append(below.sum(axis=1).clip(max=len(SKIES) - 1))
    first = rng.integers(7, size=count)
    return [
        [(DAYS[(day + k) % 7], SKIES[sky]) for k, sky in enumerate(week)]
        for day, week in zip(first.tolist(), np.transpose(skies).tolist(), strict=True)
    ]


def _week(week, name):
    week = listed(week, name)
    if len(week) != 7 or any(not isinstance(pair, tuple | list) or len(pair) != 2 for pair in week):
        raise ValueError(f"{name} must be of 7 pairs (day, sky), got {said(week)}")
    for day, sky in week:
        choice(day, f"a day of {name}", DAYS)
        choice(sky, f"a sky of {name}", SKIES)
    return week


DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def digit_pairs(images, labels, pairs, rng):
    """Make pictures of two digits, side by side or one above the other, with captions.

    Parameters
    ----------
    images : array (N, H, H)
        Pictures of single digits.
    labels : array (N,) of int
        Which digit each is, 0 to 9.
    pairs : array (B, 3) of int
        For each picture the first digit, the second, and 0 where the first is left of the second,
        1 where it is above it.
    rng : numpy.random.Generator
        Draws which images of the digits are taken.

    Returns
    -------
    pictures : array (B, 2 H, 2 H)
        What is not covered is 0.
    captions : list of lists of str
        B of them.

    Examples
    --------
    >>> images, labels = np.ones((2, 1, 1)), [3, 8]
    >>> pairs = [[3, 8, 0], [8, 3, 1], [3, 3, 0]]
    >>> pictures, captions = digit_pairs(images, labels, pairs, np.random.default_rng(0))
    >>> for words in captions:
    ...     print(" ".join(words))
    a three left of an eight
    an eight above a three
    two threes beside each other
    """
    images, rng = finite(images, "images"), generator(rng)
    if images.ndim != 3 or images.shape[1] != images.shape[2]:
        raise ValueError(f"images must have shape (N, H, H), got {images.shape}")
    labels, pairs = integers(labels, "labels", most=9), integers(pairs, "pairs", most=9)
    if labels.shape != images.shape[:1]:
        raise ValueError(f"labels must have shape ({len(images)},), got {labels.shape}")
    if pairs.ndim != 2 or pairs.shape[1] != 3 or (pairs[:, 2] > 1).any():
        raise ValueError(f"pairs must be (B, 3), the last of the three 0 or 1, got {said(pairs)}")
    order, counts = np.argsort(labels, kind="stable"), np.bincount(labels, minlength=10)
    if (lacking := counts[pairs[:, :2]] == 0).any():
        raise ValueError(f"labels must hold each digit of pairs, got no {pairs[:, :2][lacking][0]}")
    at = counts.cumsum() - counts  # where in the order the images of each digit begin
    chosen = at[pairs[:, :2]] + np.floor(rng.random((len(pairs), 2)) * counts[pairs[:, :2]])
    drawn, height = images[order[chosen.astype(int)]], images.shape[1]
    pictures = np.zeros((len(pairs), 2 * height, 2 * height), images.dtype)
    middle = slice(height // 2, height // 2 + height)
    for place in 0, 1:
        half = slice(place * height, (place + 1) * height)
        for above, where in enumerate([(middle, half), (half, middle)]):
            such = pairs[:, 2] == above
            pictures[such, *where] = drawn[such, place]
    return pictures, [caption(*pair) for pair in pairs.tolist()]


def caption(first, second, above):
    """Say what is in a picture of two digits; see `digit_pairs`.

    >>> " ".join(caption(8, 8, 1))
    'two eights above each other'
    """
    first, second = whole(first, "first", 0, 9), whole(second, "second", 0, 9)
    above = whole(above, "above", 0, 1)
    if first == second:
        several = DIGITS[first] + ("es" if first == 6 else "s")
        return ["two", several, "above" if above else "beside", "each", "other"]
    one, other = (["an" if digit == 8 else "a", DIGITS[digit]] for digit in (first, second))
    return [*one, *(["above"] if above else ["left", "of"]), *other]


def _texts(words, name):
    return [text(word, f"{name}[{k}]") for k, word in enumerate(listed(words, name))]
