"""Stands in for ipywidgets in a page, where a player is plain HTML and its widgets do nothing."""


class Widget:
    """Keeps what it is given."""

    def __init__(self, *values, **traits):
        self.children = values[0] if values else ()
        self.__dict__.update({"options": (), "value": values[0] if values else None} | traits)

    def observe(self, *arguments, **options):
        """Nobody moves it."""

    def _repr_mimebundle_(self, **options):
        return {"text/plain": repr(self)}


VBox = HBox = Dropdown = ToggleButtons = Play = IntSlider = FloatSlider = Text = HTML = Widget


def jslink(*arguments):
    """Nothing is linked."""
