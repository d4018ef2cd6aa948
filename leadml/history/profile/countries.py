"""Countries: their codes (ISO 3166-1) and what they are called in English, at home, and by their neighbours."""

from __future__ import annotations

# Code of two letters, code of three, names; several names are separated by a bar, and a long list goes on in the
# next line, indented. Case and accents do not count.
COUNTRIES = """
AD AND Andorra|Andorre
AE ARE United Arab Emirates|UAE|Emirates|Vereinigte Arabische Emirate|VAE|Émirats arabes unis|
  Emiratos Árabes Unidos|Verenigde Arabische Emiraten|Zjednoczone Emiraty Arabskie|Dubai|Abu Dhabi
AF AFG Afghanistan|Afganistán|Afganistan
AG ATG Antigua and Barbuda|Antigua & Barbuda|Antigua und Barbuda|Antigua-et-Barbuda|Antigua y Barbuda|
  Antigua en Barbuda|Antigua i Barbuda
AI AIA Anguilla
AL ALB Albania|Shqipëria|Albanien|Albanie|Albanië
AM ARM Armenia|Hayastan|Armenien|Arménie|Armenië
AO AGO Angola
AQ ATA Antarctica|Antarktis|Antarctique|Antártida|Antarktyda
AR ARG Argentina|Argentinien|Argentine|Argentinië|Argentyna
AS ASM American Samoa|Amerikanisch-Samoa|Samoa américaines|Samoa Americana|Amerikaans-Samoa|Samoa Amerykańskie
AT AUT Austria|Österreich|Autriche|Oostenrijk|Republik Österreich|Rakousko|Ausztria
AU AUS Australia|Australien|Australie|Australië
AW ABW Aruba
AX ALA Åland Islands|Aland|Ålandinseln|Îles Åland|Islas Åland|Ahvenanmaa|Wyspy Alandzkie
AZ AZE Azerbaijan|Azərbaycan|Aserbaidschan|Azerbaïdjan|Azerbaiyán|Azerbeidzjan|Azerbejdżan
BA BIH Bosnia and Herzegovina|Bosnia & Herzegovina|Bosnia|Bosnia-Herzegovina|Bosna i Hercegovina|
  Bosnien und Herzegowina|Bosnien-Herzegowina|Bosnie-Herzégovine|Bosnia y Herzegovina|Bosnië en Herzegovina|
  Bośnia i Hercegowina
BB BRB Barbados|Barbade
BD BGD Bangladesh|Bangladesch|Bangladés|Bangladesz
BE BEL Belgium|België|Belgique|Belgien|Bélgica|Belgia|Belgio
BF BFA Burkina Faso
BG BGR Bulgaria|България|Bulgarien|Bulgarie|Bulgarije|Bułgaria
BH BHR Bahrain|Bahreïn|Baréin|Bahrein|Bahrajn
BI BDI Burundi
BJ BEN Benin|Bénin|Benín
BL BLM Saint Barthélemy|St Barthélemy|St. Barts|San Bartolomé
BM BMU Bermuda|Bermudes|Bermudas|Bermudy
BN BRN Brunei|Brunei Darussalam|Brunéi
BO BOL Bolivia|Bolivien|Bolivie|Boliwia|Plurinational State of Bolivia|Bolivia, Plurinational State of
BQ BES Bonaire, Sint Eustatius and Saba|Caribbean Netherlands|Bonaire|Caribisch Nederland|Karibische Niederlande|
  Pays-Bas caribéens|Caribe neerlandés
BR BRA Brazil|Brasil|Brasilien|Brésil|Brazilië|Brazylia|Brasile
BS BHS Bahamas|The Bahamas|Bahama's|Bahamy
BT BTN Bhutan|Bhoutan|Bután
BV BVT Bouvet Island|Bouvetinsel|Île Bouvet|Isla Bouvet|Bouveteiland|Wyspa Bouveta
BW BWA Botswana|Botsuana
BY BLR Belarus|Беларусь|Weißrussland|Biélorussie|Bielorrusia|Wit-Rusland|Białoruś|Belorussia
BZ BLZ Belize|Belice
CA CAN Canada|Kanada|Canadá
CC CCK Cocos (Keeling) Islands|Cocos Islands|Kokosinseln|Îles Cocos|Islas Cocos|Cocoseilanden|Wyspy Kokosowe
CD COD Democratic Republic of the Congo|Congo, The Democratic Republic of the|Congo - Kinshasa|Congo-Kinshasa|
  DR Congo|DRC|Kongo-Kinshasa|Demokratische Republik Kongo|République démocratique du Congo|
  República Democrática del Congo
CF CAF Central African Republic|Zentralafrikanische Republik|République centrafricaine|República Centroafricana|
  Centraal-Afrikaanse Republiek|Republika Środkowoafrykańska
CG COG Congo|Republic of the Congo|Congo - Brazzaville|Congo-Brazzaville|Kongo|Kongo-Brazzaville|République du Congo
CH CHE Switzerland|Schweiz|Suisse|Svizzera|Svizra|Suiza|Zwitserland|Szwajcaria|CH-Schweiz|Švýcarsko
CI CIV Côte d'Ivoire|Ivory Coast|Elfenbeinküste|Costa de Marfil|Ivoorkust|Wybrzeże Kości Słoniowej
CK COK Cook Islands|Cookinseln|Îles Cook|Islas Cook|Cookeilanden|Wyspy Cooka
CL CHL Chile|Chili
CM CMR Cameroon|Cameroun|Kamerun|Camerún|Kameroen
CN CHN China|中国|People's Republic of China|PR China|PRC|Chine|Chiny|Volksrepublik China|Cina
CO COL Colombia|Kolumbien|Colombie|Kolumbia
CR CRI Costa Rica|Kostaryka
CU CUB Cuba|Kuba
CV CPV Cabo Verde|Cape Verde|Kap Verde|Cap-Vert|Kaapverdië|Republika Zielonego Przylądka
CW CUW Curaçao|Curazao
CX CXR Christmas Island|Weihnachtsinsel|Île Christmas|Isla de Navidad|Christmaseiland|Wyspa Bożego Narodzenia
CY CYP Cyprus|Κύπρος|Zypern|Chypre|Chipre|Cypr|Kypros
CZ CZE Czechia|Czech Republic|Česko|Česká republika|Tschechien|Tschechische Republik|Tchéquie|République tchèque|
  Chequia|República Checa|Tsjechië|Czechy|Repubblica Ceca|Czech Rep
DE DEU Germany|Deutschland|Allemagne|Alemania|Duitsland|Niemcy|Federal Republic of Germany|
  Bundesrepublik Deutschland|BRD|Germania|Tyskland|Německo|Németország|GER
DJ DJI Djibouti|Dschibuti|Yibuti|Dżibuti
DK DNK Denmark|Danmark|Dänemark|Danemark|Dinamarca|Denemarken|Dania|Danimarca
DM DMA Dominica|Dominique|Dominika
DO DOM Dominican Republic|República Dominicana|Dominikanische Republik|République dominicaine|
  Dominicaanse Republiek|Dominikana|Dominican Rep
DZ DZA Algeria|Algérie|Algerien|Argelia|Algerije|Algieria
EC ECU Ecuador|Équateur|Ekwador
EE EST Estonia|Eesti|Estland|Estonie
EG EGY Egypt|Ägypten|Égypte|Egipto|Egypte|Egipt
EH ESH Western Sahara|Westsahara|Sahara occidental|Sáhara Occidental|Westelijke Sahara|Sahara Zachodnia
ER ERI Eritrea|Érythrée|Erytrea
ES ESP Spain|España|Spanien|Espagne|Spanje|Hiszpania|Spagna|Espanya|Španělsko
ET ETH Ethiopia|Äthiopien|Éthiopie|Etiopía|Ethiopië|Etiopia
FI FIN Finland|Suomi|Finnland|Finlande|Finlandia
FJ FJI Fiji|Fidschi|Fidji|Fiyi|Fidżi
FK FLK Falkland Islands|Falkland Islands (Malvinas)|Falklandinseln|Îles Malouines|Islas Malvinas|Falklandeilanden|
  Falklandy
FM FSM Micronesia|Micronesia, Federated States of|Federated States of Micronesia|Mikronesien|Micronésie|Mikronezja
FO FRO Faroe Islands|Føroyar|Färöer|Îles Féroé|Islas Feroe|Faeröer|Wyspy Owcze|Faroes
FR FRA France|Frankreich|Francia|Frankrijk|Francja|République française|Francie|Frankrike|Franciaország
GA GAB Gabon|Gabun|Gabón
GB GBR United Kingdom|UK|U.K.|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|Vereinigtes Königreich|
  Großbritannien|Royaume-Uni|Grande-Bretagne|Angleterre|Reino Unido|Gran Bretaña|Inglaterra|Verenigd Koninkrijk|
  Groot-Brittannië|Engeland|Wielka Brytania|Zjednoczone Królestwo|Anglia|
  United Kingdom of Great Britain and Northern Ireland|Schottland|Regno Unito|Storbritannien
GD GRD Grenada|Grenade|Granada
GE GEO Georgia|საქართველო|Sakartvelo|Georgien|Géorgie|Georgië|Gruzja
GF GUF French Guiana|Guyane|Guyane française|Französisch-Guayana|Guayana Francesa|Frans-Guyana|Gujana Francuska
GG GGY Guernsey|Guernesey
GH GHA Ghana
GI GIB Gibraltar
GL GRL Greenland|Kalaallit Nunaat|Grønland|Grönland|Groenland|Groenlandia|Grenlandia
GM GMB Gambia|The Gambia|Gambie
GN GIN Guinea|Guinée|Guinee|Gwinea
GP GLP Guadeloupe|Guadalupe|Gwadelupa
GQ GNQ Equatorial Guinea|Äquatorialguinea|Guinée équatoriale|Guinea Ecuatorial|Equatoriaal-Guinea|Gwinea Równikowa
GR GRC Greece|Ελλάδα|Hellas|EL|Griechenland|Grèce|Grecia|Griekenland|Grecja|Hellenic Republic
GS SGS South Georgia and the South Sandwich Islands|South Georgia & South Sandwich Islands
GT GTM Guatemala|Gwatemala
GU GUM Guam
GW GNB Guinea-Bissau|Guinée-Bissau|Guinea-Bisáu|Guinee-Bissau|Gwinea Bissau
GY GUY Guyana|Gujana
HK HKG Hong Kong|Hongkong|Hong Kong SAR|Hong Kong SAR China|香港
HM HMD Heard Island and McDonald Islands|Heard & McDonald Islands
HN HND Honduras
HR HRV Croatia|Hrvatska|Kroatien|Croatie|Croacia|Kroatië|Chorwacja|Croazia
HT HTI Haiti|Haïti|Haití
HU HUN Hungary|Magyarország|Ungarn|Hongrie|Hungría|Hongarije|Węgry|Ungheria|Maďarsko
ID IDN Indonesia|Indonesien|Indonésie|Indonesië|Indonezja
IE IRL Ireland|Éire|Republic of Ireland|Irland|Irlande|Irlanda|Ierland|Irlandia
IL ISR Israel|ישראל|Israël|Izrael
IM IMN Isle of Man|Insel Man|Île de Man|Isla de Man|Wyspa Man
IN IND India|Bharat|भारत|Indien|Inde|Indie
IO IOT British Indian Ocean Territory
IQ IRQ Iraq|Irak
IR IRN Iran|Iran, Islamic Republic of|Islamic Republic of Iran|Irán
IS ISL Iceland|Ísland|Island|Islande|Islandia|IJsland
IT ITA Italy|Italia|Italien|Italie|Italië|Włochy|Itálie|Itália
JE JEY Jersey
JM JAM Jamaica|Jamaika|Jamaïque|Jamajka
JO JOR Jordan|Jordanien|Jordanie|Jordania|Jordanië
JP JPN Japan|日本|Nippon|Japon|Japón|Japonia|Giappone
KE KEN Kenya|Kenia
KG KGZ Kyrgyzstan|Kirgisistan|Kirghizistan|Kirguistán|Kirgizië|Kirgistan
KH KHM Cambodia|Kambodscha|Cambodge|Camboya|Cambodja|Kambodża
KI KIR Kiribati
KM COM Comoros|Komoren|Comores|Comoras|Comoren|Komory
KN KNA Saint Kitts and Nevis|St Kitts & Nevis|St. Kitts and Nevis|St. Kitts und Nevis|Saint-Christophe-et-Niévès|
  San Cristóbal y Nieves|Saint Kitts en Nevis|Saint Kitts i Nevis
KP PRK North Korea|Korea, Democratic People's Republic of|Democratic People's Republic of Korea|DPRK|Nordkorea|
  Corée du Nord|Corea del Norte|Noord-Korea|Korea Północna
KR KOR South Korea|Korea|Korea, Republic of|Republic of Korea|대한민국|한국|Südkorea|Corée du Sud|Corea del Sur|
  Zuid-Korea|Korea Południowa
KW KWT Kuwait|Koweït|Koeweit|Kuwejt
KY CYM Cayman Islands|Kaimaninseln|Îles Caïmans|Islas Caimán|Kaaimaneilanden|Kajmany
KZ KAZ Kazakhstan|Казахстан|Qazaqstan|Kasachstan|Kazajistán|Kazachstan
LA LAO Laos|Lao People's Democratic Republic|Lao PDR
LB LBN Lebanon|Liban|Libanon|Líbano
LC LCA Saint Lucia|St Lucia|St. Lucia|Sainte-Lucie|Santa Lucía
LI LIE Liechtenstein|FL|Fürstentum Liechtenstein
LK LKA Sri Lanka
LR LBR Liberia|Libéria
LS LSO Lesotho|Lesoto
LT LTU Lithuania|Lietuva|Litauen|Lituanie|Lituania|Litouwen|Litwa
LU LUX Luxembourg|Luxemburg|Lëtzebuerg|Luxemburgo|Luksemburg|Lussemburgo
LV LVA Latvia|Latvija|Lettland|Lettonie|Letonia|Letland|Łotwa
LY LBY Libya|Libyen|Libye|Libia|Libië
MA MAR Morocco|Maroc|Marokko|Marruecos|Maroko
MC MCO Monaco|Mónaco|Monako
MD MDA Moldova|Moldova, Republic of|Republic of Moldova|Moldawien|Republik Moldau|Moldavie|Moldavia|Moldavië|Mołdawia
ME MNE Montenegro|Crna Gora|Monténégro|Czarnogóra
MF MAF Saint Martin|Saint Martin (French part)|St Martin|Saint-Martin|San Martín
MG MDG Madagascar|Madagaskar
MH MHL Marshall Islands|Marshallinseln|Îles Marshall|Islas Marshall|Marshalleilanden|Wyspy Marshalla
MK MKD North Macedonia|Macedonia|Северна Македонија|Nordmazedonien|Mazedonien|Macédoine du Nord|Macedonia del Norte|
  Noord-Macedonië|Macedonia Północna|FYROM
ML MLI Mali|Malí
MM MMR Myanmar|Burma|Myanmar (Burma)|Birmanie|Birmania|Mjanma
MN MNG Mongolia|Mongolei|Mongolie|Mongolië
MO MAC Macao|Macau|Macao SAR|Makau|澳门
MP MNP Northern Mariana Islands|Nördliche Marianen|Îles Mariannes du Nord|Islas Marianas del Norte|
  Noordelijke Marianen|Mariany Północne
MQ MTQ Martinique|Martinica|Martynika
MR MRT Mauritania|Mauretanien|Mauritanie|Mauritanië|Mauretania
MS MSR Montserrat
MT MLT Malta|Malte
MU MUS Mauritius|Maurice|Île Maurice|Mauricio
MV MDV Maldives|Malediven|Maldivas|Maldiven|Malediwy
MW MWI Malawi|Malaui
MX MEX Mexico|México|Mexiko|Mexique|Méjico|Meksyk|Messico
MY MYS Malaysia|Malaisie|Malasia|Maleisië|Malezja
MZ MOZ Mozambique|Moçambique|Mosambik|Mozambik
NA NAM Namibia|Namibie|Namibië
NC NCL New Caledonia|Nouvelle-Calédonie|Neukaledonien|Nueva Caledonia|Nieuw-Caledonië|Nowa Kaledonia
NE NER Niger|Níger
NF NFK Norfolk Island|Norfolkinsel|Île Norfolk|Isla Norfolk|Norfolkeiland|Norfolk
NG NGA Nigeria|Nigéria
NI NIC Nicaragua|Nikaragua
NL NLD Netherlands|The Netherlands|Nederland|Holland|Niederlande|Pays-Bas|Hollande|Países Bajos|Holanda|Holandia|
  Niderlandy|Paesi Bassi|Olanda|NED
NO NOR Norway|Norge|Noreg|Norwegen|Norvège|Noruega|Noorwegen|Norwegia|Norvegia
NP NPL Nepal|Népal
NR NRU Nauru
NU NIU Niue
NZ NZL New Zealand|Aotearoa|Neuseeland|Nouvelle-Zélande|Nueva Zelanda|Nieuw-Zeeland|Nowa Zelandia
OM OMN Oman|Omán
PA PAN Panama|Panamá
PE PER Peru|Perú|Pérou
PF PYF French Polynesia|Französisch-Polynesien|Polynésie française|Polinesia Francesa|Frans-Polynesië|
  Polinezja Francuska|Tahiti
PG PNG Papua New Guinea|Papua-Neuguinea|Papouasie-Nouvelle-Guinée|Papúa Nueva Guinea|Papoea-Nieuw-Guinea|
  Papua-Nowa Gwinea
PH PHL Philippines|Pilipinas|Philippinen|Filipinas|Filipijnen|Filipiny
PK PAK Pakistan|Pakistán
PL POL Poland|Polska|Polen|Pologne|Polonia|Polsko|Rzeczpospolita Polska|Lengyelország
PM SPM Saint Pierre and Miquelon|St Pierre & Miquelon|Saint-Pierre-et-Miquelon
PN PCN Pitcairn|Pitcairn Islands
PR PRI Puerto Rico|Porto Rico|Portoryko
PS PSE Palestine|Palestine, State of|State of Palestine|Palestinian Territories|Palästina|Palestina|Palestyna
PT PRT Portugal|Portugalia|Portogallo|Portugalsko
PW PLW Palau|Palaos
PY PRY Paraguay|Paragwaj
QA QAT Qatar|Katar
RE REU Réunion|La Réunion|Reunión|Reunion
RO ROU Romania|România|Rumänien|Roumanie|Rumanía|Roemenië|Rumunia|Rumania
RS SRB Serbia|Srbija|Србија|Serbien|Serbie|Servië
RU RUS Russia|Россия|Russian Federation|Russland|Russische Föderation|Russie|Rusia|Rusland|Rosja
RW RWA Rwanda|Ruanda
SA SAU Saudi Arabia|KSA|Saudi-Arabien|Arabie saoudite|Arabia Saudí|Arabia Saudita|Saoedi-Arabië|Arabia Saudyjska
SB SLB Solomon Islands|Salomonen|Îles Salomon|Islas Salomón|Salomonseilanden|Wyspy Salomona
SC SYC Seychelles|Seychellen|Seszele
SD SDN Sudan|Soudan|Sudán|Soedan
SE SWE Sweden|Sverige|Schweden|Suède|Suecia|Zweden|Szwecja|Svezia|Ruotsi
SG SGP Singapore|Singapur|Singapour
SH SHN Saint Helena|St Helena|Saint Helena, Ascension and Tristan da Cunha|St. Helena|Sainte-Hélène|Santa Elena|
  Sint-Helena
SI SVN Slovenia|Slovenija|Slowenien|Slovénie|Eslovenia|Slovenië|Słowenia
SJ SJM Svalbard and Jan Mayen|Svalbard & Jan Mayen|Svalbard
SK SVK Slovakia|Slovensko|Slovak Republic|Slowakei|Slovaquie|Eslovaquia|Slowakije|Słowacja
SL SLE Sierra Leone|Sierra Leona
SM SMR San Marino|Saint-Marin
SN SEN Senegal|Sénégal
SO SOM Somalia|Somalie|Somalië
SR SUR Suriname|Surinam
SS SSD South Sudan|Südsudan|Soudan du Sud|Sudán del Sur|Zuid-Soedan|Sudan Południowy
ST STP Sao Tome and Principe|São Tomé & Príncipe|São Tomé und Príncipe|Sao Tomé-et-Principe|Santo Tomé y Príncipe|
  Sao Tomé en Principe|Wyspy Świętego Tomasza i Książęca
SV SLV El Salvador|Salvador|Salwador
SX SXM Sint Maarten|Sint Maarten (Dutch part)
SY SYR Syria|Syrian Arab Republic|Syrien|Syrie|Siria|Syrië
SZ SWZ Eswatini|Swaziland|Swasiland|Esuatini
TC TCA Turks and Caicos Islands|Turks & Caicos Islands|Turks- und Caicosinseln|Îles Turques-et-Caïques|
  Islas Turcas y Caicos|Turks- en Caicoseilanden|Turks i Caicos
TD TCD Chad|Tschad|Tchad|Tsjaad|Czad
TF ATF French Southern Territories|Terres australes françaises
TG TGO Togo
TH THA Thailand|ไทย|Thaïlande|Tailandia|Tajlandia
TJ TJK Tajikistan|Tadschikistan|Tadjikistan|Tayikistán|Tadzjikistan|Tadżykistan
TK TKL Tokelau
TL TLS Timor-Leste|East Timor|Osttimor|Timor oriental|Oost-Timor|Timor Wschodni
TM TKM Turkmenistan|Turkménistan|Turkmenistán
TN TUN Tunisia|Tunisie|Tunesien|Túnez|Tunesië|Tunezja
TO TON Tonga
TR TUR Turkey|Türkiye|Türkei|Turquie|Turquía|Turkije|Turcja|Turchia
TT TTO Trinidad and Tobago|Trinidad & Tobago|Trinidad|Trinidad und Tobago|Trinité-et-Tobago|Trinidad y Tobago|
  Trinidad en Tobago|Trynidad i Tobago
TV TUV Tuvalu
TW TWN Taiwan|Taiwan, Province of China|Republic of China|臺灣|台灣|Taïwan|Taiwán|Tajwan
TZ TZA Tanzania|Tanzania, United Republic of|United Republic of Tanzania|Tansania|Tanzanie
UA UKR Ukraine|Україна|Ucrania|Oekraïne|Ukraina|Ucraina
UG UGA Uganda|Ouganda|Oeganda
UM UMI United States Minor Outlying Islands|U.S. Outlying Islands
US USA United States|United States of America|U.S.|U.S.A.|America|Vereinigte Staaten|Vereinigte Staaten von Amerika|
  Amerika|États-Unis|États-Unis d'Amérique|Estados Unidos|Estados Unidos de América|EE. UU.|EEUU|Verenigde Staten|
  Verenigde Staten van Amerika|VS|Stany Zjednoczone|Stany Zjednoczone Ameryki|Stati Uniti
UY URY Uruguay|Urugwaj
UZ UZB Uzbekistan|O'zbekiston|Usbekistan|Ouzbékistan|Uzbekistán|Oezbekistan
VA VAT Vatican City|Holy See|Holy See (Vatican City State)|Vatican|Vatikanstadt|Vatikan|Cité du Vatican|
  Ciudad del Vaticano|Vaticaanstad|Watykan
VC VCT Saint Vincent and the Grenadines|St Vincent & the Grenadines|St. Vincent and the Grenadines|
  St. Vincent und die Grenadinen|Saint-Vincent-et-les-Grenadines|San Vicente y las Granadinas
VE VEN Venezuela|Venezuela, Bolivarian Republic of|Bolivarian Republic of Venezuela|Wenezuela
VG VGB British Virgin Islands|Virgin Islands, British|Virgin Islands (British)|Britische Jungferninseln|
  Îles Vierges britanniques|Islas Vírgenes Británicas|Britse Maagdeneilanden|Brytyjskie Wyspy Dziewicze
VI VIR U.S. Virgin Islands|US Virgin Islands|Virgin Islands, U.S.|Virgin Islands (US)|Amerikanische Jungferninseln|
  Îles Vierges des États-Unis|Islas Vírgenes de EE. UU.|Amerikaanse Maagdeneilanden|
  Wyspy Dziewicze Stanów Zjednoczonych
VN VNM Vietnam|Viet Nam|Việt Nam|Viêt Nam|Wietnam
VU VUT Vanuatu
WF WLF Wallis and Futuna|Wallis & Futuna|Wallis-et-Futuna|Wallis und Futuna
WS WSM Samoa|Western Samoa
XK XKX Kosovo|Kosova
YE YEM Yemen|Jemen|Yémen
YT MYT Mayotte|Majotta
ZA ZAF South Africa|RSA|Südafrika|Afrique du Sud|Sudáfrica|Zuid-Afrika|Republika Południowej Afryki|RPA
ZM ZMB Zambia|Sambia|Zambie
ZW ZWE Zimbabwe|Simbabwe|Zimbabue
"""

# Several countries at once, for the service area.
GROUPS = {
    "EU": "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK",
    "EEA": "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK",
    "DACH": "DE AT CH",
    "Benelux": "BE NL LU",
    "Nordics": "DK FI IS NO SE",
    "Baltics": "EE LV LT",
}
