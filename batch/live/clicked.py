"""What the button's macro runs: so little that it can't fail before there is a sentence for it."""


def recalculate() -> None:
    """Fill the workbook whose button was clicked.

    Where the program itself can't be loaded, because a package is missing for instance, that is
    logged, and the macro tells it: the status bar shows its own text still.
    """
    try:
        from batch.live import button  # noqa: PLC0415 — this is what may fail
    except Exception as error:  # noqa: BLE001 — whatever it is, she gets a sentence
        from batch.installation import log  # noqa: PLC0415 — needs nothing but the standard library

        log.write("The program can't be loaded.", error)
    else:
        button.recalculate()
