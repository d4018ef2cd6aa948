"""Where a lead came from, in a few groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadml.history.profile.folding import fold
from leadml.history.profile.nonsense import is_nonsense
from leadml.history.profile.wording import two_groups

PAID = "cpc ppc cpm paid paidsearch paidsocial ads ad adwords sem sea sponsored bezahlt anzeige anzeigen werbung"
SEARCH = (
    "search seo organic google bing yahoo duckduckgo ecosia baidu yandex qwant suche suchmaschine recherche "
    "busqueda zoeken"
)
SOCIAL = (
    "social facebook fb linkedin instagram ig twitter xing tiktok youtube pinterest reddit threads whatsapp "
    "telegram snapchat quora mastodon bluesky meta smm vk wechat weibo"
)
MAIL = "email mail mails mailing mailings newsletter edm mailchimp courriel correo rundmail"
DISPLAY = "display banner banners gdn programmatic retargeting remarketing native adroll criteo"
EVENT = (
    "event events fair fairs tradeshow tradeshows expo exhibition conference congress summit meetup webinar "
    "webinars seminar workshop messe messen kongress veranstaltung salon foire feria evento eventos beurs "
    "targi konferencja roadshow"
)
PARTNER = (
    "partner partners partnership reseller resellers distributor affiliate affiliates agency integrator "
    "marketplace vertriebspartner partenaire revendeur socio distribuidor wederverkoper partnerzy"
)
REFERRAL = (
    "referral referrals referred referrer reference references recommendation recommended wom friend "
    "colleague empfehlung empfohlen weiterempfehlung recommandation recomendacion aanbeveling polecenie "
    "mundpropaganda"
)
OUTBOUND = (
    "outbound cold coldcall telemarketing telesales call calls calling phone telefon purchased list lists "
    "kaltakquise akquise sdr bdr prospecting zoominfo apollo cognism import imported"
)
DIRECT = "direct typein bookmark direkt directo rechtstreeks bezposrednio"
WEBSITE = (
    "website web webseite homepage site form contact chat livechat chatbot blog content landing landingpage "
    "download downloads ebook whitepaper demo trial signup webform kontaktformular formulaire formulario"
)
# In this order; the first that has a word of the text counts.
BY_WORDS = (
    ("e-mail", MAIL), ("social", SOCIAL), ("display", DISPLAY), ("event", EVENT), ("partner", PARTNER),
    ("referral", REFERRAL), ("outbound", OUTBOUND), ("search", SEARCH), ("direct", DIRECT), ("website", WEBSITE),
)  # fmt: skip
OTHER = "other"


def source_groups(texts: pd.Series, groups: Mapping[str, Iterable[str]]) -> pd.Series:
    """Put sources into groups.

    Parameters
    ----------
    texts : Series of str
        Different texts, none missing.
    groups : mapping of str to texts
        Group to its values, compared without case, accents and spaces around them; what stands in none is `OTHER`.
        Without any group, the words of a text decide: see `default_groups`. What says nothing (``unknown``) is
        missing unless a group has it.

    Returns
    -------
    Series of str

    Raises
    ------
    UsageError
        If two groups claim a value.

    Examples
    --------
    >>> texts = pd.Series(["Fair Hannover", "google / cpc", "Unknown", "Vivid"], dtype="str")
    >>> source_groups(texts, {}).tolist()
    ['event', 'paid search', nan, 'other']
    >>> source_groups(texts, {"fairs": ["fair hannover "]}).tolist()
    ['fairs', 'other', nan, 'other']
    """
    if not groups:
        return default_groups(texts)
    owner: dict[str, str] = {}
    for group, values in groups.items():
        listed = list(values)
        for value, plain in zip(listed, fold(pd.Series(listed, dtype="str")), strict=True):
            if owner.setdefault(plain, group) != group:
                raise two_groups(value, owner[plain], group)
    found = fold(texts).map(owner)
    return found.fillna(OTHER).astype("str").mask(found.isna() & is_nonsense(texts))


def default_groups(texts: pd.Series) -> pd.Series:
    """Put sources, or values of ``utm_source`` and ``utm_medium``, into groups by their words.

    Search engines and social networks with a word for paying (``cpc``, ``ads``) are paid search and paid social; a
    word for paying without either is paid search.

    Examples
    --------
    >>> texts = ["Organic Search", "LinkedIn Ads", "facebook", "Empfehlung", "(direct) / (none)", "Purchased list"]
    >>> default_groups(pd.Series(texts, dtype="str")).tolist()
    ['search', 'paid social', 'social', 'referral', 'direct', 'outbound']
    """
    mails = fold(texts).str.replace("e-mail", "email", regex=False)
    plain = mails.str.replace("[^a-z0-9]+", " ", regex=True).str.strip()
    paid = _has(plain, PAID)
    found = {group: _has(plain, words) for group, words in BY_WORDS}
    trade_show = np.asarray(plain.str.contains("trade (?:show|fair)", regex=True), dtype=bool)
    groups = np.select(
        [paid & found["social"], paid & found["display"], paid & ~found["e-mail"], trade_show, *found.values()],
        ["paid social", "display", "paid search", "event", *found],
        OTHER,
    )
    return pd.Series(groups, index=texts.index, dtype="str").mask(is_nonsense(texts))


def _has(texts: pd.Series, words: str) -> NDArray[np.bool_]:
    """Tell which texts have one of the words."""
    return np.asarray(texts.str.contains(rf"(?:^| )(?:{words.replace(' ', '|')})(?:$| )", regex=True), dtype=bool)
