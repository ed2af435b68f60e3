"""Common given names and surnames, by the communities that an English town has.

They are combined at random: every combination is plausible and points at nobody.
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Background:
    """A community: its share of households, its names, its nationalities with weights."""

    key: str
    share: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[str, ...]
    nationalities: tuple[tuple[str, int], ...]
    language: str = "en"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ENGLISH_GIRLS = _words(
    "Olivia Amelia Isla Ava Ivy Freya Lily Florence Mia Willow Rosie Sophia Isabella Grace Daisy "
    "Poppy Evelyn Sienna Ella Phoebe Elsie Alice Harper Matilda Emily Millie Penelope Maisie"
)
_ENGLISH_BOYS = _words(
    "Noah Oliver George Leo Theo Arthur Oscar Freddie Archie Jack Charlie Harry Henry Luca Alfie "
    "Finley Jude Roman Albie Tommy Teddy Reuben Jacob Lucas William Thomas Isaac Toby"
)

BACKGROUNDS = (
    Background(
        "english",
        68,
        _words(
            "Susan Margaret Patricia Christine Linda Jean Julie Karen Sarah Claire Emma Rachel "
            "Joanne Nicola Helen Lisa Samantha Laura Rebecca Gemma Charlotte Hannah Jessica Lucy "
            "Sophie Bethany Chloe Megan Abigail Eleanor Dorothy Barbara Pauline Janet Angela"
        ),
        _words(
            "David John Michael Peter Robert Paul Alan Stephen Brian Kevin Mark Andrew Simon "
            "Richard Darren Lee Matthew Daniel Christopher James Adam Ryan Luke Joshua Thomas "
            "Jack Samuel Benjamin Joseph Callum Derek Raymond Kenneth Geoffrey Terence"
        ),
        _ENGLISH_GIRLS,
        _ENGLISH_BOYS,
        _words(
            "Smith Taylor Brown Wilson Johnson Walker Wright Robinson Thompson White Hughes Green "
            "Hall Wood Harris Martin Jackson Clarke Turner Hill Cooper Ward Moore King Watson "
            "Baker Harrison Parker Bennett Cook Shaw Young Allen Carter Mitchell Bailey Collins "
            "Foster Russell Mason Webb Palmer Gibson Barker Hunt Fisher Dixon Knight Holmes Pearson"
        ),
        (("British", 100),),
    ),
    Background(
        "welsh",
        5,
        _words("Rhian Sian Bethan Carys Angharad Eleri Ffion Nerys Gwen Catrin Lowri Mair"),
        _words("Gareth Rhys Huw Dafydd Emyr Ieuan Owain Geraint Aled Gethin Iwan Hywel"),
        _words("Mali Cadi Seren Efa Nansi Ela Gwenno Lleucu Eira Mabli"),
        _words("Osian Macsen Ifan Gruff Elis Tomos Jac Llew Guto Steffan"),
        _words("Jones Davies Evans Thomas Roberts Lewis Morgan Griffiths Edwards Owen Price Rees"),
        (("British", 100),),
        "cy",
    ),
    Background(
        "irish",
        4,
        _words("Siobhan Aoife Maeve Niamh Orla Sinead Ciara Grainne Bridget Eileen"),
        _words("Declan Liam Padraig Eamon Sean Brendan Conor Fergal Cormac Niall"),
        _words("Saoirse Fiadh Caoimhe Clodagh Erin Roisin"),
        _words("Cillian Oisin Tadhg Fionn Darragh Ronan"),
        _words("Murphy Kelly Byrne Ryan Doyle Walsh Nolan Brennan Farrell Dunne"),
        (("Irish", 70), ("British", 30)),
    ),
    Background(
        "south-asian",
        9,
        _words("Priya Anjali Fatima Ayesha Nadia Sunita Zainab Meera Shabnam Kavita Rukhsana Asha"),
        _words("Imran Rajesh Mohammed Sanjay Bilal Arjun Tariq Vikram Hassan Anil Yusuf Naveed"),
        _words("Aisha Maryam Anaya Zara Diya Inaya Hafsa Riya"),
        _words("Muhammad Ayaan Zayn Rohan Ibrahim Aarav Yahya Kabir"),
        _words("Patel Khan Singh Ahmed Begum Shah Hussain Kaur Sharma Malik Gupta Chowdhury"),
        (("British", 72), ("Indian", 14), ("Pakistani", 9), ("Bangladeshi", 5)),
    ),
    Background(
        "west-african",
        4,
        _words("Ngozi Abena Funmilayo Adaeze Akosua Blessing Yetunde Efua"),
        _words("Emeka Kwame Tunde Kofi Chinedu Babajide Kojo Obinna"),
        _words("Amara Zuri Temi Ama Ifeoma"),
        _words("Chidi Kelechi Ayo Kwesi Tobi"),
        _words("Okafor Mensah Adeyemi Boateng Eze Owusu Balogun Asante"),
        (("British", 60), ("Nigerian", 25), ("Ghanaian", 15)),
    ),
    Background(
        "polish",
        4,
        _words("Agnieszka Katarzyna Magdalena Monika Ewa Joanna Beata Dorota"),
        _words("Tomasz Piotr Marcin Krzysztof Pawel Grzegorz Marek Lukasz"),
        _words("Zofia Maja Hanna Lena Julia"),
        _words("Antoni Jakub Filip Szymon Mikolaj"),
        _words("Nowak Wojcik Kaminska Zielinski Mazur Krawczyk Dudek Pawlak"),
        (("Polish", 75), ("British", 25)),
    ),
    Background(
        "romanian",
        2,
        _words("Elena Andreea Ioana Mihaela Gabriela"),
        _words("Andrei Mihai Cristian Florin Bogdan"),
        _words("Daria Ana Teodora"),
        _words("Matei Luca Stefan"),
        _words("Popescu Ionescu Dumitru Stan Marin Radu"),
        (("Romanian", 85), ("British", 15)),
    ),
    Background(
        "chinese",
        2,
        _words("Mei Xiu Lan Wei-Ling Yan Suk-Yee"),
        _words("Wei Jun Chi-Ming Ho Kwok Tao"),
        _words("Emily Chloe Jasmine"),
        _words("Jason Ethan Lucas"),
        _words("Chen Wong Li Chan Zhang Lam"),
        (("British", 60), ("Chinese", 40)),
    ),
    Background(
        "american",
        2,
        _words("Ashley Brittany Lauren Megan Kelsey"),
        _words("Tyler Brandon Kyle Austin Derek"),
        _words("Madison Harper Avery"),
        _words("Mason Carter Hudson"),
        _words("Miller Anderson Sullivan Reed Brooks Hayes"),
        (("American", 80), ("British", 20)),
    ),
)
