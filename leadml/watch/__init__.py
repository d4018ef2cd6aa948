"""Do top-scored leads convert better than the rest? Outcomes in, figures and a verdict out.

`training` measures it once, on the newest leads, when a point table is made; `report` is the value that holds
the figures, `wording` its sentence, `plots` its pictures.
"""
