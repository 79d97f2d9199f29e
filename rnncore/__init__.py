"""Small recurrent networks, written to be read.

The code behind the book *Recurrent Neural Networks, Unfolded*.
Each chapter `book/<part>/<name>.ipynb` has its module `rnncore.<name>`.
Importing `rnncore` imports none of them.
"""

__version__ = "0.1.0"
