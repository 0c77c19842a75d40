"""The telephone groups: rules tried from the top, of which the first that fits names the group."""
