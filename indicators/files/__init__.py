"""What an uploaded file really is: told by its content, never by its name or what a browser says. Knows no Django."""
