"""Every write to projects: progress reports, their review, photos, problems; and the verdicts that follow."""
