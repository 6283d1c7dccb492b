"""Scenes: the frames of line-art video, colored alike."""
