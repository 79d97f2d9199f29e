"""Numbers as they are shown: rounded, in a product, or with a power of ten.

The standard library only.
"""

import math

MINUS = "\N{MINUS SIGN}"  # for the page; what is printed keeps the hyphen, which Python reads


def rounded(value, digits=4, decimals=None, *, zeros=False, minus="-"):
    """Write a number with so many significant digits, and no zeros that say nothing.

    Parameters
    ----------
    value : float
    digits : int
        Significant digits, at least 1.
    decimals : int, optional
        With this, no more decimals than so many, even if that leaves fewer digits.
    zeros : bool
        Keep zeros at the end, so that numbers of one size have one length.
    minus : str
        The sign of a negative number, as `MINUS`.

    Returns
    -------
    str

    Examples
    --------
    >>> rounded(0.50374993), rounded(0.5), rounded(0.5, zeros=True), rounded(-1e-9, decimals=3)
    ('0.5037', '0.5', '0.5000', '0')
    """
    value = float(value)
    if not math.isfinite(value):
        return str(value).replace("-", minus)
    mantissa, power = scientific(value, digits, zeros=zeros)
    places = digits - 1 - power if value else 0  # a zero has no significant digit
    if decimals is not None:
        places = min(places, decimals) if value else decimals
    elif not -5 < power < 6:
        return f"{mantissa}e{power}".replace("-", minus)
    text = f"{round(value, places) + 0.0:.{max(places, 0)}f}"
    return _trimmed(text, zeros).replace("-", minus)


def factor(value, *args, minus="-", **how):
    """Write a number as `rounded` does, in brackets if it is negative: for a product.

    >>> f"{factor(2)} × {factor(-0.5)}"
    '2 × (-0.5)'
    """
    text = rounded(value, *args, minus=minus, **how)
    return f"({text})" if text.startswith(minus) else text


def scientific(value, digits, *, zeros=False):
    """Return the mantissa of a number, as text of so many digits, and its power of ten.

    >>> scientific(2.13e-9, 2), scientific(388, 4, zeros=True)
    (('2.1', -9), ('3.880', 2))
    """
    mantissa, power = f"{value:.{digits - 1}e}".split("e")
    return _trimmed(mantissa, zeros), int(power)


def _trimmed(text, zeros):
    return text if zeros or "." not in text else text.rstrip("0").rstrip(".")
