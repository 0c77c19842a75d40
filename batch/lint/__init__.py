"""What looks odd in a base: hints of `clientbase check`, for which packages are needed."""
