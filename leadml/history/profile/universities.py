"""Mail domains of universities and of their students, by pattern and by name."""

from __future__ import annotations

# As a part of the domain in front of its last part: student.acme.com, stud.uni-x.de, alumni.college.org
HOSTS = (
    "students?|studente[ns]?|studenti?|studentmail|studmail|stud|stu|etu|etud|etudiants?|etudiantes?|estudiantes?|alumnos?|"
    "alumnes?|alunos?|alumn[iae]|alum|studierende|campus|studia|studenci|uczen|uczniowie|edu|univ|uni|university"
)
# country endings of universities: .edu, .edu.pl, .ac.uk
ENDINGS = r"(?:^|\.)(?:edu|edu\.[a-z]{2}|ac\.[a-z]{2}|sch\.uk|k12\.[a-z]{2}\.us)$"
# words that only a school of higher learning has in its name
WORDS = (
    "universi(?:ty|te|teit|tet|taet|taire|tat|dad|dade|ta|tas|tatea)|uniwersytet|univerzit[aey]|univerza|universitet|universitas|"
    "yliopisto|egyetem|sveuciliste|hogeschool|hochschule|fachhochschule|politechnika|politecnico|polytech(?:nique|nic)|"
    "businessschool|business-school|grandes?-ecoles?|leidenuniv"
)
# German and Austrian names: uni-koeln.de, tu-dresden.de, u-bordeaux.fr, univ-lyon1.fr
LETTERS = (
    r"(?:^|\.)(?:uni|tu|fh|th|hs|ph|htw|haw|hwr|dhbw|hfm|htwk|tuhh)-[a-z0-9-]+\.(?:de|at|ch|li|lu|hu|bg|eu)$|"
    r"(?:^|\.)(?:univ|u|insa|ens|iut|iae|ec|enit)-[a-z0-9-]+\.fr$|(?:^|\.)[a-z0-9-]+-univ\.fr$|"
    r"(?:^|\.)(?:uni|unige|unibas|unifr|uniroma[1-4]?|unibo|unimi[b]?|unina[2]?|unipd|unipi|unito|unict|unipa|uniba|"
    r"unifi|unige|unive|univr|unitn|unipr|unipv|unisa|unical|unile|unisi|unica|uniss|unicam|univpm|units|uniud|unimore|"
    r"unife|unibg|unibs|unicatt|unisannio|unimol|unime|unirc|unitus|unistra|unil|unine|unisg|unilu|unibe|unibz)"
    r"\.(?:it|ch|fr|lu)$"
)

NAMED = """
tum.de lmu.de kit.edu rwth-aachen.de fau.de rub.de tuhh.de tudortmund.de ovgu.de kiz.de hpi.de ebs.edu whu.edu
jacobs-university.de fom.de iubh.de iu.org euro-fh.de srh.de zu.de fu-berlin.de hu-berlin.de uol.de upb.de
leuphana.de dhbw.de
charite.de uke.de ukaachen.de fernuni-hagen.de hm.edu bht-berlin.de hdm-stuttgart.de ostfalia.de thm.de
ethz.ch epfl.ch uzh.ch fhnw.ch zhaw.ch hslu.ch bfh.ch ost.ch supsi.ch hes-so.ch hevs.ch phzh.ch fhgr.ch usi.ch
uibk.ac.at mci.edu fh-ooe.at technikum-wien.at
hec.edu essec.edu edhec.com em-lyon.com audencia.com skema.edu neoma-bs.fr neoma-bs.com escp.eu sciencespo.fr
dauphine.psl.eu
psl.eu polytechnique.fr centralesupelec.fr mines-paristech.fr minesparis.psl.eu telecom-paris.fr telecom-sudparis.eu
ensta.fr
epita.fr epitech.eu cnam.fr sorbonne-universite.fr isae-supaero.fr utc.fr utt.fr utbm.fr imt-atlantique.fr ens.fr
kuleuven.be ugent.be ulb.be ulb.ac.be vub.be uantwerpen.be uliege.be ulg.ac.be uclouvain.be unamur.be umons.be
uhasselt.be
howest.be vives.be ucll.be thomasmore.be odisee.be arteveldehs.be ap.be hogent.be ehb.be ephec.be henallux.be
uva.nl vu.nl tudelft.nl tue.nl utwente.nl rug.nl uu.nl ru.nl eur.nl wur.nl tiu.nl ou.nl hva.nl hr.nl hu.nl fontys.nl
han.nl saxion.nl hanze.nl inholland.nl avans.nl windesheim.nl zuyd.nl hhs.nl nhlstenden.com nhl.nl buas.nl hz.nl
maastrichtuniversity.nl student-inholland.nl
uned.es ucm.es upm.es uam.es ub.edu uab.cat uab.es us.es ugr.es uv.es ehu.eus ehu.es upv.es unizar.es um.es uma.es
uva.es
usal.es usc.es uc3m.es unir.net uoc.edu ua.es unav.es uniovi.es uca.es ujaen.es uco.es uah.es urjc.es udc.es uvigo.es
unican.es ull.es ulpgc.es uclm.es udg.edu udl.cat urv.cat upf.edu upct.es comillas.edu deusto.es ie.edu esade.edu
iese.net
ulisboa.pt up.pt uminho.pt ua.pt uc.pt unl.pt ubi.pt uevora.pt ualg.pt iscte-iul.pt ipl.pt
polimi.it polito.it poliba.it luiss.it unibocconi.it iulm.it sns.it sssup.it santannapisa.it uniroma5.it
uni.lodz.pl p.lodz.pl uni.wroc.pl put.poznan.pl umk.pl uni.torun.pl us.edu.pl polsl.pl kozminski.edu.pl sgh.waw.pl
uni.opole.pl
cuni.cz cvut.cz muni.cz vutbr.cz vse.cz upol.cz zcu.cz vsb.cz uniba.sk stuba.sk tuke.sk bme.hu elte.hu unideb.hu
uni-lj.si um.si unizg.hr fer.hr bg.ac.rs upb.ro ubbcluj.ro uaic.ro ase.ro uoa.gr ntua.gr auth.gr upatras.gr
ku.dk au.dk dtu.dk sdu.dk cbs.dk aau.dk ruc.dk itu.dk kth.se lu.se uu.se su.se chalmers.se liu.se gu.se umu.se ki.se
hhs.se
uio.no ntnu.no uib.no uit.no bi.no uis.no oslomet.no helsinki.fi aalto.fi tuni.fi utu.fi oulu.fi jyu.fi lut.fi
abo.fi hi.is ru.is
tcd.ie ucd.ie ucc.ie dcu.ie ul.ie nuigalway.ie universityofgalway.ie tudublin.ie mu.ie
ut.ee taltech.ee lu.lv rtu.lv vu.lt ktu.lt msu.ru spbu.ru hse.ru mipt.ru itmo.ru
utoronto.ca ubc.ca mcgill.ca uwaterloo.ca ualberta.ca umontreal.ca ulaval.ca queensu.ca uottawa.ca sfu.ca yorku.ca
dal.ca
ucalgary.ca uwo.ca mcmaster.ca usask.ca umanitoba.ca uvic.ca concordia.ca uqam.ca ryerson.ca torontomu.ca carleton.ca
usp.br unicamp.br ufrj.br ufmg.br ufrgs.br unesp.br puc-rio.br unam.mx tec.mx itesm.mx uba.ar uchile.cl uc.cl puc.cl
uct.ac.za wits.ac.za iitb.ac.in auckland.ac.nz
"""


# student.co.uk is a company, though "student" stands in front of two parts
PUBLIC = r"[^.]+\.(?:co|com|org|net|gov|gob|gouv|or|ne|nom)\.[a-z]{2}"


def named_universities() -> frozenset[str]:
    """Return the domains of universities that no pattern finds.

    Examples
    --------
    >>> "ethz.ch" in named_universities()
    True
    """
    return frozenset(NAMED.split())


def university_pattern() -> str:
    """Return a regular expression that finds universities and their students in domains, by their form alone.

    Examples
    --------
    >>> import re
    >>> domains = ("stud.acme.com", "uni-koeln.de", "warwick.ac.uk", "univ-lyon1.fr", "unicredit.it", "student.com")
    >>> [bool(re.search(university_pattern(), domain)) for domain in domains]
    [True, True, True, True, False, False]
    """
    return rf"(?:^|\.)(?:{HOSTS})\.(?:[^.]+\.)*[^.]+\.[^.]+$|{ENDINGS}|{WORDS}|{LETTERS}"
