token_helper = "/unended
