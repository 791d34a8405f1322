"""Countries as their own people write them, for rows in a locale: names, money, dialling codes and cities."""

from __future__ import annotations

COUNTRIES_OF_LOCALES = """
AE|الإمارات العربية المتحدة|+971|AED
AL|Shqipëria|+355|ALL
AM|Հայաստան|+374|AMD
AR|Argentina|+54|ARS
AT|Österreich|+43|EUR
AU|Australia|+61|AUD
AZ|Azərbaycan|+994|AZN
BA|Bosna i Hercegovina|+387|BAM
BD|বাংলাদেশ|+880|BDT
BE|België|+32|EUR
BG|България|+359|EUR
BH|البحرين|+973|BHD
BR|Brasil|+55|BRL
CA|Canada|+1|CAD
CH|Schweiz|+41|CHF
CL|Chile|+56|CLP
CN|中国|+86|CNY
CO|Colombia|+57|COP
CY|Κύπρος|+357|EUR
CZ|Česko|+420|CZK
DE|Deutschland|+49|EUR
DK|Danmark|+45|DKK
DZ|الجزائر|+213|DZD
EE|Eesti|+372|EUR
EG|مصر|+20|EGP
ES|España|+34|EUR
ET|ኢትዮጵያ|+251|ETB
FI|Suomi|+358|EUR
FR|France|+33|EUR
GB|United Kingdom|+44|GBP
GE|საქართველო|+995|GEL
GH|Ghana|+233|GHS
GR|Ελλάδα|+30|EUR
HR|Hrvatska|+385|EUR
HU|Magyarország|+36|HUF
ID|Indonesia|+62|IDR
IE|Ireland|+353|EUR
IL|ישראל|+972|ILS
IN|India|+91|INR
IR|ایران|+98|IRR
IS|Ísland|+354|ISK
IT|Italia|+39|EUR
JO|الأردن|+962|JOD
JP|日本|+81|JPY
KE|Kenya|+254|KES
KR|대한민국|+82|KRW
LI|Liechtenstein|+423|CHF
LK|ශ්‍රී ලංකාව|+94|LKR
LT|Lietuva|+370|EUR
LU|Luxembourg|+352|EUR
LV|Latvija|+371|EUR
MK|Северна Македонија|+389|MKD
MT|Malta|+356|EUR
MX|México|+52|MXN
MY|Malaysia|+60|MYR
NG|Nigeria|+234|NGN
NL|Nederland|+31|EUR
NO|Norge|+47|NOK
NP|नेपाल|+977|NPR
NZ|New Zealand|+64|NZD
PH|Pilipinas|+63|PHP
PK|Pakistan|+92|PKR
PL|Polska|+48|PLN
PS|فلسطين|+970|ILS
PT|Portugal|+351|EUR
RO|România|+40|RON
RU|Россия|+7|RUB
SA|المملكة العربية السعودية|+966|SAR
SE|Sverige|+46|SEK
SI|Slovenija|+386|EUR
SK|Slovensko|+421|EUR
TH|ประเทศไทย|+66|THB
TR|Türkiye|+90|TRY
TW|臺灣|+886|TWD
UA|Україна|+380|UAH
US|United States|+1|USD
UZ|O'zbekiston|+998|UZS
VE|Venezuela|+58|VES
VN|Việt Nam|+84|VND
ZA|South Africa|+27|ZAR
"""
"""Code, name in the country, dialling code, currency."""

TERRITORIES = {
    "ar_AA": "EG",
    "de": "DE",
    "dk_DK": "DK",
    "en": "US",
    "en_MS": "MY",
    "es": "ES",
    "es_CA": "ES",
    "fr_QC": "CA",
    "la": "IT",
    "ng_NG": "NG",
    "sw": "KE",
    "th": "TH",
}
"""Countries of the locales whose name ends in none, or in one of its own."""

LANGUAGE_NAMES = {
    "am": "አማርኛ", "ar": "العربية", "az": "Azərbaycanca", "bg": "Български", "bn": "বাংলা", "bs": "Bosanski",
    "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "dk": "Dansk", "el": "Ελληνικά", "en": "English",
    "es": "Español", "et": "Eesti", "fa": "فارسی", "fi": "Suomi", "fil": "Filipino", "fr": "Français",
    "ga": "Gaeilge", "gu": "ગુજરાતી", "ha": "Hausa", "he": "עברית", "hi": "हिन्दी", "hr": "Hrvatski",
    "hu": "Magyar", "hy": "Հայերեն", "id": "Bahasa Indonesia", "ig": "Igbo", "is": "Íslenska",
    "it": "Italiano", "ja": "日本語", "ka": "ქართული", "ko": "한국어", "la": "Latina", "lb": "Lëtzebuergesch",
    "lt": "Lietuvių", "lv": "Latviešu", "mk": "Македонски", "mr": "मराठी", "mt": "Malti", "ne": "नेपाली",
    "nl": "Nederlands", "no": "Norsk", "or": "ଓଡ଼ିଆ", "pl": "Polski", "pt": "Português", "ro": "Română",
    "ru": "Русский", "si": "සිංහල", "sk": "Slovenčina", "sl": "Slovenščina", "sq": "Shqip", "sr": "Srpski",
    "sv": "Svenska", "sw": "Kiswahili", "ta": "தமிழ்", "th": "ไทย", "tl": "Tagalog", "tr": "Türkçe",
    "tw": "Twi", "uk": "Українська", "uz": "O'zbekcha", "vi": "Tiếng Việt", "yo": "Yorùbá", "zh": "中文",
    "zu": "isiZulu",
}  # fmt: skip
"""Languages as those call them who speak them."""

FURTHER_CITIES = """
Leipzig|Sachsen|SN|041##|DE|Europe/Berlin|+493023125###
Bremen|Bremen|HB|281##|DE|Europe/Berlin|+494066969###
Stuttgart|Baden-Württemberg|BW|701##|DE|Europe/Berlin|+496990009###
Düsseldorf|Nordrhein-Westfalen|NW|402##|DE|Europe/Berlin|+492214710###
Bordeaux|Nouvelle-Aquitaine|NAQ|330##|FR|Europe/Paris|+3353649####
Lille|Hauts-de-France|HDF|590##|FR|Europe/Paris|+3335301####
Rennes|Bretagne|BRE|350##|FR|Europe/Paris|+3326191####
Łódź|Łódzkie|LD|90-###|PL|Europe/Warsaw|
Linz|Oberösterreich|O|40##|AT|Europe/Vienna|
Salzburg|Salzburg|S|50##|AT|Europe/Vienna|
Innsbruck|Tirol|T|60##|AT|Europe/Vienna|
Basel|Basel-Stadt|BS|40##|CH|Europe/Zurich|
Luzern|Luzern|LU|60##|CH|Europe/Zurich|
St. Gallen|St. Gallen|SG|90##|CH|Europe/Zurich|
Antwerpen|Vlaanderen|VLG|20##|BE|Europe/Brussels|
Gent|Vlaanderen|VLG|90##|BE|Europe/Brussels|
Brugge|Vlaanderen|VLG|80##|BE|Europe/Brussels|
Madrid|Comunidad de Madrid|MD|280##|ES|Europe/Madrid|
Sevilla|Andalucía|AN|410##|ES|Europe/Madrid|
Zaragoza|Aragón|AR|500##|ES|Europe/Madrid|
Barcelona|Catalunya|CT|080##|ES|Europe/Madrid|
Monterrey|Nuevo León|NLE|640##|MX|America/Monterrey|
Puebla|Puebla|PUE|720##|MX|America/Mexico_City|
Mérida|Yucatán|YUC|970##|MX|America/Merida|
Roma|Lazio|LAZ|001##|IT|Europe/Rome|
Milano|Lombardia|LOM|201##|IT|Europe/Rome|
Napoli|Campania|CAM|801##|IT|Europe/Rome|
Firenze|Toscana|TOS|501##|IT|Europe/Rome|
Lisboa|Lisboa|LIS|11##-###|PT|Europe/Lisbon|
Coimbra|Coimbra|COI|30##-###|PT|Europe/Lisbon|
Braga|Braga|BRA|47##-###|PT|Europe/Lisbon|
São Paulo|São Paulo|SP|01###-###|BR|America/Sao_Paulo|
Recife|Pernambuco|PE|50###-###|BR|America/Recife|
Porto Alegre|Rio Grande do Sul|RS|90###-###|BR|America/Sao_Paulo|
Amsterdam|Noord-Holland|NH|10## @@|NL|Europe/Amsterdam|
Groningen|Groningen|GR|97## @@|NL|Europe/Amsterdam|
Eindhoven|Noord-Brabant|NB|56## @@|NL|Europe/Amsterdam|
Malmö|Skåne län|M|21# ##|SE|Europe/Stockholm|
Uppsala|Uppsala län|C|75# ##|SE|Europe/Stockholm|
Oslo|Oslo|OSL|01##|NO|Europe/Oslo|
Trondheim|Trøndelag|TRD|70##|NO|Europe/Oslo|
Stavanger|Rogaland|ROG|40##|NO|Europe/Oslo|
København|Hovedstaden|HOV|21##|DK|Europe/Copenhagen|
Odense|Syddanmark|SYD|50##|DK|Europe/Copenhagen|
Aalborg|Nordjylland|NOR|90##|DK|Europe/Copenhagen|
Warszawa|Mazowieckie|MZ|00-###|PL|Europe/Warsaw|
Wrocław|Dolnośląskie|DS|50-###|PL|Europe/Warsaw|
Poznań|Wielkopolskie|WP|60-###|PL|Europe/Warsaw|
Helsinki|Uusimaa|UUS|001#0|FI|Europe/Helsinki|
Tampere|Pirkanmaa|PIR|331#0|FI|Europe/Helsinki|
Turku|Varsinais-Suomi|VAR|201#0|FI|Europe/Helsinki|
Auckland|Auckland|AUK|10##|NZ|Pacific/Auckland|
Christchurch|Canterbury|CAN|80##|NZ|Pacific/Auckland|
Dunedin|Otago|OTA|90##|NZ|Pacific/Auckland|
Durban|KwaZulu-Natal|KZN|40##|ZA|Africa/Johannesburg|
Pretoria|Gauteng|GP|00##|ZA|Africa/Johannesburg|
Mombasa|Mombasa County|MBA|801##|KE|Africa/Nairobi|
Kisumu|Kisumu County|KIS|401##|KE|Africa/Nairobi|
Chennai|Tamil Nadu|TN|6000##|IN|Asia/Kolkata|
Kolkata|West Bengal|WB|7000##|IN|Asia/Kolkata|
東京|東京都|13|10#-00##|JP|Asia/Tokyo|
大阪|大阪府|27|53#-00##|JP|Asia/Tokyo|
京都|京都府|26|60#-00##|JP|Asia/Tokyo|
札幌|北海道|01|06#-00##|JP|Asia/Tokyo|
福岡|福岡県|40|81#-00##|JP|Asia/Tokyo|
名古屋|愛知県|23|46#-00##|JP|Asia/Tokyo|
Αθήνα|Αττική|I|10# ##|GR|Europe/Athens|
Θεσσαλονίκη|Κεντρική Μακεδονία|B|54# ##|GR|Europe/Athens|
Πάτρα|Δυτική Ελλάδα|G|26# ##|GR|Europe/Athens|
Ηράκλειο|Κρήτη|M|71# ##|GR|Europe/Athens|
Λάρισα|Θεσσαλία|E|41# ##|GR|Europe/Athens|
القاهرة|القاهرة|C|115##|EG|Africa/Cairo|
الإسكندرية|الإسكندرية|ALX|215##|EG|Africa/Cairo|
الجيزة|الجيزة|GZ|125##|EG|Africa/Cairo|
المنصورة|الدقهلية|DK|355##|EG|Africa/Cairo|
الرياض|منطقة الرياض|01|115##|SA|Asia/Riyadh|
جدة|منطقة مكة المكرمة|02|214##|SA|Asia/Riyadh|
دبي|دبي|DU|00000|AE|Asia/Dubai|
أبوظبي|أبوظبي|AZ|00000|AE|Asia/Dubai|
عمان|العاصمة|AM|111##|JO|Asia/Amman|
المنامة|العاصمة|13|3##|BH|Asia/Bahrain|
رام الله|رام الله والبيرة|RBH|P600####|PS|Asia/Hebron|
İstanbul|İstanbul|34|34###|TR|Europe/Istanbul|
Ankara|Ankara|06|06###|TR|Europe/Istanbul|
İzmir|İzmir|35|35###|TR|Europe/Istanbul|
Bursa|Bursa|16|16###|TR|Europe/Istanbul|
София|София-град|22|10##|BG|Europe/Sofia|
Пловдив|Пловдив|16|40##|BG|Europe/Sofia|
Варна|Варна|03|90##|BG|Europe/Sofia|
Tallinn|Harju maakond|37|101##|EE|Europe/Tallinn|
Tartu|Tartu maakond|79|510##|EE|Europe/Tallinn|
Vilnius|Vilniaus apskritis|VL|011##|LT|Europe/Vilnius|
Kaunas|Kauno apskritis|KU|442##|LT|Europe/Vilnius|
Rīga|Rīga|RIX|LV-10##|LV|Europe/Riga|
Liepāja|Liepāja|LPX|LV-340#|LV|Europe/Riga|
Reykjavík|Höfuðborgarsvæðið|1|10#|IS|Atlantic/Reykjavik|
Akureyri|Norðurland eystra|6|60#|IS|Atlantic/Reykjavik|
Lagos|Lagos|LA|1002##|NG|Africa/Lagos|
Kano|Kano|KN|7002##|NG|Africa/Lagos|
Karachi|Sindh|SD|74###|PK|Asia/Karachi|
Lahore|Punjab|PB|54###|PK|Asia/Karachi|
Accra|Greater Accra|AA|GA-0##|GH|Africa/Accra|
Kumasi|Ashanti|AH|AK-0##|GH|Africa/Accra|
Luxembourg|Luxembourg|LU|L-1###|LU|Europe/Luxembourg|
Caracas|Distrito Capital|A|10##|VE|America/Caracas|
"""
"""Cities in the words of those who live there; as in `countries.CITIES`, and beside those of the country."""

SPEAKERS = {
    "ar": "ar_AA",
    "de": "de_DE",
    "el": "el_GR",
    "es": "es_ES",
    "fr": "fr_FR",
    "it": "it_IT",
    "nl": "nl_NL",
}
"""The locale of a language that has what others of it lack."""

OWN_CITIES_ALONE = frozenset({"JP"})
"""Countries whose cities stand in `countries.CITIES` in other letters than their own."""

FAMILY_NAME_AND_FORM = {
    "ja": "{prefix}{last}{category}",
    "ru": "{prefix} «{last}»",
    "zh": "{last}{first}{suffix}",
}
"""How a company is named after its founder, by language; otherwise the name and then the legal form."""
