"""What ``columns`` offers to the search by cover: pieces of text, dates and numbers, and conditions."""
