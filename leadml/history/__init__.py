"""From CRM exports to a training frame: reading, roles, outcome, split, audit, settings."""
