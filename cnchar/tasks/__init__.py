"""What each task is: examples to arrays, scores to answers. One file a task, numpy only."""
