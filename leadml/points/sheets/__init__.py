"""Tables as sheets that people edit: exact CSV, reviews with sales, rules as teams have them."""
