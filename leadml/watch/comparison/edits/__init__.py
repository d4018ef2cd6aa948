"""Which few changes of a table's rows would gain most, found so that noise is not proposed."""
