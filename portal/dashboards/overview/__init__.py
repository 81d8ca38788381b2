"""The overview, and the big screen that shows the same from a distance."""
