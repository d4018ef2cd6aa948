"""Champion or challenger."""
