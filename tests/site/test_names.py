"""Every picture has a name."""

from probes.names import nameless


def test_pictures_have_names(visit, path):
    assert not nameless(visit(path))
