"""Charts: plotly figures built by pure functions from what a page shows, drawn by plotly.js in the browser."""
