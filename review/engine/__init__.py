"""Scores, ranks, shortlists and awards on exact numbers: frames in, frames out."""
