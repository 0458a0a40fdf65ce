//! The pages that are always at hand, and which of them somebody is on.

/// A page that is always at hand, at the foot of a phone's screen.
#[derive(Debug)]
pub(crate) struct Tab {
    /// Its address.
    pub(crate) address: String,
    /// Its word in the frame.
    pub(crate) word: &'static str,
    /// A drawing for it, as the path of an SVG; it is not read out.
    pub(crate) sign: &'static str,
    /// Whether it is this page, or one to which this page belongs, as `aria-current` says it.
    pub(crate) current: Option<&'static str>,
}

/// A page that is always at hand, and the pages to which it leads.
struct Section {
    /// How its address ends.
    end: &'static str,
    word: &'static str,
    sign: &'static str,
    /// How the addresses of other pages begin that belong to it.
    within: &'static [&'static str],
}

const HOUSE: &str = "M4 11l8-7 8 7v9h-5v-6H9v6H4z";
const PLUS: &str = "M12 5v14M5 12h14";
const ARROWS: &str = "M4 8h14l-4-4M20 16H6l4 4";
const LIST: &str = "M5 7l2 2 3-4M5 17l2 2 3-4M13 7h7M13 17h7";
const PEOPLE: &str =
    "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 20c0-4 3-6 6-6s6 2 6 6M16 11a3 3 0 1 0 0-6M22 20c0-3-2-5-5-6";

/// For whoever speaks for an association.
const OF_A_SIDE: [Section; 4] = [
    Section {
        end: "",
        word: "tab-home",
        sign: HOUSE,
        within: &["/standing", "/notebook", "/answer", "/accounts", "/statements"],
    },
    Section { end: "/note", word: "tab-note", sign: PLUS, within: &[] },
    Section { end: "/exchanges", word: "tab-exchanges", sign: ARROWS, within: &[] },
    Section { end: "/network", word: "tab-network", sign: PEOPLE, within: &["/us", "/cards", "/sign-ups"] },
];

/// For whoever speaks for the network.
const OF_THE_NETWORK: [Section; 4] = [
    Section { end: "", word: "tab-morning", sign: LIST, within: &[] },
    Section { end: "/exchanges", word: "tab-exchanges", sign: ARROWS, within: &[] },
    Section { end: "/note", word: "tab-note", sign: PLUS, within: &[] },
    Section {
        end: "/members",
        word: "tab-members",
        sign: PEOPLE,
        within: &["/persons", "/rules", "/transfers", "/cards", "/applications", "/sign-ups"],
    },
];

/// The pages that are always at hand under addresses that begin so, seen from one of them.
pub(crate) fn tabs(base: &str, path: &str) -> Vec<Tab> {
    let sections: &[Section] = match base.split('/').nth(1) {
        Some("a") => &OF_A_SIDE,
        Some("c") => &OF_THE_NETWORK,
        _ => &[],
    };
    let Some(rest) = path.strip_prefix(base) else { return Vec::new() };
    let is_below = |end: &str| rest.strip_prefix(end).is_some_and(|below| below.is_empty() || below.starts_with('/'));
    let tab = |section: &Section| {
        let is_within =
            (!section.end.is_empty() && is_below(section.end)) || section.within.iter().any(|end| is_below(end));
        Tab {
            address: format!("{base}{}", section.end),
            word: section.word,
            sign: section.sign,
            current: if rest == section.end { Some("page") } else { is_within.then_some("true") },
        }
    };
    sections.iter().map(tab).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tab_says_where_one_is() {
        for (base, path, current) in [
            ("/a/1", "/a/1", Some(("tab-home", "page"))),
            ("/a/1", "/a/1/standing/partners", Some(("tab-home", "true"))),
            ("/a/1", "/a/1/accounts/figures", Some(("tab-home", "true"))),
            ("/a/1", "/a/1/note", Some(("tab-note", "page"))),
            ("/a/1", "/a/1/exchanges/7", Some(("tab-exchanges", "true"))),
            ("/a/1", "/a/1/us/people/3", Some(("tab-network", "true"))),
            ("/c", "/c", Some(("tab-morning", "page"))),
            ("/c", "/c/members/new", Some(("tab-members", "true"))),
            ("/c", "/c/rules", Some(("tab-members", "true"))),
            ("/c", "/c/notes", None),
        ] {
            let found = tabs(base, path);
            let found: Vec<_> = found.iter().filter_map(|tab| Some((tab.word, tab.current?))).collect();
            assert_eq!(found, current.into_iter().collect::<Vec<_>>(), "{path}");
        }
        assert!(tabs("/me", "/me").is_empty() && tabs("", "/sign-in").is_empty());
    }
}
