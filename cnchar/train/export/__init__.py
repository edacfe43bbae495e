"""From a trained model to what others read: deploy weights, graphs, vectors."""
