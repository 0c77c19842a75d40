"""Cells, dates, money and words as she typed them, and the tables made of them."""
