//! The frame of the dashboard's pages: the way between them, whether they are live, and what an act has done.

use maud::{Markup, html};

use super::call::Call;
use super::lookup::List;
use super::page;
use crate::server::Response;

/// The lists, and the controls.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    List(List),
    Controls,
}

/// Each with its name and its path.
const TABS: [(Tab, &str, &str); 4] = [
    (Tab::List(List::Entitlements), "Entitlements", "/"),
    (Tab::List(List::Requests), "Requests", "/requests"),
    (
        Tab::List(List::Notifications),
        "Notifications",
        "/notifications",
    ),
    (Tab::Controls, "Controls", "/controls"),
];

/// The name and the path of a list.
pub fn place(list: List) -> (&'static str, &'static str) {
    let found = TABS.iter().find(|(tab, ..)| *tab == Tab::List(list));
    found.map_or(("", "/"), |(_, name, path)| (name, path))
}

/// The header with which a page says which state of the sandbox it shows.
const KNOWN: &str = "x-known-version";

/// The purpose of the form tokens of all buttons.
pub const PURPOSE: &str = "merchant";

/// Shows a page, or 204 to a page that has this state already.
pub fn show(call: &Call, tab: Tab, title: &str, main: impl FnOnce() -> Markup) -> Response {
    show_with(call, tab, 200, title, main)
}

/// The same with another status.
pub fn show_with(
    call: &Call,
    tab: Tab,
    status: u16,
    title: &str,
    main: impl FnOnce() -> Markup,
) -> Response {
    let version = call.memory.version.to_string();
    if call.request.header(KNOWN) == Some(&version) {
        return page::with_security_headers(Response::new(204, page::HTML, ""));
    }
    let body = html! {
        a.skip href="#main" { "Skip to the content" }
        header.top { div {
            img src="/icon.svg" alt="" width="36" height="36";
            div.name {
                h1 { a href="/" { "Bango sandbox" } }
                p.small.soft { "A local imitation, not Bango \u{b7} times in UTC \u{b7} API at " code { (call.config.origin(call.request)) "/v1" } " \u{b7} " a href="/openapi.json" { "OpenAPI" } }
            }
            div.live {
                p #state role="status" {}
                button #pause type="button" aria-pressed="false" { "Pause" }
                noscript { a.button href="" { "Reload" } }
            }
            nav.tabs aria-label="Lists" {
                @for (other, name, path) in TABS {
                    a href=(path) aria-current=[(other == tab).then_some("page")] { (name) }
                }
            }
        } }
        p.lost #lost role="alert" {}
        main.page #main tabindex="-1" data-version=(version) { (main()) }
    };
    page::page(
        status,
        &format!("{title} \u{b7} Bango sandbox"),
        true,
        &body,
    )
}
