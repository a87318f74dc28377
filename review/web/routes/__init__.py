"""What the application answers, one module an audience."""
