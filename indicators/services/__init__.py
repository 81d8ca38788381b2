"""Every write goes through here: validated, permitted, recorded in history and re-judged in one transaction."""
