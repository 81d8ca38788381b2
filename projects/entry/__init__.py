"""Pages on which departments report on their projects, with photos."""
