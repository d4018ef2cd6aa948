"""Why a challenger is promoted, kept out or held, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from leadml.watch.kpi.wording import percent


def insufficient(won: int, lost: int, least: int) -> str:
    """Say how many leads are missing before tables can be compared."""
    missing = [f"{least - n} {what}" for n, what in ((won, "won"), (lost, "lost")) if n < least]
    return (
        f"Insufficient evidence: the window holds {won:,} won and {lost:,} lost leads that neither table has seen, and "
        f"at least {least} of each are needed: {' and '.join(missing)} are missing. The champion stays."
    )


def unchanged() -> str:
    """Say that there is nothing to promote."""
    return "Same points; the champion stays. The newer leads move no row of it, and no bound of a grade or an action."


def worse(figures: Mapping[str, float], bound: float, point: float) -> str:
    """Say by how much the challenger ranks worse, or that it cannot be told."""
    f = figures
    gap = f"AUC {f['challenger_auc']:.3f} against {f['champion_auc']:.3f}, a gap of {f['gap']:+.3f}"
    sure = f"(at least {f['gap_low']:+.3f} with 90 % confidence)"
    head = "The challenger ranks worse" if f["gap_high"] < 0 else "It is not shown that the challenger is as good"
    return f"{head}: {gap} {sure}; a gap of at least {point:+.3f}, surely above {bound:+.2f}, is asked for."


def top_not_above(figures: Mapping[str, float]) -> str:
    """Say that the challenger's top group converts no better than the rest."""
    top = _rate(figures["top_won"], figures["top_leads"])
    rest = _rate(figures["won"] - figures["top_won"], figures["leads"] - figures["top_leads"])
    return f"The challenger's top group converts at {top}, the rest at {rest}: the top group must be better."


def inverted(chance: float) -> str:
    """Say that a higher band converts worse than the one below."""
    return f"A band of higher scores converts worse than the band below it (p = {chance:.1g})."


def too_good(auc: float, ever: float) -> str:
    """Say that an AUC is too good to be believed without a look."""
    return (
        f"Suspiciously good: AUC {auc:.3f}, the champion's best is {ever:.3f}. Look for a column that knows the "
        "outcome."
    )


def shifted(psi: float, limit: float) -> str:
    """Say that the window's leads are not like those learned from."""
    return f"The leads of the window are not like those learned from: PSI of the score {psi:.2f}, limit {limit:.2f}."


def moves_many(share: float, most: float) -> str:
    """Say that what is done with many leads would change."""
    return (
        f"{percent(share)} of the leads would get another action; more than {percent(most)} is for a person to decide."
    )


def good(figures: Mapping[str, float], champion_red: bool) -> Iterator[str]:
    """Say what speaks for the challenger."""
    f = figures
    gap = f"AUC {f['challenger_auc']:.3f} against {f['champion_auc']:.3f}"
    yield (
        f"The challenger is not worse on {f['leads']:,.0f} newer leads ({f['won']:,.0f} won) that neither table has "
        f"seen: {gap}, a gap of {f['gap']:+.3f} (at least {f['gap_low']:+.3f} with 90 % confidence)."
    )
    top = _rate(f["top_won"], f["top_leads"])
    rest = _rate(f["won"] - f["top_won"], f["leads"] - f["top_leads"])
    yield f"Its top group converts at {top}, the rest at {rest}."
    if "moved" in f:
        yield f"{percent(f['moved'])} of the leads get another action."
    if champion_red:
        yield "The champion's KPI is RED, so it is enough that the challenger is not worse."


def _rate(won: float, leads: float) -> str:
    return percent(won / leads) if leads else "nothing, having no lead"
