"""What news say of a share, asked of language models and a lexicon; it may narrow risk and never widen it."""
