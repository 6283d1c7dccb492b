"""Comic pages and strips: which parts of a drawing are looked at by themselves, and what of it stays paper."""
