"""The live application: pages for judges and organisers, and the API under them."""
