"""The client base for the phone, the calendar and the mailing: files that nothing is sent by."""
