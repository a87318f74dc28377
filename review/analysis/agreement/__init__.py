"""How far the judges of a round agree, and how each of them marks."""
