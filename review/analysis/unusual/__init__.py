"""What is unusual and worth a question."""
