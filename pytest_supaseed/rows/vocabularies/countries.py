"""Countries and cities: real names; streets and postcodes invented, telephone numbers kept for fiction.

Those ranges are the North American plan's 555-0100 to 555-0199, and what Ofcom, the Bundesnetzagentur, Arcep,
ACMA, ComReg and PTS keep for drama. Other countries keep none; there the number is a North American one.
"""

from __future__ import annotations

COUNTRIES = """
US|USA|United States|+1|USD|en|en-US|English
CA|CAN|Canada|+1|CAD|en|en-CA|English
GB|GBR|United Kingdom|+44|GBP|en|en-GB|English
IE|IRL|Ireland|+353|EUR|en|en-IE|English
AU|AUS|Australia|+61|AUD|en|en-AU|English
NZ|NZL|New Zealand|+64|NZD|en|en-NZ|English
ZA|ZAF|South Africa|+27|ZAR|en|en-ZA|English
KE|KEN|Kenya|+254|KES|en|en-KE|English
IN|IND|India|+91|INR|en|en-IN|English
SG|SGP|Singapore|+65|SGD|en|en-SG|English
DE|DEU|Germany|+49|EUR|de|de-DE|German
AT|AUT|Austria|+43|EUR|de|de-AT|German
CH|CHE|Switzerland|+41|CHF|de|de-CH|German
FR|FRA|France|+33|EUR|fr|fr-FR|French
BE|BEL|Belgium|+32|EUR|fr|fr-BE|French
ES|ESP|Spain|+34|EUR|es|es-ES|Spanish
MX|MEX|Mexico|+52|MXN|es|es-MX|Spanish
IT|ITA|Italy|+39|EUR|it|it-IT|Italian
PT|PRT|Portugal|+351|EUR|pt|pt-PT|Portuguese
BR|BRA|Brazil|+55|BRL|pt|pt-BR|Portuguese
NL|NLD|Netherlands|+31|EUR|nl|nl-NL|Dutch
SE|SWE|Sweden|+46|SEK|sv|sv-SE|Swedish
NO|NOR|Norway|+47|NOK|no|nb-NO|Norwegian
DK|DNK|Denmark|+45|DKK|da|da-DK|Danish
PL|POL|Poland|+48|PLN|pl|pl-PL|Polish
JP|JPN|Japan|+81|JPY|ja|ja-JP|Japanese
"""
"""Code, code of three letters, name, dialling code, currency, language, locale, the language's name."""

CITIES = """
Portland|Oregon|OR|972##|US|America/Los_Angeles|+150355501##
Denver|Colorado|CO|802##|US|America/Denver|+130355501##
Austin|Texas|TX|787##|US|America/Chicago|+151255501##
Chicago|Illinois|IL|606##|US|America/Chicago|+131255501##
Boston|Massachusetts|MA|021##|US|America/New_York|+161755501##
Seattle|Washington|WA|981##|US|America/Los_Angeles|+120655501##
Atlanta|Georgia|GA|303##|US|America/New_York|+140455501##
Phoenix|Arizona|AZ|850##|US|America/Phoenix|+160255501##
Madison|Wisconsin|WI|537##|US|America/Chicago|+160855501##
Raleigh|North Carolina|NC|276##|US|America/New_York|+191955501##
Minneapolis|Minnesota|MN|554##|US|America/Chicago|+161255501##
Salt Lake City|Utah|UT|841##|US|America/Denver|+180155501##
Albany|New York|NY|122##|US|America/New_York|+151855501##
Sacramento|California|CA|958##|US|America/Los_Angeles|+191655501##
Toronto|Ontario|ON|M5@ #@#|CA|America/Toronto|+141655501##
Montréal|Quebec|QC|H2@ #@#|CA|America/Toronto|+151455501##
Vancouver|British Columbia|BC|V6@ #@#|CA|America/Vancouver|+160455501##
Halifax|Nova Scotia|NS|B3@ #@#|CA|America/Halifax|+190255501##
Calgary|Alberta|AB|T2@ #@#|CA|America/Edmonton|+140355501##
London|Greater London|LDN|SE1# #@@|GB|Europe/London|+442079460###
Manchester|Greater Manchester|MAN|M1# #@@|GB|Europe/London|+441614960###
Bristol|Avon|AVN|BS# #@@|GB|Europe/London|+441174960###
Leeds|West Yorkshire|WYK|LS# #@@|GB|Europe/London|+441134960###
Sheffield|South Yorkshire|SYK|S1# #@@|GB|Europe/London|+441144960###
Liverpool|Merseyside|MSY|L1# #@@|GB|Europe/London|+441514960###
Birmingham|West Midlands|WMD|B1# #@@|GB|Europe/London|+441214960###
Edinburgh|Scotland|SCT|EH# #@@|GB|Europe/London|+441314960###
Glasgow|Scotland|SCT|G1# #@@|GB|Europe/London|+441414960###
Dublin|Leinster|L|D0# @#@#|IE|Europe/Dublin|+35320910####
Cork|Munster|M|T1# @#@#|IE|Europe/Dublin|+35320911####
Sydney|New South Wales|NSW|20##|AU|Australia/Sydney|+61255501###
Melbourne|Victoria|VIC|30##|AU|Australia/Melbourne|+61355501###
Brisbane|Queensland|QLD|40##|AU|Australia/Brisbane|+61755501###
Perth|Western Australia|WA|60##|AU|Australia/Perth|+61855501###
Wellington|Wellington|WGN|60##|NZ|Pacific/Auckland|
Cape Town|Western Cape|WC|80##|ZA|Africa/Johannesburg|
Nairobi|Nairobi County|NBO|001##|KE|Africa/Nairobi|
Pune|Maharashtra|MH|4110##|IN|Asia/Kolkata|
Bengaluru|Karnataka|KA|5600##|IN|Asia/Kolkata|
Singapore|Central Region|CR|0#####|SG|Asia/Singapore|
Berlin|Berlin|BE|10###|DE|Europe/Berlin|+493023125###
Hamburg|Hamburg|HH|20###|DE|Europe/Berlin|+494066969###
München|Bayern|BY|80###|DE|Europe/Berlin|+498999998###
Köln|Nordrhein-Westfalen|NW|50###|DE|Europe/Berlin|+492214710###
Frankfurt am Main|Hessen|HE|60###|DE|Europe/Berlin|+496990009###
Wien|Wien|W|10#0|AT|Europe/Vienna|
Graz|Steiermark|ST|80##|AT|Europe/Vienna|
Zürich|Zürich|ZH|80##|CH|Europe/Zurich|
Bern|Bern|BE|30##|CH|Europe/Zurich|
Paris|Île-de-France|IDF|750##|FR|Europe/Paris|+3319900####
Lyon|Auvergne-Rhône-Alpes|ARA|690##|FR|Europe/Paris|+3346571####
Nantes|Pays de la Loire|PDL|440##|FR|Europe/Paris|+3326191####
Toulouse|Occitanie|OCC|310##|FR|Europe/Paris|+3353649####
Strasbourg|Grand Est|GES|670##|FR|Europe/Paris|+3335301####
Liège|Wallonie|WAL|40##|BE|Europe/Brussels|
Valencia|Comunitat Valenciana|VC|460##|ES|Europe/Madrid|
Bilbao|País Vasco|PV|480##|ES|Europe/Madrid|
Guadalajara|Jalisco|JAL|441##|MX|America/Mexico_City|
Torino|Piemonte|PIE|101##|IT|Europe/Rome|
Bologna|Emilia-Romagna|EMR|401##|IT|Europe/Rome|
Porto|Porto|PRT|40##-###|PT|Europe/Lisbon|
Curitiba|Paraná|PR|800##-###|BR|America/Sao_Paulo|
Utrecht|Utrecht|UT|35## @@|NL|Europe/Amsterdam|
Rotterdam|Zuid-Holland|ZH|30## @@|NL|Europe/Amsterdam|
Stockholm|Stockholms län|AB|11# ##|SE|Europe/Stockholm|+468465004##
Göteborg|Västra Götalands län|O|41# ##|SE|Europe/Stockholm|+4631390060#
Bergen|Vestland|VL|50##|NO|Europe/Oslo|
Aarhus|Midtjylland|MJ|80##|DK|Europe/Copenhagen|
Kraków|Małopolskie|MA|30-###|PL|Europe/Warsaw|
Gdańsk|Pomorskie|PM|80-###|PL|Europe/Warsaw|
Kyoto|Kyoto|KYO|60#-00##|JP|Asia/Tokyo|
Sapporo|Hokkaido|HKD|06#-00##|JP|Asia/Tokyo|
"""
"""City, region, its code, postcode pattern, country, time zone, telephone pattern; `#` a digit, `@` a
letter."""

STREETS = {
    "en": "Alder Road|Ashfield Lane|Beacon Street|Bridge Street|Canal Street|Cedar Avenue|Chestnut Drive|"
    "Church Lane|Clover Court|Elm Street|Foundry Lane|Harbour Street|Hawthorn Avenue|Heron Way|Juniper "
    "Street|"
    "Kiln Lane|Larkspur Road|Maple Avenue|Meadow View|Mill Lane|Mulberry Street|Orchard Close|Park Terrace|"
    "Quarry Road|River Street|Rowan Close|School Lane|Station Road|Sycamore Drive|Willow Walk",
    "de": "Ahornweg|Am Mühlbach|Bachstraße|Birkenallee|Brunnengasse|Fliederweg|Gartenstraße|Hafenstraße|"
    "Kastanienallee|Lindenstraße|Mühlenweg|Rosenweg|Schulstraße|Wiesengrund",
    "fr": "allée des Tilleuls|avenue du Port|boulevard des Arts|chemin du Moulin|impasse des Lilas|quai des "
    "Saules|"
    "rue de la Gare|rue des Jardins|rue du Marché|rue du Vieux Pont",
    "es": "Avenida del Mar|Calle de la Fuente|Calle del Olivo|Calle Mayor|Camino del Molino|Paseo de los "
    "Álamos|"
    "Plaza del Mercado",
    "it": "Corso dei Tigli|Piazza del Mercato|Via dei Mulini|Via del Porto|Via della Fontana|Viale degli "
    "Ulivi",
    "pt": "Avenida da Praia|Largo do Mercado|Rua da Fonte|Rua das Flores|Rua do Moinho|Travessa do Rio",
    "nl": "Beukenlaan|Dorpsstraat|Eikenlaan|Havenkade|Kerkstraat|Lindelaan|Molenweg|Stationsstraat",
    "sv": "Björkvägen|Hamngatan|Kvarngatan|Ringvägen|Skolgatan|Storgatan|Ängsvägen",
    "no": "Bjørkeveien|Fjordgata|Havnegata|Kirkeveien|Møllergata|Skolegata",
    "da": "Birkevej|Havnegade|Kirkevej|Møllevej|Skolegade|Søvej",
    "pl": "ulica Brzozowa|ulica Dworcowa|ulica Kwiatowa|ulica Lipowa|ulica Ogrodowa|ulica Portowa|ulica "
    "Szkolna",
    "ja": "Hanamachi|Kawabata-cho|Matsugae|Sakuragaoka|Umezono|Yanagibashi",
}
"""Street names by the country's language."""

NUMBER_FIRST = frozenset({"en", "fr"})
"""Languages in which the house number stands before the street."""
