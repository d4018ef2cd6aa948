"""Do top-scored leads convert better than the rest? Outcomes in, figures and a verdict out.

Once, when a point table is made: `training` measures it on the newest leads, `report` is the value that holds the
figures. From then on, over the months: `monitor` brings scores and outcomes together (`scorings`, `topgroup`,
`horizon`), counts closed cohorts (`cohorts`), adds up the evidence (`looks`, `detector`, `promises`) and gives a
`kpi_history`. `wording` and `kpi_wording` are their sentences, `plots` and `kpi_plots` their pictures.
"""
