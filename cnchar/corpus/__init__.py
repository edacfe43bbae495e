"""The file formats of the field. Depends on io/ and text/, knows no task and no model."""
