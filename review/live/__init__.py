"""A live event: who may do what, what judges give, how rounds go, what is shown to whom."""
