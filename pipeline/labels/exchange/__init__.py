"""Labels in and out: one record of who labelled what, and a reader and writer for each tool's format."""
