"""The local page (extra ``ui``): a table in the browser whose new columns are filled from two or three typed cells."""
