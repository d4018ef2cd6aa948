"""Polish; the genitive stands beside the nominative, as functions come in it."""

from __future__ import annotations

SENIORITY = {
    "C-level": """
        prezes, prezeska, prezes zarządu, wiceprezes, wiceprezeska, wiceprezes zarządu, v ce prezes, członek
        zarządu, członkini zarządu, członek rady nadzorczej, przewodniczący rady, przewodniczący,
        przewodnicząca, zarząd, właściciel, właścicielka, współwłaściciel, współwłaścicielka, wlasc, założyciel,
        założycielka, współzałożyciel, współzałożycielka, dyrektor generalny, dyrektor generalna, dyrektorka
        generalna, dyrektor zarządzający, dyrektor zarządzająca, dyrektor naczelny, dyrektor naczelna,
        przedsiębiorca, wspólnik, wspólniczka, udziałowiec, akcjonariusz, prokurent samoistny, biznesmen,
        bizneswoman, prowadzę działalność, własna działalność, własna firma, szef firmy, partner zarządzający""",
    "Director": """
        dyrektor, dyrektorka, dyr, wicedyrektor, wicedyrektorka, zastępca dyrektora, z ca dyrektora, zca
        dyrektora, pełnomocnik zarządu, prokurent, prokurentka, dyrektora, dyrektorem, naczelnik, naczelniczka,
        rektor, dziekan, redaktor naczelny, redaktor naczelna, burmistrz, wójt, prezydent miasta, kanclerz""",
    "Manager": """
        kierownik, kierowniczka, kier, kierownika, zastępca kierownika, z ca kierownika, menedżer, menadżer,
        manager, menedżerka, menadżerka, menager, menażer, managerka, menedzer, szef, szefowa, koordynator
        zespołu, lider, liderka, lider zespołu, lider zmiany, brygadzista, mistrz, mistrz zmiany, majster,
        główny księgowy, główna księgowa, gł księgowy, gł księgowa, brygadzistka, zarządca, przełożony,
        przełożona, kierownik projektu, kierownik zmiany, kierownik budowy, nadzorca, oddziałowa, sztygar,
        główny specjalista kierownik, team leader, dowódca""",
    "Specialist": """
        specjalista, specjalistka, spec, spec ds, główny specjalista, główna specjalistka, starszy specjalista,
        starsza specjalistka, st specjalista, analityk, analityczka, koordynator, koordynatorka, konsultant,
        konsultantka, doradca, doradczyni, ekspert, ekspertka, referent, referentka, starszy referent,
        inspektor, inspektorka, inżynier, inżynierka, programista, programistka, informatyk, informatyczka,
        administrator, administratorka, deweloper, developer, tester, testerka, technik, technolog, konstruktor,
        konstruktorka, projektant, projektantka, grafik, graficzka, księgowy, księgowa, księgowego, kontroler,
        kontrolerka, audytor, audytorka, kupiec, zaopatrzeniowiec, handlowiec, sprzedawca, sprzedawczyni,
        przedstawiciel, przedstawicielka, agent, agentka, pośrednik, rekruter, rekruterka, kadrowa, kadrowy,
        prawnik, prawniczka, radca prawny, radczyni prawna, adwokat, adwokatka, notariusz, nauczyciel,
        nauczycielka, wykładowca, profesor, adiunkt, pracownik, pracowniczka, pracownik naukowy, naukowiec,
        badacz, lekarz, lekarka, pielęgniarka, pielęgniarz, farmaceuta, farmaceutka, operator, operatorka,
        mechanik, elektryk, spawacz, ślusarz, kierowca, magazynier, magazynierka, robotnik, monter, architekt,
        architektka, redaktor, redaktorka, dziennikarz, dziennikarka, tłumacz, tłumaczka, urzędnik, urzędniczka,
        freelancer, samozatrudniony, samozatrudniona, trener, trenerka, szkoleniowiec, planista, planistka,
        logistyk, spedytor, spedytorka, dyspozytor, dyspozytorka, ekonomista, ekonomistka, statystyk,
        kosztorysant, kosztorysantka, opiekun klienta, opiekunka klienta, opiekun, opiekunka, copywriter,
        marketingowiec, kasjer, kasjerka, kucharz, kelner, kelnerka, rolnik, serwisant, serwisantka, rzecznik
        prasowy, psycholog, starszy, starsza, pełnomocnik, pełnomocniczka, inspektor ochrony danych""",
    "Junior": """
        stażysta, stażystka, staż, na stażu, praktykant, praktykantka, praktyki, praktyka, student, studentka,
        studenci, uczeń, uczennica, doktorant, doktorantka, młodszy, młodsza, mł, aplikant, aplikantka,
        absolwent, absolwentka, wolontariusz, wolontariuszka, junior, początkujący, licealista, licealistka,
        pomocnik""",
    "support": """
        asystent, asystentka, asystenta, asyst, sekretarz, sekretarka, sekretariat, pomoc, pomoc biurowa,
        recepcjonista, recepcjonistka, asystent zarządu, asystentka zarządu, asystentka prezesa, asystent
        prezesa""",
    "alone": "szef, szefowa",
    "silent": """
        prezesa zarządu, prezesa, zarządu, praktyka lekarska, praktyka prawnicza, sprawy studenckie, pomoc
        społeczna""",
    "gone": """
        emeryt, emerytka, emeryta, na emeryturze, rencista, rencistka, bezrobotny, bezrobotna, bez pracy,
        poszukuję pracy, szukam pracy, były dyrektor, była dyrektor, były prezes, gospodyni domowa, osoba
        prywatna, prywatnie, niepracujący, niepracująca, nie pracuję""",
}

FUNCTION = {
    "Management": "strategii, rozwoju strategicznego",
    "Sales": """
        sprzedaż, sprzedaży, sprzedaż*, sprzedawca, sprzedawczyni, handlowy, handlowa, handlowego, handlowych,
        handlowiec, handlowców, sprzedawców, handlu, handel, przedstawiciel handlowy, doradca handlowy, doradca
        klienta, kluczowych klientów, klientów kluczowych, key account*, opiekun klienta, opiekunka klienta,
        rozwoju biznesu, rozwoju rynku, eksportu, sklepu, sklep, salonu, regionalny sprzedaży, telemarketer*,
        klienta biznesowego, pozyskiwania klientów, nieruchomości""",
    "Marketing": """
        marketing, marketingu, marketing*, reklamy, reklama, komunikacji, komunikacja, promocji, promocja, PR,
        public relations, marki, marek, mediów, mediów społecznościowych, social media, eventów, wydarzeń,
        rzecznik prasowy, prasowy, grafik, redaktor, redaktorka, treści, e commerce, badań rynku, wizerunku""",
    "Purchasing": """
        zakup, zakupy, zakupów, zakupowy, zakupu, zakupami, zaopatrzenie, zaopatrzenia, zaopatrzeniowiec,
        kupiec, przetargów, przetargi, zamówień publicznych, zamówień, dostawców, pozyskiwania dostawców""",
    "Finance": """
        finanse, finansów, finansowy, finansowa, finansowego, finansowych, finansowo*, finansami, księgow*,
        rachunkowości, rachunkowość, kontroling, kontrolingu, controllingu, controlling, podatków, podatkowy,
        podatki, audytu, audytor, audytorka, skarbnik, skarbnika, rozliczeń, windykacji, windykator,
        fakturowania, kredytów, bankowości, bank*, ubezpieczeń, inwestycji finansowych, ekonomiczny, ekonomista,
        ekonomistka, płatności, kontroler finansowy, budżetu, ryzyka""",
    "HR": """
        kadr, kadry, kadrowa, kadrowy, kadrowo*, kadr i płac, kadry i płace, płac, personalny, personalna,
        personalnych, personalnego, zasobów ludzkich, rekrutacji, rekrutacja, rekruter, rekruterka, szkoleń,
        szkoleniowiec, rozwoju pracowników, HR, pracowniczych, wynagrodzeń, HRBP, rozwoju talentów, zatrudnienia""",
    "IT": """
        informatyk, informatyczka, informatyki, informatyka, informatyczny, informatycznych, informatyczn*,
        programista, programistka, programistów, programiści, informatyków, oprogramowania, systemów, systemów
        informatycznych, sieci, baz danych, danych, danymi, IT, cyfryzacji, cyfrowej, cyfrowy, transformacji
        cyfrowej, cyberbezpieczeństwa, bezpieczeństwa informacji, aplikacji, administrator systemów,
        teleinformatyk*, technologii informacyjnych, testów, wdrożeń, sztucznej inteligencji""",
    "Operations": """
        produkcja, produkcji, produkcyjny, produkcyjna, operacji, operacyjny, operacyjna, operacyjnych,
        logistyka, logistyki, logistyk, logistyczny, magazyn, magazynu, magazynier, magazynierka, magazynowy,
        transport, transportu, spedycji, spedytor, spedytorka, łańcucha dostaw, jakości, jakość, utrzymania
        ruchu, zakładu, fabryki, montażu, planowania, planista, planistka, BHP, bezpieczeństwa i higieny pracy,
        ochrony środowiska, floty, zmiany, dostaw, importu, gospodarki magazynowej, kierowca, dyspozytor,
        mechanik, elektryk, spawacz, procesów, lean*, eksploatacji""",
    "Engineering": """
        inżynier, inżynierii, inżynierka, techniczny, techniczna, technicznych, technik, technolog, technologii,
        technologiczny, konstruktor, konstruktorka, konstrukcji, konstrukcyjn*, badań i rozwoju, badań, rozwoju,
        rozwoju technologii, projektant, projektantka, projektowania, laboratorium, laborant*, innowacji,
        budowy, kierownik budowy, budownictwa, automatyk*, architekt, kosztorysant, kosztorysantka, B R""",
    "Product": "produkt, produktu, produktów, produktowy, rozwoju produktu, zarządzania produktem, product",
    "Customer service": """
        obsługi klienta, obsługa klienta, biura obsługi klienta, BOK, obsługi klientów, wsparcia, wsparcia
        technicznego, serwis, serwisu, serwisant, serwisantka, relacji z klientami, reklamacji, call center,
        infolinii, klienta, wsparcie, posprzedażow*""",
    "Legal": """
        prawny, prawna, prawnych, prawnego, prawnik, prawniczka, prawa, radca prawny, radczyni prawna, adwokat,
        adwokatka, notariusz, zgodności, ochrony danych, inspektor ochrony danych, ochrony danych osobowych,
        umów, compliance, regulacyjny""",
    "Administration": """
        administracji, administracja, administracyjny, administracyjna, administracyjn*, biura, biuro, biurowy,
        biurowa, pomoc biurowa, sekretariat, sekretariatu, sekretarka, sekretarz, recepcja, recepcjonista,
        recepcjonistka, biura zarządu, asystentka zarządu, asystent zarządu, asystentka prezesa, asystent
        prezesa""",
    "silent": "prawa jazdy, prawo jazdy, praktyka prawnicza",
}
