"""Use cases: what can be asked of the program, whoever asks. Domain values in, plain structs or JSON out."""
