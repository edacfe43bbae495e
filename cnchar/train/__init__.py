"""Making models: data, loops, export. The only room besides nn/ that imports torch."""
