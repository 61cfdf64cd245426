namespace Walle.Tests.Scheduling;

/// <summary>Zones and four years of each in which clocks did what clocks do.</summary>
internal static class ScannedZones
{
    public static readonly IReadOnlyList<(string Id, int Year, string Why)> All =
    [
        ("UTC", 2024, "never changes; 29 February"),
        ("Europe/Berlin", 2024, "the common case"),
        ("Europe/Dublin", 2097, "winter time is the exception; no 29 February in 2100"),
        ("America/New_York", 2024, "changes at 02:00 local time, not at 01:00 UTC"),
        ("America/St_Johns", 2009, "an odd half hour, and changes at 00:01"),
        ("America/Sao_Paulo", 2016, "no midnight on the first day, then no summer time any more"),
        ("America/Asuncion", 2022, "no midnight; stays on summer time in 2024"),
        ("America/Havana", 2024, "no midnight, and 00:00 to 01:00 twice"),
        ("America/Caracas", 2014, "half an hour once, for ever"),
        ("America/Santiago", 2024, "the day ends twice"),
        ("Africa/Cairo", 2023, "summer time begins on a Friday at midnight"),
        ("Africa/Casablanca", 2024, "an hour back in Ramadan, and forward again"),
        ("Asia/Tehran", 2020, "a half-hour zone that gave up summer time"),
        ("Asia/Gaza", 2024, "changes by the moon"),
        ("Asia/Pyongyang", 2015, "half an hour back, and forward again"),
        ("Asia/Kathmandu", 2024, "three quarters of an hour"),
        ("Australia/Lord_Howe", 2024, "summer time of half an hour"),
        ("Antarctica/Troll", 2024, "summer time of two hours"),
        ("Europe/Istanbul", 2014, "another offset in 2016"),
        ("Europe/Volgograd", 2018, "an hour forward in 2018 and back in 2020"),
        ("Pacific/Apia", 2010, "30 December 2011 did not exist"),
        ("Pacific/Chatham", 2024, "three quarters of an hour, in the southern summer"),
        ("Pacific/Norfolk", 2018, "summer time begins in 2019"),
    ];
}
