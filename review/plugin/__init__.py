"""How the core is extended: base classes of parts, hook specifications, the manager."""
