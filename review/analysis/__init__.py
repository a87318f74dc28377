"""What can be said about a result: agreement, certainty, what would change it, what is unusual."""
