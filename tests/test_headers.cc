// Nothing but what its target precompiles.
