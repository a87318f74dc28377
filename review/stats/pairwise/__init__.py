"""Judging by order: worths from comparisons and rankings, votes, and which pair to ask for next."""
