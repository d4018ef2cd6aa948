"""What kind of address somebody writes from."""

from __future__ import annotations

from email.utils import formataddr, parseaddr

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.demo import frames
from leadml.errors import UsageError
from leadml.history.profile.emails import KINDS, domains_of, email_kinds
from leadml.history.profile.mailproviders import free_domains
from leadml.history.profile.universities import named_universities

OWN, COMPETITORS = ("brightpath.example",), ("rival.co.uk", "@Gegner.de", "https://www.concurrent.fr/contact")


def kind(text: str) -> str | None:
    return kinds([text])[0]


def kinds(texts: list[str]) -> list[str | None]:
    found = email_kinds(pd.Series(texts, dtype="str"), OWN, COMPETITORS, ["post.example"]).astype(object)
    return list(found.where(found.notna(), None))


FREE = """
gmail.com googlemail.com GMAIL.COM hotmail.fr outlook.de live.nl msn.com yahoo.com yahoo.co.jp yahoo.com.br
ymail.com gmx.de gmx.at gmx.ch gmx.net web.de freenet.de t-online.de arcor.de aon.at bluewin.ch orange.fr
laposte.net free.fr wanadoo.fr sfr.fr libero.it virgilio.it wp.pl o2.pl onet.pl interia.pl op.pl telefonica.net
ziggo.nl kpnmail.nl skynet.be telenet.be mail.ru yandex.ru bk.ru qq.com 163.com 126.com naver.com daum.net
icloud.com me.com proton.me protonmail.com tutanota.com aol.com comcast.net btinternet.com rediffmail.com uol.com.br
bol.com.br seznam.cz freemail.hu abv.bg ukr.net inbox.lv mailinator.com yopmail.com trash-mail.com wegwerfmail.de
10minutemail.com gmial.com post.example
"""
STUDENT = """
mit.edu alum.mit.edu ox.ac.uk stud.tu-ilmenau.de uni-koeln.de mail.uni-mannheim.de fh-aachen.de th-koeln.de
hs-esslingen.de tu-dresden.de ethz.ch student.ethz.ch uzh.ch univie.ac.at student.tuwien.ac.at uw.edu.pl agh.edu.pl
student.put.poznan.pl univ-lyon1.fr u-bordeaux.fr etu.univ-nantes.fr insa-lyon.fr sorbonne-universite.fr
studenti.unipd.it unibo.it polimi.it uva.nl student.tudelft.nl ugent.be student.kuleuven.be ucm.es alumnos.upm.es
usp.br iitb.ac.in unimelb.edu.au u-tokyo.ac.jp hochschule-trier.de universitaet-ulm.de student.acme.com
university-x.org ku.dk stud.ntnu.no
"""
COMPANY = """
siemens.com unilever.com unicredit.it unipol.it tuev.de uniper.energy student.com students.co.uk acme.example
gmail.acme.com corp.mail.ru edu.example acme.co.uk thyssen.de hspartner.de uni.example mygmx.de web.de.acme.com
gmail.company universal.com eduard.de acme-edu.com xn--mnchen-3ya.example
"""
NEITHER = """
n/a|-|asdf|ada@|@|ada|ada at acme.com|ada@localhost|ada@@acme.com|a@b@c.de|ada@acme..com|ada@.com|ada@-acme.com|ada@acme.c
127.0.0.1|ada@[127.0.0.1]|.|com|https://|mailto:|ada@acme.123|ada@ac me.com
"""


def test_free_providers() -> None:
    assert {text: kind(f"ada@{text}") for text in FREE.split()} == dict.fromkeys(FREE.split(), "free")


def test_students() -> None:
    assert {text: kind(text) for text in STUDENT.split()} == dict.fromkeys(STUDENT.split(), "student")


def test_companies() -> None:
    assert {text: kind(f"ada@{text}") for text in COMPANY.split()} == dict.fromkeys(COMPANY.split(), "company")


def test_what_is_no_address_has_no_kind() -> None:
    texts = NEITHER.replace("\n", "|").strip("|").split("|")
    assert {text: kind(text) for text in texts} == dict.fromkeys(texts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x@brightpath.example", "own staff"),
        ("x@de.brightpath.example", "own staff"),
        ("X@BRIGHTPATH.EXAMPLE.", "own staff"),
        ("x@notbrightpath.example", "company"),
        ("x@rival.co.uk", "competitor"),
        ("x@mail.rival.co.uk", "competitor"),
        ("gegner.de", "competitor"),
        ("x@concurrent.fr", "competitor"),
        ("x@student.gegner.de", "competitor"),
        ("Ada Lovelace <ada+crm@gmail.com>", "free"),
        ('"Lovelace, Ada" <ada@gmail.com>', "free"),
        ("mailto:ada@gmail.com?subject=Hi", "free"),
        ("ada@gmail.com; bob@acme.com", "free"),
        ("  ada@gmail.com\t", "free"),
        ("ada@ gmail .com", "free"),
        ("ada@gmail.com\u00a0", "free"),
        ("ada@\uff47mail.com", "free"),
        ("www.gmx.at", "free"),
        ("https://web.de/mail", "free"),
        ("ada@münchen.example", "company"),
        ("@gmail.com", "free"),
        ("d'arc.jeanne_1@orange.fr", "free"),
        ("jürgen@web.de", "free"),
    ],
)
def test_one_by_one(text: str, expected: str) -> None:
    assert kind(text) == expected


def test_own_staff_comes_before_competitors_before_free_before_student() -> None:
    text = pd.Series(["x@stud.gmail.com", "x@gmail.com"], dtype="str")
    assert email_kinds(text, ["gmail.com"], ["gmail.com"]).tolist() == ["own staff", "own staff"]
    assert email_kinds(text, [], ["gmail.com"]).tolist() == ["competitor", "competitor"]
    assert email_kinds(text, free=["stud.gmail.com"]).tolist() == ["free", "free"]
    assert email_kinds(text).tolist() == ["student", "free"]


def test_an_international_domain_is_the_same_in_both_forms() -> None:
    texts = pd.Series(["a@bücher.example", "a@xn--bcher-kva.example", "a@mail.BÜCHER.example"], dtype="str")
    for written in ("bücher.example", "xn--bcher-kva.example"):
        assert email_kinds(texts, competitors=[written]).tolist() == ["competitor"] * 3


@pytest.mark.parametrize("setting", ["own", "competitors", "free"])
def test_an_entry_that_is_no_domain_is_refused_without_showing_it(setting: str) -> None:
    texts = pd.Series(["ada@acme.com"], dtype="str")
    with pytest.raises(UsageError, match=rf"\[profile\] {setting}: entry 2 is no mail domain") as caught:
        email_kinds(texts, **{setting: ["acme.com", "ada lovelace@home"]})
    assert "lovelace" not in str(caught.value)


LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
DOMAINS = st.lists(LABELS, min_size=1, max_size=4).map(lambda labels: ".".join([*labels, "example"]))
NAMES = st.text("abcXYZ äöü,.'\"()", max_size=12)


@settings(max_examples=300, deadline=None)
@given(NAMES, st.from_regex(r"[A-Za-z0-9._+-]{1,12}", fullmatch=True), DOMAINS)
def test_the_domain_is_the_one_that_the_standard_library_finds(name: str, local: str, domain: str) -> None:
    text = formataddr((name, f"{local}@{domain}"))
    parsed = parseaddr(text)[1]
    assert parsed.rpartition("@")[2] == domain
    assert domains_of(pd.Series([text, text.upper(), f" {local}@{domain}. ", domain], dtype="str")).tolist() == [
        domain,
        domain,
        domain,
        domain.removeprefix("www."),
    ]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=6))
def test_any_text_has_a_kind_or_none(texts: list[str]) -> None:
    assert set(kinds(texts)) <= {*KINDS, None}


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(FREE.split() + STUDENT.split() + COMPANY.split()),
    st.text("abcdefgh.+-_", min_size=1, max_size=9),
)
def test_what_stands_before_the_at_does_not_count(domain: str, local: str) -> None:
    assert len(set(kinds([f"{local}@{domain}", f"x@{domain}", f"X@{domain.upper()}", f"N N <y@{domain}>"]))) == 1


def test_the_kinds_of_the_demo_are_found() -> None:
    demo = frames(seed=1, leads=4000)
    domains = demo.truth.domains
    found = email_kinds(demo.features["email_domain"].astype("str"), domains["own staff"], domains["competitor"])
    assert (found == demo.features["email_kind"]).all()


def test_the_lists_hold_domains_only_and_do_not_overlap() -> None:
    for listed in (free_domains(), named_universities()):
        series = pd.Series(sorted(listed), dtype="str")
        assert domains_of(series).tolist() == series.tolist()
    assert free_domains() & named_universities() == set()
    assert len(free_domains()) > 500
