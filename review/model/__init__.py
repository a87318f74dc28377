"""What a competition and its result are made of: frozen values, no input or output."""
