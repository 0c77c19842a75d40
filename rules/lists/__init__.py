"""The sheets with lists: today's contacts, the birthdays, the gifts to order."""
