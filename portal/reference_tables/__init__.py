"""The reference tables (places, departments, topics) as files: administrators export and import them in the admin.

An import is previewed, and either every row is saved or none. Rows are known by their natural key; nothing is deleted.
"""
