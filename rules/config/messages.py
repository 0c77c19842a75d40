"""What the program says: one sentence for each occasion, with words in braces to be filled in."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from rules.config.basics import Model, Phrase


def _with(*words: str) -> Any:  # noqa: ANN401 — as pydantic's Field
    """A sentence that may use these *words* in braces."""
    shown = ", ".join(f"{{{word}}}" for word in sorted(words))
    return Field(
        description=f"may use {shown}" if words else "a fixed sentence",
        json_schema_extra={"words": list(words)},
    )


class Messages(Model):
    """What the program says; words in braces are filled in."""

    no_id: Phrase = _with("found")
    duplicate_id: Phrase = _with("found", "first")
    no_date: Phrase = _with()
    bad_date: Phrase = _with("found", "formats")
    no_client: Phrase = _with()
    unknown_client: Phrase = _with("found", "sheet")
    no_amount: Phrase = _with()
    bad_amount: Phrase = _with("found")
    uncalculated: Phrase = _with()
    formulas_kept: Phrase = _with("count")
    bad_birthday: Phrase = _with("found", "formats")
    bad_class_date: Phrase = _with("found", "formats")
    bad_next_date: Phrase = _with("found", "formats")
    next_date_before: Phrase = _with("found")
    next_date_too_far: Phrase = _with("found", "days")
    below_table: Phrase = _with()
    replaced: Phrase = _with("count", "columns")
    kept_merged: Phrase = _with()
    kept_array: Phrase = _with()
    cell_kept: Phrase = _with("found")
    future_rows: Phrase = _with("sheet", "count")
    attendance_unknown: Phrase = _with()
    column_missing: Phrase = _with("column", "sheet")
    no_contacts_sheet: Phrase = _with("sheet")
    potential_buyers: Phrase = _with("count", "group")
    period_too_short: Phrase = _with("days", "months")
    summary_title: Phrase = _with("file", "date", "count")
    summary_blank: Phrase = _with()
    summary_due: Phrase = _with("overdue", "today")
    summary_changed: Phrase = _with("count")
    summary_unchanged: Phrase = _with()
    summary_dry_run: Phrase = _with("count")
    summary_rules: Phrase = _with("file")
    summary_shipped: Phrase = _with()
    summary_added: Phrase = _with("columns")
    summary_saved: Phrase = _with("file")
    summary_backup: Phrase = _with("file")
    summary_problems: Phrase = _with("count")
    summary_more: Phrase = _with("count", "file")
    summary_no_problems: Phrase = _with()
    step_read: Phrase = _with()
    step_compute: Phrase = _with()
    step_fill: Phrase = _with()
    step_write: Phrase = _with()
    word_yes: Phrase = _with()
    word_no: Phrase = _with()
    fact_turnover_in_year: Phrase = _with("value")
    fact_purchase_days_in_year: Phrase = _with("value")
    fact_purchase_days: Phrase = _with("value")
    fact_first_purchase: Phrase = _with("value")
    fact_last_purchase: Phrase = _with("value")
    fact_days_since_last_purchase: Phrase = _with("value")
    fact_months_since_last_purchase: Phrase = _with("value")
    fact_longest_gap_days: Phrase = _with("value")
    fact_usual_interval_days: Phrase = _with("value")
    fact_bought: Phrase = _with("value")
    fact_attended_class: Phrase = _with("value")
    why_left_out: Phrase = _with()
    why_never_bought: Phrase = _with()
    why_do_not_contact: Phrase = _with()
    why_group: Phrase = _with("facts", "name", "rule")
    why_group_none: Phrase = _with("facts")
    why_abc: Phrase = _with("before", "including", "name")
    why_abc_none: Phrase = _with()
    why_xyz: Phrase = _with("amounts", "name", "variation")
    why_xyz_few: Phrase = _with("needed", "periods")
    why_xyz_stage: Phrase = _with("stage")
    why_xyz_mean: Phrase = _with()
    why_stage: Phrase = _with("first", "last", "months", "name")
    why_stage_never: Phrase = _with("name")
    why_folder: Phrase = _with("last", "name")
    why_turnover: Phrase = _with("amount", "start")
    why_turnover_none: Phrase = _with()
    why_last_purchase: Phrase = _with("last")
    why_contact: Phrase = _with("date", "open")
    why_contact_none: Phrase = _with()
    why_gift: Phrase = _with("budget", "date", "gift", "occasion")
    why_gift_card: Phrase = _with("date", "gift", "months", "occasion")
    why_gift_none: Phrase = _with("days")

    @classmethod
    def words(cls, name: str) -> frozenset[str]:
        """The words in braces that the message *name* may use."""
        extra = cls.model_fields[name].json_schema_extra
        words = extra["words"] if isinstance(extra, dict) else ()
        return frozenset(str(word) for word in words)  # type: ignore[union-attr]
