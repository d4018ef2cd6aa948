"""Sources fall into few groups."""

from __future__ import annotations

import pandas as pd
import pytest

from leadml.errors import UsageError
from leadml.history.profile.origins import default_groups, source_groups

EXPECTED = {
    "search": "Organic Search|google|google / organic|Bing|organic_search|SEO|Suchmaschine|duckduckgo.com",
    "paid search": "google / cpc|Google Ads|adwords|Paid Search|paid_search|PPC|bing ads|SEA",
    "social": "Facebook|linkedin|LinkedIn post|Social Media|XING|l.facebook.com|instagram / story|youtube",
    "paid social": "Facebook Ads|linkedin / cpc|Social ad|paid_social|Sponsored LinkedIn Post",
    "display": "Display|banner|GDN|Display Ads|Retargeting",
    "e-mail": "E-Mail|email|Newsletter March|Mailing|NEWSLETTER|e-mail campaign",
    "referral": "Referral|Reference|Referral Sites|Recommendation of a friend|Empfehlung|Recommandation",
    "direct": "Direct|(direct) / (none)|Direct Traffic|direct_traffic",
    "event": "Trade fair|Messe Hannover|Webinar|Event|Trade Show 2024|Salon de Paris|Targi|IT conference",
    "partner": "Partner|Reseller|Affiliate|Agency|Partner Portal",
    "outbound": "Cold call|Purchased list|Outbound|Telemarketing|phone",
    "website": "Website|Contact form|Live Chat|Olark Chat|Landing page|Whitepaper|Welingak Website",
    "other": "Press_Release|Click2call|WeLearn|blub|other_publicities",
}


@pytest.mark.parametrize("group", EXPECTED)
def test_words_decide(group: str) -> None:
    texts = EXPECTED[group].split("|")
    assert dict(zip(texts, default_groups(pd.Series(texts, dtype="str")), strict=True)) == dict.fromkeys(texts, group)


def test_what_says_nothing_is_missing() -> None:
    assert default_groups(pd.Series(["unknown", "n/a", "asdf"], dtype="str")).isna().all()


def test_given_groups_are_compared_without_case_accents_and_spaces() -> None:
    texts = pd.Series(["MESSE Köln", " messe koln", "Google", "Unknown", "unbekannt"], dtype="str")
    groups = {"fairs": ("Messe Köln",), "web": ("google", "Google "), "not told": ("UNKNOWN",)}
    found = source_groups(texts, groups)
    assert found.iloc[:4].tolist() == ["fairs", "fairs", "web", "not told"]
    assert found.isna().tolist() == [False, False, False, False, True]


def test_a_value_of_two_groups_is_refused() -> None:
    with pytest.raises(UsageError, match=r"source_groups: 'GOOGLE' stands in 'web' and in 'ads'"):
        source_groups(pd.Series(["x"], dtype="str"), {"web": ("google",), "ads": ("bing", "GOOGLE")})
