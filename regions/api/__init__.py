"""What every endpoint of the API shares, and the endpoints of places and departments."""
