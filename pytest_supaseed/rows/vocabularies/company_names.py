"""Parts of invented companies' names."""

from __future__ import annotations

from pytest_supaseed.rows.vocabularies import words

ROOTS = words(
    """
    Alderquay Amberwick Ashgrove Bellmoor Birchmere Bluefern Brackenfold Brightquay Calderhythe Cedarwhistle
    Cloverstead Copperlark Corvenholt Dapplewood Dawnmere Driftholm Eastquill Elmharrow Emberlyn Farrowdene
    Fennimoor Foxglade Gantrymill Goldenreed Greyheron Halverstone Harrowfen Hazelquay Heronbrook Hollowmarsh
    Inkwellow Ivorytarn Junipertide Kestrelfold Ketterfield Kilnbrook Larkenfield Lindenquill Lowmarrow
    Lumenweir Maplehythe Marlowbeck Millhaven Mossgarth Netherfold Northquill Oakenfirth Opalmere Otterwick
    Pebblemoor Pinecask Plumridge Quillmark Quincefield Ravelstone Reedlark Rowanfirth Saltmeadow Sedgewell
    Silverthicket Snowquay Sparrowmill Stonelatch Sundermere Tallowmere Tarnfield Thistlequay Thornwhistle
    Umberfold Velvetmoor Violetholm Waxwing Westmarrow Willowtarn Windlehythe Woolbridge Wrenfold Yarrowgate
    Zephyrholt
    """
)
FIELDS = words(
    """
    Analytics Apparel Books Builders Catering Ceramics Coffee Consulting Cycles Design Electronics Energy
    Finance Foods Freight Furniture Gardens Health Hosting Insurance Interiors Labs Logistics Media Mobility
    Optics Outdoors Paper Partners Pharmacy Print Robotics Security Software Solar Studio Supplies Systems
    Textiles Tools Toys Travel Workshop
    """
)
LEGAL_FORMS = ("AB", "BV", "Co.", "GmbH", "Inc.", "KG", "LLC", "Ltd", "SARL", "S.L.")
TEAMS = words(
    """
    Acorn Badger Comet Delta Ember Falcon Glacier Harbour Iris Juniper Kestrel Lantern Meridian Nimbus Orchid
    Pioneer Quartz Raven Sierra Tundra Umbra Vertex Willow Zenith
    """
)
INDUSTRIES = (
    "Agriculture",
    "Automotive",
    "Construction",
    "Consumer goods",
    "Education",
    "Energy",
    "Financial services",
    "Food and beverages",
    "Health care",
    "Hospitality",
    "Logistics",
    "Manufacturing",
    "Media",
    "Non-profit",
    "Public sector",
    "Real estate",
    "Retail",
    "Software",
    "Telecommunications",
    "Travel",
)
