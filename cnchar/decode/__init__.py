"""Best paths over plain arrays of scores."""
