"""The one character model in PyTorch: embeddings, backbones, heads."""
