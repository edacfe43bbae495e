"""Characters and lines of Chinese text: normalisation, sentences, cleaning rules, vocabulary. Standard library only."""
