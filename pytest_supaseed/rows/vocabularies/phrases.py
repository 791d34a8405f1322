"""Words and sentence patterns. A pattern's `{noun}` and the like are drawn from the list of that name."""

from __future__ import annotations

from pytest_supaseed.rows.vocabularies import words

ADJECTIVES = words(
    """
    amber ancient balanced bold brave bright brisk broad calm careful clean clear clever coastal compact
    complete cosy crisp curious deep distant easy eager elegant empty even fair familiar fast fine firm
    first flat flexible foldable fresh friendly gentle genuine good grand green handy happy hidden honest
    humble keen kind large level light lively local long loyal lucky mellow mild modern modest narrow
    natural neat new noble open orderly patient plain pleasant polished portable precise prompt proud pure
    quick quiet rapid rare ready recent regular reliable rich robust round rustic secure serene shared
    sharp short silent simple sleek slow small smart smooth soft solid stable steady strong sturdy subtle
    sunny swift tall thin tidy timely tiny useful vivid warm white wide wild wise young
    """
)
NOUNS = words(
    """
    account album anchor archive atlas badge balance basket beacon bench blueprint board bridge budget
    calendar camera campaign canvas catalogue cellar channel chapter chart checklist circle clock cloud coast
    collection column compass concert contract corner course craft dashboard deadline delivery design diary
    draft drawer engine entrance evening event exhibit factory feature feedback festival field filter folder
    forecast forest form frame gallery garden gate guide habit harbour headline hill history horizon idea
    index interview inventory invoice island journal journey kettle kitchen ladder lake lamp lantern layout
    ledger lesson letter library lighthouse link list map market meadow meeting menu message method mirror
    model morning mountain museum network notebook notice office orchard order outline package page parcel
    path pattern picture pier plan platform pocket portrait postcard price profile project prototype quarter
    question receipt recipe record release report request review ribbon river road room route sample schedule
    season section session shelf shop signal sketch station story street studio summary survey table task team
    template theatre ticket timetable tool topic tower track trail train valley village visit voyage wall
    warehouse window workshop
    """
)
VERBS = words(
    """
    adjust approve archive arrange assign check clean close collect compare confirm copy describe discuss
    document draw explain export finish fix group improve inspect label measure merge move name open order
    organise pack paint plan polish prepare print publish rebuild record remove rename repair replace review
    revise schedule send share sort split store test track translate trim tune update upload verify visit
    write
    """
)
PRODUCTS = words(
    """
    apron backpack bench blanket bookend bottle bowl candle chair clock coaster cushion desk drawer easel
    flask folder frame hammock headset hook jacket jug kettle keyboard ladder lamp lantern mat mirror monitor
    mug napkin notebook organiser pan pillow planner plate rack rug scarf shelf speaker spoon stand stool
    tablecloth teapot thermos toolbox towel tray tripod umbrella vase wallet whistle
    """
)
MATERIALS = words(
    "bamboo brass canvas ceramic copper cork cotton felt glass leather linen oak paper rubber slate steel "
    "stone"
)
SENTENCES = (
    "The {adjective} {noun} is ready for the next {noun}.",
    "Every {noun} has its own {adjective} {noun}.",
    "Please {verb} the {noun} before the {noun} begins.",
    "We {verb} each {noun} by hand and keep the {noun} {adjective}.",
    "It comes with a {noun} and a guide to the {adjective} {noun}.",
    "Made for people who {verb} and {verb} every day.",
    "This {noun} replaces the {adjective} one from last {noun}.",
    "Nobody needs to {verb} the {noun} twice.",
    "The team will {verb} the {noun} together with the {noun}.",
    "One {adjective} {noun} is worth more than ten quick ones.",
    "You can {verb} it at any time, from any {noun}.",
    "Our {noun} keeps the {noun} {adjective} and the {noun} short.",
    "Most visitors {verb} the {noun} first and the {noun} later.",
    "A {noun} like this stays {adjective} for years.",
    "Bring a {noun}: the {noun} may take longer than planned.",
    "Both sides agreed to {verb} the {adjective} {noun}.",
    "There is room for one more {noun} beside the {noun}.",
    "The second {noun} was quieter, with a {noun} at its end.",
    "Keep the {noun} close and the {adjective} {noun} closer.",
    "What began as a {noun} has become a {noun} for everyone.",
    "The {noun} closes at six, the {noun} an hour later.",
    "Three of them chose the {adjective} {noun}, the others the {noun}.",
    "Until then we {verb} what we have and {verb} the rest.",
    "It fits in a {noun} and weighs less than a {noun}.",
)
TITLES = (
    "A short guide to the {adjective} {noun}",
    "How to {verb} a {noun}",
    "How we {verb} every {noun}",
    "Notes from a {adjective} {noun}",
    "Seven ways to {verb} your {noun}",
    "The {adjective} {noun}",
    "The {noun} and the {noun}",
    "What a {noun} taught us",
    "Why the {noun} matters",
    "When to {verb} and when to {verb}",
    "Behind the {adjective} {noun}",
    "From {noun} to {noun}",
    "In praise of the {adjective} {noun}",
    "Lessons of a {adjective} {noun}",
    "The year of the {noun}",
    "Before you {verb} the {noun}",
)
TASKS = (
    "{Verb} the {noun}",
    "{Verb} the {adjective} {noun}",
    "{Verb} and {verb} the {noun}",
    "{Verb} the {noun} before the {noun}",
    "{Verb} the {noun} for the {noun}",
    "{Verb} the missing {noun}",
    "{Verb} the {noun} again",
)
MESSAGES = (
    "Could you {verb} the {noun} today?",
    "Thanks, the {noun} looks {adjective}.",
    "I will {verb} it tomorrow morning.",
    "The {noun} is done, please have a look.",
    "Shall we {verb} the {noun} together?",
    "Good point, I had not seen the {noun}.",
    "Let us keep the {adjective} {noun} for now.",
    "Works for me. Who will {verb} the {noun}?",
    "I moved the {noun} to next week.",
    "The {noun} arrived, but the {noun} is missing.",
    "Sorry for the delay, the {noun} took longer than planned.",
    "Great, then I will {verb} the {noun} first.",
)
QUESTIONS = (
    "How do I {verb} a {noun}?",
    "Can I {verb} the {noun} later?",
    "Where do I find my {noun}?",
    "Who may {verb} the {adjective} {noun}?",
    "What happens to my {noun} when I {verb} it?",
    "Why is the {noun} not {adjective} yet?",
    "When will you {verb} the {noun}?",
)
BIOS = (
    "{Job} from {city} who likes to {verb} and {verb}.",
    "{Job}. Lives in {city} with a {noun} and a {adjective} {noun}.",
    "Writes about the {noun} and the {adjective} {noun}.",
    "{Job} by day, with a weakness for any {adjective} {noun}.",
)
INSTRUCTIONS = (
    "{Verb} the {noun} first, then {verb} the {noun}.",
    "Do not {verb} the {noun} before the {noun} is {adjective}.",
    "Leave the {noun} at the {adjective} {noun}.",
    "Please {verb} it twice.",
)
REASONS = (
    "Duplicate of an earlier {noun}",
    "No longer needed",
    "Ordered by mistake",
    "The {noun} was not {adjective}",
    "Waiting for the {noun}",
    "Changed to a {adjective} {noun}",
    "Requested by the customer",
)
COLOURS = (
    ("Amber", "#f59e0b"),
    ("Apricot", "#fbceb1"),
    ("Charcoal", "#36454f"),
    ("Coral", "#ff7f50"),
    ("Crimson", "#dc143c"),
    ("Emerald", "#10b981"),
    ("Forest", "#228b22"),
    ("Gold", "#ffd700"),
    ("Indigo", "#4f46e5"),
    ("Ivory", "#fffff0"),
    ("Lavender", "#b57edc"),
    ("Lime", "#84cc16"),
    ("Navy", "#000080"),
    ("Olive", "#808000"),
    ("Rose", "#f43f5e"),
    ("Sand", "#c2b280"),
    ("Sky", "#0ea5e9"),
    ("Slate", "#64748b"),
    ("Teal", "#0f766e"),
    ("Violet", "#7c3aed"),
)
"""Names and hexadecimal values."""
UNITS = ("piece", "box", "kg", "g", "l", "ml", "m", "cm", "hour", "pack")
