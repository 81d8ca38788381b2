"""The endpoint of key projects."""
