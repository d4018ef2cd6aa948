"""Mail providers that give addresses to anybody, world-wide, and throw-away ones."""

from __future__ import annotations

# The names that a provider has under many endings: gmx.at, yahoo.co.jp, hotmail.fr
FAMILIES = frozenset(
    ("aol", "gmail", "gmx", "googlemail", "hotmail", "live", "msn", "outlook", "rocketmail", "windowslive", "yahoo",
     "yandex", "ymail")
)  # fmt: skip

# One line per country or kind. Telephone companies stand here too: their customers are people.
PROVIDERS = """
163.com 126.com yeah.net 139.com 189.cn wo.cn qq.com foxmail.com sina.com sina.cn sohu.com tom.com 21cn.com 263.net
aliyun.com vip.163.com vip.qq.com vip.sina.com 188.com
naver.com hanmail.net daum.net nate.com kakao.com empas.com korea.com
docomo.ne.jp ezweb.ne.jp softbank.ne.jp i.softbank.jp nifty.com biglobe.ne.jp so-net.ne.jp ocn.ne.jp excite.co.jp
infoseek.jp plala.or.jp dion.ne.jp
pchome.com.tw hinet.net seed.net.tw netvigator.com singnet.com.sg starhub.net.sg pacific.net.sg streamyx.com tm.net.my
rediffmail.com rediff.com sify.com indiatimes.com vsnl.net zohomail.com zohomail.in
icloud.com me.com mac.com privaterelay.appleid.com mail.com email.com usa.com myself.com consultant.com post.com
europe.com
asia.com iname.com writeme.com dr.com engineer.com cheerful.com techie.com accountant.com
proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tutamail.com tuta.com tuta.io keemail.me
hushmail.com
hush.com fastmail.com fastmail.fm startmail.com mailfence.com runbox.com posteo.de posteo.net mailbox.org disroot.org
riseup.net hey.com skiff.com inbox.com lycos.com juno.com netzero.net netzero.com excite.com care2.com gawab.com
maktoob.com
duck.com mozmail.com simplelogin.com aim.com netscape.net love.com wow.com games.com compuserve.com cs.com prodigy.net
comcast.net verizon.net att.net sbcglobal.net bellsouth.net pacbell.net swbell.net ameritech.net flash.net
nvbell.net snet.net
cox.net charter.net spectrum.net rr.com roadrunner.com twc.com earthlink.net mindspring.com optonline.net optimum.net
frontier.com frontiernet.net centurylink.net centurytel.net embarqmail.com q.com windstream.net suddenlink.net
cableone.net
mchsi.com tds.net wowway.com rcn.com tmomail.net
rogers.com shaw.ca telus.net sympatico.ca videotron.ca cogeco.ca eastlink.ca sasktel.net mts.net nb.sympatico.ca
btinternet.com btopenworld.com talk21.com sky.com talktalk.net virginmedia.com virgin.net ntlworld.com
blueyonder.co.uk
tiscali.co.uk tesco.net plus.com plusnet.com o2.co.uk freeserve.co.uk orange.net supanet.com lineone.net uwclub.net
eircom.net vodafone.ie
web.de freenet.de t-online.de t-online.at arcor.de online.de email.de mail.de vodafone.de vodafonemail.de unitybox.de
kabelmail.de kabelbw.de o2online.de o2mail.de alice.de alice-dsl.net alice-dsl.de ewetel.net ewe.net netcologne.de
versanet.de osnanet.de htp-tel.de mnet-online.de mnet-mail.de magenta.de telekom-mail.de directbox.com
lycos.de epost.de firemail.de smart-mail.de emailn.de cityweb.de nexgo.de tiscali.de hanse.net
aon.at a1.net chello.at utanet.at inode.at drei.at liwest.at kabsi.at kabelplus.at speed.at tele2.at vol.at tirol.com
bluewin.ch sunrise.ch hispeed.ch swissonline.ch freesurf.ch adon.li quickline.ch tele2.ch vtxmail.ch
orange.fr wanadoo.fr laposte.net free.fr sfr.fr neuf.fr cegetel.net club-internet.fr bbox.fr bouygtel.fr
numericable.fr
aliceadsl.fr alicedsl.fr voila.fr caramail.com caramail.fr noos.fr libertysurf.fr tele2.fr 9online.fr dbmail.com
gadz.org mailo.com net-c.com
skynet.be telenet.be proximus.be scarlet.be belgacom.net voo.be tvcablenet.be brutele.be pandora.be versatel.be pt.lu
internet.lu vo.lu
ziggo.nl kpnmail.nl kpnplanet.nl planet.nl xs4all.nl home.nl hetnet.nl casema.nl chello.nl upcmail.nl quicknet.nl
tele2.nl
telfort.nl zonnet.nl wanadoo.nl solcon.nl caiway.nl onsbrabantnet.nl zeelandnet.nl freeler.nl online.nl
telefonica.net terra.es ya.com ono.com wanadoo.es orange.es movistar.es jazztel.es vodafone.es euskaltel.es
mixmail.com
sapo.pt clix.pt netcabo.pt iol.pt mail.telepac.pt meo.pt nos.pt vodafone.pt portugalmail.pt
libero.it virgilio.it alice.it tin.it tim.it tiscali.it fastwebnet.it inwind.it iol.it email.it vodafone.it
blu.it jumpy.it katamail.com supereva.it teletu.it interfree.it pec.it legalmail.it
wp.pl o2.pl onet.pl onet.eu op.pl poczta.onet.pl vp.pl poczta.fm interia.pl interia.eu interia.com gazeta.pl tlen.pl
autograf.pl buziaczek.pl go2.pl neostrada.pl spoko.pl amorki.pl onet.com.pl poczta.pl int.pl upcpoczta.pl
seznam.cz email.cz post.cz centrum.cz atlas.cz volny.cz quick.cz tiscali.cz chello.cz iol.cz zoznam.sk azet.sk
centrum.sk
post.sk pobox.sk orangemail.sk stonline.sk
freemail.hu citromail.hu indamail.hu t-online.hu t-email.hu upcmail.hu chello.hu vipmail.hu mailbox.hu digikabel.hu
telia.com comhem.se bredband.net tele2.se spray.se passagen.se home.se glocalnet.net swipnet.se bahnhof.se
online.no broadpark.no frisurf.no c2i.net start.no getmail.no lyse.net
mail.dk jubii.dk ofir.dk stofanet.dk tdcadsl.dk youmail.dk post.tele.dk webspeed.dk
elisanet.fi kolumbus.fi luukku.com saunalahti.fi suomi24.fi netti.fi pp.inet.fi welho.com dnainternet.net
simnet.is internet.is
mail.ru bk.ru inbox.ru list.ru internet.ru ya.ru narod.ru rambler.ru lenta.ru autorambler.ru myrambler.ru ro.ru
vk.com ngs.ru nm.ru pochta.ru mail.ua ukr.net i.ua meta.ua bigmir.net email.ua online.ua tut.by mail.by mail.kz
abv.bg mail.bg dir.bg gbg.bg yahoo.ro rdslink.ro clicknet.ro email.ro k.ro
inbox.lv apollo.lv one.lt takas.lt delfi.lt mail.ee hot.ee online.ee neti.ee
siol.net t-2.net email.si volja.net amis.net net.hr inet.hr vip.hr optinet.hr eunet.rs open.telekom.rs sbb.rs ptt.rs
otenet.gr forthnet.gr hol.gr vodafone.gr in.gr cytanet.com.cy primehome.com
mynet.com superonline.com ttmail.com turk.net ttnet.net.tr
walla.com walla.co.il netvision.net.il 012.net.il bezeqint.net zahav.net.il inter.net.il nana.co.il
emirates.net.ae eim.ae batelco.com.bh awalnet.net.sa
mweb.co.za telkomsa.net vodamail.co.za webmail.co.za absamail.co.za iafrica.com lantic.net polka.co.za
bol.com.br uol.com.br terra.com.br ig.com.br globo.com globomail.com r7.com oi.com.br zipmail.com.br superig.com.br
brturbo.com.br pop.com.br veloxmail.com.br
prodigy.net.mx infinitum.com.mx fibertel.com.ar arnet.com.ar speedy.com.ar ciudad.com.ar sion.com uolsinectis.com.ar
vtr.net entelchile.net terra.cl une.net.co etb.net.co cantv.net adinet.com.uy speedy.com.pe latinmail.com
starmedia.com
bigpond.com bigpond.net.au optusnet.com.au iinet.net.au tpg.com.au westnet.com.au internode.on.net ozemail.com.au
adam.com.au dodo.com.au xtra.co.nz slingshot.co.nz clear.net.nz paradise.net.nz vodafone.co.nz
"""

# what people type for gmail.com, hotmail.com, yahoo.com, gmx.de, web.de
MISSPELLED = """
gmial.com gmai.com gamil.com gmal.com gmil.com gmaill.com gnail.com gmail.con gmail.co gmail.cm gmail.om gmailcom.com
hotmial.com hotmal.com hotmai.com hotmil.com hotmail.con hotmail.co hotnail.com outlok.com outllok.com outlook.con
yaho.com yahooo.com yhoo.com yahoo.con iclod.com icloud.con gmx.dee we.de wed.de
"""

# addresses for a few minutes
THROW_AWAY = """
mailinator.com mailinator.net guerrillamail.com guerrillamail.net guerrillamail.org guerrillamail.de grr.la
sharklasers.com
10minutemail.com 10minutemail.net 10minutemail.de 20minutemail.com tempmail.com temp-mail.org temp-mail.io
tempmail.net
tempmailo.com tempr.email throwawaymail.com trashmail.com trashmail.de trashmail.net trash-mail.com trash-mail.de
wegwerfmail.de wegwerfmail.net wegwerfmail.org wegwerf-email.de wegwerfemail.de spambog.com spambog.de yopmail.com
yopmail.fr
yopmail.net jetable.org jetable.com maildrop.cc mailnesia.com getnada.com nada.email dispostable.com fakeinbox.com
fakemail.net discard.email discardmail.com discardmail.de mailcatch.com mintemail.com moakt.com mohmal.com
emailondeck.com
mytemp.email spamgourmet.com spam4.me byom.de muellmail.com einrot.com cuvox.de armyspy.com dayrep.com fleckens.hu
gustr.com jourrapide.com rhyta.com superrito.com teleworm.us mailnull.com incognitomail.org mail-temporaire.fr
anonbox.net burnermail.io inboxkitten.com tempinbox.com 33mail.com anonaddy.me linshiyouxiang.net 1secmail.com
1secmail.net
1secmail.org dropmail.me emltmp.com luxusmail.org minuteinbox.com
"""


def free_domains() -> frozenset[str]:
    """Return the domains of all providers, other than those of `FAMILIES`.

    Examples
    --------
    >>> sorted({"web.de", "qq.com", "yopmail.com", "siemens.com"} & free_domains())
    ['qq.com', 'web.de', 'yopmail.com']
    """
    return frozenset(f"{PROVIDERS} {MISSPELLED} {THROW_AWAY}".split())
