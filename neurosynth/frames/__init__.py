"""Tables: read them, fill their columns, apply a saved program to a new one, and the faces for frames of other libraries."""
