//! A list of the dashboard: what is searched for as people type it, filters, and pages to the very last. It knows not what it lists.

use maud::{Markup, html};
use url::form_urlencoded::Serializer;

use super::call::Call;
use super::dashboard::{self, Tab};
use super::lookup::{List, Lookup, Wanted};
use super::rows::text;
use crate::server::Response;

/// How many rows a page has.
const SHOWN: usize = 50;

/// A filter: its name in the query, for people, and its values.
type Filter = (&'static str, &'static str, Vec<String>);

/// What a list shows besides its rows.
pub struct ListPage {
    pub list: List,
    /// What is searched for.
    pub hint: &'static str,
    /// What is to be known of the list, or an empty text.
    pub note: &'static str,
    /// The values of the first are counted.
    pub filters: [Filter; 2],
    /// What is said where nothing is listed at all.
    pub empty: Markup,
}

impl ListPage {
    /// The page; `find` returns what has a number, and `row` shows it.
    pub fn show<T>(
        &self,
        call: &Call,
        find: impl Fn(u64) -> Option<T>,
        row: impl Fn(&T) -> Markup,
    ) -> Response {
        let (name, _) = dashboard::place(self.list);
        let search = Search::read(call, self.list, &self.filters);
        let title = format!("{}{name}", search.words());
        dashboard::show(call, Tab::List(self.list), &title, || {
            let lookup = call.state.lookup();
            let page = search.page(lookup, find);
            let (counted, _, order) = &self.filters[0];
            html! {
                div.heading {
                    h2 { (name) }
                    @if !self.note.is_empty() { p.small.soft { (self.note) } }
                    (search.totals(lookup, counted, order))
                }
                (search.form(self.hint, &self.filters))
                (search.rows(&page, row, &self.empty))
            }
        })
    }
}

/// What a list is narrowed by, as it stands in the query.
struct Search {
    list: List,
    path: &'static str,
    /// Trimmed, as it was typed.
    text: String,
    filters: Vec<(&'static str, String)>,
    /// Rows below this number only.
    before: Option<u64>,
    /// Rows above it only.
    after: Option<u64>,
}

/// One page of rows, newest first.
struct Page<T> {
    rows: Vec<T>,
    has_newer: bool,
    has_older: bool,
    /// The numbers of the first and the last row.
    ends: Option<(u64, u64)>,
}

impl Search {
    /// Reads the query of a list that has these filters.
    fn read(call: &Call, list: List, filters: &[Filter]) -> Self {
        let filters = filters
            .iter()
            .map(|(name, ..)| (*name, call.parameter(name)));
        // Another name of earlier versions.
        let typed = Some(call.parameter("q")).filter(|text| !text.is_empty());
        let typed = typed.unwrap_or_else(|| call.parameter("customer"));
        Self {
            list,
            path: dashboard::place(list).1,
            text: typed.trim().to_owned(),
            filters: filters.collect(),
            before: call.parameter("before").parse().ok(),
            after: call.parameter("after").parse().ok(),
        }
    }

    /// What a filter asks for, or an empty text.
    fn filter(&self, name: &str) -> &str {
        let found = self.filters.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// Whether everything is listed.
    fn is_everything(&self) -> bool {
        self.text.is_empty() && self.filters.iter().all(|(_, value)| value.is_empty())
    }

    /// For the title of the page.
    fn words(&self) -> String {
        let filters = self.filters.iter().map(|(_, value)| value.as_str());
        let words = filters
            .chain([self.text.as_str()])
            .filter(|word| !word.is_empty());
        words.flat_map(|word| [word, " \u{b7} "]).collect()
    }

    /// The same search elsewhere in the list, or with another value of one filter.
    fn link(&self, name: &str, value: &str) -> String {
        let mut query = Serializer::new(String::new());
        if !self.text.is_empty() {
            query.append_pair("q", &self.text);
        }
        for (known, old) in &self.filters {
            if *known != name && !old.is_empty() {
                query.append_pair(known, old);
            }
        }
        if !value.is_empty() {
            query.append_pair(name, value);
        }
        match query.finish() {
            query if query.is_empty() => self.path.to_owned(),
            query => format!("{}?{query}", self.path),
        }
    }

    /// The page that is asked for, newest first; `row` finds what has a number.
    fn page<T>(&self, lookup: &Lookup, row: impl Fn(u64) -> Option<T>) -> Page<T> {
        let filters = self.filters.iter();
        let wanted = Wanted {
            list: self.list,
            values: filters
                .map(|(name, value)| (*name, value.as_str()))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
            prefix: &self.text,
            below: self.before,
            above: self.after,
        };
        let mut numbers = lookup.find(&wanted, SHOWN + 1);
        let has_more = numbers.len() > SHOWN;
        numbers.truncate(SHOWN);
        let is_upwards = self.before.is_none() && self.after.is_some();
        if is_upwards {
            numbers.reverse();
        }
        Page {
            has_newer: if is_upwards {
                has_more
            } else {
                self.before.is_some()
            },
            has_older: if is_upwards {
                self.after != Some(0)
            } else {
                has_more
            },
            ends: numbers.first().copied().zip(numbers.last().copied()),
            rows: numbers.into_iter().filter_map(row).collect(),
        }
    }

    /// How many rows there are in all, and for each value of a filter.
    fn totals(&self, lookup: &Lookup, filter: &'static str, order: &[String]) -> Markup {
        let mut counts: Vec<_> = lookup.counts(self.list, filter).collect();
        counts.sort_by_key(|(value, _)| {
            let place = order.iter().position(|known| known == value);
            place.unwrap_or(order.len())
        });
        html! {
            p.small.soft.totals {
                (lookup.count(self.list)) " in all"
                @for (value, count) in counts {
                    " \u{b7} " a href=(self.link(filter, value)) { (count) " " (text(value)) }
                }
            }
        }
    }

    /// The form: a field, and a menu for each filter with its values.
    fn form(&self, hint: &str, menus: &[Filter]) -> Markup {
        html! {
            form.search method="get" action=(self.path) role="search" {
                label { span { (hint) } input type="search" name="q" id="q" value=(self.text) autocomplete="off" spellcheck="false"; }
                @for (name, title, values) in menus {
                    label {
                        span { (title) }
                        select name=(name) id=(name) {
                            option value="" { "any" }
                            @for value in values { option value=(value) selected[self.filter(name) == value] { (value) } }
                        }
                    }
                }
                button type="submit" id="find" { "Find" }
                @if !self.is_everything() { a.button href=(self.path) id="clear" { "Show all" } }
            }
        }
    }

    /// The rows, where nothing fits a sentence, and the way to other pages.
    fn rows<T>(&self, page: &Page<T>, row: impl Fn(&T) -> Markup, empty: &Markup) -> Markup {
        let is_newest = self.before.is_none() && self.after.is_none();
        html! {
            @if page.rows.is_empty() {
                div.card.empty {
                    @if self.is_everything() { (empty) }
                    @else { p { "Nothing here begins with or has " (text(self.words().trim_end_matches(" \u{b7} "))) "." } }
                }
            }
            ol.rows.card #rows data-list[is_newest] hidden[page.rows.is_empty()] { @for item in &page.rows { (row(item)) } }
            @if let Some((first, last)) = page.ends && (page.has_newer || page.has_older) {
                nav.pages aria-label="Pages" {
                    @if page.has_newer {
                        a.button href=(self.link("", "")) { "Newest" }
                        a.button href=(self.link("after", &first.to_string())) { "Newer" }
                    }
                    @if page.has_older {
                        a.button href=(self.link("before", &last.to_string())) { "Older" }
                        a.button href=(self.link("after", "0")) { "Oldest" }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::lookup::Listed;

    fn search(before: Option<u64>, after: Option<u64>) -> Search {
        Search {
            list: List::Entitlements,
            path: "/",
            text: String::new(),
            filters: vec![("status", "ACTIVE".to_owned())],
            before,
            after,
        }
    }

    #[test]
    fn the_pages_lead_to_the_last_row_and_back_without_a_gap() {
        let mut lookup = Lookup::default();
        for number in 1..=120 {
            let row = Listed::new(List::Entitlements, &[("status", "ACTIVE")], &["a"]);
            lookup.add(number, row);
        }
        let show = |before, after| search(before, after).page(&lookup, Some);
        let mut seen: Vec<u64> = Vec::new();
        let mut page = show(None, None);
        assert!(!page.has_newer);
        loop {
            seen.extend(&page.rows);
            if !page.has_older {
                break;
            }
            page = show(page.rows.last().copied(), None);
        }
        assert!(seen.into_iter().eq((1..=120).rev()) && page.has_newer);
        let oldest = show(None, Some(0));
        assert_eq!((oldest.rows[0], oldest.rows[49]), (50, 1));
        assert!(oldest.has_newer && !oldest.has_older);
        let newer = show(None, Some(50));
        assert_eq!((newer.rows[0], newer.rows[49]), (100, 51));
        assert!(newer.has_newer && newer.has_older);
    }

    #[test]
    fn a_link_keeps_the_rest_of_the_search() {
        let mut search = search(None, None);
        search.text = "a&b".to_owned();
        assert_eq!(
            search.link("before", "7"),
            "/?q=a%26b&status=ACTIVE&before=7"
        );
        assert_eq!(search.link("status", ""), "/?q=a%26b");
    }
}
