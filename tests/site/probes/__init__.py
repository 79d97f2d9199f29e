"""What the site tests look for; each probe returns what it found wrong, in words.

`test_probes.py` shows each of them a broken page, so that none of them can pass by looking away.
"""
