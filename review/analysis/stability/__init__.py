"""How sure each place and each award is."""
