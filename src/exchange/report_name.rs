//! What the names of entitlement reports say, and which are missing in a series. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::period::Period;

/// Gaps that are listed; the rest is counted.
const LISTED: usize = 20;

/// What a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Content {
    /// What was active when the period ended, or is now
    #[value(name = "AR")]
    Active,
    /// What changed its status in the period
    #[value(name = "CR")]
    Changes,
    /// Every event of the period
    #[value(name = "ER")]
    Events,
}

/// How long the period of a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Length {
    Day,
    Week,
    Month,
}

/// How names spell what a report is about.
const CONTENTS: [(&str, Content); 3] = [
    ("AR", Content::Active),
    ("CR", Content::Changes),
    ("ER", Content::Events),
];

/// How names spell the length of the period, and the folder of such reports.
const LENGTHS: [(&str, &str, Length); 3] = [
    ("D", "Daily", Length::Day),
    ("W", "Weekly", Length::Week),
    ("M", "Monthly", Length::Month),
];

/// What the name of a report says: `ER_V1_D_20261124.csv`, with `.gz` or without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReportName {
    pub content: Content,
    length: Length,
    /// The first day of the period.
    pub first: Date,
}

impl ReportName {
    /// Reads a name; nothing if it is no report's.
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.split('.').next()?;
        let mut parts = name.split('_');
        let content = parts.next()?.to_ascii_uppercase();
        let content = CONTENTS.into_iter().find(|(name, _)| *name == content)?.1;
        parts
            .next()
            .filter(|version| version.starts_with(['v', 'V']))?;
        let length = parts.next()?.to_ascii_uppercase();
        let length = LENGTHS.into_iter().find(|(name, ..)| *name == length)?.2;
        let date = parts.next()?;
        let whole = if length == Length::Month && date.len() == 6 {
            format!("{date}01")
        } else {
            date.to_owned()
        };
        let is_date = whole.len() == 8 && whole.bytes().all(|byte| byte.is_ascii_digit());
        let first = is_date.then(|| Date::strptime("%Y%m%d", &whole).ok())??;
        Some(Self {
            content,
            length,
            first,
        })
    }

    /// The report of a period; nothing if that is no day, no week from Monday and no month.
    pub fn about(content: Content, period: Period) -> Option<Self> {
        let first = period.first;
        let names = LENGTHS.into_iter().map(|(.., length)| Self {
            content,
            length,
            first,
        });
        let begins_well = |name: &Self| match name.length {
            Length::Day => true,
            Length::Week => first.weekday() == Weekday::Monday,
            Length::Month => first.day() == 1,
        };
        names
            .filter(begins_well)
            .find(|name| name.period() == Some(period))
    }

    /// Where the report of a merchant lies in the bucket.
    pub fn place(self, merchant: &str) -> PathBuf {
        let (_, length, _) = LENGTHS[self.length as usize];
        let folder = PathBuf::from("EntitlementReports").join(merchant);
        folder.join(length).join(self.spelt())
    }

    /// The days that it is about.
    pub fn period(self) -> Option<Period> {
        let (first, next) = (self.first, self.next()?);
        Some(Period { first, next })
    }

    /// The day after the period.
    fn next(self) -> Option<Date> {
        let length = match self.length {
            Length::Day => 1.day(),
            Length::Week => 7.days(),
            Length::Month => 1.month(),
        };
        self.first.checked_add(length).ok()
    }

    /// The name as Bango writes it, without the version that is not known.
    fn spelt(self) -> String {
        let (content, _) = CONTENTS[self.content as usize];
        let (length, ..) = LENGTHS[self.length as usize];
        let date = self.first.strftime(match self.length {
            Length::Day | Length::Week => "%Y%m%d",
            Length::Month => "%Y%m",
        });
        format!("{content}_V1_{length}_{date}.csv")
    }

    /// The period in words.
    pub fn period_in_words(self) -> String {
        match self.length {
            Length::Day => self.first.to_string(),
            Length::Week => format!("week from {}", self.first),
            Length::Month => self.first.strftime("%Y-%m").to_string(),
        }
    }
}

/// The reports that are missing within the series of these: the first of them, and how many.
pub fn gaps<'a>(paths: impl Iterator<Item = &'a Path>) -> (Vec<String>, usize) {
    let mut series: BTreeMap<_, BTreeSet<Date>> = BTreeMap::new();
    for path in paths {
        if let Some(name) = ReportName::of(path) {
            let folder = path.parent().unwrap_or(Path::new("")).to_owned();
            let dates = series.entry((folder, name.content, name.length));
            dates.or_default().insert(name.first);
        }
    }
    let (mut gaps, mut count) = (Vec::new(), 0);
    for ((folder, content, length), dates) in series {
        for (from, to) in dates.iter().zip(dates.iter().skip(1)) {
            let mut name = ReportName {
                content,
                length,
                first: *from,
            };
            while let Some(first) = name.next().filter(|next| next < to) {
                name.first = first;
                count += 1;
                if gaps.len() < LISTED {
                    gaps.push(folder.join(name.spelt()).display().to_string());
                }
            }
        }
    }
    (gaps, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read() {
        let name = |text: &str| {
            ReportName::of(Path::new(text)).map(|name| (name.content, name.period_in_words()))
        };
        let expected = Some((Content::Events, "2026-11-24".to_owned()));
        assert_eq!(name("a/ER_V1_D_20261124.csv"), expected);
        assert_eq!(name("er_v1_d_20261124.CSV.gz"), expected);
        let month = Some((Content::Active, "2026-11".to_owned()));
        assert_eq!(name("AR_V1_M_202611.csv"), month);
        let week = Some((Content::Changes, "week from 2026-11-23".to_owned()));
        assert_eq!(name("CR_V1_W_20261123.csv"), week);
        for other in [
            "SR_V1_D_20261124.csv",
            "ER_V1_D_20261324.csv",
            "x.csv",
            "ER_V1_D_é0261124.csv",
        ] {
            assert_eq!(name(other), None, "{other}");
        }
    }

    #[test]
    fn a_report_of_a_day_a_week_or_a_month_has_its_place() {
        let place = |first: &str, next: &str| {
            let (first, next) = (first.parse().unwrap(), next.parse().unwrap());
            let name = ReportName::about(Content::Active, Period { first, next });
            name.map(|name| name.place("M").display().to_string())
        };
        for (first, next, expected) in [
            ("2026-11-24", "2026-11-25", "Daily/AR_V1_D_20261124.csv"),
            ("2026-11-23", "2026-11-30", "Weekly/AR_V1_W_20261123.csv"),
            ("2026-11-01", "2026-12-01", "Monthly/AR_V1_M_202611.csv"),
        ] {
            let expected = format!("EntitlementReports/M/{expected}");
            assert_eq!(place(first, next), Some(expected), "{first}");
        }
        assert_eq!(place("2026-11-24", "2026-12-01"), None);
        assert_eq!(place("2026-11-23", "2026-11-26"), None);
    }

    #[test]
    fn gaps_are_found_in_each_series() {
        let paths = [
            "x/ER_V1_D_20261128.csv",
            "x/ER_V1_D_20261201.csv",
            "x/AR_V1_D_20261129.csv",
            "y/ER_V1_M_202611.csv",
            "y/ER_V1_M_202702.csv.gz",
        ];
        let (gaps, count) = gaps(paths.iter().map(Path::new));
        let expected = [
            "x/ER_V1_D_20261129.csv",
            "x/ER_V1_D_20261130.csv",
            "y/ER_V1_M_202612.csv",
            "y/ER_V1_M_202701.csv",
        ];
        assert_eq!((gaps, count), (expected.map(str::to_owned).into(), 4));
    }
}
