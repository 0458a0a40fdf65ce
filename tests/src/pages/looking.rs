//! What can be said of any page by looking at it.

use serde_json::Value;

use super::tab::Tab;

/// axe-core, as its makers hand it out: see `tests/axe/`.
const AXE: &str = include_str!("../../axe/axe.min.js");

/// Every rule that stands for one of WCAG 2.2 at levels A and AA, and what its makers think good practice.
const RULES: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

/// What axe finds on a page, a line each; nothing where all is well.
pub(crate) fn barriers(tab: &Tab) -> Vec<String> {
    found_by_axe(tab, &format!("{{ type: 'tag', values: {RULES} }}"))
}

/// What of the text is too pale on its ground, as axe finds.
pub(crate) fn pale(tab: &Tab) -> Vec<String> {
    found_by_axe(tab, "{ type: 'rule', values: ['color-contrast'] }")
}

fn found_by_axe(tab: &Tab, rules: &str) -> Vec<String> {
    if tab.eval("typeof axe") == "undefined" {
        tab.eval(AXE);
    }
    let found = tab.eval(&format!(
        "axe.run(document, {{ runOnly: {rules}, resultTypes: ['violations'], preload: false }})
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

/// What is cut off, lies over something else, sticks out of its box, or has to be pushed sideways to be read.
pub(crate) fn crowded(tab: &Tab) -> Vec<String> {
    lines(&tab.eval(CROWDED))
}

const CROWDED: &str = "(() => {
    const told = [];
    const tell = (it) => it.outerHTML.replace(/\\s+/g, ' ').slice(0, 120);
    const isShown = (it) => it.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        && !it.closest('.hidden, .skip, svg, option');
    const isField = 'input, textarea, select';
    for (const it of document.body.querySelectorAll('*')) {
        if (!isShown(it) || it.matches(isField)) continue;
        const { overflowX, overflowY } = getComputedStyle(it);
        if (overflowX !== 'visible' && it.scrollWidth > it.clientWidth + 1) told.push(`cut at its side: ${tell(it)}`);
        if (['hidden', 'clip'].includes(overflowY) && it.scrollHeight > it.clientHeight + 1) told.push(`cut: ${tell(it)}`);
    }
    // Lines of text, without the room above and below their letters.
    const lines = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const within = node.parentElement;
        if (!node.data.trim() || !isShown(within) || within.closest('textarea, select')) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const box = within.closest('button, .button, .choice > span, .card, .list, .tabs a, summary, th, td, main, header');
        const edge = box?.getBoundingClientRect();
        for (const { left, right, top, bottom } of range.getClientRects()) {
            const line = { of: within, left, right, top: top + (bottom - top) / 4, bottom: bottom - (bottom - top) / 4 };
            if (right - left < 1) continue;
            lines.push(line);
            if (edge && (left < edge.left - 1 || right > edge.right + 1 || line.bottom > edge.bottom + 1)) {
                told.push(`sticks out: ${node.data.trim().slice(0, 60)} of ${tell(box)}`);
            }
        }
    }
    for (const it of document.body.querySelectorAll(isField)) {
        if (!isShown(it) || it.type === 'hidden') continue;
        const { left, right, top, bottom } = it.getBoundingClientRect();
        lines.push({ of: it, left, right, top, bottom });
    }
    lines.sort((one, other) => one.top - other.top);
    lines.forEach((one, at) => {
        for (let next = at + 1; next < lines.length && lines[next].top < one.bottom - 1; next++) {
            const other = lines[next];
            if (one.of === other.of || one.left >= other.right - 1 || other.left >= one.right - 1) continue;
            told.push(`lies over each other: ${tell(one.of)} and ${tell(other.of)}`);
        }
    });
    return [...new Set(told)];
})()";

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
