"""Key projects: columns of a plan, works, one project, open problems."""
