//! What can be said of any page by looking at it.

use serde_json::Value;

use super::tab::Tab;

/// axe-core, as its makers hand it out: see `tests/axe/`.
const AXE: &str = include_str!("../../axe/axe.min.js");

/// Every rule that stands for one of WCAG 2.2 at levels A and AA, and what its makers think good practice.
const RULES: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

/// What axe finds on a page, a line each; nothing where all is well.
pub(crate) fn barriers(tab: &Tab) -> Vec<String> {
    tab.eval(AXE);
    let found = tab.eval(&format!(
        "axe.run(document, {{ runOnly: {{ type: 'tag', values: {RULES} }}, resultTypes: ['violations'], preload: false }})
            .then((found) => found.violations.flatMap((rule) => rule.nodes.map((node) =>
                `${{rule.id}}: ${{node.html.slice(0, 160)}} ${{node.failureSummary.replace(/\\s+/g, ' ')}}`)))"
    ));
    lines(&found)
}

/// What stands out over the edge of the page at this width.
pub(crate) fn overflowing(tab: &Tab) -> Vec<String> {
    lines(&tab.eval(
        "(() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.body.querySelectorAll('*')]
                .filter((it) => it.getBoundingClientRect().right > width + 0.5)
                .map((it) => it.outerHTML.slice(0, 160));
        })()",
    ))
}

/// What can be tapped and is smaller than 44 pixels, links within a sentence aside.
pub(crate) fn small_targets(tab: &Tab) -> Vec<String> {
    lines(&tab.eval(
        "(() => {
            const isWithinText = (it) => it.matches('a') && getComputedStyle(it).display === 'inline'
                && it.parentElement.textContent.trim() !== it.textContent.trim();
            return [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
                .filter((it) => it.type !== 'hidden' && !isWithinText(it))
                .map((it) => [it, it.matches('[type=radio], [type=checkbox]') && it.labels.length ? it.labels[0] : it])
                .map(([it, drawn]) => [it, drawn.getBoundingClientRect()])
                .filter(([it, box]) => box.width && box.right > 0 && (box.height < 43.5 || box.width < 43.5))
                .map(([it, box]) => `${box.width.toFixed()} × ${box.height.toFixed()}: ${it.outerHTML.slice(0, 160)}`);
        })()",
    ))
}

fn lines(found: &Value) -> Vec<String> {
    let found = found.as_array().expect("A list was asked for.");
    found.iter().map(|line| line.as_str().unwrap_or_default().to_owned()).collect()
}

/// A text with one plain space wherever it has any.
pub(crate) fn plain(text: &str) -> String {
    text.split(|letter: char| letter.is_whitespace() || letter == '\u{202f}')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
