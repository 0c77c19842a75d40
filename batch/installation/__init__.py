"""Excel's side of the installation: `clientbase setup` makes it, `clientbase doctor` checks it."""
