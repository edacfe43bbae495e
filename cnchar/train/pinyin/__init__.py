"""Networks and tables that turn pinyin into hanzi."""
