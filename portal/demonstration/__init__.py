"""Figures of demonstration: plausible, the same every time, marked wherever they are shown, removed by one command."""
