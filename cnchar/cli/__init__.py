"""Floor 5: one module a command; each is options and one or two calls. Nothing heavy is imported at the top."""
