"""What has changed in the leads, and what rules are worth now."""
