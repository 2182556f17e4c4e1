"""The invented people of the rehearsal (`domain.md` K). Nobody here exists.

Mail domains end in `.example`; ORCID iDs are valid by checksum but lie below the numbers given to
people, and none is verified. A person's key is the part of their address before the @.
"""

from dataclasses import dataclass, field

from accounts.models import RoleName
from accounts.orcid import check_character


@dataclass(frozen=True, slots=True)
class Place:
    """An institution that does not exist."""

    name: str
    domain: str
    country: str
    city: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist. `topics` are positions in the call, counted from 0."""

    key: str
    given_name: str
    family_name: str
    place: Place
    native_name: str = ""
    role: str = ""
    topics: tuple[int, ...] = ()
    is_senior: bool = False
    orcid: str = ""
    former: Place | None = field(default=None)

    @property
    def email(self) -> str:
        return f"{self.key}@{self.place.domain}"

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


NORTHGATE = Place("Northgate University", "northgate.example", "GB", "Northgate")
HALVARD = Place("Halvard Imaging Institute", "halvard.example", "NO", "Halvard")
SAO_LAZARO = Place("Sao Lazaro Teaching Hospital", "saolazaro.example", "BR", "Sao Lazaro")
TARNBY = Place("Tarnby Technical University", "tarnby.example", "DK", "Tarnby")
KESTREL_BAY = Place("Kestrel Bay Medical Centre", "kestrelbay.example", "NZ", "Kestrel Bay")
LUMEN_VALLEY = Place("Lumen Valley Institute", "lumenvalley.example", "IN", "Lumen Valley")
ORRIN = Place("Orrin School of Medicine", "orrin.example", "CH", "Orrin")
WESTMERE = Place("Westmere Polytechnic", "westmere.example", "US", "Westmere")
HOSHIKAWA = Place("Hoshikawa Medical University", "hoshikawa.example", "JP", "Hoshikawa")
BAEKDAM = Place("Baekdam Institute of Science", "baekdam.example", "KR", "Baekdam")
QINGLAN = Place("Qinglan University of Technology", "qinglan.example", "CN", "Qinglan")
ZAHRA = Place("Zahra Cardiac Centre", "zahra.example", "EG", "Zahra")
AMARI = Place("Amari Teaching Hospital", "amari.example", "KE", "Amari")
SKOGSBY = Place("Skogsby University Hospital", "skogsby.example", "SE", "Skogsby")
KORUND = Place("Korund Radiology Institute", "korund.example", "CZ", "Korund")
ALDER_ROW = Place("Alder Row Institute", "alderrow.example", "CA", "Alder Row")
DESK = Place("Editorial office", "desk.example", "US", "")

EDITORS = (
    Person("leila", "Leila", "Haddad", ZAHRA, "ليلى حداد", RoleName.LEAD_GUEST_EDITOR),
    Person("eva", "Eva", "Lindqvist", SKOGSBY, "", RoleName.GUEST_EDITOR),
    Person("gus", "Gustavo", "Moreira", AMARI, "", RoleName.GUEST_EDITOR),
    Person("hana", "Hana", "Novotná", KORUND, "", RoleName.GUEST_EDITOR),
    Person("wiremu", "Wiremu", "Tāne", KESTREL_BAY, "", RoleName.GUEST_EDITOR),
    Person("kim", "Kim", "Seo-yeon", ALDER_ROW, "김서연", RoleName.EDITOR_IN_CHIEF),
    Person("ivo", "Ivo", "Petrov", DESK, "Иво Петров", RoleName.OFFICE),
)

# Key, given name, family name, native script, place, topics; every third reviewer is senior.
_REVIEWERS: tuple[tuple[str, str, str, str, Place, tuple[int, ...]], ...] = (
    ("rui", "Rui", "Figueiredo", "", SAO_LAZARO, (1, 6, 9)),
    ("sol", "Sol", "Ibarra", "", TARNBY, (2, 9, 11)),
    ("tea", "Tea", "Kovačević", "", HALVARD, (3, 6)),
    ("uma", "Uma", "Raghunathan", "உமா ரகுநாதன்", LUMEN_VALLEY, (0, 8, 5)),
    ("aiko", "Aiko", "Tanabe", "田辺 愛子", HOSHIKAWA, (3, 1)),
    ("bashir", "Bashir", "Nazari", "بشیر نظری", NORTHGATE, (7, 10)),
    ("chiara", "Chiara", "Bellandi", "", ORRIN, (9, 11, 10)),
    ("daniyar", "Daniyar", "Omarov", "Данияр Омаров", WESTMERE, (6, 7, 1)),
    ("esi", "Esi", "Boateng", "", AMARI, (5, 11, 10)),
    ("farah", "Farah", "Mansour", "فرح منصور", ZAHRA, (2, 0)),
    ("goran", "Goran", "Lukić", "", KORUND, (1, 4, 6)),
    ("huilin", "Huilin", "Zhao", "赵慧琳", QINGLAN, (1, 2, 7)),
    ("ines", "Inês", "Tavares", "", SAO_LAZARO, (10, 9)),
    ("jiho", "Ji-ho", "Kang", "강지호", BAEKDAM, (3, 6, 1)),
    ("katri", "Katri", "Salonen", "", TARNBY, (7, 10, 3)),
    ("lwazi", "Lwazi", "Dlamini", "", AMARI, (9, 4)),
    ("mirela", "Mirela", "Ionescu", "", HALVARD, (2, 8, 0)),
    ("nadia", "Nadia", "Öztürk", "", ORRIN, (0, 5, 8)),
    ("ohene", "Ohene", "Asante", "", WESTMERE, (11, 10, 4)),
    ("priya", "Priya", "Deshmukh", "प्रिया देशमुख", LUMEN_VALLEY, (1, 7, 6)),
    ("qiang", "Qiang", "Sun", "孙强", QINGLAN, (3, 7)),
    ("ragnhild", "Ragnhild", "Moe", "", HALVARD, (9, 11, 2)),
    ("santiago", "Santiago", "Quiroga", "", KESTREL_BAY, (6, 1, 4)),
    ("tamar", "Tamar", "Gelashvili", "თამარ გელაშვილი", NORTHGATE, (8, 0, 2)),
    ("ugo", "Ugo", "Ferrante", "", ORRIN, (4, 10, 7)),
    ("vesna", "Vesna", "Horvat", "", KORUND, (5, 2, 9)),
    ("wanjiru", "Wanjiru", "Kamau", "", AMARI, (7, 5)),
    ("xenia", "Xenia", "Papadaki", "Ξένια Παπαδάκη", TARNBY, (3, 4, 6)),
    ("yusuf", "Yusuf", "Demir", "", ZAHRA, (10, 11, 9)),
    ("zofia", "Zofia", "Wrońska", "", WESTMERE, (2, 1, 8)),
    ("anahit", "Anahit", "Sargsyan", "Անահիտ Սարգսյան", HALVARD, (6, 3, 7)),
    ("benoit", "Benoît", "Lacroix", "", ALDER_ROW, (9, 2)),
    ("carys", "Carys", "Morgan", "", NORTHGATE, (5, 11)),
    ("dilnoza", "Dilnoza", "Karimova", "", SKOGSBY, (0, 2, 8)),
    ("einar", "Einar", "Hallgrímsson", "", SKOGSBY, (1, 3)),
    ("fumio", "Fumio", "Oda", "小田 文雄", HOSHIKAWA, (10, 7, 9)),
    ("greta", "Greta", "Aumüller", "", KESTREL_BAY, (4, 9, 5)),
    ("hoa", "Hòa", "Nguyễn", "Nguyễn Hòa", ALDER_ROW, (8, 0, 2)),
    ("ilse", "Ilse", "Vermeulen", "", KORUND, (6, 7, 10)),
    ("jamila", "Jamila", "Benali", "جميلة بنعلي", SKOGSBY, (11, 5, 9)),
)

_SUBMITTERS: tuple[tuple[str, str, str, str, Place], ...] = (
    ("ada", "Ada", "Avelin", "", NORTHGATE),
    ("milan", "Milan", "Brandt", "", HALVARD),
    ("yuki", "Yuki", "Mori", "森 由紀", HOSHIKAWA),
    ("thandi", "Thandi", "Mokoena", "", AMARI),
    ("pedro", "Pedro", "Sampaio", "", SAO_LAZARO),
    ("linnea", "Linnea", "Dahl", "", TARNBY),
    ("arjun", "Arjun", "Bhattacharya", "অর্জুন ভট্টাচার্য", LUMEN_VALLEY),
    ("corinne", "Corinne", "Favre", "", ORRIN),
    ("walter", "Walter", "Ashby", "", WESTMERE),
    ("minjun", "Min-jun", "Seong", "성민준", BAEKDAM),
    ("xiaowen", "Xiaowen", "Gu", "顾晓雯", QINGLAN),
    ("salma", "Salma", "Fahmy", "سلمى فهمي", ZAHRA),
    ("hemi", "Hemi", "Parata", "", KESTREL_BAY),
    ("jitka", "Jitka", "Dvořáčková", "", KORUND),
    ("rosalind", "Rosalind", "Okafor", "", NORTHGATE),
    ("nils", "Nils", "Engebretsen", "", HALVARD),
    ("beatriz", "Beatriz", "Nogueira", "", SAO_LAZARO),
    ("kaveh", "Kaveh", "Rostami", "کاوه رستمی", TARNBY),
    ("meera", "Meera", "Subramanian", "", LUMEN_VALLEY),
    ("lukas", "Lukas", "Zehnder", "", ORRIN),
    ("imani", "Imani", "Carter", "", WESTMERE),
    ("haruto", "Haruto", "Aoki", "青木 陽翔", HOSHIKAWA),
    ("dao", "Đào", "Phạm", "Phạm Đào", QINGLAN),
    ("soo", "Soo-ah", "Lim", "임수아", BAEKDAM),
)

# People who are named as authors only and have no account.
_COAUTHORS: tuple[tuple[str, str, str, Place], ...] = (
    ("ben", "Ben", "Thorpe", NORTHGATE),
    ("signe", "Signe", "Aasen", HALVARD),
    ("kenji", "Kenji", "Hayama", HOSHIKAWA),
    ("otieno", "Otieno", "Ouma", AMARI),
    ("luiza", "Luíza", "Prado", SAO_LAZARO),
    ("anders", "Anders", "Juhl", TARNBY),
    ("kavita", "Kavita", "Menon", LUMEN_VALLEY),
    ("marc", "Marc", "Rochat", ORRIN),
    ("joanna", "Joanna", "Pell", WESTMERE),
    ("hyejin", "Hye-jin", "Roh", BAEKDAM),
    ("lei", "Lei", "Fang", QINGLAN),
    ("karim", "Karim", "Sabry", ZAHRA),
    ("aroha", "Aroha", "Wharepapa", KESTREL_BAY),
    ("ondrej", "Ondřej", "Malík", KORUND),
)


def low_orcid(number: int) -> str:
    """A valid ORCID iD far below the range that is given to people."""
    first = f"{number:015d}"
    compact = first + check_character(first)
    return "-".join(compact[i : i + 4] for i in range(0, 16, 4))


SUBMITTERS = tuple(
    Person(key, given, family, place, native, orcid=low_orcid(number))
    for number, (key, given, family, native, place) in enumerate(_SUBMITTERS, start=1)
)
REVIEWERS = tuple(
    Person(
        key,
        given,
        family,
        place,
        native,
        RoleName.REVIEWER,
        topics,
        is_senior=number % 3 == 0,
        orcid=low_orcid(number + 30),
    )
    for number, (key, given, family, native, place, topics) in enumerate(_REVIEWERS)
)
COAUTHORS = tuple(
    Person(key, given, family, place, orcid=low_orcid(number + 80))
    for number, (key, given, family, place) in enumerate(_COAUTHORS)
)
ACCOUNTS = (*EDITORS, *REVIEWERS, *SUBMITTERS)
BY_KEY = {person.key: person for person in (*ACCOUNTS, *COAUTHORS)}
