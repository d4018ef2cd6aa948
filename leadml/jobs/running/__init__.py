"""What every job needs to run unattended: one at a time, steps that may be killed, notes of what happened, notices."""
