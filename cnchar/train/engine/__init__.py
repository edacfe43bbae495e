"""The loop and all that it needs, whatever is trained: settings, checkpoints, devices, processes, run folders."""
