//! A report to print and bring to the meeting: one file that needs no other, readable on paper, by ear and on a phone.

use std::fmt::Write as _;

use ledger::{Language, Minutes};

use super::{
    report::Report,
    words::{called, listed, sign, summary},
};

const STYLE: &str = "\
body{font:1rem/1.45 system-ui,sans-serif;max-width:60rem;margin:1rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}\
h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:2px solid #1b1b1b}\
table{border-collapse:collapse;width:100%}caption{text-align:left;padding:.3rem 0;color:#444}\
th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid #bbb}\
td.n,th.n{text-align:right;white-space:nowrap}td.f{white-space:nowrap;font-weight:600}\
.t{color:#444;font-size:.9rem;display:block}.c{display:inline-block;width:1rem;height:1rem;border:1.5px solid #1b1b1b}\
tr{break-inside:avoid}thead{display:table-header-group}\
@media screen and (max-width:36rem){.w thead{display:none}.w tr{display:grid;grid-template-columns:auto 1fr auto;\
border-bottom:1px solid #bbb}.w td{border:0}.w td:nth-child(3){grid-area:2/1/3/4;padding-top:0}}\
@media print{body{margin:0;max-width:none;font-size:10pt}h2{break-after:avoid}}";

/// The page.
pub fn html(report: &Report<'_>, language: Language) -> String {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let title = format!("{} {}", report.association, report.year);
    let mut page = String::new();
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <title>{} — {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n",
        t("fr", "en"),
        escaped(&title),
        t("rapprochement", "reconciliation"),
    );
    let _ = write!(page, "<h1>{}</h1>\n<p>{}</p>\n", escaped(&title), head(report, language));
    let _ = writeln!(page, "<p><strong>{}</strong></p>", escaped(&summary(&report.totals, language)));
    for note in report.notes {
        let _ = writeln!(page, "<p>{}</p>", escaped(note));
    }
    for question in report.questions {
        let _ = writeln!(page, "<p><strong>{}</strong> {}</p>", t("À préciser :", "To be told:"), escaped(question));
    }
    hours(&mut page, report, language);
    if report.is_clean() {
        let _ = writeln!(page, "<p>{}</p>", t("Tout concorde.", "Everything agrees."));
    }
    lines(&mut page, report, language);
    missing(&mut page, report, language);
    to_settle(&mut page, report, language);
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn head(report: &Report<'_>, language: Language) -> String {
    let file = escaped(&report.file);
    language.pick(
        format!("Carnet « {file} » comparé au registre du réseau, ligne par ligne."),
        format!("Notebook “{file}” compared with the network's ledger, line by line."),
    )
}

fn hours(page: &mut String, report: &Report<'_>, language: Language) {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let shown = |minutes: i64| escaped(&Minutes::new(minutes).display(language).to_string());
    let _ = write!(
        page,
        "<table>\n<caption>{}</caption>\n<thead><tr><td></td><th scope=\"col\" class=\"n\">{}</th>\
         <th scope=\"col\" class=\"n\">{}</th></tr></thead>\n<tbody>\n",
        t("Les heures de l'année", "The year's hours"),
        t("Carnet", "Notebook"),
        t("Registre", "Ledger"),
    );
    let rows = [(t("Données", "Given"), 0), (t("Reçues", "Received"), 1)];
    for (name, side) in rows {
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{name}</th><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            shown(report.totals.notebook[side]),
            shown(report.totals.ledger[side]),
        );
    }
    page.push_str("</tbody>\n</table>\n");
}

fn lines(page: &mut String, report: &Report<'_>, language: Language) {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    let mut open = report.open_lines().peekable();
    if open.peek().is_none() {
        return;
    }
    let _ = write!(
        page,
        "<h2>{}</h2>\n<table class=\"w\">\n<caption>{}</caption>\n<thead><tr><th scope=\"col\" class=\"n\">{}</th>\
         <th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        t("Lignes à voir", "Lines to look at"),
        t(
            "Les autres lignes concordent. La case se coche une fois la question réglée.",
            "The other lines agree. Tick the box once a question is settled."
        ),
        t("Ligne", "Line"),
        t("Constat", "Finding"),
        t("Explication", "Explanation"),
        t("Réglé", "Settled"),
    );
    for line in open {
        let place = match &line.sheet {
            Some(sheet) => format!("{} {}", escaped(sheet), line.line),
            None => line.line.to_string(),
        };
        let _ = writeln!(
            page,
            "<tr><td class=\"n\">{place}</td><td class=\"f\"><span aria-hidden=\"true\">{}</span> {}</td>\
             <td>{}<span class=\"t\">{}</span></td><td><span class=\"c\" role=\"img\" aria-label=\"{}\"></span></td></tr>",
            sign(line.finding),
            called(line.finding, language),
            escaped(&line.explanation),
            escaped(&line.text),
            t("case à cocher", "box to tick"),
        );
    }
    page.push_str("</tbody>\n</table>\n");
}

fn missing(page: &mut String, report: &Report<'_>, language: Language) {
    let t = |french: &'static str, english: &'static str| language.pick(french, english);
    if report.totals.missing_in_file == 0 {
        return;
    }
    let _ = write!(
        page,
        "<h2>{}</h2>\n<table>\n<caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        t("Au registre, pas dans le carnet", "In the ledger, not in the notebook"),
        t(
            "Confirmés par les deux côtés : à ajouter au carnet, ou à contester.",
            "Confirmed by both sides: add them to the notebook, or object."
        ),
        t("Référence", "Reference"),
        t("Explication", "Explanation"),
    );
    for missing in report.missing() {
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{}</th><td>{}</td></tr>",
            escaped(&missing.reference),
            escaped(&missing.explanation),
        );
    }
    page.push_str("</tbody>\n</table>\n");
}

fn to_settle(page: &mut String, report: &Report<'_>, language: Language) {
    let partners = report.to_settle();
    if partners.is_empty() {
        return;
    }
    let _ = writeln!(page, "<h2>{}</h2>\n<ul>", language.pick("Avec qui en parler", "Whom to ask"));
    for (partner, what) in partners {
        let _ =
            writeln!(page, "<li><strong>{}</strong> : {}</li>", escaped(partner), escaped(&listed(&what, language)));
    }
    page.push_str("</ul>\n");
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}
