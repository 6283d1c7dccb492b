"""The comparisons of Li et al., "Eliminating Gradient Conflict in Reference-based Line-Art Colorization", ECCV 2022."""
