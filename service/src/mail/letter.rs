//! A letter: what it says, once, and how that looks as text and as HTML.

use std::fmt::Write as _;

use ledger::{Language, printable::is_unreadable};

/// No subject has more characters: telephones show half of that.
const SUBJECT_MOST: usize = 160;
/// No name in an address has more.
const NAME_MOST: usize = 80;

/// Who gets a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Their name, if it is known.
    pub name: Option<String>,
    /// Their address, as they wrote it.
    pub address: String,
}

/// A piece of a letter. What people wrote may stand in each: it is shown as text and never as anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A paragraph.
    Text(String),
    /// What stands above several paragraphs.
    Heading(String),
    /// Lines that belong together.
    List(Vec<String>),
    /// An address to follow.
    Button {
        /// What it says.
        words: String,
        /// The address, whole.
        address: String,
    },
    /// What is to be copied by hand.
    Code(String),
    /// What stands at the foot: why one gets this letter, and how to get no more of them.
    Small(String),
}

/// A header that is not every letter's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderName {
    /// Where a mail program tells that its reader wants no more such letters (RFC 2369).
    ListUnsubscribe,
    /// That it may do so with one POST (RFC 8058).
    ListUnsubscribePost,
    /// The letter that this one goes on from.
    InReplyTo,
}

/// A letter to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What tells it from all others; a repeat bears the same. Letters, digits, `.` and `-`.
    pub id: String,
    /// To whom.
    pub to: Recipient,
    /// In which language it is written.
    pub language: Language,
    /// What it is about: what is asked, if something is.
    pub subject: String,
    /// What it says.
    pub parts: Vec<Part>,
    /// What only some letters have; printable ASCII.
    pub headers: Vec<(HeaderName, String)>,
}

impl Letter {
    /// The subject as it goes out, on one line.
    pub fn subject_line(&self) -> String {
        one_line(&self.subject, SUBJECT_MOST)
    }

    /// As text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for part in &self.parts {
            let words = match part {
                Part::Text(words) | Part::Small(words) => readable(words),
                Part::Heading(words) => readable(words).to_uppercase(),
                Part::List(lines) => {
                    let lines: Vec<_> = lines.iter().map(|line| format!("- {}", one_line(line, usize::MAX))).collect();
                    lines.join("\n")
                }
                Part::Button { words, address } => format!("{}\n{address}", readable(words)),
                Part::Code(code) => format!("    {}", readable(code)),
            };
            let _ = write!(text, "{words}\n\n");
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }

    /// As HTML that needs nothing from anywhere.
    pub fn html(&self) -> String {
        let mut html = format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title></head>\n\
             <body style=\"margin:0;padding:16px;background:#eef3f4;color:#1f2a33;\
             font:17px/1.5 system-ui,-apple-system,sans-serif\">\n\
             <div style=\"max-width:34em;margin:0 auto;padding:24px;background:#ffffff;border-radius:8px\">\n",
            self.language.as_str(),
            escaped(&self.subject_line()),
        );
        for part in &self.parts {
            html_part(&mut html, part);
        }
        html.push_str("</div>\n</body>\n</html>\n");
        html
    }
}

impl Recipient {
    /// Their name as it may stand beside an address.
    pub fn shown_name(&self) -> Option<String> {
        let name = one_line(self.name.as_deref()?, NAME_MOST);
        (!name.is_empty()).then_some(name)
    }
}

fn html_part(html: &mut String, part: &Part) {
    let _ = match part {
        Part::Text(words) => writeln!(html, "<p>{}</p>", lines(words)),
        Part::Heading(words) => {
            writeln!(html, "<h2 style=\"margin:28px 0 0;font-size:19px;color:#1d4f5f\">{}</h2>", escaped(words))
        }
        Part::List(items) => {
            let items: Vec<_> = items.iter().map(|item| format!("<li>{}</li>", escaped(item))).collect();
            writeln!(html, "<ul style=\"padding-left:20px\">{}</ul>", items.join(""))
        }
        Part::Button { words, address } => writeln!(
            html,
            "<p><a href=\"{}\" style=\"display:inline-block;padding:12px 22px;background:#1d4f5f;color:#ffffff;\
             border-radius:6px;font-weight:600;text-decoration:none\">{}</a></p>",
            escaped(address),
            escaped(words),
        ),
        Part::Code(code) => {
            writeln!(html, "<p style=\"font-size:30px;letter-spacing:4px;font-weight:600\">{}</p>", escaped(code))
        }
        Part::Small(words) => writeln!(html, "<p style=\"color:#4c5a63;font-size:14px\">{}</p>", lines(words)),
    };
}

/// A text in which nothing steers a machine.
fn readable(text: &str) -> String {
    text.chars().filter(|letter| !is_unreadable(*letter)).collect()
}

/// A text on one line, cut where it is longer.
fn one_line(text: &str, most: usize) -> String {
    // Blanks that do not break stay what they are.
    let text = readable(text);
    let words: Vec<_> = text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let mut cut: String = line.chars().take(most - 1).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}

fn lines(text: &str) -> String {
    escaped(text).replace('\n', "<br>\n")
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            letter if is_unreadable(letter) => {}
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(subject: &str, parts: Vec<Part>) -> Letter {
        Letter {
            id: "act-12".to_owned(),
            to: Recipient {
                name: Some("Alice \"<x@evil.example>\r\nBcc: all@example.org".to_owned()),
                address: String::new(),
            },
            language: Language::French,
            subject: subject.to_owned(),
            parts,
            headers: Vec::new(),
        }
    }

    #[test]
    fn text_and_html_say_the_same() {
        let letter = letter(
            "Le Judo-club dit que vous l’avez aidé",
            vec![
                Part::Text("Bonjour Alice,\n10\u{a0}h, est-ce juste\u{a0}?".to_owned()),
                Part::Heading("Cette semaine".to_owned()),
                Part::List(vec!["École <b>de</b> musique".to_owned(), "Chorale & fanfare".to_owned()]),
                Part::Button { words: "Répondre".to_owned(), address: "https://h.example/r/x?a=1&b=2".to_owned() },
                Part::Code("482 913".to_owned()),
                Part::Small("Vous recevez ce message parce que…".to_owned()),
            ],
        );
        insta::assert_snapshot!(letter.text().replace('\u{a0}', "~"), @r"
        Bonjour Alice,
        10~h, est-ce juste~?

        CETTE SEMAINE

        - École <b>de</b> musique
        - Chorale & fanfare

        Répondre
        https://h.example/r/x?a=1&b=2

            482 913

        Vous recevez ce message parce que…
        ");
        let html = letter.html();
        for shown in [
            "École &lt;b&gt;de&lt;/b&gt; musique",
            "href=\"https://h.example/r/x?a=1&amp;b=2\"",
            "Chorale &amp; fanfare",
        ] {
            assert!(html.contains(shown), "{html}");
        }
        for elsewhere in ["<img", "<script", "<link", "url("] {
            assert!(!html.contains(elsewhere), "{html}");
        }
    }

    #[test]
    fn what_people_write_breaks_no_line_of_a_header() {
        let letter = letter("Le club\r\nBcc: a@b\n\u{202e}dit\u{0} oui", Vec::new());
        assert_eq!(letter.subject_line(), "Le club Bcc: a@b dit oui");
        assert_eq!(letter.to.shown_name().unwrap(), "Alice \"<x@evil.example> Bcc: all@example.org");
        let long = Letter { subject: "é".repeat(400), ..letter };
        assert_eq!(long.subject_line().chars().count(), SUBJECT_MOST);
        assert!(long.subject_line().ends_with('…'));
    }
}
