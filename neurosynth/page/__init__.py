"""The local page (extra ``ui``): a table in the browser whose new columns fill themselves from two or three typed cells."""
