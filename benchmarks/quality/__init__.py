"""What a user would pick instead: every route to the same tags, trained on the same corpus, tested on the same file."""
