"""What the pages of *Recurrent Neural Networks, Unfolded* show, over what `rnncore` computes.

`pictures` draws, `playthings` move, `exercises` answer, `results` keeps what the experiments gave.
Importing `rnnbook` imports none of them.
"""
