"""What scenarios and system tests share: a clean place to run programs in, registries, terminals, results."""
