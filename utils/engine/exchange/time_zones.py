"""Time zones by LEAN's names."""

from __future__ import annotations

from utils.data.lean.clock import zone
from utils.engine.dotnet.naming import DotNet


class TimeZones(DotNet):
    """Time zones; any tz database name may be written in their place."""

    UTC = Utc = zone("UTC")
    NEW_YORK = NewYork = zone("America/New_York")
    EASTERN_STANDARD = EasternStandard = zone("UTC-05")
    LONDON = London = zone("Europe/London")
    HONG_KONG = HongKong = zone("Asia/Hong_Kong")
    TOKYO = Tokyo = zone("Asia/Tokyo")
    ROME = Rome = zone("Europe/Rome")
    SYDNEY = Sydney = zone("Australia/Sydney")
    VANCOUVER = Vancouver = zone("America/Vancouver")
    TORONTO = Toronto = zone("America/Toronto")
    CHICAGO = Chicago = zone("America/Chicago")
    LOS_ANGELES = LosAngeles = zone("America/Los_Angeles")
    PHOENIX = Phoenix = zone("America/Phoenix")
    AUCKLAND = Auckland = zone("Pacific/Auckland")
    MOSCOW = Moscow = zone("Europe/Moscow")
    MADRID = Madrid = zone("Europe/Madrid")
    BUENOS_AIRES = BuenosAires = zone("America/Argentina/Buenos_Aires")
    BRISBANE = Brisbane = zone("Australia/Brisbane")
    SAO_PAULO = SaoPaulo = zone("America/Sao_Paulo")
    CAIRO = Cairo = zone("Africa/Cairo")
    JOHANNESBURG = Johannesburg = zone("Africa/Johannesburg")
    ANCHORAGE = Anchorage = zone("America/Anchorage")
    DENVER = Denver = zone("America/Denver")
    DETROIT = Detroit = zone("America/Detroit")
    MEXICO_CITY = MexicoCity = zone("America/Mexico_City")
    JERUSALEM = Jerusalem = zone("Asia/Jerusalem")
    SHANGHAI = Shanghai = zone("Asia/Shanghai")
    MELBOURNE = Melbourne = zone("Australia/Melbourne")
    AMSTERDAM = Amsterdam = zone("Europe/Amsterdam")
    ATHENS = Athens = zone("Europe/Athens")
    BERLIN = Berlin = zone("Europe/Berlin")
    BUCHAREST = Bucharest = zone("Europe/Bucharest")
    DUBLIN = Dublin = zone("Europe/Dublin")
    HELSINKI = Helsinki = zone("Europe/Helsinki")
    ISTANBUL = Istanbul = zone("Europe/Istanbul")
    MINSK = Minsk = zone("Europe/Minsk")
    PARIS = Paris = zone("Europe/Paris")
    ZURICH = Zurich = zone("Europe/Zurich")
    HONOLULU = Honolulu = zone("Pacific/Honolulu")
    KOLKATA = Kolkata = zone("Asia/Kolkata")
    SEOUL = Seoul = zone("Asia/Seoul")
