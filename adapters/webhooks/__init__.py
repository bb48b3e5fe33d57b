"""Events to other people's servers: signed, in order for each, at least once, and never to where they must not go."""
