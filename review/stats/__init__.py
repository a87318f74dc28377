"""Statistics of judging: arrays in, arrays out; no files, no frames, no texts. Open to plugins."""
