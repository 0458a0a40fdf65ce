//! A story as a table: who asks what, how it is answered, and what of the answer matters.

use std::collections::BTreeMap;

use serde_json::Value;

use super::served::Served;

/// The stage of a story, and the names of what is on it.
pub(crate) struct Story<'a> {
    served: &'a Served,
    names: BTreeMap<String, String>,
}

impl<'a> Story<'a> {
    /// `$name` stands for that text in the table; who asks is the name of a token.
    pub(crate) fn with(served: &'a Served, names: &[(&str, &str)]) -> Self {
        let names = names.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Self { served, names }
    }

    /// Plays a table of lines `who METHOD /path {body} => status; checks`. A check is `place = JSON`, `place has N`,
    /// or `$name = place`, which remembers; a place is `items.0.state`, or `problem`. `balance $a = 15` asks where an
    /// association stands. A line behind `#` says what is going on.
    pub(crate) fn play(&mut self, table: &str) {
        for line in table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let text = self.told(line);
            if let Some(rest) = text.strip_prefix("balance ") {
                let (association, minutes) = rest.split_once(" = ").unwrap();
                assert_eq!(self.served.balance(association).to_string(), minutes, "{line}");
                continue;
            }
            let (asked, expected) = text.split_once(" => ").unwrap_or_else(|| panic!("{line}"));
            let (who, rest) = asked.split_once(' ').unwrap();
            let (method, rest) = rest.trim_start().split_once(' ').unwrap();
            let (path, body) = rest.trim_start().split_once(' ').unwrap_or((rest.trim_start(), ""));
            let method = match method {
                "GET" => "GET",
                "POST" => "POST",
                "PUT" => "PUT",
                other => panic!("{other}: {line}"),
            };
            let mut call = self.served.call(method, path).token(&self.names[who]);
            if method != "GET" {
                let body = if body.trim().is_empty() { "{}" } else { body };
                call = call.json(&serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {line}")));
            }
            let reply = call.send();
            let mut checks = expected.split("; ");
            assert_eq!(reply.status.to_string(), checks.next().unwrap(), "{line}\n{reply:?}");
            for check in checks {
                self.check(check, &reply.json(), line);
            }
        }
    }

    /// The line with what its names stand for. What a check remembers is a name yet.
    fn told(&self, line: &str) -> String {
        let longest_first = self.names.iter().rev();
        longest_first.fold(line.to_owned(), |line, (name, text)| line.replace(&format!("${name}"), text))
    }

    fn check(&mut self, check: &str, answer: &Value, line: &str) {
        let at = |place: &str| match place {
            "problem" => Value::from(answer["type"].as_str().unwrap_or_default().trim_start_matches("/problems/")),
            place => answer.pointer(&format!("/{}", place.replace('.', "/"))).cloned().unwrap_or_default(),
        };
        if let Some((place, count)) = check.split_once(" has ") {
            assert_eq!(at(place).as_array().map(Vec::len), count.parse().ok(), "{line}\n{answer}");
            return;
        }
        let (left, right) = check.split_once(" = ").unwrap_or_else(|| panic!("{check}: {line}"));
        match left.strip_prefix('$') {
            Some(name) => {
                let found = at(right).as_str().unwrap_or_else(|| panic!("{right}: {line}\n{answer}")).to_owned();
                self.names.insert(name.to_owned(), found);
            }
            None => {
                let wanted: Value = serde_json::from_str(right).unwrap_or_else(|error| panic!("{error}: {line}"));
                assert_eq!(at(left), wanted, "{line}\n{answer}");
            }
        }
    }
}
