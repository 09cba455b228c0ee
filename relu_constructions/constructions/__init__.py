"""The constructions: one mathematical object a file."""
