"""Things to play with: for each chapter its player, on the page and in Jupyter alike.

The plaything of a chapter is in `rnnbook.playthings.<chapter>`, and computes with the module of
that name; how a player works is in `rnnbook.pictures.player`.
"""
