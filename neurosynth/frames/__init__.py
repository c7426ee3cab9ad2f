"""Tables: reading them, filling their columns, applying saved programs to new ones, and interfaces for frames of other libraries."""
