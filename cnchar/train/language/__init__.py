"""Language models: pretraining, causal or with hidden characters."""
