"""The subjects of the business: one module each, or a package, which declares what it has."""
