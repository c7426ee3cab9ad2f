"""The pieces that ``columns`` offers to the search by cover: text, dates and numbers, and conditions."""
