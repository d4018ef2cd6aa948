"""What words in job titles mean, one file per language.

Each file has two mappings, `SENIORITY` and `FUNCTION`, of a meaning to the phrases that carry it, separated by
commas. Phrases are written as people write them; case, accents and umlauts do not count (``ae`` is ``ä`` is ``a``).
At either end of a word ``*`` stands for any letters, or none; ``...`` stands for up to four words. The longest
phrase wins.

Besides the levels, `SENIORITY` has four meanings that are none: ``support`` (works for somebody: what follows about
a boss does not count), ``alone`` (C-level if it is the whole title), ``silent`` (says nothing, and keeps shorter
phrases from saying something) and ``gone`` (no job any more, or none yet). `FUNCTION` has ``silent`` too.
"""
