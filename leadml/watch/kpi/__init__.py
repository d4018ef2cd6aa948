"""The KPI: whether top-scored leads out-convert the rest, when a table is made and month by month."""
