"""Raw text prepared once and read in batches, and what is asked of a model that learns from it."""
