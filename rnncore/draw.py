"""Figures that are drawn from the objects that compute."""
