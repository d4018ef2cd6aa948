"""What an e-mail address says about its lead: company, free provider, student, own staff, competitor."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadml.history.profile.mailproviders import FAMILIES, free_domains
from leadml.history.profile.universities import PUBLIC, named_universities, university_pattern
from leadml.history.profile.wording import no_domain

KINDS = ("own staff", "competitor", "free", "student", "company")  # the first that fits counts
DOMAIN = r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})"
LONGEST = 253
LOCAL_PART = "^[!-+\\--:=?A-~]+@"  # no space, comma, semicolon, angle bracket, and no other @
FAMILY = rf"(?:{'|'.join(sorted(FAMILIES))})\.(?:com|net|[a-z]{{2}}|com?\.[a-z]{{2}})"


def email_kinds(
    texts: pd.Series,
    own: Iterable[str] = (),
    competitors: Iterable[str] = (),
    free: Iterable[str] = (),
) -> pd.Series:
    """Tell the kind of e-mail addresses or bare domains.

    Parameters
    ----------
    texts : Series of str
        Different texts, none missing.
    own, competitors, free : iterable of str
        Domains of the own staff, of competitors and of further free providers; the former two with subdomains.

    Returns
    -------
    Series of str
        One of `KINDS`, missing where a text is no address and no domain.

    Raises
    ------
    UsageError
        If an entry of the settings is no domain.

    Examples
    --------
    >>> texts = pd.Series(["Ada <ADA@mail.acme.com>", "x@gmx.at", "stud.uni-graz.at", "hello"], dtype="str")
    >>> email_kinds(texts, own=["acme.com"]).tolist()
    ['own staff', 'free', 'student', nan]
    """
    # addresses are as many as leads, domains are few: what stands in front of the @ goes first
    parts, tails = pd.factorize(texts.str.replace(LOCAL_PART, "@", regex=True))
    codes, domains = pd.factorize(domains_of(pd.Series(tails, dtype="str")))  # missing is -1
    different = pd.Series(domains, dtype="str")
    kinds = np.select(
        [
            _below(different, _listed("own", own)),
            _below(different, _listed("competitors", competitors)),
            _is_free(different, _listed("free", free)),
            _is_student(different),
        ],
        KINDS[:-1],
        KINDS[-1],
    )
    found = np.append(kinds.astype(object), np.nan)[codes][parts]
    return pd.Series(found, index=texts.index, dtype="str")


def domains_of(texts: pd.Series) -> pd.Series:
    """Return the domains of e-mail addresses, or of texts that are domains themselves.

    Names around an address, ``mailto:`` and web addresses are taken off; of several addresses the first counts.
    International domains are returned in the form of the domain name system.

    Parameters
    ----------
    texts : Series of str
        No value missing.

    Returns
    -------
    Series of str
        In small letters, missing where there is none.

    Examples
    --------
    >>> texts = ["Ada <ada+crm@ACME.com.>", "https://www.acme.com/about", "ada@münchen.example", "ada@", "n/a"]
    >>> domains_of(pd.Series(texts, dtype="str")).tolist()
    ['acme.com', 'acme.com', 'xn--mnchen-3ya.example', nan, nan]
    """
    plain = texts.str.normalize("NFKC").str.strip().str.lower()
    inside = plain.str.extract(r"<([^<>]*)>", expand=False)
    first = inside.where(inside.notna(), plain).str.replace(r"^mailto:|\?.*$", "", regex=True)
    first = first.str.split(r"[;,]", n=1, regex=True).str[0].str.replace(r"\s*([@.])\s*", r"\1", regex=True).str.strip()
    address = first.str.extract(r"^[^@\s]*@([^@\s]+)$", expand=False)
    bare = first.where(~first.str.contains("@", regex=False))
    bare = bare.str.replace(r"^[a-z]+://", "", regex=True).str.replace(r"[/:].*$", "", regex=True)
    bare = bare.str.replace(r"^www\.", "", regex=True)
    domains = _ascii(address.where(address.notna(), bare).str.replace(r"\.+$", "", regex=True))
    return domains.where((domains.str.len() <= LONGEST) & domains.str.fullmatch(DOMAIN, na=False))


def _ascii(domains: pd.Series) -> pd.Series:
    """Bring international domains into the form that the domain name system uses."""
    foreign = domains.notna() & ~domains.str.fullmatch(r"[\x00-\x7f]*", na=True)
    if not foreign.any():
        return domains
    return domains.mask(foreign, domains[foreign].map(_punycode))


def _punycode(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _listed(setting: str, entries: Iterable[str]) -> frozenset[str]:
    texts = pd.Series(list(entries), dtype="str").str.replace(r"^\s*(?:\*?\.|@)", "", regex=True)
    domains = domains_of(texts)
    for place, domain in enumerate(domains.isna(), start=1):
        if domain:
            raise no_domain(setting, place)
    return frozenset(domains)


def _below(domains: pd.Series, parents: frozenset[str]) -> NDArray[np.bool_]:
    """Tell which domains are among `parents`, or below one of them."""
    found = np.zeros(len(domains), dtype=bool)
    rest = domains
    while parents and len(rest):
        found[rest.index[rest.isin(parents)]] = True
        rest = rest[rest.str.contains(".", regex=False)].str.replace(r"^[^.]*\.", "", n=1, regex=True)
    return found


def _is_free(domains: pd.Series, more: frozenset[str]) -> NDArray[np.bool_]:
    known = domains.isin(free_domains() | more) | domains.str.fullmatch(FAMILY)
    return np.asarray(known, dtype=bool)


def _is_student(domains: pd.Series) -> NDArray[np.bool_]:
    formed = domains.str.contains(university_pattern(), regex=True) & ~domains.str.fullmatch(PUBLIC)
    return np.logical_or(formed.to_numpy(dtype=bool), _below(domains, named_universities()))
