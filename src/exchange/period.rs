//! The days that a file is about: one day, a month, or from one to another. Pure.

use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::Offset;

/// Days, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub first: Date,
    /// The day after the last.
    pub next: Date,
}

impl Period {
    /// Reads `2026-11-24`, `2026-11` or `2026-11-23..2026-11-29`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let explain = || {
            "it must be a day, a month or two days, such as 2026-11-24, 2026-11 or 2026-11-23..2026-11-29"
                .to_owned()
        };
        let day = |text: &str| text.parse::<Date>().map_err(|_| explain());
        let after = |day: Date| day.checked_add(1.day()).map_err(|_| explain());
        if let Some((first, last)) = text.split_once("..") {
            let (first, next) = (day(first)?, after(day(last)?)?);
            return if first < next {
                Ok(Self { first, next })
            } else {
                Err("its last day is before its first".to_owned())
            };
        }
        if text.len() == 7 {
            let first = day(&format!("{text}-01"))?;
            let next = first.checked_add(1.month()).map_err(|_| explain())?;
            return Ok(Self { first, next });
        }
        let first = day(text)?;
        let next = after(first)?;
        Ok(Self { first, next })
    }

    /// The period that the name of a correlation file tells.
    pub fn of_correlation(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.strip_suffix(".csv")?;
        let day = |text: &str| Date::strptime("%Y%m%d", text).ok();
        let (first, end) = name.split_once('-')?;
        let (first, end) = (day(first)?, day(end)?);
        let is_day = first.tomorrow().ok()? == end;
        let next = if is_day { end } else { end.tomorrow().ok()? };
        (first < next).then_some(Self { first, next })
    }

    /// Whether a moment, in seconds since 1970, is within.
    pub fn holds(self, seconds: i64) -> bool {
        let start = |date: Date| {
            let time = Offset::UTC.to_timestamp(date.to_datetime(jiff::civil::Time::midnight()));
            time.map_or(i64::MAX, jiff::Timestamp::as_second)
        };
        (start(self.first)..start(self.next)).contains(&seconds)
    }

    /// The name of a correlation file: the end is the day after for a day, and the last day for all else.
    pub fn file_name(self) -> String {
        let last = self.next.yesterday().unwrap_or(self.next);
        let end = if last == self.first { self.next } else { last };
        let (first, end) = (self.first.strftime("%Y%m%d"), end.strftime("%Y%m%d"));
        format!("{first}-{end}.csv")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_and_the_names_of_their_files() {
        for (text, name) in [
            ("2026-11-24", "20261124-20261125.csv"),
            ("2026-11", "20261101-20261130.csv"),
            ("2026-11-23..2026-11-29", "20261123-20261129.csv"),
            ("2026-12-31", "20261231-20270101.csv"),
        ] {
            let period = Period::parse(text).unwrap();
            assert_eq!(period.file_name(), name, "{text}");
            let read = Period::of_correlation(&Path::new("Input").join(name));
            assert_eq!(read, Some(period), "{name}");
        }
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-02-30",
            "2026-11-24..2026-11-23",
            "é026-11",
        ] {
            assert!(Period::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_period_holds_its_days_alone() {
        let period = Period::parse("2026-11-24").unwrap();
        let second = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second();
        assert!(period.holds(second("2026-11-24T00:00:00Z")));
        assert!(period.holds(second("2026-11-24T23:59:59Z")));
        assert!(!period.holds(second("2026-11-25T00:00:00Z")));
        assert!(!period.holds(second("2026-11-23T23:59:59Z")));
    }
}
