"""One file a version; they follow each other by their `down_revision`."""
